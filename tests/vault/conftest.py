"""Databases that several processes can open, on both stores."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(params=["sqlite", "postgres"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database with no rows."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/linkspan.db"
    empty: str = request.getfixturevalue("empty_postgres")
    return empty


@pytest.fixture
def loop() -> Iterator[asyncio.Runner]:
    """The one loop that the connections of a test stay with."""
    with asyncio.Runner() as runner:
        yield runner
