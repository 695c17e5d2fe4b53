"""What is subscribed to is refreshed at once and then every day, for as long as it can be."""

import math
from itertools import pairwise
from typing import Any, Final

import anyio
import pytest

from linkspan.objects import DecodeError
from linkspan.server.connectors.http import Request, Response
from linkspan.server.core.version import NEWEST_PREVIEW
from linkspan.server.operations import refreshes, subscriptions
from tests.link.stage import Stage
from tests.link.test_refreshes import account_now, answering, events_of, happened, refresh
from tests.link.test_relinks import eligible, relink, to_accounts
from tests.link.test_transactions import linked, listed
from tests.link.wire import Deliver

pytestmark = pytest.mark.anyio

HOUR: Final = 60 * 60
DAY: Final = 24 * HOUR
REFRESHED: Final = "financial_connections.account.refreshed_transactions"


async def call(stage: Stage, verb: str, account: str, *features: str) -> Any:
    form = [("features[]", feature) for feature in features]
    return await stage.api("POST", f"financial_connections/accounts/{account}/{verb}", form)


async def subscribe(stage: Stage, account: str) -> dict[str, Any]:
    answer = await call(stage, "subscribe", account, "transactions")
    assert answer.status == 200, answer.text
    subscribed: dict[str, Any] = answer.json()
    return subscribed


async def work(stage: Stage) -> None:
    """One round of what the server does in the background."""
    await subscriptions.carry_out(stage.context)
    await refreshes.carry_out(stage.context)


async def live(stage: Stage, days: float) -> None:
    """Let time pass, an hour at a time."""
    for _ in range(math.ceil(days * DAY / HOUR)):
        stage.hands.seconds += HOUR
        await work(stage)


async def refreshed(stage: Stage, account: str) -> list[dict[str, Any]]:
    """The events of an account's refreshed transactions, oldest first."""
    return [event for event in await happened(stage, account) if event["type"] == REFRESHED]


async def test_a_subscription_refreshes_at_once(stage: Stage) -> None:
    account = await linked(stage)

    subscribed = await subscribe(stage, account["id"])
    await refreshes.carry_out(stage.context)

    ended = await account_now(stage, account["id"])
    assert subscribed["subscriptions"] == ["transactions"]
    assert subscribed["transaction_refresh"]["status"] == "pending"
    assert ended["transaction_refresh"]["status"] == "succeeded"
    assert ended["transaction_refresh"]["id"] == subscribed["transaction_refresh"]["id"]
    assert await listed(stage, account["id"])


async def test_a_month_of_a_subscription_is_a_refresh_a_day_with_one_event_each(stage: Stage) -> None:
    account = await linked(stage)
    await subscribe(stage, account["id"])
    await work(stage)

    await live(stage, 30)

    events = await refreshed(stage, account["id"])
    ids = [event["data"]["object"]["transaction_refresh"]["id"] for event in events]
    gaps = [later["created"] - former["created"] for former, later in pairwise(events)]
    assert len(ids) == len(set(ids)) in {30, 31}
    assert HOUR * 12 <= gaps[0] < HOUR * 37
    assert set(gaps[1:]) == {DAY}
    assert {event["data"]["object"]["transaction_refresh"]["status"] for event in events} == {"succeeded"}
    assert {event["request"]["id"] for event in events} == {None}


async def test_what_each_day_brought_is_told_by_the_refresh_before_it(stage: Stage) -> None:
    account = await linked(stage)
    await subscribe(stage, account["id"])
    await work(stage)
    kept = {row["id"]: row for row in await listed(stage, account["id"])}
    last = (await account_now(stage, account["id"]))["transaction_refresh"]["id"]

    for _ in range(10):
        await live(stage, 1)
        told = await listed(stage, account["id"], **{"transaction_refresh[after]": last})
        kept |= {row["id"]: row for row in told}
        last = (await account_now(stage, account["id"]))["transaction_refresh"]["id"]

    assert kept == {row["id"]: row for row in await listed(stage, account["id"])}


async def test_subscribing_again_changes_nothing(stage: Stage) -> None:
    account = await linked(stage)
    await subscribe(stage, account["id"])
    await work(stage)
    stage.hands.seconds += HOUR
    before = await account_now(stage, account["id"])

    again = await subscribe(stage, account["id"])

    assert again == before
    assert len(await stage.rows("SELECT * FROM subscriptions")) == 1


async def test_an_unsubscribed_account_is_refreshed_no_more_and_can_come_back(stage: Stage) -> None:
    account = await linked(stage)
    await subscribe(stage, account["id"])
    await work(stage)

    ended = (await call(stage, "unsubscribe", account["id"], "transactions")).json()
    again = (await call(stage, "unsubscribe", account["id"], "transactions")).json()
    await live(stage, 3)

    assert ended["subscriptions"] == again["subscriptions"] == []
    assert len(await refreshed(stage, account["id"])) == 1
    await subscribe(stage, account["id"])
    await live(stage, 2)
    assert len(await refreshed(stage, account["id"])) in {3, 4}


async def test_days_of_an_inactive_account_are_skipped(stage: Stage) -> None:
    account = await linked(stage)
    await subscribe(stage, account["id"])
    await work(stage)
    stage.wire.faults["/oauth/token"] = answering(400, b'{"error":"invalid_grant"}')
    await live(stage, 2)
    asked = len(stage.wire.asked)

    await live(stage, 5)

    ended = await account_now(stage, account["id"])
    assert (ended["status"], ended["subscriptions"]) == ("inactive", ["transactions"])
    assert len(stage.wire.asked) == asked
    assert (await events_of(stage, account["id"]))["deactivated"] == 1
    assert len(await refreshed(stage, account["id"])) == 2


async def test_days_go_on_when_an_inactive_account_is_linked_again(stage: Stage) -> None:
    account = await linked(stage)
    await subscribe(stage, account["id"])
    await work(stage)
    stage.wire.faults["/oauth/token"] = answering(400, b'{"error":"invalid_grant"}')
    await live(stage, 2)
    stage.wire.faults.clear()
    path = f"financial_connections/accounts/{account['id']}"
    authorization = (await stage.api("GET", path, version=NEWEST_PREVIEW)).json()["authorization"]

    modal, view = await to_accounts(stage, await relink(stage, authorization), "avery")
    await modal.choose(eligible(view))
    await live(stage, 3)

    events = await events_of(stage, account["id"])
    assert (events["deactivated"], events["reactivated"]) == (1, 1)
    assert (await account_now(stage, account["id"]))["transaction_refresh"]["status"] == "succeeded"
    assert len(await refreshed(stage, account["id"])) in {5, 6}


async def test_an_inactive_account_can_be_unsubscribed_and_not_subscribed(stage: Stage) -> None:
    account = await linked(stage)
    await subscribe(stage, account["id"])
    stage.wire.faults["/accounts"] = answering(401)
    await work(stage)

    ended = await call(stage, "unsubscribe", account["id"], "transactions")
    refused = await call(stage, "subscribe", account["id"], "transactions")

    assert (ended.status, ended.json()["subscriptions"]) == (200, [])
    assert (refused.status, refused.json()["error"]["code"]) == (
        400,
        "financial_connections_account_inactive",
    )
    assert "is inactive, so it cannot be subscribed to" in refused.json()["error"]["message"]


async def test_a_disconnected_account_has_no_subscription(stage: Stage) -> None:
    account = await linked(stage)
    await subscribe(stage, account["id"])
    await work(stage)

    ended = (await call(stage, "disconnect", account["id"])).json()
    again = await call(stage, "unsubscribe", account["id"], "transactions")

    assert ended["subscriptions"] == again.json()["subscriptions"] == []
    assert await stage.rows("SELECT * FROM subscriptions") == []


async def test_a_daily_refresh_waits_for_one_that_was_just_asked_for(stage: Stage) -> None:
    account = await linked(stage)
    await subscribe(stage, account["id"])
    await work(stage)
    ((due_at,),) = await stage.rows("SELECT due_at FROM subscriptions")
    stage.hands.seconds = due_at
    await refresh(stage, account["id"], "transactions")
    await refreshes.carry_out(stage.context)

    too_early = await subscriptions.carry_out(stage.context)
    stage.hands.seconds += 1
    in_time = await subscriptions.carry_out(stage.context)

    assert (too_early, in_time) == (0, 1)


async def test_a_daily_refresh_is_not_started_beside_one_that_is_pending(stage: Stage) -> None:
    account = await linked(stage)
    await subscribe(stage, account["id"])
    await work(stage)
    ((due_at,),) = await stage.rows("SELECT due_at FROM subscriptions")
    stage.hands.seconds = due_at
    await refresh(stage, account["id"], "transactions")

    assert await subscriptions.carry_out(stage.context) == 0
    await work(stage)
    assert len(await refreshed(stage, account["id"])) == 2


async def test_two_servers_start_a_daily_refresh_once(stage: Stage) -> None:
    account = await linked(stage)
    await subscribe(stage, account["id"])
    await work(stage)
    ((due_at,),) = await stage.rows("SELECT due_at FROM subscriptions")
    stage.hands.seconds = due_at
    started: list[int] = []

    async def server() -> None:
        started.append(await subscriptions.carry_out(stage.context))

    async with anyio.create_task_group() as servers:
        for _ in range(4):
            servers.start_soon(server)

    assert sorted(started) == [0, 0, 0, 1]
    assert len(await stage.rows("SELECT * FROM refreshes")) == 1


async def test_an_account_that_cannot_be_read_holds_up_no_other(stage: Stage) -> None:
    accounts = [await linked(stage) for _ in range(3)]
    for account in accounts:
        await subscribe(stage, account["id"])
    await work(stage)
    broken = f"UPDATE accounts SET doc = :doc WHERE id = '{accounts[1]['id']}'"
    await stage.store.write(lambda tx: tx.run(broken, {"doc": b""}))
    stage.hands.seconds += 2 * DAY

    with pytest.raises(DecodeError):
        await subscriptions.carry_out(stage.context)

    waiting = await stage.rows("SELECT account FROM refreshes")
    assert {account for (account,) in waiting} == {accounts[0]["id"], accounts[2]["id"]}


async def test_a_disconnection_while_a_daily_refresh_asks_the_bank_wins(stage: Stage) -> None:
    account = await linked(stage)

    async def meanwhile(request: Request, deliver: Deliver) -> Response:
        await call(stage, "disconnect", account["id"])
        return await deliver(request)

    stage.wire.faults["/transactions"] = meanwhile
    await subscribe(stage, account["id"])
    await work(stage)
    await live(stage, 2)

    assert await refreshed(stage, account["id"]) == []


async def test_a_permission_the_end_user_did_not_give_is_refused_by_name(stage: Stage) -> None:
    session = await stage.session()
    await stage.modal(session).to_done()
    (account, *_) = await stage.accounts(session["id"])

    for verb in ("subscribe", "unsubscribe"):
        refused = await call(stage, verb, account["id"], "transactions")

        assert (refused.status, refused.json()["error"]["param"]) == (400, "features[0]")
        assert "the `transactions` permission" in refused.json()["error"]["message"]
    assert (await account_now(stage, account["id"]))["subscriptions"] == []


@pytest.mark.parametrize(
    ("account", "features", "refused"),
    [
        ("fca_none", ["transactions"], (404, "account")),
        (None, [], (400, "features")),
        (None, ["transaction"], (400, "features[0]")),
        (None, ["transactions", "ownership"], (400, "features[1]")),
    ],
)
@pytest.mark.parametrize("verb", ["subscribe", "unsubscribe"])
async def test_what_cannot_be_subscribed_to_is_refused(
    stage: Stage, verb: str, account: str | None, features: list[str], refused: tuple[int, str]
) -> None:
    known = await linked(stage)

    answer = await call(stage, verb, account or known["id"], *features)

    assert (answer.status, answer.json()["error"]["param"]) == refused
    assert await stage.rows("SELECT * FROM subscriptions") == []


async def test_another_tenant_cannot_subscribe(stage: Stage) -> None:
    account = await linked(stage)
    path = f"financial_connections/accounts/{account['id']}/subscribe"

    foreign = await stage.api("POST", path, [("features[]", "transactions")], key="sk_test_somebody_else")

    assert (foreign.status, foreign.json()["error"]["code"]) == (404, "resource_missing")
    assert await stage.rows("SELECT * FROM subscriptions") == []
