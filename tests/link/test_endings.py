"""What is expected to end is shown, told when it changes, and told of thirty days before; each once."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any, Final

import anyio
import msgspec
import pytest

from linkspan.server.connectors.http import Request, Response
from linkspan.server.core.version import NEWEST_PREVIEW
from linkspan.server.operations import endings, refreshes
from tests.link.stage import Stage
from tests.link.test_refreshes import account_now, answering, refresh
from tests.link.test_relinks import eligible, relink, to_accounts
from tests.link.test_sightings import renumbered
from tests.link.wire import Deliver, Fault, failing

pytestmark = pytest.mark.anyio

DAY: Final = 24 * 60 * 60
# A bank whose consents last for thirty days, one whose last for a year and give stand-in numbers, and one
# that keeps no record of consents.
MONTHLY: Final = "fcinst_brackenholt"
YEARLY: Final = "fcinst_copperfinch"
SILENT: Final = "fcinst_quillstone"
UPCOMING: Final = "upcoming_deactivation"
UPDATED: Final = "expected_deactivation_date_updated"
EXPIRY: Final = "upcoming_account_number_expiry"


async def linked(stage: Stage, bank: str) -> list[dict[str, Any]]:
    """Every account of a student, linked a moment ago."""
    session = await stage.session()
    await stage.modal(session).to_done(bank=bank)
    stage.hands.seconds += 1
    return await stage.accounts(session["id"])


async def told(stage: Stage) -> Counter[tuple[str, str]]:
    """How often which object was said to end."""
    docs = await stage.rows("SELECT doc FROM events")
    events = [msgspec.json.decode(doc) for (doc,) in docs]
    ends = (UPCOMING, UPDATED, EXPIRY)
    return Counter(
        (one["data"]["object"]["id"], one["type"].removeprefix("financial_connections."))
        for one in events
        if one["type"].endswith(ends)
    )


async def authorization_of(stage: Stage, account: str) -> dict[str, Any]:
    path = f"financial_connections/accounts/{account}"
    known = (await stage.api("GET", path, version=NEWEST_PREVIEW)).json()["authorization"]
    shown: dict[str, Any] = (
        await stage.api("GET", f"financial_connections/authorizations/{known}", version=NEWEST_PREVIEW)
    ).json()
    return shown


async def refreshed(stage: Stage, account: str) -> dict[str, Any]:
    stage.hands.seconds += 1
    assert (await refresh(stage, account, "balance")).status == 200
    await refreshes.carry_out(stage.context)
    return await account_now(stage, account)


async def live(stage: Stage, account: str, days: int) -> None:
    """Let days pass, with a refresh now and then, since a token that nobody uses ends."""
    for _ in range(days // 5):
        stage.hands.seconds += 5 * DAY
        await refreshed(stage, account)
        await endings.warn(stage.context)


def lasting_until(ends_at: float) -> Fault:
    """A bank whose record of a consent says this end."""

    async def answer(request: Request, deliver: Deliver) -> Response:
        body = msgspec.json.decode((await deliver(request)).body)
        body["expirationTime"] = datetime.fromtimestamp(ends_at, UTC).isoformat()
        return Response(
            status=200, headers={"content-type": "application/json"}, body=msgspec.json.encode(body)
        )

    return answer


async def move_the_end(stage: Stage, ends_at: float) -> None:
    (path,) = {request.url for request in stage.wire.asked if "/consents/" in request.url}
    stage.wire.faults[path.rpartition("/consents")[2]] = lasting_until(ends_at)


async def test_an_account_shows_when_its_bank_will_ask_the_person_again(stage: Stage) -> None:
    accounts = await linked(stage, MONTHLY)

    ends_at = int(stage.hands.seconds) - 1 + 30 * DAY
    details = {
        "action": "relink_required",
        "cause": "access_expired",
        "expected_deactivation_date": ends_at,
    }
    assert [each["status_details"] for each in accounts] == [{"active": details}] * len(accounts)
    authorization = await authorization_of(stage, accounts[0]["id"])
    assert authorization["status_details"]["active"] == {
        "action": "relink_required",
        "expected_deactivation_date": ends_at,
    }
    created = await stage.rows("SELECT doc FROM events WHERE type LIKE '%.account.created'")
    assert all("status_details" in msgspec.json.decode(doc)["data"]["object"] for (doc,) in created)


async def test_a_bank_that_keeps_no_record_tells_no_end(stage: Stage) -> None:
    accounts = await linked(stage, SILENT)

    await endings.warn(stage.context)

    assert all("status_details" not in each for each in accounts)
    assert (await authorization_of(stage, accounts[0]["id"]))["status_details"] == {}
    assert not any("/consents/" in request.url for request in stage.wire.asked)
    assert await told(stage) == {}


async def test_earlier_versions_know_of_no_end(stage: Stage) -> None:
    (account, *_) = await linked(stage, MONTHLY)
    path = f"financial_connections/accounts/{account['id']}"

    assert "status_details" in (await stage.api("GET", path, version="2026-06-24.dahlia")).json()
    assert "status_details" not in (await stage.api("GET", path, version="2026-05-27.dahlia")).json()


async def test_whoever_is_linked_for_thirty_days_is_warned_at_once_and_once(stage: Stage) -> None:
    accounts = await linked(stage, MONTHLY)

    async with anyio.create_task_group() as workers:
        for _ in range(4):
            workers.start_soon(endings.warn, stage.context)
    stage.hands.seconds += DAY
    await endings.warn(stage.context)

    authorization = (await authorization_of(stage, accounts[0]["id"]))["id"]
    assert await told(stage) == {
        **{(each["id"], f"account.{UPCOMING}"): 1 for each in accounts},
        (authorization, f"authorization.{UPCOMING}"): 1,
    }


async def test_a_year_is_warned_of_in_its_last_month_and_of_its_numbers_too(stage: Stage) -> None:
    accounts = await linked(stage, YEARLY)
    ends_at = int(stage.hands.seconds) - 1 + 365 * DAY
    numbers = [number for each in accounts for number in each["account_numbers"]]

    await live(stage, accounts[0]["id"], 330)
    early = await told(stage)
    await live(stage, accounts[0]["id"], 30)

    authorization = (await authorization_of(stage, accounts[0]["id"]))["id"]
    assert {number["expected_expiry_date"] for number in numbers} == {ends_at}
    assert early == {}
    assert await told(stage) == {
        **{(each["id"], f"account.{what}"): 1 for each in accounts for what in (UPCOMING, EXPIRY)},
        (authorization, f"authorization.{UPCOMING}"): 1,
    }


async def test_an_end_that_moves_is_told_once_and_warned_of_anew(stage: Stage) -> None:
    accounts = await linked(stage, MONTHLY)
    await endings.warn(stage.context)
    await move_the_end(stage, stage.hands.seconds + 45 * DAY)

    ended = await refreshed(stage, accounts[0]["id"])
    await refreshed(stage, accounts[0]["id"])
    after = await told(stage)
    await live(stage, accounts[0]["id"], 25)

    authorization = (await authorization_of(stage, accounts[0]["id"]))["id"]
    assert (
        ended["status_details"]["active"]["expected_deactivation_date"]
        == (await account_now(stage, accounts[1]["id"]))["status_details"]["active"][
            "expected_deactivation_date"
        ]
    )
    assert after == {
        **{(each["id"], f"account.{what}"): 1 for each in accounts for what in (UPCOMING, UPDATED)},
        (authorization, f"authorization.{UPCOMING}"): 1,
        (authorization, f"authorization.{UPDATED}"): 1,
    }
    assert (await told(stage))[authorization, f"authorization.{UPCOMING}"] == 2


async def test_an_end_worked_out_anew_each_time_is_no_news(stage: Stage) -> None:
    (account, *_) = await linked(stage, MONTHLY)
    await move_the_end(stage, stage.hands.seconds + 30 * DAY + 7)

    ended = await refreshed(stage, account["id"])

    assert ended["status_details"] == account["status_details"]
    assert await told(stage) == {}


@pytest.mark.parametrize(
    "fault",
    [failing, answering(404), answering(200, b"[]"), answering(501)],
    ids=["down", "not there", "unreadable", "not offered"],
)
async def test_a_record_that_cannot_be_read_takes_nothing_away(stage: Stage, fault: Fault) -> None:
    (account, *_) = await linked(stage, YEARLY)
    await move_the_end(stage, 0)
    stage.wire.faults = dict.fromkeys(stage.wire.faults, fault)

    ended = await refreshed(stage, account["id"])

    assert ended["balance_refresh"]["status"] == "succeeded"
    assert ended["status_details"] == account["status_details"]
    assert ended["account_numbers"] == account["account_numbers"]
    assert await told(stage) == {}


async def test_nobody_is_warned_of_what_has_ended_already(stage: Stage) -> None:
    accounts = await linked(stage, MONTHLY)
    stage.wire.faults["/accounts"] = answering(401)
    await refreshed(stage, accounts[0]["id"])
    lost = await account_now(stage, accounts[1]["id"])

    await endings.warn(stage.context)
    for account in accounts:
        await stage.api("POST", f"financial_connections/accounts/{account['id']}/disconnect")

    assert (lost["status"], lost.get("status_details")) == ("inactive", None)
    assert await told(stage) == {}
    assert await stage.rows("SELECT * FROM endings") == []


async def test_an_end_that_passed_while_nobody_worked_is_not_called_upcoming(stage: Stage) -> None:
    await linked(stage, MONTHLY)
    stage.hands.seconds += 31 * DAY

    await endings.warn(stage.context)
    await endings.warn(stage.context)

    assert await told(stage) == {}


async def test_whoever_signs_in_anew_has_a_new_end(stage: Stage) -> None:
    accounts = await linked(stage, MONTHLY)
    authorization = (await authorization_of(stage, accounts[0]["id"]))["id"]
    stage.hands.seconds += 10 * DAY
    stage.wire.faults["/accounts"] = answering(401)
    await refreshed(stage, accounts[0]["id"])
    stage.wire.faults.clear()

    modal, view = await to_accounts(stage, await relink(stage, authorization))
    await modal.choose(eligible(view))

    ends_at = int(stage.hands.seconds) + 30 * DAY
    back = [await account_now(stage, each["id"]) for each in accounts]
    assert {each["status"] for each in back} == {"active"}
    assert {each["status_details"]["active"]["expected_deactivation_date"] for each in back} == {ends_at}
    assert (await told(stage))[authorization, f"authorization.{UPDATED}"] == 1


async def test_a_number_that_is_a_stand_in_no_more_does_not_expire(stage: Stage) -> None:
    (account, *_) = await linked(stage, YEARLY)
    stage.wire.faults["/payment-networks"] = renumbered("777000777", "ACCOUNT_NUMBER")

    ended = await refreshed(stage, account["id"])

    assert [number["expected_expiry_date"] for number in ended["account_numbers"]] == [None]
    left = await stage.rows(f"SELECT * FROM endings WHERE subject = '{account['id']}'")
    assert left == []
