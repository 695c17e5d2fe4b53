"""Refreshes ask the bank once, and write down what it said."""

import re
from collections import Counter
from typing import Any, Final

import anyio
import msgspec
import pytest
from prometheus_client import generate_latest

from linkspan.server.api.auth import AnyTestKey
from linkspan.server.connectors.http import Request, Response
from linkspan.server.core.event_types import THIN_ONLY
from linkspan.server.operations import refreshes
from linkspan.server.store import events as event_rows
from tests.link.stage import KEY, Stage
from tests.link.wire import Deliver, Fault, down, failing

pytestmark = pytest.mark.anyio

# The access token of the sandbank lives for a quarter of an hour.
TOKEN_SECONDS: Final = 15 * 60


async def linked(stage: Stage, *more: tuple[str, str]) -> dict[str, Any]:
    """An account linked a moment ago, whose data may be refreshed again."""
    session = await stage.session(*more)
    await stage.modal(session).to_done()
    stage.hands.seconds += 1
    account: dict[str, Any] = (await stage.accounts(session["id"]))[0]
    return account


async def refresh(stage: Stage, account: str, *features: str) -> Any:
    form = [("features[]", feature) for feature in features]
    return await stage.api("POST", f"financial_connections/accounts/{account}/refresh", form)


async def account_now(stage: Stage, account: str) -> dict[str, Any]:
    shown: dict[str, Any] = (await stage.api("GET", f"financial_connections/accounts/{account}")).json()
    return shown


async def happened(stage: Stage, account: str) -> list[dict[str, Any]]:
    """What happened to an account, oldest first, as whole events tell it."""
    scope = AnyTestKey(stage.context.digests).scope_of(KEY)
    docs = await stage.store.read(lambda tx: event_rows.all_of_tenant(tx, scope, limit=10_000))
    found: list[dict[str, Any]] = [msgspec.json.decode(doc) for doc in docs]
    whole = [event for event in found if event["type"] not in THIN_ONLY]
    return [event for event in whole if event["data"]["object"]["id"] == account]


async def events_of(stage: Stage, account: str) -> Counter[str]:
    """How often what happened to an account."""
    return Counter(event["type"].rsplit(".", 1)[1] for event in await happened(stage, account))


def answering(status: int, body: bytes = b"{}") -> Fault:
    """A bank that gives this answer."""

    async def answer(_request: Request, _deliver: Deliver) -> Response:
        return Response(status=status, headers={"content-type": "application/json"}, body=body)

    return answer


async def test_a_refresh_is_pending_until_the_bank_has_answered(stage: Stage) -> None:
    account = await linked(stage)

    started = (await refresh(stage, account["id"], "balance", "ownership")).json()
    await refreshes.carry_out(stage.context)

    assert started["balance_refresh"]["status"] == started["ownership_refresh"]["status"] == "pending"
    assert started["balance_refresh"]["next_refresh_available_at"] is None
    ended = await account_now(stage, account["id"])
    assert ended["balance_refresh"]["status"] == ended["ownership_refresh"]["status"] == "succeeded"
    assert ended["balance"]["current"] == account["balance"]["current"]
    assert ended["balance_refresh"]["next_refresh_available_at"] > stage.hands.seconds
    assert await events_of(stage, account["id"]) == {
        "created": 1,
        "refreshed_balance": 2,  # the first while linking
        "refreshed_ownership": 2,
    }


async def test_owners_that_did_not_change_keep_their_snapshot(stage: Stage) -> None:
    account = await linked(stage)

    await refresh(stage, account["id"], "ownership")
    await refreshes.carry_out(stage.context)

    assert (await account_now(stage, account["id"]))["ownership"] == account["ownership"]


async def test_a_refresh_too_early_or_under_way_changes_nothing(stage: Stage) -> None:
    account = await linked(stage)
    first = await refresh(stage, account["id"], "balance")

    while_pending = await refresh(stage, account["id"], "balance")
    await refreshes.carry_out(stage.context)
    ended = await account_now(stage, account["id"])
    too_early = await refresh(stage, account["id"], "balance")

    assert while_pending.body == first.body
    assert too_early.json() == ended


async def test_the_session_shows_its_accounts_as_they_are_now(stage: Stage) -> None:
    session = await stage.session()
    await stage.modal(session).to_done()
    stage.hands.seconds += 1
    (account, *_) = await stage.accounts(session["id"])

    started = (await refresh(stage, account["id"], "balance")).json()

    shown = (await stage.api("GET", f"financial_connections/sessions/{session['id']}")).json()
    assert started in shown["accounts"]["data"]


async def test_accounts_of_one_sign_in_are_read_together(stage: Stage) -> None:
    session = await stage.session()
    await stage.modal(session).to_done()
    stage.hands.seconds += 1
    for account in await stage.accounts(session["id"]):
        await refresh(stage, account["id"], "balance", "ownership")
    asked = stage.wire.count("/accounts")

    assert await refreshes.carry_out(stage.context) == 1
    assert stage.wire.count("/accounts") == asked + 1
    assert await refreshes.carry_out(stage.context) == 0


async def test_a_token_that_ran_out_is_renewed_and_its_successor_kept(stage: Stage) -> None:
    account = await linked(stage)
    for _ in range(2):
        stage.hands.seconds += TOKEN_SECONDS
        await refresh(stage, account["id"], "balance")
        await refreshes.carry_out(stage.context)

    assert (await account_now(stage, account["id"]))["balance_refresh"]["status"] == "succeeded"
    assert len(stage.wire.tokens()) == 3


@pytest.mark.parametrize("end", ["/accounts", "/transactions"])
async def test_a_token_the_bank_ended_early_is_renewed_once(stage: Stage, end: str) -> None:
    account = await linked(stage, ("permissions[]", "transactions"))
    (old,) = stage.wire.tokens()

    async def ended(request: Request, deliver: Deliver) -> Response:
        is_old = request.headers["authorization"].endswith(old["access_token"])
        return Response(status=401) if is_old else await deliver(request)

    stage.wire.faults[end] = ended
    await refresh(stage, account["id"], "balance", "transactions")
    await refreshes.carry_out(stage.context)

    shown = await account_now(stage, account["id"])
    assert shown["status"] == "active"
    assert shown["balance_refresh"]["status"] == shown["transaction_refresh"]["status"] == "succeeded"
    assert len(stage.wire.tokens()) == 2


async def test_a_token_the_bank_takes_no_more_after_its_renewal_is_not_renewed_again(stage: Stage) -> None:
    account = await linked(stage)
    stage.wire.faults["/accounts"] = answering(401)

    await refresh(stage, account["id"], "balance")
    await refreshes.carry_out(stage.context)

    assert (await account_now(stage, account["id"]))["status"] == "inactive"
    assert len(stage.wire.tokens()) == 2


async def test_a_bank_is_not_asked_twice_at_a_time_with_one_grant(stage: Stage) -> None:
    account = await linked(stage)
    stage.hands.seconds += TOKEN_SECONDS
    beside: list[int] = []

    async def meanwhile(request: Request, deliver: Deliver) -> Response:
        if not beside:
            await refresh(stage, account["id"], "ownership")
            beside.append(await refreshes.carry_out(stage.context))
        return await deliver(request)

    stage.wire.faults["/oauth/token"] = meanwhile
    await refresh(stage, account["id"], "balance")
    first = await refreshes.carry_out(stage.context)
    second = await refreshes.carry_out(stage.context)

    shown = await account_now(stage, account["id"])
    assert (beside, first, second) == ([0], 1, 1)
    assert shown["balance_refresh"]["status"] == shown["ownership_refresh"]["status"] == "succeeded"


@pytest.mark.parametrize("fault", [down, failing])
async def test_a_bank_that_cannot_answer_fails_the_refresh_and_nothing_else(
    stage: Stage, fault: Fault
) -> None:
    account = await linked(stage)
    stage.wire.faults["/accounts"] = fault

    await refresh(stage, account["id"], "balance")
    await refreshes.carry_out(stage.context)

    ended = await account_now(stage, account["id"])
    assert ended["balance_refresh"]["status"] == "failed"
    assert ended["balance_refresh"]["next_refresh_available_at"] > stage.hands.seconds
    assert (ended["status"], ended["balance"]) == ("active", account["balance"])
    assert (await events_of(stage, account["id"]))["refreshed_balance"] == 2


async def test_access_the_bank_took_away_deactivates_every_account_of_the_sign_in(stage: Stage) -> None:
    session = await stage.session()
    await stage.modal(session).to_done()
    stage.hands.seconds += TOKEN_SECONDS
    stage.wire.faults["/oauth/token"] = answering(400, b'{"error":"invalid_grant"}')
    (account, *_) = await stage.accounts(session["id"])

    await refresh(stage, account["id"], "balance")
    await refreshes.carry_out(stage.context)

    for ended in await stage.accounts(session["id"]):
        assert ended["status"] == "inactive"
        assert ended["balance_refresh"]["next_refresh_available_at"] is None
        assert ended["balance"] is not None
        assert (await events_of(stage, ended["id"]))["deactivated"] == 1
    again = await refresh(stage, account["id"], "balance")
    assert (again.status, again.json()["error"]["code"]) == (400, "financial_connections_account_inactive")


async def test_a_refresh_ends_with_its_account(stage: Stage) -> None:
    account = await linked(stage)
    await refresh(stage, account["id"], "balance")

    await stage.api("POST", f"financial_connections/accounts/{account['id']}/disconnect")
    await refreshes.carry_out(stage.context)

    ended = await account_now(stage, account["id"])
    assert (ended["status"], ended["balance_refresh"], ended["balance"]) == ("disconnected", None, None)
    assert (await events_of(stage, account["id"]))["refreshed_balance"] == 1


async def test_a_disconnection_while_the_bank_is_asked_wins(stage: Stage) -> None:
    account = await linked(stage)
    await refresh(stage, account["id"], "balance")

    async def meanwhile(request: Request, deliver: Deliver) -> Response:
        await stage.api("POST", f"financial_connections/accounts/{account['id']}/disconnect")
        return await deliver(request)

    stage.wire.faults["/accounts"] = meanwhile
    await refreshes.carry_out(stage.context)

    assert (await account_now(stage, account["id"]))["balance"] is None
    assert (await events_of(stage, account["id"]))["refreshed_balance"] == 1


async def test_a_refresh_whose_process_died_is_taken_up_when_its_lease_ends(stage: Stage) -> None:
    account = await linked(stage)
    await refresh(stage, account["id"], "balance")

    async with anyio.create_task_group() as process:

        async def dies(_request: Request, deliver: Deliver) -> Response:
            process.cancel_scope.cancel()
            await anyio.sleep_forever()
            return await deliver(_request)

        stage.wire.faults["/accounts"] = dies
        process.start_soon(refreshes.carry_out, stage.context)
    stage.wire.faults.clear()

    assert await refreshes.carry_out(stage.context) == 0
    stage.hands.seconds += 180
    assert await refreshes.carry_out(stage.context) == 1
    assert (await account_now(stage, account["id"]))["balance_refresh"]["status"] == "succeeded"


async def test_a_feature_without_its_permission_is_refused_by_name(stage: Stage) -> None:
    customer = (await stage.api("POST", "customers")).json()["id"]
    form = [
        ("account_holder[type]", "customer"),
        ("account_holder[customer]", customer),
        ("permissions[]", "balances"),
    ]
    session = (await stage.api("POST", "financial_connections/sessions", form)).json()
    await stage.modal(session).to_done()
    (account, *_) = await stage.accounts(session["id"])

    answer = await refresh(stage, account["id"], "balance", "ownership")

    assert (answer.status, answer.json()["error"]["param"]) == (400, "features[1]")
    assert (await account_now(stage, account["id"]))["balance_refresh"] is None


@pytest.mark.parametrize(
    ("account", "features", "refused"),
    [
        ("fca_none", ["balance"], (404, "account")),
        (None, [], (400, "features")),
        (None, ["balances"], (400, "features[0]")),
        (None, ["transactions"], (400, "features[0]")),
    ],
)
async def test_what_cannot_be_refreshed_is_refused(
    stage: Stage, account: str | None, features: list[str], refused: tuple[int, str]
) -> None:
    known = await linked(stage)

    answer = await refresh(stage, account or known["id"], *features)

    assert (answer.status, answer.json()["error"]["param"]) == refused


async def test_refreshes_that_ended_are_counted_by_bank_and_outcome(stage: Stage) -> None:
    account = await linked(stage)
    for faults in ({}, {"/accounts": down}):
        stage.wire.faults.update(faults)
        stage.hands.seconds += 1
        await refresh(stage, account["id"], "balance")
        await refreshes.carry_out(stage.context)

    text = generate_latest(stage.context.metrics.registry).decode()

    counted = re.findall(r'linkspan_refreshes_total\{feature="balance",institution="(.*)",(.*)\} (.*)', text)
    assert counted == [
        (account["institution_name"], 'outcome="failed"', "1.0"),
        # Two accounts were prefetched when they were linked.
        (account["institution_name"], 'outcome="succeeded"', "3.0"),
    ]
