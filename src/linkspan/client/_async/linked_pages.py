"""Walks a list whose pages name their neighbors."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Generic, TypeVar

from linkspan.client._lists import AsyncFetchAt
from linkspan.objects import LinkedPage

T = TypeVar("T")


class AsyncLinkedPages(Generic[T]):
    """One page of a list. Iterating over it goes on through the pages that follow."""

    def __init__(self, held: LinkedPage[T], fetch: AsyncFetchAt[T]) -> None:
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

    async def next_page(self) -> AsyncLinkedPages[T] | None:
        """Return the page after this one, or None after the last."""
        return await self._at(self._held.next_page_url)

    async def previous_page(self) -> AsyncLinkedPages[T] | None:
        """Return the page before this one, or None before the first."""
        return await self._at(self._held.previous_page_url)

    async def _at(self, address: str | None) -> AsyncLinkedPages[T] | None:
        return None if address is None else AsyncLinkedPages(await self._fetch(address), self._fetch)

    async def __aiter__(self) -> AsyncIterator[T]:
        page: AsyncLinkedPages[T] | None = self
        while page is not None:
            for element in page.data:
                yield element
            page = await page.next_page()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(data={self.data!r}, has_more={self.has_more!r})"
