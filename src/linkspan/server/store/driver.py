"""The seam between rows and a database: a transaction, and a store that opens them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeAlias, TypeVar

from linkspan.server.core.scope import Scope

Value: TypeAlias = str | int | bytes | None
Row: TypeAlias = tuple[Any, ...]  # STRICT tables hold the types; each row module names them
T = TypeVar("T")


class WaitedInTransaction(RuntimeError):
    """A transaction waited for something that is not its store, such as a bank."""


class Claimed(Exception):
    """Another write that is under way has claimed the name that this one was to claim."""


class DatabaseUnusable(Exception):
    """The database cannot be opened; the message says why, for whoever operates it."""


def within(scope: Scope) -> dict[str, Value]:
    """Return the values every statement begins with: whose data it may touch.

    A mode is 1 or 0: what SQLite keeps, and what its driver binds without asking how.
    """
    return {"tenant": scope.tenant, "livemode": 1 if scope.livemode else 0}


def key(scope: Scope, row_id: str) -> dict[str, Value]:
    """Return the values a statement about one row begins with."""
    return {"tenant": scope.tenant, "livemode": 1 if scope.livemode else 0, "id": row_id}


class Stopwatch:
    """Tells how long commits take, once somebody wants to know."""

    __slots__ = ("_note", "_now")

    def __init__(self) -> None:
        self._now: Callable[[], float] | None = None
        self._note: Callable[[float], None] = _nobody

    def tell(self, now: Callable[[], float], note: Callable[[float], None]) -> None:
        """Tell *note* from now on how many seconds of *now* each commit took."""
        self._now, self._note = now, note

    def started(self) -> float:
        """Return when a commit begins."""
        return 0.0 if self._now is None else self._now()

    def ended(self, started: float) -> None:
        """Tell of a commit that began at *started*."""
        if self._now is not None:
            self._note(self._now() - started)


def _nobody(_seconds: float) -> None:
    """Tell nobody."""


class Tx(Protocol):
    """An open transaction. Nothing may be awaited in it but the store itself."""

    async def one(self, statement: str, values: Mapping[str, Value]) -> Row | None:
        """Return the first row of *statement*, or ``None``."""
        ...

    async def all(self, statement: str, values: Mapping[str, Value]) -> list[Row]:
        """Return every row of *statement*."""
        ...

    async def run(self, statement: str, values: Mapping[str, Value]) -> int:
        """Carry out *statement*; return how many rows it changed."""
        ...

    async def run_each(self, statement: str, many: Sequence[Mapping[str, Value]]) -> None:
        """Carry out *statement* with each of *many*, in order, in one round trip to a server."""
        ...

    async def all_each(self, statement: str, many: Sequence[Mapping[str, Value]]) -> list[Row]:
        """Return every row of *statement* with each of *many*, in order, in one round trip to a server."""
        ...

    def on_commit(self, tell: Callable[[], None]) -> None:
        """Call *tell* once the transaction cannot be lost; never where it is undone."""
        ...

    def ring(self, bell: str) -> None:
        """Wake whoever does the work of *bell* once the transaction cannot be lost, in every process.

        One that is not reached finds what was left when it next looks.
        """
        ...


class Store(Protocol):
    """A database. Acknowledged writes are on disk when ``write`` returns."""

    async def read(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Return what *work* reads in one consistent view of committed data."""
        ...

    async def write(self, work: Callable[[Tx], Awaitable[T]], *, claim: str | None = None) -> T:
        """Carry out *work* whole or not at all, and return once it cannot be lost.

        *work* may run more than once, when another transaction was quicker; only
        its last run is kept. With a *claim*, no write of another process that claims
        the same name is under way at the same time; raises `Claimed` where one is.
        """
        ...

    async def take(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Carry out *work* that only leases rows, as `write` does, but sees what others lease meanwhile.

        For statements that choose rows and lease them at once, passing over those
        that somebody else is choosing. Two of them may see different moments.
        """
        ...

    def hear(self, tell: Callable[[str], None]) -> AbstractAsyncContextManager[None]:
        """Call *tell* with the name of each bell that rings, here or elsewhere, while the block runs."""
        ...

    def time_commits(self, now: Callable[[], float], note: Callable[[float], None]) -> None:
        """Tell *note* from now on how many seconds of *now* each commit of a change takes."""
        ...

    async def aclose(self) -> None:
        """Let go of the database."""
        ...
