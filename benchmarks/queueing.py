"""Leaves work in a queue and carries it out as a server does, and in turns does with bare rows.

Prints one JSON line: jobs a second of each round, by what was done, Linkspan's and bare.
"""

import json
import os
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Final

import asyncpg
import uvloop

from benchmarks import rows
from benchmarks.carrying import emptied
from benchmarks.owing import A_TRANSACTION, listen, owe
from benchmarks.rows import BarePostgres, BareSqlite, Connection
from linkspan.cli.opening import bare_context, open_store
from linkspan.server.config import MasterKeys, read_database
from linkspan.server.core.scope import Scope
from linkspan.server.operations import master_key
from linkspan.server.operations.context import Context
from linkspan.server.outbound.exchange import Request, Response
from linkspan.server.store.driver import Store
from linkspan.server.store.sqlite import SqliteStore

# As many as an endpoint is sent at once.
MANY: Final = 10
# Jobs one at a time wait for two syncs of the disk each, so a tenth of them has to do.
_ONES: Final = 10


class Here:
    """An endpoint that costs nothing: it takes everything at once."""

    async def send(self, _request: Request) -> Response:
        """Say yes."""
        return Response(status=200)


async def measured(
    store: Store, url: str, rounds: int, count: int
) -> Mapping[str, Mapping[str, list[float]]]:
    """Return the rates of each round, of *count* jobs and of a tenth of them one at a time."""
    context = await master_key.hold(bare_context(store, MasterKeys(os.urandom(32))))
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: {"ours": [], "bare": []})
    async with _bare(store, url) as bare:
        await _round(context, bare, "warm", count // _ONES, MANY)
        for number in range(rounds):
            (_, one), (_, one_bare) = await _round(context, bare, f"one{number}", count // _ONES, 1)
            (put, many), (put_bare, many_bare) = await _round(context, bare, f"many{number}", count, MANY)
            for name, ours, alone in (
                ("enqueued", put, put_bare),
                ("one", one, one_bare),
                ("many", many, many_bare),
            ):
                found[name]["ours"].append(ours)
                found[name]["bare"].append(alone)
    return found


async def _round(
    context: Context, bare: Connection, name: str, count: int, at_once: int
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return what *count* jobs come to, and as many bare rows right after them."""
    tenant = f"acct_{name}"
    ours = await _ours(context, tenant, count, at_once)
    doc = await _written(context, tenant)
    return ours, await _alone(bare, f"{tenant}bare", doc, count, at_once)


async def _ours(context: Context, tenant: str, count: int, at_once: int) -> tuple[float, float]:
    """Return how many jobs a second are enqueued, and how many are carried out."""
    scope = Scope(tenant, livemode=False)
    await listen(context, scope, "https://hooks.example/")
    began = perf_counter()
    await owe(context, scope, count)
    enqueued = count / (perf_counter() - began)
    return enqueued, await emptied(context, Here(), count, at_once_max=at_once)


async def _alone(bare: Connection, tenant: str, doc: bytes, count: int, at_once: int) -> tuple[float, float]:
    """Return how many rows a second are inserted, and how many are claimed and settled."""
    began = perf_counter()
    await rows.insert(bare, tenant, doc, count, at_once=A_TRANSACTION)
    inserted = perf_counter()
    settled = await rows.settle(bare, tenant, at_once=at_once)
    ended = perf_counter()
    if settled != count:
        raise RuntimeError(f"{settled} of {count} rows were settled")
    return count / (inserted - began), count / (ended - inserted)


async def _written(context: Context, tenant: str) -> bytes:
    """Return one event of a tenant, as it was written down."""
    statement = "SELECT doc FROM events WHERE tenant = :tenant LIMIT 1"
    ((doc,),) = await context.store.read(lambda tx: tx.all(statement, {"tenant": tenant}))
    return bytes(doc)


@asynccontextmanager
async def _bare(store: Store, url: str) -> AsyncIterator[Connection]:
    """Lend a connection to the database of a store."""
    if isinstance(store, SqliteStore):
        yield BareSqlite(store)
        return
    connection = await asyncpg.connect(url)
    try:
        yield BarePostgres(connection)
    finally:
        await connection.close()


async def main(store: Store, url: str, rounds: int, count: int) -> None:
    """Measure in turns."""
    try:
        print(json.dumps(await measured(store, url, rounds, count)))
    finally:
        await store.aclose()


if __name__ == "__main__":
    _url = sys.argv[1]
    uvloop.run(main(open_store(read_database(_url)), _url, int(sys.argv[2]), int(sys.argv[3])))
