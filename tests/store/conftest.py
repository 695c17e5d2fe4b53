"""Every database that a server can keep its objects in, each held to the same promises."""

import asyncio
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any, Final, TypeVar

import pytest

from linkspan.server.core.scope import Scope
from linkspan.server.store.driver import Store
from linkspan.server.store.postgres import PostgresStore
from linkspan.server.store.sqlite import SqliteStore, open_store

T = TypeVar("T")

OURS: Final = Scope("acct_ours", livemode=False)
FOREIGN: Final = {
    "another tenant": Scope("acct_theirs", livemode=False),
    "another mode": Scope("acct_ours", livemode=True),
}

_LOOP: Final = asyncio.Runner()


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run *work* to its end, on the one loop that connections stay with."""
    return _LOOP.run(work)


@pytest.fixture(scope="session", autouse=True)
def _the_loop_ends() -> Iterator[None]:
    """Close the loop after the last test."""
    with _LOOP:
        yield


@pytest.fixture(params=["sqlite-memory", "sqlite-file", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store with the newest schema and no rows; a further database joins the suite by one more case."""
    opened: Store
    match request.param:
        case "sqlite-memory":
            opened = open_store(None)
        case "sqlite-file":
            opened = open_store(str(tmp_path / "linkspan.db"))
        case _:
            opened = PostgresStore(request.getfixturevalue("empty_postgres"))
    yield opened
    run(opened.aclose())


@pytest.fixture
def postgres_store(empty_postgres: str) -> Iterator[PostgresStore]:
    """PostgreSQL, for what only it promises."""
    opened = PostgresStore(empty_postgres)
    yield opened
    run(opened.aclose())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a database may be."""
    return tmp_path / "linkspan.db"


@pytest.fixture
def file_store(path: Path) -> Iterator[SqliteStore]:
    """SQLite in a file, for what only it promises."""
    opened = open_store(str(path))
    yield opened
    opened.close()
