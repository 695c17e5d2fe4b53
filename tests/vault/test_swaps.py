"""R27: what is sealed opens in its own place only, in every column there is, and unchanged only."""

import asyncio
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Final, TypeAlias

import pytest

from linkspan.server.core.scope import Scope
from linkspan.server.operations import master_key, sealing
from linkspan.server.operations.context import Context
from linkspan.server.store.driver import Tx
from linkspan.server.store.sealed import COLUMNS, Column
from linkspan.server.store.sqlite import open_store
from linkspan.server.vault.sealed import CannotOpen
from tests.conftest import Tally
from tests.vault.sealed_rows import OLD, TABLES, Kept, context_at, keep, opens, value_of

SOURCE: Final = Path(__file__).parents[2] / "src" / "linkspan" / "server"
HOME, ABROAD, LIVE = (
    Scope("acct_1", livemode=False),
    Scope("acct_2", livemode=False),
    Scope("acct_1", livemode=True),
)

# Every other BLOB there is, and why it may lie there in clear.
IN_CLEAR: Final = {
    "accounts.doc": "what the API shows",
    "accounts.inferred_balances_refresh": "what the API shows",
    "attempts.bridge_digest": "a keyed digest",
    "attempts.browser_digest": "a keyed digest",
    "attempts.state_digest": "a keyed digest",
    "connected_accounts.doc": "what the API shows",
    "consents.doc": "ids, and words that everybody may read",
    "customers.doc": "what the API shows",
    "data_keys.id": "a name",
    "data_keys.master": "a name",
    "data_keys.wrapped": "wrapped by the master key",
    "delivery_attempts.answer": "what a program answered, which its tenant reads",
    "events.doc": "what the API shows",
    "events.previewed": "what the API shows",
    "health.doc": "how an institution answered, which the modal shows",
    "idempotency.request_digest": "a keyed digest",
    "inferred_balances.doc": "what the API shows",
    "institutions.doc": "the directory, which everybody may search",
    "intents.doc": "what the API shows",
    "intents.page_digest": "a keyed digest",
    "intents.secret_digest": "a keyed digest",
    "keys.digest": "a keyed digest",
    "links.errand": "what the API shows of a PaymentMethod",
    "links.problem": "a reason and an id",
    "master_keys.digest": "a keyed digest",
    "master_keys.master": "a name",
    "master_keys.pepper": "wrapped by the master key",
    "ownerships.doc": "what the API shows",
    "payment_methods.doc": "what the API shows",
    "sessions.doc": "what the API shows",
    "sessions.preview": "what the API shows",
    "sessions.secret_digest": "a keyed digest",
    "tokens.doc": "what the API shows",
    "transactions.doc": "what the API shows",
    "webhook_endpoints.doc": "what the API shows",
}


def blobs() -> set[str]:
    """Every column of bytes in the schema."""
    with closing(open_store(None)) as store:
        tables = store.writer.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        return {
            f"{table}.{name}"
            for (table,) in tables
            for _, name, kind, *_ in store.writer.execute(f"PRAGMA table_info({table})")
            if kind == "BLOB"
        }


def named(column: Column) -> str:
    return f"{column.table}.{column.name}"


def test_every_column_of_bytes_is_sealed_or_says_why_not() -> None:
    sealed = set(map(named, COLUMNS))

    assert sealed | set(IN_CLEAR) == blobs()
    assert sealed & set(IN_CLEAR) == set()


def test_every_place_that_is_sealed_is_one_of_the_columns() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))

    places = set(re.findall(r'Place\(\s*"(\w+)",\s*"(\w+)"', text))

    assert places <= {(column.table, column.name) for column in COLUMNS}
    assert len(places) >= 8


async def planted(tx: Tx, context: Context) -> dict[Kept, bytes]:
    """Two rows of each table at home, one of another tenant and one of another mode, with what they hold."""
    found: dict[Kept, bytes] = {}
    for table in TABLES:
        for scope, row in ((HOME, "row_1"), (HOME, "row_2"), (ABROAD, f"{table}_3"), (LIVE, f"{table}_4")):
            for one in await keep(tx, context, table, scope, row):
                found[one] = await value_of(tx, one)
    return found


Attack: TypeAlias = tuple[str, bytes, Kept]


def moves(values: Mapping[Kept, bytes]) -> Iterator[Attack]:
    """Every value in the place of every other."""
    for here, sealed in values.items():
        yield from ((f"{here} in {there}", sealed, there) for there in values if there != here)


def flips(values: Mapping[Kept, bytes]) -> Iterator[Attack]:
    """One value of each column with every single bit of it flipped, and one with an unknown key."""
    for here, sealed in values.items():
        if here.row == "row_1":
            yield f"{here} of an unknown key", sealed[:1] + b"unknown." + sealed[9:], here
            for bit in range(len(sealed) * 8):
                changed = bytearray(sealed)
                changed[bit // 8] ^= 1 << bit % 8
                yield f"{here} with bit {bit} flipped", bytes(changed), here


async def opening(tx: Tx, context: Context, attacks: Iterable[Attack]) -> tuple[int, list[str]]:
    """How many attacks were made, and which of them opened anything."""
    made, opened = 0, []
    for what, sealed, place in attacks:
        made += 1
        with suppress(CannotOpen):
            await sealing.opened(tx, context, place.place, sealed)
            opened.append(what)
    return made, opened


def test_nothing_opens_elsewhere_or_changed(address: str, loop: asyncio.Runner, tally: Tally) -> None:
    context = loop.run(master_key.hold(context_at(address, OLD)))
    values = loop.run(context.store.write(lambda tx: planted(tx, context)))

    loop.run(context.store.read(lambda tx: opens(tx, context, list(values))))
    moved, first = loop.run(context.store.read(lambda tx: opening(tx, context, moves(values))))
    flipped, second = loop.run(context.store.read(lambda tx: opening(tx, context, flips(values))))
    loop.run(context.store.aclose())

    assert len(values) == len(COLUMNS) * 4
    assert first + second == []
    store = address.partition(":")[0]
    tally(f"R27 {store}", columns=len(COLUMNS), moved=moved, changed=flipped, opened=len(first + second))


@pytest.mark.parametrize("table", TABLES)
def test_a_key_of_another_tenant_opens_nothing_under_its_name(table: str, loop: asyncio.Runner) -> None:
    """A row of `data_keys` that is copied to another tenant unwraps to nothing."""
    context = loop.run(master_key.hold(context_at("sqlite://", OLD)))
    (one, *_) = loop.run(context.store.write(lambda tx: keep(tx, context, table, HOME, "row_1")))
    sealed = loop.run(context.store.read(lambda tx: value_of(tx, one)))

    async def copy(tx: Tx) -> None:
        await tx.run("UPDATE data_keys SET tenant = :tenant", {"tenant": ABROAD.tenant})

    loop.run(context.store.write(copy))
    stolen = Kept(one.column, ABROAD, one.row)

    with pytest.raises(CannotOpen):
        loop.run(sealing.opened_alone(context, stolen.place, sealed))
    loop.run(context.store.aclose())
