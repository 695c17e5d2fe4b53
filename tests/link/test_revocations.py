"""After a disconnection no bank is asked with the grant it ended, whatever was under way."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from linkspan.server.connectors.http import Request, Response
from linkspan.server.core.scope import Scope
from linkspan.server.operations import refreshes, revocations
from linkspan.server.store import authorizations as authorization_rows
from linkspan.server.store.authorizations import ToRevoke
from tests.link.stage import Stage
from tests.link.wire import Deliver, failing

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


async def test_each_time_a_bank_is_told_leaves_a_line_with_the_request_that_ended_the_permission(
    stage: Stage,
) -> None:
    accounts = await linked(stage)
    *others, last = accounts
    await disconnect(stage, others)
    answer = await stage.api("POST", f"financial_connections/accounts/{last}/disconnect")
    stage.wire.faults["/oauth/revoke"] = failing
    told: list[Mapping[str, Any]] = []

    for _ in range(2):
        (turn,) = await taken(stage)
        told += await revocations.revoke(stage.context, turn)
        stage.wire.faults.clear()
        stage.hands.seconds += 86_400

    assert [(each["attempt"], each["outcome"]) for each in told] == [(1, "untold"), (2, "told")]
    assert {each["request"] for each in told} == {answer.header("request-id")}


async def taken(stage: Stage) -> list[ToRevoke]:
    """What banks are due to be told."""
    found = await stage.store.read(lambda tx: revocations.waiting(tx, stage.context))
    wanted = dict.fromkeys(found, revocations.AT_ONCE_IN_ALL)
    return await stage.store.take(lambda tx: revocations.claim(tx, stage.context, wanted))
