# Written by tools/unasync.py from ../_async/linked_pages.py: change that file, then run the tool.
"""Walks a list whose pages name their neighbors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

from linkspan.client._lists import FetchAt
from linkspan.objects import LinkedPage

T = TypeVar("T")


class LinkedPages(Generic[T]):
    """One page of a list. Iterating over it goes on through the pages that follow."""

    def __init__(self, held: LinkedPage[T], fetch: FetchAt[T]) -> None:
        self._held = held
        self._fetch = fetch

    @property
    def data(self) -> Sequence[T]:
        """The elements of this page alone."""
        return self._held.data

    @property
    def has_more(self) -> bool:
        """Whether a page follows this one."""
        return self._held.next_page_url is not None

    def next_page(self) -> LinkedPages[T] | None:
        """Return the page after this one, or None after the last."""
        return self._at(self._held.next_page_url)

    def previous_page(self) -> LinkedPages[T] | None:
        """Return the page before this one, or None before the first."""
        return self._at(self._held.previous_page_url)

    def _at(self, address: str | None) -> LinkedPages[T] | None:
        return None if address is None else LinkedPages(self._fetch(address), self._fetch)

    def __iter__(self) -> Iterator[T]:
        page: LinkedPages[T] | None = self
        while page is not None:
            yield from page.data
            page = page.next_page()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(data={self.data!r}, has_more={self.has_more!r})"
