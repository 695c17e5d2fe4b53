"""Accounts follow what their bank shows of them, and each change is told once."""

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
import pytest

from linkspan.server.connectors.http import Request, Response
from linkspan.server.operations import refreshes
from tests.link.stage import Stage
from tests.link.test_refreshes import account_now, answering, events_of, happened, refresh
from tests.link.wire import Deliver, Fault

pytestmark = pytest.mark.anyio

PREVIEW: Final = "2026-10-28.preview"
COPPERFINCH: Final = "fcinst_copperfinch"
Change = Callable[[dict[str, Any]], dict[str, Any]]


async def linked(stage: Stage, *more: tuple[str, str], bank: str = COPPERFINCH) -> list[dict[str, Any]]:
    """The accounts of a student, linked a moment ago at a bank that gives tokenized numbers."""
    session = await stage.session(*more)
    await stage.modal(session).to_done(bank=bank)
    stage.hands.seconds += 1
    return await stage.accounts(session["id"])


async def refreshed(stage: Stage, account: str) -> dict[str, Any]:
    """The account after its bank was asked for its balance once more."""
    stage.hands.seconds += 1
    assert (await refresh(stage, account, "balance")).status == 200
    await refreshes.carry_out(stage.context)
    return await account_now(stage, account)


def showing(change: Change) -> Fault:
    """A bank that shows something else than it has."""

    async def answer(request: Request, deliver: Deliver) -> Response:
        told = await deliver(request)
        body = msgspec.json.encode(change(msgspec.json.decode(told.body)))
        return Response(status=told.status, headers=told.headers, body=body)

    return answer


def renumbered(digits: str, kind: str = "TOKENIZED_ACCOUNT_NUMBER") -> Fault:
    """A bank that gives every account this number."""

    def change(body: dict[str, Any]) -> dict[str, Any]:
        told = {"identifier": digits, "identifierType": kind}
        return {**body, "paymentNetworks": [row | told for row in body["paymentNetworks"]]}

    return showing(change)


CLOSED: Final = showing(lambda body: {**body, "status": "CLOSED"})


def close(stage: Stage, account: dict[str, Any]) -> None:
    """Let the bank show an account of its student as closed, by itself and in its list."""
    source = f"sam-{account['subcategory']}"

    def listed(body: dict[str, Any]) -> dict[str, Any]:
        told = {source: {"status": "CLOSED"}}
        return {**body, "accounts": [row | told.get(row["accountId"], {}) for row in body["accounts"]]}

    stage.wire.faults[f"/{source}"] = CLOSED
    stage.wire.faults["/accounts"] = showing(listed)


async def test_an_account_closed_at_its_bank_is_deactivated_with_why_and_cannot_pay(stage: Stage) -> None:
    account, other = await linked(stage)
    close(stage, account)

    ended = await refreshed(stage, other["id"])
    closed = await account_now(stage, account["id"])

    assert ended["status"] == "active"
    assert closed["status"] == "inactive"
    assert closed["supported_payment_method_types"] == []
    assert [number["status"] for number in closed["account_numbers"]] == ["deactivated"]
    assert closed["balance"] == account["balance"]
    events = await events_of(stage, account["id"])
    assert events["deactivated"] == events["account_numbers_updated"] == 1
    assert events["supported_payment_method_types_updated"] == 1


async def test_an_account_opened_again_is_reactivated_and_can_be_refreshed_at_once(stage: Stage) -> None:
    account, other = await linked(stage)
    close(stage, account)
    await refreshed(stage, other["id"])
    stage.wire.faults.clear()

    await refreshed(stage, other["id"])
    back = await account_now(stage, account["id"])
    ended = await refreshed(stage, account["id"])

    assert back["status"] == "active"
    assert back["balance_refresh"]["next_refresh_available_at"] == stage.hands.seconds - 1
    assert back["supported_payment_method_types"] == account["supported_payment_method_types"]
    assert back["account_numbers"] == account["account_numbers"]
    assert ended["balance_refresh"]["status"] == "succeeded"
    assert await events_of(stage, account["id"]) == {
        "created": 1,
        "refreshed_balance": 2,  # the first while linking
        "refreshed_ownership": 1,
        "account_numbers_updated": 2,
        "supported_payment_method_types_updated": 2,
        "deactivated": 1,
        "reactivated": 1,
    }


async def test_a_list_alone_brings_no_account_back(stage: Stage) -> None:
    account, other = await linked(stage)
    close(stage, account)
    await refreshed(stage, other["id"])
    del stage.wire.faults["/accounts"]

    await refreshed(stage, other["id"])

    assert (await account_now(stage, account["id"]))["status"] == "inactive"


async def test_of_accounts_that_nobody_refreshes_the_bank_is_asked_for_a_list_only(stage: Stage) -> None:
    _, other = await linked(stage)
    asked = len(stage.wire.asked)

    await refreshed(stage, other["id"])

    asked_for = [urlsplit(request.url).path for request in stage.wire.asked[asked:]]
    paths = [path.rpartition("/accounts")[2] for path in asked_for if "/accounts" in path]
    assert {path.split("/")[1] for path in paths if path} == {f"sam-{other['subcategory']}"}
    assert "" in paths


async def test_what_does_not_change_is_not_told(stage: Stage) -> None:
    account, other = await linked(stage)

    for _ in range(3):
        await refreshed(stage, other["id"])

    assert await account_now(stage, account["id"]) == account
    assert set(await events_of(stage, account["id"])) == {
        "created",
        "refreshed_balance",
        "refreshed_ownership",
    }


async def test_another_number_is_kept_and_told_without_a_digit(stage: Stage) -> None:
    account, _ = await linked(stage)
    before = await stage.rows(f"SELECT bank_details FROM accounts WHERE id = '{account['id']}'")
    stage.wire.faults["/payment-networks"] = renumbered("777000777")

    await refreshed(stage, account["id"])
    await refreshed(stage, account["id"])

    after = await stage.rows(f"SELECT bank_details FROM accounts WHERE id = '{account['id']}'")
    (event,) = [event for event in await happened(stage, account["id"]) if "numbers_updated" in event["type"]]
    assert before != after
    assert event["data"]["object"]["account_numbers"] == account["account_numbers"]
    assert "777000777" not in msgspec.json.encode(event).decode()
    assert "supported_payment_method_types_updated" not in await events_of(stage, account["id"])


async def test_a_number_of_another_kind_shows_on_the_account(stage: Stage) -> None:
    account, _ = await linked(stage)
    stage.wire.faults["/payment-networks"] = renumbered("777000777", "ACCOUNT_NUMBER")

    ended = await refreshed(stage, account["id"])

    assert [number["identifier_type"] for number in account["account_numbers"]] == [
        "tokenized_account_number"
    ]
    assert [number["identifier_type"] for number in ended["account_numbers"]] == ["account_number"]


async def test_a_bank_that_gives_no_numbers_this_time_has_taken_none_away(stage: Stage) -> None:
    account, _ = await linked(stage)
    stage.wire.faults["/payment-networks"] = answering(404)

    ended = await refreshed(stage, account["id"])

    assert ended["account_numbers"] == account["account_numbers"]
    assert ended["supported_payment_method_types"] == account["supported_payment_method_types"]


async def test_numbers_are_not_shown_without_the_permission_to_pay(stage: Stage) -> None:
    customer = (await stage.api("POST", "customers")).json()["id"]
    form = [
        ("account_holder[type]", "customer"),
        ("account_holder[customer]", customer),
        ("permissions[]", "balances"),
    ]
    session = (await stage.api("POST", "financial_connections/sessions", form)).json()
    await stage.modal(session).to_done(bank=COPPERFINCH)
    (account, *_) = await stage.accounts(session["id"])
    stage.wire.faults["/payment-networks"] = renumbered("777000777")

    ended = await refreshed(stage, account["id"])

    assert ended["account_numbers"] == account["account_numbers"] == []
    assert "account_numbers_updated" not in await events_of(stage, account["id"])


async def test_a_disconnected_account_is_not_brought_back(stage: Stage) -> None:
    account, other = await linked(stage)
    await stage.api("POST", f"financial_connections/accounts/{account['id']}/disconnect")

    await refreshed(stage, other["id"])

    assert (await account_now(stage, account["id"]))["status"] == "disconnected"
    assert "reactivated" not in await events_of(stage, account["id"])


async def test_previews_say_why_until_the_account_is_back(stage: Stage) -> None:
    account, other = await linked(stage)
    path = f"financial_connections/accounts/{account['id']}"
    close(stage, account)
    await refreshed(stage, other["id"])

    closed = (await stage.api("GET", path, version=PREVIEW)).json()
    stage.wire.faults.clear()
    await refreshed(stage, other["id"])
    back = (await stage.api("GET", path, version=PREVIEW)).json()

    assert closed["status_details"]["inactive"] == {"action": "none", "cause": "account_closed"}
    assert "inactive" not in back.get("status_details", {})
