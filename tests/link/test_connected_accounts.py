"""Who links through a connected account deals with it, and so do its events."""

from typing import Any

import msgspec
import pytest

from linkspan.server.operations import refreshes
from tests.link.stage import KEY, Stage

pytestmark = pytest.mark.anyio


async def connect(stage: Stage, *profile: tuple[str, str]) -> dict[str, str]:
    """The headers of requests that act for a newly connected account."""
    account = (await stage.api("POST", "accounts", profile)).json()["id"]
    return {"authorization": f"Bearer {KEY}", "stripe-account": account}


async def session_for(stage: Stage, headers: dict[str, str], holder: str) -> dict[str, Any]:
    """A Session in which an account links its own bank."""
    form = f"account_holder[type]=account&account_holder[account]={holder}&permissions[]=balances"
    answer = await stage.ask("POST", "/v1/financial_connections/sessions", headers, form.encode())
    assert answer.status == 200, answer.text
    session: dict[str, Any] = answer.json()
    return session


async def test_every_event_of_a_connected_account_names_it(stage: Stage) -> None:
    headers = await connect(stage)
    connected = headers["stripe-account"]
    session = await session_for(stage, headers, connected)

    await stage.modal(session).to_done()
    stage.hands.seconds += 1
    listed = await stage.ask("GET", f"/v1/financial_connections/accounts?session={session['id']}", headers)
    path = f"/v1/financial_connections/accounts/{listed.json()['data'][0]['id']}/refresh"
    await stage.ask("POST", path, headers, b"features[]=balance")
    await refreshes.carry_out(stage.context)

    happened = [msgspec.json.decode(doc) for (doc,) in await stage.rows("SELECT doc FROM events")]
    assert {event.get("account") for event in happened} == {connected}
    assert "financial_connections.account.refreshed_balance" in {event["type"] for event in happened}
    assert (await stage.api("GET", "financial_connections/accounts")).json()["data"] == []


async def test_a_modal_opened_for_a_connected_account_says_its_name(stage: Stage) -> None:
    headers = await connect(stage, ("business_profile[name]", "Ada's Engines"))
    session = await session_for(stage, headers, headers["stripe-account"])

    view = await stage.modal(session).open()
    consent = await stage.modal(session).choose_bank()

    assert view["merchant"]["name"] == "Ada's Engines"
    assert "Ada's Engines" in consent["consent"]["notice"]


async def test_a_platform_that_links_for_an_account_says_its_own_name(stage: Stage) -> None:
    connected = (await connect(stage, ("business_profile[name]", "Ada's Engines")))["stripe-account"]
    session = await session_for(stage, {"authorization": f"Bearer {KEY}"}, connected)

    view = await stage.modal(session).open()

    assert view["merchant"]["name"] == "Rocket Rides"


async def test_a_connected_account_without_a_name_goes_by_the_servers(stage: Stage) -> None:
    headers = await connect(stage)
    session = await session_for(stage, headers, headers["stripe-account"])

    view = await stage.modal(session).open()

    assert view["merchant"]["name"] == "Rocket Rides"
