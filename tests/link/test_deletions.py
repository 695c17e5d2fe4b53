"""I18: of a deleted customer, or a deleted tenant, the documented purge leaves no byte in any file."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from linkspan.server.api.auth import AnyTestKey
from linkspan.server.core.retention import DELETED_SECONDS, Retention
from linkspan.server.core.scope import Scope
from linkspan.server.operations import deletions, refreshes, retention
from linkspan.server.operations.deletions import SETTLED_SECONDS
from linkspan.server.store.compact import compact_postgres, compact_sqlite
from linkspan.server.store.erasing import TABLES
from linkspan.server.store.postgres import PostgresStore, with_connection
from linkspan.server.store.sqlite import open_store
from tests.link.stage import KEY, Stage, set_up
from tests.link.test_hosted import session_now
from tests.link.wire import down
from tests.postgres import Postgres

pytestmark = pytest.mark.anyio

ROOT = "financial_connections"
PLANTED = {
    "name": "Canary Nameson",
    "email": "canary-address@example.com",
    "description": "a canary of a description",
    "metadata[note]": "a canary of a note",
}


@dataclass
class Kept:
    """A server, and every file that its database consists of."""

    stage: Stage
    address: str
    postgres: Postgres | None

    async def sample(self) -> None:
        """Let the planner look at what there is, as a database does by itself at any time."""
        if self.postgres is not None:
            await with_connection(self.address, lambda opened: opened.execute("ANALYZE"))

    async def compact(self) -> None:
        if self.postgres is None:
            await asyncio.to_thread(compact_sqlite, self.address)
        else:
            await with_connection(self.address, lambda opened: compact_postgres(opened, tuple(TABLES)))

    async def on_disk(self) -> bytes:
        """What the files hold, the write-ahead log of SQLite included."""
        if self.postgres is None:
            folder = Path(self.address).parent
            return b"\n".join(path.read_bytes() for path in folder.iterdir())
        await asyncio.to_thread(self.postgres.run, "CHECKPOINT")
        files = sorted(self.postgres.base.rglob("*"))
        return b"\n".join(path.read_bytes() for path in files if path.is_file())


@pytest.fixture
def running(shared_database: str | None, request: pytest.FixtureRequest) -> Postgres | None:
    """The PostgreSQL server that the objects are on; none where they are in a file."""
    found: Postgres | None = None
    if shared_database is not None:
        found = request.getfixturevalue("postgres")
    return found


@pytest.fixture
async def kept(shared_database: str | None, running: Postgres | None, tmp_path: Path) -> AsyncIterator[Kept]:
    """A server whose objects are in files."""
    path = str(tmp_path / "linkspan.db")
    store = open_store(path) if shared_database is None else PostgresStore(shared_database)
    made = Kept(set_up(store), shared_database or path, running)
    yield made
    await made.stage.store.aclose()


async def customer_with_everything(stage: Stage) -> tuple[str, dict[str, Any]]:
    """A customer for whom Sam linked accounts, with all that can be read of them, and a payment method."""
    customer = (await stage.api("POST", "customers", list(PLANTED.items()))).json()["id"]
    form = [
        ("account_holder[type]", "customer"),
        ("account_holder[customer]", customer),
        *(("permissions[]", one) for one in ("balances", "ownership", "payment_method", "transactions")),
        *(("prefetch[]", one) for one in ("balances", "ownership", "transactions")),
    ]
    session = (await stage.api("POST", f"{ROOT}/sessions", form)).json()
    await stage.modal(session).to_done()
    await refreshes.carry_out(stage.context)
    (account, *_) = await stage.accounts(session["id"])
    method = await stage.api(
        "POST",
        "payment_methods",
        [
            ("type", "us_bank_account"),
            ("us_bank_account[financial_connections_account]", account["id"]),
            ("billing_details[name]", "Canary Billing"),
        ],
    )
    assert method.status == 200, method.text
    attached = await stage.api(
        "POST", f"payment_methods/{method.json()['id']}/attach", [("customer", customer)]
    )
    assert attached.status == 200, attached.text
    await intents_of(stage, customer)
    return customer, session


async def intents_of(stage: Stage, customer: str) -> None:
    """A payment and a setup of a customer, from numbers that are attached to nobody."""
    form = [
        ("customer", customer),
        ("description", PLANTED["description"]),
        ("payment_method_data[type]", "us_bank_account"),
        ("payment_method_data[us_bank_account][account_number]", "000123456789"),
        ("payment_method_data[us_bank_account][routing_number]", "110000000"),
        ("payment_method_data[billing_details][name]", "Canary Billing"),
    ]
    for path, more in (("payment_intents", [("amount", "5000"), ("currency", "usd")]), ("setup_intents", [])):
        answer = await stage.api("POST", path, [*form, *more])
        assert answer.status == 200, answer.text


async def secrets_of(stage: Stage, session: dict[str, Any]) -> set[str]:
    """What is known of a customer and of the accounts linked for it, by what the API shows."""
    found = {*PLANTED.values(), "Canary Billing"}
    for account in await stage.accounts(session["id"]):
        found.add(account["display_name"])
        listed = await stage.api("GET", f"{ROOT}/transactions?account={account['id']}&limit=100")
        found |= {row["description"] for row in listed.json()["data"]}
        owners = await stage.api(
            "GET", f"{ROOT}/accounts/{account['id']}/owners?ownership={account['ownership']}"
        )
        for owner in owners.json()["data"]:
            found |= {owner[name] for name in ("name", "email", "raw_address") if owner[name]}
    return {text for text in found if text}


def left_in(disk: bytes, secrets: set[str]) -> set[str]:
    return {text for text in secrets if text.encode() in disk}


async def test_nothing_is_left_of_a_deleted_customer(kept: Kept) -> None:
    stage = kept.stage
    customer, session = await customer_with_everything(stage)
    await kept.sample()
    secrets = await secrets_of(stage, session)
    # PostgreSQL compresses what is long, so not all of it is seen: but the search itself works.
    assert len(left_in(await kept.on_disk(), secrets)) > len(PLANTED)

    assert (await stage.api("DELETE", f"customers/{customer}")).json()["deleted"]
    assert await stage.sweep() == 0
    await deletions.carry_out(stage.context, kept_seconds=0)
    await kept.compact()

    assert left_in(await kept.on_disk(), secrets) == set()
    assert (await stage.api("GET", f"customers/{customer}")).json()["deleted"]
    assert (await stage.api("GET", f"{ROOT}/sessions/{session['id']}")).status == 404
    ((status, granted),) = await stage.rows("SELECT status, granted FROM authorizations")
    assert (status, granted) == ("disconnected", None)
    assert len(await stage.rows("SELECT id FROM consents WHERE ended_at IS NOT NULL")) == 1


async def test_another_customer_keeps_everything(kept: Kept) -> None:
    stage = kept.stage
    gone, _ = await customer_with_everything(stage)
    stage.hands.seconds += 1
    _, session = await customer_with_everything(stage)
    await kept.sample()
    secrets = await secrets_of(stage, session)
    before = await session_now(stage, session["id"])

    await stage.api("DELETE", f"customers/{gone}")
    await deletions.carry_out(stage.context, kept_seconds=0)

    assert await secrets_of(stage, session) == secrets
    assert await session_now(stage, session["id"]) == before


async def test_a_deleted_customers_accounts_are_disconnected_at_once_and_shown_for_a_month(
    stage: Stage,
) -> None:
    customer, session = await customer_with_everything(stage)
    (token, *_) = stage.wire.tokens()
    await stage.api("DELETE", f"customers/{customer}")
    await stage.sweep()

    assert not stage.is_good_at_the_bank(token)
    assert {one["status"] for one in await stage.accounts(session["id"])} == {"disconnected"}
    assert not await stage.store.read(lambda tx: deletions.is_any_due(tx, stage.context))

    stage.hands.seconds += DELETED_SECONDS
    assert await stage.store.read(lambda tx: deletions.is_any_due(tx, stage.context))
    await deletions.carry_out(stage.context)
    assert (await stage.api("GET", f"{ROOT}/sessions/{session['id']}")).status == 404
    assert not await stage.store.read(lambda tx: deletions.is_any_due(tx, stage.context))


def scope_of(stage: Stage, key: str = KEY) -> Scope:
    return AnyTestKey(stage.context.digests).scope_of(key)


async def tables_with_rows(stage: Stage, scope: Scope) -> set[str]:
    """Where anything of a tenant is."""
    found = set()
    for table in TABLES:
        question = f"SELECT 1 FROM {table} WHERE tenant = '{scope.tenant}' LIMIT 1"
        if await stage.rows(question):
            found.add(table)
    return found


async def test_nothing_is_left_of_a_deleted_tenant(kept: Kept) -> None:
    stage, scope = kept.stage, scope_of(kept.stage)
    _, session = await customer_with_everything(stage)
    secrets = await secrets_of(stage, session)
    tokens = stage.wire.tokens()

    await stage.store.write(lambda tx: deletions.delete_tenant(tx, stage.context, scope))
    await deletions.carry_out(stage.context)
    assert await tables_with_rows(stage, scope) == {"authorizations", "data_keys"}
    assert await stage.sweep() == 0
    await deletions.carry_out(stage.context)
    stage.hands.seconds += SETTLED_SECONDS
    await deletions.carry_out(stage.context)
    await kept.compact()

    assert [stage.is_good_at_the_bank(token) for token in tokens] == [False] * len(tokens)
    assert await tables_with_rows(stage, scope) == set()
    assert await stage.rows("SELECT tenant FROM deletions") == []
    assert left_in(await kept.on_disk(), secrets) == set()


async def test_a_bank_that_is_down_is_told_of_a_deleted_tenant_when_it_is_back(stage: Stage) -> None:
    scope = scope_of(stage)
    await customer_with_everything(stage)
    (token, *_) = stage.wire.tokens()
    stage.wire.faults["/oauth/revoke"] = down
    await stage.store.write(lambda tx: deletions.delete_tenant(tx, stage.context, scope))
    for _ in range(5):
        await stage.sweep()
        await deletions.carry_out(stage.context)
        stage.hands.seconds += SETTLED_SECONDS
    assert await tables_with_rows(stage, scope) == {"authorizations", "data_keys"}

    stage.wire.faults.clear()
    stage.hands.seconds += 7 * 86_400
    assert await stage.sweep() == 0
    for _ in range(2):
        await deletions.carry_out(stage.context)

    assert not stage.is_good_at_the_bank(token)
    assert await tables_with_rows(stage, scope) == set()


async def test_who_comes_back_from_a_bank_to_a_deleted_tenant_leaves_no_grant(stage: Stage) -> None:
    scope = scope_of(stage)
    modal, browser = stage.modal(await stage.session()), stage.browser()
    back = await browser.sign_in((await modal.to_login())["login"]["bridge_url"])

    async def gone(request: Any, deliver: Any) -> Any:
        await stage.store.write(lambda tx: deletions.delete_tenant(tx, stage.context, scope))
        await deletions.carry_out(stage.context)
        return await deliver(request)

    stage.wire.faults["/accounts"] = gone
    await browser.visit(back)
    stage.hands.seconds += 60
    await stage.sweep()

    (token,) = stage.wire.tokens()
    assert not stage.is_good_at_the_bank(token)


async def test_what_is_too_old_goes_and_what_is_in_use_stays(stage: Stage) -> None:
    old, kept = await stage.session(), await stage.session()
    await stage.modal(old).to_done()
    await stage.modal(kept).to_done()
    for account in await stage.accounts(old["id"]):
        await stage.api("POST", f"{ROOT}/accounts/{account['id']}/disconnect")
    stage.hands.seconds += 90 * 86_400
    young = await stage.session()
    ninety = Retention(links=60 * 86_400, consents=60 * 86_400)

    await retention.carry_out(stage.context, Retention())
    assert (await stage.api("GET", f"{ROOT}/sessions/{old['id']}")).status == 200
    await retention.carry_out(stage.context, ninety)

    found = [(await stage.api("GET", f"{ROOT}/sessions/{one['id']}")).status for one in (old, kept, young)]
    assert found == [404, 200, 200]
    assert len(await stage.rows("SELECT id FROM consents")) == 1


async def test_transactions_that_are_too_old_go(stage: Stage) -> None:
    _, session = await customer_with_everything(stage)
    (account, *_) = [one["id"] for one in await stage.accounts(session["id"])]
    times = [
        at
        for (at,) in await stage.rows(f"SELECT transacted_at FROM transactions WHERE account = '{account}'")
    ]
    age = int(stage.hands.seconds) - sorted(times)[len(times) // 2]

    await retention.carry_out(stage.context, Retention(transactions=age))

    left = [
        at
        for (at,) in await stage.rows(f"SELECT transacted_at FROM transactions WHERE account = '{account}'")
    ]
    assert sorted(left) == [at for at in sorted(times) if at >= int(stage.hands.seconds) - age]


def tables() -> Iterator[str]:
    with closing(open_store(None)) as store:
        for (table,) in store.writer.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table'"
        ).fetchall():
            columns = [row[1] for row in store.writer.execute(f"PRAGMA table_info({table})")]
            if columns[:2] == ["tenant", "livemode"] and table != "deletions":
                yield table


def test_every_table_of_tenants_rows_is_erased() -> None:
    assert set(TABLES) == set(tables())
    assert list(TABLES)[-1] == "data_keys"
