"""After a disconnection no bank is asked with the grant it ended, whatever was under way."""

import asyncio
from typing import Any

import pytest

from linkspan.server.connectors.http import Request, Response
from linkspan.server.core.scope import Scope
from linkspan.server.operations import refreshes, revocations
from linkspan.server.store import authorizations as authorization_rows
from tests.link.stage import Stage
from tests.link.wire import Deliver

pytestmark = pytest.mark.anyio

# A walk that nobody stops would hang for as long as the bank likes.
STOPPED_SECONDS_MAX = 20


class Standstill:
    """A bank that takes a request and does not answer until the test lets it."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self.answers = asyncio.Event()

    async def __call__(self, request: Request, deliver: Deliver) -> Response:
        self.reached.set()
        await self.answers.wait()
        return await deliver(request)


async def linked(stage: Stage) -> list[str]:
    """The ids of the accounts that Sam linked."""
    session = await stage.session()
    await stage.modal(session).to_done()
    return [each["id"] for each in await stage.accounts(session["id"])]


async def refreshing(stage: Stage, account: str) -> "asyncio.Task[Any]":
    """A refresh that was begun and is being carried out."""
    stage.hands.seconds += 86_400
    path = f"financial_connections/accounts/{account}/refresh"
    answer = await stage.api("POST", path, [("features[]", "balance")])
    assert answer.status == 200, answer.text
    return asyncio.create_task(refreshes.carry_out(stage.context))


async def disconnect(stage: Stage, accounts: list[str]) -> None:
    for account in accounts:
        await stage.api("POST", f"financial_connections/accounts/{account}/disconnect")


async def end_elsewhere(stage: Stage) -> None:
    """End every permission as another process does: nobody rings a bell here."""
    for tenant, livemode, authorization in await stage.rows(
        "SELECT tenant, livemode, id FROM authorizations"
    ):
        scope = Scope(tenant, bool(livemode))
        await stage.store.write(lambda tx: authorization_rows.mark_revoking(tx, scope, authorization))  # noqa: B023 - awaited


@pytest.mark.parametrize("where", ["here", "elsewhere"])
async def test_a_question_under_way_is_given_up(stage: Stage, where: str) -> None:
    accounts, bank = await linked(stage), Standstill()
    stage.wire.faults["/accounts"] = bank
    asking = await refreshing(stage, accounts[0])
    await bank.reached.wait()
    asked = len(stage.wire.asked)

    await (disconnect(stage, accounts) if where == "here" else end_elsewhere(stage))
    async with asyncio.timeout(STOPPED_SECONDS_MAX):
        await asking

    bank.answers.set()
    await asyncio.sleep(0)
    assert len(stage.wire.asked) == asked


async def test_a_question_under_way_goes_on_while_the_permission_stands(stage: Stage) -> None:
    accounts, bank = await linked(stage), Standstill()
    stage.wire.faults["/accounts"] = bank
    asking = await refreshing(stage, accounts[0])
    await bank.reached.wait()

    ((authorization,),) = await stage.rows("SELECT id FROM authorizations")
    stage.context.changes.tell(authorization)
    await asyncio.sleep(0.1)
    bank.answers.set()
    await asking

    answer = await stage.api("GET", f"financial_connections/accounts/{accounts[0]}")
    assert answer.json()["balance_refresh"]["status"] == "succeeded"


async def test_a_grant_that_was_renewed_during_the_disconnection_is_ended_at_the_bank(stage: Stage) -> None:
    accounts, bank = await linked(stage), Standstill()
    stage.wire.faults["/oauth/token"] = bank
    asking = await refreshing(stage, accounts[0])
    await bank.reached.wait()
    await disconnect(stage, accounts)

    asked = stage.wire.count("/accounts")
    bank.answers.set()
    await asking
    while await stage.sweep():
        stage.hands.seconds += 60

    _, renewed = stage.wire.tokens()
    assert not stage.is_good_at_the_bank(renewed)
    assert stage.wire.count("/accounts") == asked
    assert await stage.rows("SELECT id FROM authorizations WHERE granted IS NOT NULL") == []


async def test_a_disconnection_wakes_whoever_tells_banks(stage: Stage) -> None:
    accounts = await linked(stage)

    rung: list[str] = []
    async with stage.store.hear(rung.append):
        await disconnect(stage, accounts[:1])
        assert revocations.BELL not in rung
        await disconnect(stage, accounts[1:])

        assert revocations.BELL in rung
