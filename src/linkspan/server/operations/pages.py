"""What part of a list is wanted, and the page that is cut for it."""

from dataclasses import dataclass
from typing import Final, Self

# Before and after every instant that can be written down.
_FIRST: Final = -(2**62)
_LAST: Final = 2**62


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """A stretch of time, by its bounds; a bound not given does not bound."""

    gt: int | None = None
    gte: int | None = None
    lt: int | None = None
    lte: int | None = None

    @property
    def first(self) -> int:
        """The first instant within."""
        after = _FIRST if self.gt is None else self.gt + 1
        return after if self.gte is None else max(after, self.gte)

    @property
    def last(self) -> int:
        """The last instant within; before the first when nothing is."""
        before = _LAST if self.lt is None else self.lt - 1
        return before if self.lte is None else min(before, self.lte)
