"""What the queue is measured beside leaves the rows that the queue leaves."""

import asyncio
from pathlib import Path

import pytest

from benchmarks.queueing import MANY, measured
from linkspan.server.store.driver import Store
from linkspan.server.store.postgres import PostgresStore
from linkspan.server.store.sqlite import open_store

pytestmark = pytest.mark.anyio

ROUNDS = 2
JOBS = 5 * MANY
ROWS = """
SELECT deliveries.tenant LIKE '%bare', deliveries.status, deliveries.attempts, count(*)
  FROM deliveries JOIN events ON events.tenant = deliveries.tenant AND events.id = deliveries.event
  JOIN delivery_attempts ON delivery_attempts.tenant = deliveries.tenant
                        AND delivery_attempts.event = deliveries.event
 GROUP BY 1, 2, 3 ORDER BY 1
"""


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    address: str = (
        f"sqlite:///{tmp_path / 'jobs.db'}"
        if request.param == "sqlite"
        else request.getfixturevalue("empty_postgres")
    )
    return address


def opened(url: str) -> Store:
    file = url.removeprefix("sqlite:///")
    return PostgresStore(url) if file == url else open_store(file)


async def test_as_many_bare_rows_are_settled_as_jobs_are_done(url: str) -> None:
    store = opened(url)
    try:
        found = await measured(store, url, ROUNDS, JOBS)
        await asyncio.sleep(0)  # reads of one turn of the loop share a view, and bare rows take no turn
        left = await store.read(lambda tx: tx.all(ROWS, {}))
    finally:
        await store.aclose()

    each = JOBS // 10 + ROUNDS * (JOBS // 10 + JOBS)
    assert [tuple(row) for row in left] == [(False, "succeeded", 1, each), (True, "succeeded", 1, each)]
    assert {name: len(rates["ours"]) for name, rates in found.items()} == dict.fromkeys(
        ("enqueued", "one", "many"), ROUNDS
    )
    assert {len(rates["bare"]) for rates in found.values()} == {ROUNDS}
