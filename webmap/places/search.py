"""Whatever of the results has a name, found by the beginnings of its words, or nearly so."""

import heapq
import re
import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from string import ascii_lowercase, digits
from typing import Any

from webmap.places import doorstep
from webmap.results import Snapshot
from webmap.text.finding import AREAS

KINDS = ("place", "postcode", "ward", "msoa", "area", "setting")
"""In the order in which they are told."""
LONGEST_TEXT = 60
LEAST_LETTERS = 2
LEAST_GUESSED, MOST_GUESSED = 4, 20
"""Letters of a word that may have been mistyped; words with digits, as of codes, never are."""
PLACED, UNPLACED = "provision", "unplaced"
OUTWARD = (2, 3, 4)
"""Letters and digits before a postcode's space."""
# Lower layer areas of England and Wales are called after their middle layer area, and a letter.
IN_MSOA = re.compile(r"(.+ \d{3})[A-Z]{1,2}")
PLACES = ("city", "town", "village", "suburb")
TYPED = ascii_lowercase + digits
LAST = chr(0x10FFFF)

Spot = tuple[float, float]


@dataclass(frozen=True)
class Named:
    """
    Something that has a name.

    Parameters
    ----------
    kind
        One of `KINDS`.
    key
        What it is asked for by, alone of its kind.
    name
        Its name, as the results have it.
    detail
        Of a place, how large it is, as of `PLACES`; of an area, its ward; of a postcode, its state
        as of `geoengine.doorsteps.STATES`; of a setting, the layer that has it.
    spot
        Longitude and latitude, where it is one spot.
    areas
        The areas that it is, or that hold it.
    """

    kind: str
    key: str
    name: str
    detail: str = ""
    spot: Spot | None = None
    areas: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """
    What a text finds.

    Parameters
    ----------
    hits
        The best of each kind: first those whose name begins with the text, then those of whose
        words some do.
    more
        How many more there are of each kind.
    guessed
        Whether the text was found only as if one letter of it had been mistyped.
    """

    hits: tuple[Named, ...]
    more: dict[str, int]
    guessed: bool


def folded(text: str) -> str:
    """
    Return a text without case, accents and signs, its words apart by one space.

    Examples
    --------
    >>> folded("Ysgol  y Gât (St Mary's)")
    'ysgol y gat st marys'
    """
    apart = unicodedata.normalize("NFKD", text.replace("&", " and ").casefold())
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return re.sub(r"[\W_]+", " ", re.sub(r"['’`]", "", bare)).strip()


def find(run: Snapshot, text: str, each: int) -> Found:
    """
    Find what a text may mean.

    Parameters
    ----------
    run
        The results.
    text
        A name, the beginnings of its words in any order, a code or a postcode; no more than
        `LONGEST_TEXT` of it are read.
    each
        So many of a kind at most.

    Notes
    -----
    Only where nothing is found is one letter left out, put in, changed or swapped with the next,
    in one word without digits: a code or a postcode that isn't there is not another one.

    References
    ----------
    Damerau, F. J. (1964) A technique for computer detection and correction of spelling errors.
    Communications of the ACM 7(3), 171-176. doi:10.1145/363958.363994
    """
    asked = folded(text[:LONGEST_TEXT]).split()
    if len("".join(asked)) < LEAST_LETTERS:
        return Found((), {}, guessed=False)
    names = run.keep("names", lambda: Names(_named(run)))
    postcodes, left = _postcodes(run, "".join(asked).upper(), each)
    found = names.find([asked], each)
    guessed = not (postcodes or found.hits)
    if guessed:
        found = names.find(list(names.guesses(asked)), each)
    hits = sorted([*found.hits[: found.exact], *postcodes], key=lambda hit: KINDS.index(hit.kind))
    more = found.more | ({"postcode": left} if left else {})
    return Found((*hits, *found.hits[found.exact :]), more, guessed)


def named(run: Snapshot, kind: str, key: str) -> Named | None:
    """Return what is asked for by a kind and a key; `None` where there is none."""
    if kind == "postcode":
        spelled = doorstep.spelled(key[:LONGEST_TEXT])
        hits, _ = _postcodes(run, "" if spelled is None else spelled.replace(" ", ""), 1)
        return hits[0] if hits and hits[0].name == spelled else None
    names = run.keep("names", lambda: Names(_named(run)))
    return names.by_key.get((kind, key))


@dataclass(frozen=True)
class _Ranked:
    """What names were found: the best of each kind, of which the first `exact` begin so."""

    hits: list[Named]
    exact: int
    more: dict[str, int]


class Names:
    """Names in order, each found by the beginning of it and of any word of it."""

    def __init__(self, every: Iterable[Named]) -> None:
        keyed = [(KINDS.index(each.kind), folded(each.name), each) for each in every]
        keyed.sort(key=lambda row: (row[0], row[1], row[2].key))
        self.every = [each for _, _, each in keyed]
        self.by_key = {(each.kind, each.key): each for each in self.every}
        self._names = [name for _, name, _ in keyed]
        starts = Counter(kind for kind, _, _ in keyed)
        self._ends: dict[str, tuple[int, int]] = {}
        at = 0
        for number, kind in enumerate(KINDS):
            self._ends[kind] = (at, at + starts[number])
            at += starts[number]
        holders: dict[str, list[int]] = defaultdict(list)
        for place, (_, name, each) in enumerate(keyed):
            words = set(name.split())
            code = folded(each.key)
            if each.kind in ("area", "setting") and code.isalnum() and not code.isalpha():
                words.add(code)
            for word in words:
                holders[word].append(place)
        self._words = sorted(holders)
        self._holders = [holders[word] for word in self._words]

    def find(self, spellings: Sequence[Sequence[str]], each: int) -> _Ranked:
        """Return the names that any of some spellings finds: words, of which names have all."""
        having = {place for words in spellings for place in self._having(words)}
        first: list[Named] = []
        then: list[Named] = []
        more = {}
        for kind, (low, high) in self._ends.items():
            starting = {
                place
                for words in spellings
                for place in range(*_beginning(self._names, " ".join(words), low, high))
            }
            rest = [place for place in having if low <= place < high and place not in starting]
            best = heapq.nsmallest(each, starting)
            next_best = heapq.nsmallest(each - len(best), rest)
            first += [self.every[place] for place in best]
            then += [self.every[place] for place in next_best]
            left = len(starting) + len(rest) - len(best) - len(next_best)
            if left:
                more[kind] = left
        return _Ranked(first + then, len(first), more)

    def guesses(self, words: Sequence[str]) -> Iterator[list[str]]:
        """Yield the words with one letter of one of them otherwise, so that it begins a word."""
        for at, word in enumerate(words):
            if LEAST_GUESSED <= len(word) <= MOST_GUESSED and word.isalpha():
                for other in sorted(_one_edit_away(word)):
                    low, high = _beginning(self._words, other)
                    # Without its last letter a word only counts where it is whole: else it would
                    # find whatever begins nearly so.
                    whole = low < high and self._words[low] == other
                    if whole or (low < high and not word.startswith(other)):
                        yield [*words[:at], other, *words[at + 1 :]]

    def _having(self, words: Sequence[str]) -> set[int]:
        """Return the places of names of which a word begins with each of these."""
        found: set[int] | None = None
        for word in words:
            low, high = _beginning(self._words, word)
            holders = {place for held in self._holders[low:high] for place in held}
            found = holders if found is None else found & holders
        return found or set()


def _beginning(
    texts: Sequence[str], start: str, low: int = 0, high: int | None = None
) -> tuple[int, int]:
    """Return from where to where texts in order begin so."""
    end = len(texts) if high is None else high
    first = bisect_left(texts, start, low, end)
    return first, bisect_left(texts, start + LAST, first, end)


def _one_edit_away(word: str) -> set[str]:
    parts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    less = [a + b[1:] for a, b in parts if b]
    swapped = [a + b[1] + b[0] + b[2:] for a, b in parts if len(b) > 1]
    changed = [a + letter + b[1:] for a, b in parts if b for letter in TYPED]
    put_in = [a + letter + b for a, b in parts for letter in TYPED]
    return {*less, *swapped, *changed, *put_in} - {word}


def _postcodes(run: Snapshot, bare: str, each: int) -> tuple[list[Named], int]:
    """Return the first postcodes that begin so, its space anywhere, and how many more there are."""
    if not (doorstep.kept(run) and bare.isalnum() and any(letter.isdigit() for letter in bare)):
        return [], 0
    held = run.read(doorstep.FILE)
    names = held["postcode"]
    starts = [bare] if len(bare) <= max(OUTWARD) else []
    starts += [f"{bare[:at]} {bare[at:]}" for at in OUTWARD if at < len(bare)]
    places = sorted({at for start in starts for at in range(*_beginning(names, start))})
    shown = [
        Named(
            "postcode",
            names[at].replace(" ", ""),
            names[at],
            held["state"][at],
            (held["longitude"][at], held["latitude"][at]),
            (held["area_code"][at],) if held["area_code"][at] else (),
        )
        for at in places[:each]
    ]
    return shown, len(places) - len(shown)


def _named(run: Snapshot) -> Iterator[Named]:
    yield from _places(run)
    held = run.table(AREAS)
    names = [str(name) for name in held["columns"]["name"]]
    wards = [name or "" for name in held["columns"].get("ward_name") or [""] * len(names)]
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for code, name, ward in zip(held["ids"], names, wards, strict=True):
        yield Named("area", str(code), name, ward, areas=(str(code),))
        groups["ward", ward].append(str(code))
        middle = IN_MSOA.fullmatch(name)
        groups["msoa", middle[1] if middle else ""].append(str(code))
    for (kind, name), codes in groups.items():
        if name:
            yield Named(kind, name, name, areas=tuple(codes))
    for layer in (PLACED, UNPLACED):
        if any(entry["layer_id"] == layer for entry in run.layers):
            table = run.table(layer)
            for key, name in zip(table["ids"], table["columns"]["name"], strict=True):
                yield Named("setting", str(key), str(name), layer)


def _places(run: Snapshot) -> Iterator[Named]:
    """Yield the base map's places; others of the same name are told apart by a number."""
    many: Counter[str] = Counter()
    for feature in run.read("basemap.json")["features"]:
        said: dict[str, Any] = feature["properties"]
        if said["kind"] in PLACES and said.get("name"):
            name = str(said["name"])
            many[name] += 1
            key = name if many[name] == 1 else f"{name}~{many[name]}"
            longitude, latitude = feature["geometry"]["coordinates"]
            yield Named("place", key, name, said["kind"], (longitude, latitude))
