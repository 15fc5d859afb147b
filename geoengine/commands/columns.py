"""The option --column: which column of a table holds what."""

import click


def named(texts: tuple[str, ...], fields: tuple[str, ...]) -> dict[str, str]:
    """
    Return the column named for each field.

    Raises
    ------
    click.BadParameter
        If a text is not like `demand=people`, or the field is none of those known.

    Examples
    --------
    >>> named(("demand=people",), ("demand",))
    {'demand': 'people'}
    """
    found = {}
    for text in texts:
        field, sign, name = text.partition("=")
        if field not in fields or not sign or not name:
            raise click.BadParameter(
                f"'{text}' must be like {fields[-1]}=people; fields are {', '.join(fields)}",
                param_hint="--column",
            )
        found[field] = name
    return found
