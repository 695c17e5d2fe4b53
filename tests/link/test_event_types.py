"""Each type of event is told at its moment: once, with its object as it is then, whole and thin."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import pytest

from linkspan.objects import EVENT_TYPES, PREVIEW_EVENT_TYPES, THIN_EVENT_TYPES
from linkspan.server.core.version import NEWEST, NEWEST_PREVIEW
from linkspan.server.operations import refreshes
from tests.link import test_inferred_balances as inferred
from tests.link.stage import KEY, Stage
from tests.link.test_previews import lose_access
from tests.link.test_refreshes import linked, refresh
from tests.link.test_relinks import broken, eligible, relink, to_accounts
from tests.link.test_sightings import close, renumbered
from tests.link.test_sightings import linked as linked_students
from tests.link.wire import down

pytestmark = pytest.mark.anyio

Moment = Callable[[Stage], Awaitable[str]]
"""Brings an event about; returns the id of what it is about."""

# Warnings of what a bank announced have their moments in test_endings.py.
ANNOUNCED: Final = {
    f"financial_connections.{what}"
    for what in (
        "account.expected_deactivation_date_updated",
        "account.upcoming_account_number_expiry",
        "account.upcoming_deactivation",
        "authorization.expected_deactivation_date_updated",
        "authorization.upcoming_deactivation",
    )
}


async def is_linked(stage: Stage) -> str:
    account: str = (await linked(stage))["id"]
    return account


async def is_disconnected(stage: Stage) -> str:
    account = (await linked(stage))["id"]
    await stage.api("POST", f"financial_connections/accounts/{account}/disconnect")
    return str(account)


async def loses_access(stage: Stage) -> str:
    account = (await linked(stage))["id"]
    await lose_access(stage, account)
    return str(account)


async def is_repaired(stage: Stage) -> str:
    accounts = await broken(stage)
    modal, view = await to_accounts(stage, await relink(stage, accounts[0]["authorization"]))
    await modal.choose(eligible(view))
    return str(accounts[0]["id"])


def is_refreshed(feature: str) -> Moment:
    """Ends a refresh of *feature* that a program asked for."""

    async def moment(stage: Stage) -> str:
        account = (await linked(stage, ("permissions[]", "transactions")))["id"]
        assert (await refresh(stage, account, feature)).status == 200
        await refreshes.carry_out(stage.context)
        return str(account)

    return moment


async def has_days_worked_out(stage: Stage) -> str:
    account = (await inferred.linked(stage))["id"]
    await inferred.refreshed(stage, account)
    return str(account)


async def is_given_other_numbers(stage: Stage) -> str:
    account, *_ = await linked_students(stage)
    stage.wire.faults["/payment-networks"] = renumbered("123450001111")
    assert (await refresh(stage, account["id"], "balance")).status == 200
    await refreshes.carry_out(stage.context)
    return str(account["id"])


async def can_pay_no_more(stage: Stage) -> str:
    account, other = await linked_students(stage)
    close(stage, account)
    assert (await refresh(stage, other["id"], "balance")).status == 200
    await refreshes.carry_out(stage.context)
    return str(account["id"])


async def ends_a_session(stage: Stage) -> str:
    session = await stage.session()
    await stage.modal(session).to_done()
    return str(session["id"])


MOMENTS: Final[Mapping[str, Moment]] = {
    "financial_connections.account.account_numbers_updated": is_given_other_numbers,
    "financial_connections.account.created": is_linked,
    "financial_connections.account.deactivated": loses_access,
    "financial_connections.account.disconnected": is_disconnected,
    "financial_connections.account.reactivated": is_repaired,
    "financial_connections.account.refreshed_balance": is_refreshed("balance"),
    "financial_connections.account.refreshed_inferred_balances": has_days_worked_out,
    "financial_connections.account.refreshed_ownership": is_refreshed("ownership"),
    "financial_connections.account.refreshed_transactions": is_refreshed("transactions"),
    "financial_connections.account.supported_payment_method_types_updated": can_pay_no_more,
    "financial_connections.session.updated": ends_a_session,
}
# Told of while an account is linked too: a Session prefetches them.
TWICE: Final = {
    "financial_connections.account.refreshed_balance",
    "financial_connections.account.refreshed_ownership",
}


# What of the object another event of the same moment tells of, after this one.
_REFRESHES: Final = {"balance_refresh", "ownership_refresh"}
LATER: Final = {
    "financial_connections.account.created": {"balance", "ownership", *_REFRESHES},
    "financial_connections.account.supported_payment_method_types_updated": {
        "status",
        "status_details",
        *_REFRESHES,
    },
    "financial_connections.session.updated": {"client_secret"},  # which no event tells
}


def without(shown: Mapping[str, Any], fields: set[str]) -> dict[str, Any]:
    return {name: value for name, value in shown.items() if name not in fields}


async def told(stage: Stage, event_type: str, about: str) -> list[dict[str, Any]]:
    """The events of a type about one object, oldest first."""
    listed = (await stage.api("GET", f"events?limit=100&type={event_type}")).json()["data"]
    return [each for each in listed if each["data"]["object"]["id"] == about][::-1]


async def now(stage: Stage, about: str, version: str) -> dict[str, Any]:
    """What an event is about, as it is now."""
    kind = "sessions" if about.startswith("fcsess_") else "accounts"
    answer = await stage.api("GET", f"financial_connections/{kind}/{about}", version=version)
    shown: dict[str, Any] = answer.json()
    return shown


def test_every_type_has_a_moment() -> None:
    assert {*MOMENTS, *ANNOUNCED} == {*EVENT_TYPES, *PREVIEW_EVENT_TYPES}


@pytest.mark.parametrize("event_type", MOMENTS)
async def test_a_type_is_told_at_its_moment(stage: Stage, event_type: str) -> None:
    about = await MOMENTS[event_type](stage)

    events = await told(stage, event_type, about)

    version = NEWEST_PREVIEW if event_type in PREVIEW_EVENT_TYPES else NEWEST
    event, shown = events[-1], await now(stage, about, version)
    assert len(events) == 1 + (event_type in TWICE)
    assert (event["api_version"], event["livemode"]) == (version, False)
    changed = LATER.get(event_type, set())
    assert without(event["data"]["object"], changed) == without(shown, changed)
    assert ("previous_attributes" in event["data"]) == event_type.endswith("session.updated")


@pytest.mark.parametrize("event_type", MOMENTS)
async def test_a_type_is_told_thin_where_every_version_knows_it(stage: Stage, event_type: str) -> None:
    about = await MOMENTS[event_type](stage)
    event = (await told(stage, event_type, about))[-1]

    thin_id = event["id"].replace("evt_", "evt_thin_")
    answer = await stage.ask("GET", f"/v2/core/events/{thin_id}", {"authorization": f"Bearer {KEY}"})

    assert (answer.status == 200) == (f"v1.{event_type}" in THIN_EVENT_TYPES)
    if answer.status == 200:
        thin = answer.json()
        assert (thin["type"], thin["snapshot_event"]) == (f"v1.{event_type}", event["id"])
        related = await stage.api("GET", thin["related_object"]["url"].removeprefix("/v1/"))
        assert related.json()["id"] == about


async def outcomes(stage: Stage, account: str) -> list[str]:
    """How the refreshes of an account ended, oldest first, as thin events say it."""
    path = f"/v2/core/events?limit=100&object_id={account}"
    listed = (await stage.ask("GET", path, {"authorization": f"Bearer {KEY}"})).json()["data"]
    names = [each["type"].removeprefix("v1.financial_connections.account.") for each in listed]
    return [name for name in names if "_refresh_" in name][::-1]


@pytest.mark.parametrize("feature", ["balance", "inferred_balances", "ownership", "transactions"])
async def test_how_a_refresh_ended_is_told_thin_at_the_same_moment(stage: Stage, feature: str) -> None:
    event_type = f"financial_connections.account.refreshed_{feature}"
    account = await MOMENTS[event_type](stage)

    told = await outcomes(stage, account)

    assert told.count(f"{feature}_refresh_succeeded") == 1 + (event_type in TWICE)
    assert told[-1] == f"{feature}_refresh_succeeded"


@pytest.mark.parametrize("feature", ["balance", "ownership", "transactions"])
async def test_a_refresh_that_fails_is_told_of_by_the_same_type(stage: Stage, feature: str) -> None:
    account = (await linked(stage, ("permissions[]", "transactions")))["id"]
    stage.wire.faults["/accounts"] = down
    await refresh(stage, account, feature)
    await refreshes.carry_out(stage.context)

    event = (await told(stage, f"financial_connections.account.refreshed_{feature}", account))[-1]

    state = {"transactions": "transaction_refresh"}.get(feature, f"{feature}_refresh")
    assert f"{feature}_refresh_failed" in await outcomes(stage, account)
    assert event["data"]["object"][state]["status"] == "failed"
    assert event["data"]["object"]["status"] == "active"
