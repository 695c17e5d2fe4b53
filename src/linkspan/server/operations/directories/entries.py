"""What a file of institutions is read into, an entry at a time."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TextIO, TypeAlias

from linkspan.server.core.folding import host_of
from linkspan.server.core.listed import Listed, wrong_field


class Unreadable(ValueError):
    """An entry cannot be taken; says where it stands, which field, and why."""

    def __init__(self, place: str, field: str, reason: str) -> None:
        super().__init__(f"{place}: {field} {reason}" if field else f"{place}: {reason}")
        self.place = place
        self.field = field
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Entry:
    """An institution of a file, and where it stands there."""

    place: str
    """``line 12``, or ``entry 12`` where lines mean nothing."""
    listed: Listed


Reading: TypeAlias = Iterator[Entry | Unreadable]
"""The institutions of a file in its order, with what cannot be taken in its place."""

Read: TypeAlias = Callable[[TextIO], Reading]
"""Reads a file from its beginning; raises `Unreadable` where the file as a whole is none of its kind."""


def taken(place: str, listed: Listed, columns: Mapping[str, str]) -> Listed:
    """Return *listed*; raises `Unreadable` by the name of a column where a field breaks its rule."""
    if wrong := wrong_field(listed):
        field, reason = wrong
        raise Unreadable(place, columns.get(field, field), reason)
    return listed


def domains_of(address: str) -> tuple[str, ...]:
    """Return the host of a web address as a regulator wrote it down; what is none is left out.

    Their files hold what banks typed into a form: blanks, ``N/A``, addresses of mailboxes.
    """
    host = host_of(address.replace(" ", ""))
    is_one = host and wrong_field(Listed(id="fcinst_0", name="0", domains=(host,))) is None
    return (host,) if is_one else ()
