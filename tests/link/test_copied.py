"""An installation that grew on SQLite is the same one on PostgreSQL, once it was copied there."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from linkspan.server.api.auth import AnyTestKey
from linkspan.server.app import Server
from linkspan.server.operations import refreshes, revocations
from linkspan.server.store.postgres import PostgresStore
from linkspan.server.store.sqlite import open_store
from linkspan.server.store.transfer import copy
from linkspan.server.telemetry.log import Log
from tests.link.stage import KEY, SERVER, Stage, set_up
from tests.link.wire import ask
from tests.postgres import Postgres

pytestmark = pytest.mark.anyio

OTHER_KEY: Final = "sk_test_canary_other_merchant"
FEATURES: Final = [("features[]", name) for name in ("balance", "ownership", "transactions")]


@pytest.fixture
def copied_to(postgres: Postgres) -> Any:
    """The address of a database nobody has used."""
    with postgres.database("copied") as url:
        yield url


@pytest.fixture
async def grown(tmp_path: Path) -> AsyncIterator[Stage]:
    """A server on SQLite where two merchants linked people, one of whom is still at it."""
    stage = set_up(open_store(str(tmp_path / "linkspan.db")))
    for key, person in ((KEY, "sam"), (KEY, "avery"), (OTHER_KEY, "sam")):
        session = await stage.session(("permissions[]", "transactions"), key=key)
        await stage.modal(session).to_done(person)
        stage.hands.seconds += 1
        for account in await accounts_of(stage, key):
            await stage.api("POST", f"financial_connections/accounts/{account}/refresh", FEATURES, key)
        await refreshes.carry_out(stage.context)
    yield stage
    await stage.store.aclose()


async def accounts_of(stage: Stage, key: str) -> list[str]:
    listed = await stage.api("GET", "financial_connections/accounts?limit=100", key=key)
    return [account["id"] for account in listed.json()["data"]]


async def shown(stage: Stage) -> dict[str, bytes]:
    """Everything both merchants can read, as it is written."""
    found: dict[str, bytes] = {}
    for key in (KEY, OTHER_KEY):
        accounts = await accounts_of(stage, key)
        paths = [
            "customers?limit=100",
            "financial_connections/accounts?limit=100",
            "financial_connections/accounts?limit=100&expand[]=data.ownership",
            *(f"financial_connections/accounts/{account}" for account in accounts),
            *(f"financial_connections/transactions?limit=100&account={account}" for account in accounts),
        ]
        for path in paths:
            found[f"{key} {path}"] = (await stage.api("GET", path, key=key)).body
    return found


async def moved(stage: Stage, path: Path, url: str) -> Stage:
    """The same server with the same bank, on the database its own was copied to."""
    await stage.store.aclose()
    await asyncio.to_thread(copy, path, url)
    store = PostgresStore(url)
    context = replace(stage.context, store=store)
    log = Log(context.world, stage.log)
    server = Server(context, AnyTestKey(context.digests), log)
    return replace(stage, store=store, context=context, server=server, answers=[])


async def test_every_answer_is_the_same_byte_for_byte(grown: Stage, tmp_path: Path, copied_to: str) -> None:
    before = await shown(grown)

    there = await moved(grown, tmp_path / "linkspan.db", copied_to)

    after = await shown(there)
    await there.store.aclose()
    assert len(before) > 15
    assert min(map(len, before.values())) > 50
    assert after == before


async def test_a_key_used_before_is_answered_as_then(grown: Stage, tmp_path: Path, copied_to: str) -> None:
    headers = {"authorization": f"Bearer {KEY}", "idempotency-key": "once"}
    first = await ask(grown.server, "POST", f"{SERVER}/v1/customers", headers, b"name=Robin")

    there = await moved(grown, tmp_path / "linkspan.db", copied_to)

    again = await ask(there.server, "POST", f"{SERVER}/v1/customers", headers, b"name=Robin")
    await there.store.aclose()
    assert again.body == first.body
    assert again.header("idempotent-replayed") == "true"


async def test_what_banks_entrusted_opens_there(grown: Stage, tmp_path: Path, copied_to: str) -> None:
    there = await moved(grown, tmp_path / "linkspan.db", copied_to)
    account, *_ = await accounts_of(there, KEY)
    there.hands.seconds += 24 * 60 * 60

    await there.api("POST", f"financial_connections/accounts/{account}/refresh", FEATURES)
    await refreshes.carry_out(there.context)
    refreshed = (await there.api("GET", f"financial_connections/accounts/{account}")).json()
    await there.api("POST", f"financial_connections/accounts/{account}/disconnect")
    untold = await revocations.sweep(there.context)

    await there.store.aclose()
    assert refreshed["balance_refresh"]["status"] == "succeeded"
    assert refreshed["balance"]["as_of"] == int(there.hands.seconds)
    assert untold == 0


async def test_a_person_in_the_middle_of_linking_goes_on_there(
    grown: Stage, tmp_path: Path, copied_to: str
) -> None:
    session = await grown.session()
    modal = grown.modal(session)
    view = await modal.to_login()
    browser = grown.browser()
    back = await browser.sign_in(view["login"]["bridge_url"])

    there = await moved(grown, tmp_path / "linkspan.db", copied_to)
    await replace(browser, stage=there).visit(back)
    found = await replace(modal, stage=there).view()

    await there.store.aclose()
    assert found["next_pane"] == "accounts"
