"""Reads institutions from a CSV of an operator's own: a column for each field, `;` between several values."""

from collections.abc import Mapping
from typing import Any, Final, TextIO

import msgspec

from linkspan.server.core.listed import Listed
from linkspan.server.operations.directories.entries import Entry, Reading, Unreadable, taken
from linkspan.server.operations.directories.tables import read_rows

_NEEDED: Final = ("id", "name")
_LISTS: Final = frozenset({"aliases", "countries", "domains", "routing_numbers"})
_NUMBERS: Final = frozenset({"takes_seconds", "size"})


def read(file: TextIO) -> Reading:
    """Yield every institution; a field left blank is not told."""
    for place, fields in read_rows(file, needed=_NEEDED, known=Listed.__struct_fields__):
        try:
            yield Entry(place, _listed(place, fields))
        except Unreadable as unreadable:
            yield unreadable


def _listed(place: str, fields: Mapping[str, str]) -> Listed:
    told = {name: _value(place, name, text) for name, text in fields.items() if text or name in _NEEDED}
    return entry_of(place, told)


def _value(place: str, name: str, text: str) -> Any:  # Any: what the field holds
    if name in _LISTS:
        return [part.strip() for part in text.split(";") if part.strip()]
    if name in _NUMBERS:
        if not text.isdecimal():
            raise Unreadable(place, name, "must be a whole number")
        return int(text)
    return text


def entry_of(place: str, told: object) -> Listed:
    """Return what was *told* by the names of our fields; raises `Unreadable` by the first that is wrong."""
    try:
        listed = msgspec.convert(told, Listed)
    except msgspec.ValidationError as invalid:
        reason, _, path = str(invalid).partition(" - at ")
        raise Unreadable(place, path.strip("`").removeprefix("$.").partition("[")[0], reason) from None
    return taken(place, listed, {})
