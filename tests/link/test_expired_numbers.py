"""A stand-in number is deactivated when its own end comes, whoever looks: once, with what was made of it."""

from typing import Any, Final

import pytest

from linkspan.server.operations import account_numbers
from tests.link.stage import Stage
from tests.link.test_endings import DAY, live, move_the_end, refreshed
from tests.link.test_payment_methods import blocked, linked_with_a_stand_in, made_from
from tests.link.test_refreshes import account_now, events_of, happened

pytestmark = pytest.mark.anyio

DEAD: Final = {"network_code": None, "reason": "tokenized_account_number_deactivated"}


async def numbered(stage: Stage) -> dict[str, Any]:
    """An account whose stand-in has a day left, at a bank that goes on letting us in."""
    account, _ = await linked_with_a_stand_in(stage)
    await move_the_end(stage, stage.hands.seconds + 41 * DAY)
    await live(stage, account["id"], 40)
    return await account_now(stage, account["id"])


def states(account: dict[str, Any]) -> list[tuple[str, bool]]:
    """How the numbers of an account are, and whether they are to end."""
    return [
        (number["status"], number["expected_expiry_date"] is not None)
        for number in account["account_numbers"]
    ]


async def test_a_stand_in_is_deactivated_at_its_own_end(stage: Stage) -> None:
    account = await numbered(stage)
    method = (await made_from(stage, account["id"])).json()["id"]
    before = await events_of(stage, account["id"])

    early = await account_numbers.expire(stage.context)
    stage.hands.seconds += 2 * DAY
    await account_numbers.expire(stage.context)
    again = await account_numbers.expire(stage.context)

    ended = await account_now(stage, account["id"])
    told = await events_of(stage, account["id"]) - before
    assert states(account) == [("transactable", True)]
    assert states(ended) == [("deactivated", False)]
    assert (ended["status"], ended["supported_payment_method_types"]) == ("active", [])
    assert (early, again) == (0, 0)
    assert told == {"account_numbers_updated": 1, "supported_payment_method_types_updated": 1}
    assert await blocked(stage, method) == DEAD
    assert [each["type"] for each in await happened(stage, method)] == [
        "payment_method.automatically_updated"
    ]


async def test_a_bank_that_goes_on_showing_it_does_not_wake_it_before_it_tells_another_end(
    stage: Stage,
) -> None:
    account = await numbered(stage)
    method = (await made_from(stage, account["id"])).json()["id"]
    stage.hands.seconds += 2 * DAY
    await account_numbers.expire(stage.context)

    shown = await refreshed(stage, account["id"])
    then = await blocked(stage, method)
    stage.wire.faults.clear()  # the bank's own record lasts for a year
    awake = await refreshed(stage, account["id"])

    assert (states(shown), then) == ([("deactivated", False)], DEAD)
    assert states(awake) == [("transactable", True)]
    assert awake["supported_payment_method_types"] == account["supported_payment_method_types"]
    assert await blocked(stage, method) is None


async def test_an_account_that_was_disconnected_meanwhile_is_left_alone(stage: Stage) -> None:
    account = await numbered(stage)
    await stage.api("POST", f"financial_connections/accounts/{account['id']}/disconnect")
    before = await events_of(stage, account["id"])
    stage.hands.seconds += 2 * DAY

    await account_numbers.expire(stage.context)

    assert await events_of(stage, account["id"]) == before
    assert (await account_now(stage, account["id"]))["account_numbers"] == []
