"""Runs the work of a transaction, refusing to wait for anything but the store."""

from collections.abc import Awaitable, Callable, Coroutine, Generator
from functools import partial
from types import coroutine
from typing import Any, TypeVar, cast

from linkspan.server.store.driver import WaitedInTransaction

T = TypeVar("T")
_REFUSED = "a transaction may wait for nothing but its store"


def run_now(work: Awaitable[T]) -> T:
    """Run *work* to its end in this turn of the loop, for a store that never waits.

    A transaction of one writer must not be open while anything else happens,
    least of all while a bank is speaking; work that suspends is refused.
    """
    running = cast("Coroutine[Any, Any, T]", work)  # operations are `async def` by design
    try:
        running.send(None)
    except StopIteration as finished:
        return cast("T", finished.value)
    running.close()
    raise WaitedInTransaction(_REFUSED)


@coroutine
def run_asking(work: Awaitable[T], is_asking: Callable[[], bool]) -> Generator[Any, Any, T]:
    """Run *work* to its end, for a store that is waited for: only while *is_asking* may it suspend."""
    running = cast("Coroutine[Any, Any, T]", work)
    proceed: Callable[[], Any] = partial(running.send, None)
    while True:
        try:
            awaited = proceed()
        except StopIteration as finished:
            return cast("T", finished.value)
        if not is_asking():
            running.close()
            raise WaitedInTransaction(_REFUSED)
        try:
            yield awaited
        except BaseException as problem:  # noqa: BLE001 - whatever it is, the work hears of it
            proceed = partial(running.throw, problem)
        else:
            proceed = partial(running.send, None)
