"""How a layer was worked out, as a list that can be read at a glance."""

import re

SENTENCE = re.compile(r"(?<=[.)])\s+(?=[A-Z‘])")
NAMED = re.compile(r"([\w ]{3,24}): (.+)")


def card(method: str) -> list[tuple[str, str]]:
    """
    Return what a method says, part by part: what each part is called, "" for none, and the part.

    Examples
    --------
    >>> card("Gi*; neighbours: shared borders; 346 areas tested.")
    [('', 'Gi*'), ('Neighbours', 'shared borders'), ('', '346 areas tested')]
    """
    parts: list[tuple[str, str]] = []
    for sentence in SENTENCE.split(method.strip()):
        of_sentence: list[tuple[str, str]] = []
        for part in sentence.removesuffix(".").split("; "):
            named = NAMED.fullmatch(part)
            if named:
                name = named[1][:1].upper() + named[1][1:]
                of_sentence.append((name, named[2]))
            elif of_sentence and of_sentence[-1][0] and not part[:1].isdecimal():
                # It goes on with what was named: "Held against: wards; hexagons".
                name, before = of_sentence[-1]
                of_sentence[-1] = (name, f"{before}; {part}")
            else:
                of_sentence.append(("", part))
        parts += of_sentence
    return parts
