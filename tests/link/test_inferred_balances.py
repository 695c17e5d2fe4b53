"""Preview versions show what an account held at the end of each day, as its bank would have said that day."""

from itertools import pairwise
from typing import Any, Final

import msgspec
import pytest

from linkspan.server.connectors.http import Request, Response
from linkspan.server.operations import refreshes, subscriptions
from tests.link.stage import KEY, Stage
from tests.link.test_refreshes import account_now, answering, events_of, happened
from tests.link.test_relinks import eligible, relink, to_accounts
from tests.link.test_subscriptions import DAY, live
from tests.link.test_transactions import showing
from tests.link.wire import Deliver, Fault, down

pytestmark = pytest.mark.anyio

PREVIEW: Final = "2026-10-28.preview"
ROOT: Final = "financial_connections/accounts"
FEATURE: Final = [("features[]", "inferred_balances")]
PERMITTED: Final = ("permissions[]", "transactions")


async def linked(stage: Stage, *more: tuple[str, str]) -> dict[str, Any]:
    """A checking account with permission to read what it holds and what moves."""
    session = await stage.session(PERMITTED, *more, version=PREVIEW)
    await stage.modal(session).to_done("avery")
    stage.hands.seconds += 1
    accounts = await stage.accounts(session["id"])
    return next(account for account in accounts if account["subcategory"] == "checking")


async def shown(stage: Stage, account: str) -> dict[str, Any]:
    """The account as preview versions show it."""
    answer: dict[str, Any] = (await stage.api("GET", f"{ROOT}/{account}", version=PREVIEW)).json()
    return answer


async def refreshed(stage: Stage, account: str) -> dict[str, Any]:
    """The account after its balances of past days were worked out once more."""
    stage.hands.seconds += 1
    answer = await stage.api("POST", f"{ROOT}/{account}/refresh", FEATURE, version=PREVIEW)
    assert answer.status == 200, answer.text
    await refreshes.carry_out(stage.context)
    return await shown(stage, account)


async def page(stage: Stage, account: str, query: str = "") -> dict[str, Any]:
    path = f"{ROOT}/{account}/inferred_balances?{query}"
    answer: dict[str, Any] = (await stage.api("GET", path, version=PREVIEW)).json()
    return answer


async def days(stage: Stage, account: str) -> list[dict[str, Any]]:
    """Every balance of an account, newest day first."""
    found: list[dict[str, Any]] = []
    more = True
    while more:
        cursor = f"&starting_after={found[-1]['id']}" if found else ""
        listed = await page(stage, account, f"limit=100{cursor}")
        found += listed["data"]
        more = listed["has_more"]
    return found


async def held_at(stage: Stage, account: dict[str, Any], instant: int) -> int:
    """What the bank says, asked at that instant."""
    now, stage.hands.seconds = stage.hands.seconds, float(instant)
    form = [("features[]", "balance")]
    assert (await stage.api("POST", f"{ROOT}/{account['id']}/refresh", form)).status == 200
    await refreshes.carry_out(stage.context)
    stage.hands.seconds = now
    told = await account_now(stage, account["id"])
    assert told["balance_refresh"]["status"] == "succeeded"
    balance: int = told["balance"]["current"]["usd"]
    return balance


async def test_a_refresh_works_out_a_balance_for_each_day_that_is_over(stage: Stage) -> None:
    account = await linked(stage)

    started = (await stage.api("POST", f"{ROOT}/{account['id']}/refresh", FEATURE, version=PREVIEW)).json()
    await refreshes.carry_out(stage.context)

    ended = await shown(stage, account["id"])
    rows = await days(stage, account["id"])
    assert started["inferred_balances_refresh"]["status"] == "pending"
    assert ended["inferred_balances_refresh"]["status"] == "succeeded"
    assert ended["inferred_balances_refresh"]["next_refresh_available_at"] > stage.hands.seconds
    assert 170 < len(rows) <= 181
    assert {row["object"] for row in rows} == {"financial_connections.account_inferred_balance"}
    assert {row["as_of"] % DAY for row in rows} == {DAY - 1}
    assert {later["as_of"] - former["as_of"] for later, former in pairwise(rows)} == {DAY}
    assert 0 <= stage.hands.seconds - rows[0]["as_of"] < DAY


async def test_the_balance_of_a_day_is_what_the_bank_said_that_day(stage: Stage) -> None:
    account = await linked(stage)
    told = {}
    for _ in range(6):
        last_second = int(stage.hands.seconds) // DAY * DAY + DAY - 1
        told[last_second] = await held_at(stage, account, last_second)
        stage.hands.seconds += DAY

    await refreshed(stage, account["id"])

    inferred = {row["as_of"]: row["current"]["usd"] for row in await days(stage, account["id"])}
    assert len(set(told.values())) > 1
    assert {at: inferred[at] for at in told} == told


async def test_a_later_refresh_adds_days_and_keeps_the_ids_of_those_it_had(stage: Stage) -> None:
    account = await linked(stage)
    await refreshed(stage, account["id"])
    before = await days(stage, account["id"])

    stage.hands.seconds += 3 * DAY
    await refreshed(stage, account["id"])

    after = await days(stage, account["id"])
    assert after[3:] == before
    assert (await events_of(stage, account["id"]))["refreshed_inferred_balances"] == 2


async def test_a_correction_of_the_bank_changes_the_days_before_it(stage: Stage) -> None:
    account = await linked(stage)
    await refreshed(stage, account["id"])
    before = {row["id"]: row for row in await days(stage, account["id"])}
    newest, *_ = (row for row in before.values())

    def corrected(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        first = next(place for place, row in enumerate(rows) if row["status"] == "POSTED")
        return [*rows[:first], rows[first] | {"amount": rows[first]["amount"] + 1}, *rows[first + 1 :]]

    stage.wire.faults["/transactions"] = showing(corrected)
    await refreshed(stage, account["id"])

    after = {row["id"]: row for row in await days(stage, account["id"])}
    assert after.keys() == before.keys()
    assert after[newest["id"]] == newest
    assert after != before


async def test_pages_go_on_from_a_day_in_both_directions(stage: Stage) -> None:
    account = await linked(stage)
    await refreshed(stage, account["id"])
    every = await days(stage, account["id"])

    first = await page(stage, account["id"])
    second = await page(stage, account["id"], f"starting_after={every[9]['id']}&limit=5")
    back = await page(stage, account["id"], f"ending_before={every[9]['id']}&limit=5")

    assert (first["data"], first["has_more"]) == (every[:10], True)
    assert first["url"] == f"/v1/{ROOT}/{account['id']}/inferred_balances"
    assert second["data"] == every[10:15]
    assert (back["data"], back["has_more"]) == (every[4:9], True)


async def test_no_other_version_knows_of_them(stage: Stage) -> None:
    account = await linked(stage)
    await refreshed(stage, account["id"])

    refused = await stage.api("POST", f"{ROOT}/{account['id']}/refresh", FEATURE)
    subscribed = await stage.api("POST", f"{ROOT}/{account['id']}/subscribe", FEATURE)
    listed = await stage.api("GET", f"{ROOT}/{account['id']}/inferred_balances")
    today = await account_now(stage, account["id"])

    assert (refused.status, refused.json()["error"]["param"]) == (400, "features[0]")
    assert (subscribed.status, subscribed.json()["error"]["param"]) == (400, "features[0]")
    assert listed.status == 404
    assert "inferred_balances_refresh" not in today
    kept = await stage.rows("SELECT doc FROM accounts UNION ALL SELECT doc FROM sessions")
    assert not [doc for (doc,) in kept if b"inferred" in doc]


async def test_only_their_own_event_tells_of_them(stage: Stage) -> None:
    account = await linked(stage)
    await refreshed(stage, account["id"])
    stage.hands.seconds += 1
    await stage.api("POST", f"{ROOT}/{account['id']}/refresh", [("features[]", "balance")])
    await refreshes.carry_out(stage.context)

    told = {
        event["type"].rsplit(".", 1)[1]
        for event in await happened(stage, account["id"])
        if "inferred_balances_refresh" in event["data"]["object"]
    }

    assert told == {"refreshed_inferred_balances"}


async def test_a_session_prefetches_them_in_previews(stage: Stage) -> None:
    account = await linked(stage, ("prefetch[]", "inferred_balances"))

    pending = await shown(stage, account["id"])
    await refreshes.carry_out(stage.context)

    assert "inferred_balances_refresh" not in account
    assert pending["inferred_balances_refresh"]["status"] == "pending"
    assert (await shown(stage, account["id"]))["inferred_balances_refresh"]["status"] == "succeeded"
    assert await days(stage, account["id"])


@pytest.mark.parametrize("missing", ["balances", "transactions"])
async def test_they_need_both_permissions(stage: Stage, missing: str) -> None:
    given = "transactions" if missing == "balances" else "balances"
    customer = (await stage.api("POST", "customers")).json()["id"]
    form = [
        ("account_holder[type]", "customer"),
        ("account_holder[customer]", customer),
        ("permissions[]", given),
    ]
    path = "financial_connections/sessions"
    prefetching = [*form, ("prefetch[]", "inferred_balances")]
    at_once = await stage.api("POST", path, prefetching, version=PREVIEW)
    session = (await stage.api("POST", path, form)).json()
    await stage.modal(session).to_done()
    (account, *_) = await stage.accounts(session["id"])

    later = await stage.api("POST", f"{ROOT}/{account['id']}/refresh", FEATURE, version=PREVIEW)

    assert (at_once.status, at_once.json()["error"]["param"]) == (400, "prefetch[0]")
    assert (later.status, later.json()["error"]["param"]) == (400, "features[0]")
    assert f"`{missing}`" in later.json()["error"]["message"]


async def without_balance(request: Request, deliver: Deliver) -> Response:
    """A bank that gives no balance of this account."""
    told = await deliver(request)
    body = msgspec.json.decode(told.body)
    kept = {name: value for name, value in body.items() if not name.endswith("Balance")}
    return Response(status=told.status, headers=told.headers, body=msgspec.json.encode(kept))


def undated(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    dates = ("postedTimestamp", "transactionTimestamp")
    return [{name: value for name, value in row.items() if name not in dates} for row in rows]


@pytest.mark.parametrize(
    ("end", "fault"),
    [
        ("/transactions", down),
        ("/accounts", down),
        ("/avery-checking", without_balance),
        ("/transactions", showing(undated)),
    ],
)
async def test_a_bank_that_does_not_tell_enough_fails_the_refresh_and_changes_no_day(
    stage: Stage, end: str, fault: Fault
) -> None:
    account = await linked(stage)
    await refreshed(stage, account["id"])
    before = await days(stage, account["id"])
    stage.hands.seconds += 2 * DAY
    stage.wire.faults[end] = fault

    ended = await refreshed(stage, account["id"])

    assert ended["inferred_balances_refresh"]["status"] == "failed"
    assert ended["inferred_balances_refresh"]["next_refresh_available_at"] > stage.hands.seconds
    assert await days(stage, account["id"]) == before


async def test_a_subscription_works_them_out_every_day(stage: Stage) -> None:
    account = await linked(stage)
    form = [*FEATURE, ("features[]", "balance")]

    subscribed = await stage.api("POST", f"{ROOT}/{account['id']}/subscribe", form, version=PREVIEW)
    await refreshes.carry_out(stage.context)
    await live(stage, 5)

    events = await events_of(stage, account["id"])
    assert subscribed.json()["subscriptions"] == ["balance", "inferred_balances"]
    assert events["refreshed_inferred_balances"] == events["refreshed_balance"] - 1 in {5, 6}
    assert await subscriptions.carry_out(stage.context) == 0


async def test_what_only_previews_can_subscribe_to_is_shown_in_them_alone(stage: Stage) -> None:
    account = await linked(stage)
    form = [*FEATURE, ("features[]", "balance"), ("features[]", "transactions")]
    one = f"{ROOT}/{account['id']}"
    await stage.api("POST", f"{one}/subscribe", form, version=PREVIEW)
    await refreshes.carry_out(stage.context)

    shown = (await stage.api("GET", one)).json()["subscriptions"]
    previewed = (await stage.api("GET", one, version=PREVIEW)).json()["subscriptions"]
    told = (await happened(stage, account["id"]))[-1]["data"]["object"]["subscriptions"]
    ended = await stage.api("POST", f"{one}/unsubscribe", FEATURE, version=PREVIEW)

    assert shown == told == ["transactions"]
    assert previewed == ["balance", "inferred_balances", "transactions"]
    assert ended.json()["subscriptions"] == ["balance", "transactions"]


async def test_access_the_bank_took_away_stops_them_and_leaves_the_days(stage: Stage) -> None:
    account = await linked(stage)
    await refreshed(stage, account["id"])
    before = await days(stage, account["id"])
    stage.wire.faults["/transactions"] = answering(401)

    ended = await refreshed(stage, account["id"])

    assert ended["status"] == "inactive"
    assert ended["inferred_balances_refresh"]["status"] == "failed"
    assert ended["inferred_balances_refresh"]["next_refresh_available_at"] is None
    assert await days(stage, account["id"]) == before


async def test_a_disconnection_destroys_them(stage: Stage) -> None:
    account = await linked(stage)
    await refreshed(stage, account["id"])

    ended = await stage.api("POST", f"{ROOT}/{account['id']}/disconnect", version=PREVIEW)

    assert ended.json()["inferred_balances_refresh"] is None
    assert await days(stage, account["id"]) == []
    assert await stage.rows("SELECT * FROM inferred_balances") == []


@pytest.mark.parametrize(
    ("account", "query", "refused"),
    [
        ("fca_none", "", (404, "account")),
        (None, "starting_after=fcinfbal_none", (400, "starting_after")),
        (None, "ending_before=fcinfbal_none", (400, "ending_before")),
        (None, "limit=0", (400, "limit")),
        (None, "day=1", (400, "day")),
    ],
)
async def test_a_list_is_refused_by_the_name_of_the_parameter(
    stage: Stage, account: str | None, query: str, refused: tuple[int, str]
) -> None:
    known = await linked(stage)

    answer = await stage.api(
        "GET", f"{ROOT}/{account or known['id']}/inferred_balances?{query}", version=PREVIEW
    )

    assert (answer.status, answer.json()["error"]["param"]) == refused


async def test_another_tenant_sees_none(stage: Stage) -> None:
    account = await linked(stage)
    await refreshed(stage, account["id"])
    path = f"{ROOT}/{account['id']}/inferred_balances"

    ours = await stage.api("GET", path, key=KEY, version=PREVIEW)
    foreign = await stage.api("GET", path, key="sk_test_somebody_else", version=PREVIEW)

    assert (ours.status, foreign.status) == (200, 404)


async def test_a_relink_prefetches_them_beside_the_document(stage: Stage) -> None:
    account = await linked(stage)
    await refreshed(stage, account["id"])
    before = await days(stage, account["id"])
    authorization = (await shown(stage, account["id"]))["authorization"]
    stage.hands.seconds += DAY
    asked = [("permissions[]", "balances"), PERMITTED, ("prefetch[]", "inferred_balances")]

    session = await relink(stage, authorization, *asked)
    modal, view = await to_accounts(stage, session, "avery")
    await modal.choose(eligible(view))
    pending = await shown(stage, account["id"])
    await refreshes.carry_out(stage.context)

    assert pending["inferred_balances_refresh"]["status"] == "pending"
    assert (await shown(stage, account["id"]))["inferred_balances_refresh"]["status"] == "succeeded"
    assert (await days(stage, account["id"]))[1:] == before
    kept = await stage.rows("SELECT doc FROM sessions")
    assert not [doc for (doc,) in kept if b"inferred_balances_refresh" in doc]
