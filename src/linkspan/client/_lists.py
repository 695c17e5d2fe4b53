"""Says how a list goes on after one of its pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeVar

from linkspan.client._codec import Params
from linkspan.objects import LinkedPage, List


class Identified(Protocol):
    """An element a list can continue after."""

    @property
    def id(self) -> str:
        """The element's id."""
        ...


T = TypeVar("T", bound=Identified)

Fetch = Callable[[Params], List[T]]
AsyncFetch = Callable[[Params], Awaitable[List[T]]]

E = TypeVar("E")

FetchAt = Callable[[str], LinkedPage[E]]
AsyncFetchAt = Callable[[str], Awaitable[LinkedPage[E]]]


def in_order(held: List[T], params: Params) -> Sequence[T]:
    """Return the page's elements in the direction of the walk.

    A list asked for with `ending_before` is walked backwards, from its newest
    page's last element, as Stripe's clients do.
    """
    return held.data[::-1] if _is_backwards(params) else held.data


def params_after(held: List[T], params: Params) -> Params | None:
    """Return what asks for the page after *held*, or None after the last."""
    if not (held.has_more and held.data):
        return None
    if _is_backwards(params):
        return {**params, "ending_before": held.data[0].id}
    return {**params, "starting_after": held.data[-1].id}


def _is_backwards(params: Params) -> bool:
    return params.get("ending_before") is not None
