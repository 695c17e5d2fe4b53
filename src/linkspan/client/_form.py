"""Writes parameters as a form body or query in Stripe's bracket notation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import cast
from urllib.parse import quote_plus

from linkspan.client.params import InstantRange


def encode_form(params: Mapping[str, object]) -> str:
    """Return *params* as `a[b][0]=c&…`.

    A value of None is left out, an object that has an id is sent as that id,
    an instant is sent in Unix seconds.
    """
    # Brackets stay readable in names: servers and logs know them by sight.
    return "&".join(f"{quote_plus(name, safe='[]')}={quote_plus(text)}" for name, text in _pairs(params, ""))


def rfc3339(bounds: InstantRange) -> dict[str, str]:
    """Return instants as the second generation of the API spells them."""
    named = cast(Mapping[str, datetime], bounds)
    return {name: _aware(name, instant).isoformat() for name, instant in named.items()}


def _pairs(params: Mapping[str, object], parent: str) -> Iterator[tuple[str, str]]:
    for key, value in params.items():
        yield from _pairs_of(f"{parent}[{key}]" if parent else key, value)


def _pairs_of(name: str, value: object) -> Iterator[tuple[str, str]]:
    if value is None:
        return
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, Mapping):
        yield from _pairs(cast(Mapping[str, object], value), name)
    elif isinstance(value, list | tuple):
        for position, item in enumerate(cast(Sequence[object], value)):
            yield from _pairs_of(f"{name}[{position}]", item)
    else:
        yield name, _scalar(name, value)


def _scalar(name: str, value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime):
        return str(int(_aware(name, value).timestamp()))
    known_as: object = getattr(value, "id", None)
    if isinstance(known_as, str):
        return known_as
    raise TypeError(f"{name}: {type(value).__name__} cannot be sent as a parameter")


def _aware(name: str, value: datetime) -> datetime:
    # A naive datetime would be read in this machine's time zone.
    if value.tzinfo is None:
        raise ValueError(f"{name}: the datetime must carry a time zone")
    return value
