# Written by tools/unasync.py from ../_async/pages.py: change that file, then run the tool.
"""Walks a list page by page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

from linkspan.client._codec import Params
from linkspan.client._lists import Fetch, Identified, in_order, params_after
from linkspan.objects import List

T = TypeVar("T", bound=Identified)


class Page(Generic[T]):
    """One page of a list. Iterating over it goes on through the pages that follow."""

    def __init__(self, held: List[T], params: Params, fetch: Fetch[T]) -> None:
        self._held = held
        self._params = params
        self._fetch = fetch

    @property
    def data(self) -> Sequence[T]:
        """The elements of this page alone."""
        return self._held.data

    @property
    def has_more(self) -> bool:
        """Whether a page follows this one."""
        return self._held.has_more

    def next_page(self) -> Page[T] | None:
        """Return the page after this one, or None after the last."""
        params = params_after(self._held, self._params)
        return None if params is None else Page(self._fetch(params), params, self._fetch)

    def __iter__(self) -> Iterator[T]:
        held, params = self._held, self._params
        while True:
            yield from in_order(held, params)
            following = params_after(held, params)
            if following is None:
                return
            held, params = self._fetch(following), following

    def __repr__(self) -> str:
        return f"{type(self).__name__}(data={self.data!r}, has_more={self.has_more!r})"
