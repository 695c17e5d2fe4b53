"""A page of a list, and how it is cut from one row more than was asked for."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """Which page is wanted; at most one cursor."""

    limit: int
    starting_after: str | None = None
    ending_before: str | None = None

    @property
    def cursors(self) -> tuple[tuple[str, str], ...]:
        """The cursors given, each after the name of its parameter."""
        named = (("starting_after", self.starting_after), ("ending_before", self.ending_before))
        return tuple((name, cursor) for name, cursor in named if cursor is not None)

    @property
    def one_more(self) -> int:
        """How many rows to read: one more than wanted tells whether another page follows."""
        return self.limit + 1


@dataclass(frozen=True, slots=True)
class Page:
    """Documents of a list, and whether another page follows in the direction walked."""

    docs: list[bytes]
    has_more: bool

    @classmethod
    def cut(cls, docs: list[bytes], paging: Paging) -> Self:
        """Return the page among *docs*, read with one more than wanted in the direction walked."""
        has_more = len(docs) > paging.limit
        kept = docs[-paging.limit :] if paging.ending_before is not None else docs[: paging.limit]
        return cls(kept, has_more)
