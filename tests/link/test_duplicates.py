"""An account that its holder links again stays one Account; nobody else's links are looked at."""

from collections.abc import Sequence
from typing import Any, Final

import pytest

from tests.link.stage import KEY, Stage
from tests.link.test_setup_tokens import refreshed

pytestmark = pytest.mark.anyio

_DUPLICATES: Final = "fcinst_duplicate_link"
_MENDED_BY_RELINKING: Final = "fcinst_inactive_accounts"


async def session_for(stage: Stage, holder: str, *more: tuple[str, str], key: str = KEY) -> dict[str, Any]:
    """A Session of a customer there is already."""
    form = [
        ("account_holder[type]", "customer"),
        ("account_holder[customer]", holder),
        ("permissions[]", "balances"),
        *more,
    ]
    answer = await stage.api("POST", "financial_connections/sessions", form, key)
    assert answer.status == 200, answer.text
    session: dict[str, Any] = answer.json()
    return session


async def linked(
    stage: Stage,
    session: dict[str, Any],
    person: str = "sam",
    *,
    bank: str = "fcinst_quillstone",
    shared: slice = slice(None),
    names: Sequence[str] = (),
) -> dict[str, dict[str, Any]]:
    """Link what is shared, or some of it; return what the Session lists, by name."""
    modal, browser = stage.modal(session), stage.browser()
    bridge = (await modal.to_login(bank))["login"]["bridge_url"]
    await browser.visit(await browser.sign_in(bridge, person, shared=shared))
    rows = (await modal.view())["accounts"]["accounts"]
    chosen = [row["id"] for row in rows if row["eligible"] and (not names or row["display_name"] in names)]
    await modal.choose(chosen)
    listed = await stage.api("GET", f"financial_connections/sessions/{session['id']}")
    return {each["display_name"]: each for each in listed.json()["accounts"]["data"]}


async def customer(stage: Stage, key: str = KEY) -> str:
    made: dict[str, str] = (await stage.api("POST", "customers", [("name", "Robin")], key)).json()
    return made["id"]


async def count(stage: Stage, event: str) -> int:
    return len(
        await stage.rows(f"SELECT id FROM events WHERE type = 'financial_connections.account.{event}'")
    )


@pytest.mark.parametrize("bank", ["fcinst_quillstone", _DUPLICATES])
async def test_what_is_linked_twice_is_one_account(stage: Stage, bank: str) -> None:
    holder = await customer(stage)
    first = await linked(stage, await session_for(stage, holder), bank=bank)

    second = await linked(stage, await session_for(stage, holder), bank=bank)

    assert {name: each["id"] for name, each in second.items()} == {
        name: each["id"] for name, each in first.items()
    }
    assert await count(stage, "created") == len(first)
    assert len(await stage.rows("SELECT id FROM authorizations WHERE status = 'active'")) == 1
    await stage.sweep()
    good = [stage.is_good_at_the_bank(token) for token in stage.wire.tokens()]
    assert good == [False, True]


async def test_the_account_can_be_refreshed_with_what_was_agreed_to_last(stage: Stage) -> None:
    holder = await customer(stage)
    first = await linked(stage, await session_for(stage, holder), bank=_DUPLICATES)
    more = ("permissions[]", "transactions")
    second = await linked(stage, await session_for(stage, holder, more), bank=_DUPLICATES)
    await stage.sweep()

    assert first["Campus Checking"]["permissions"] == ["balances"]
    assert set(second["Campus Checking"]["permissions"]) == {"balances", "transactions"}
    account = await refreshed(stage, second["Campus Checking"]["id"], "balance", "transactions")
    assert account["balance_refresh"]["status"] == account["transaction_refresh"]["status"] == "succeeded"


async def test_a_sign_in_that_shows_less_takes_nothing_from_an_account_that_works(stage: Stage) -> None:
    holder = await customer(stage)
    first = await linked(stage, await session_for(stage, holder))

    second = await linked(stage, await session_for(stage, holder), shared=slice(1))
    await stage.sweep()

    assert len(second) == 1
    assert {each["id"] for each in second.values()} < {each["id"] for each in first.values()}
    assert [stage.is_good_at_the_bank(token) for token in stage.wire.tokens()] == [True, False]
    for account in first.values():
        assert (await refreshed(stage, account["id"], "balance"))["balance_refresh"]["status"] == "succeeded"


async def test_what_is_new_is_linked_beside_what_is_not(stage: Stage) -> None:
    holder = await customer(stage)
    first = await linked(stage, await session_for(stage, holder), names=["Guitar"])
    modal = stage.modal(await session_for(stage, holder))
    view = await modal.to_accounts()

    assert {row["display_name"]: row["linked"] for row in view["accounts"]["accounts"]} == {
        "Campus Checking": False,
        "Guitar": True,
    }
    await modal.choose([row["id"] for row in view["accounts"]["accounts"]])
    listed = {each["display_name"]: each["id"] for each in (await modal.view())["done"]["accounts"]}

    assert listed["Guitar"] == first["Guitar"]["id"]
    assert await count(stage, "created") == 2
    for account in listed.values():
        assert (await refreshed(stage, account, "balance"))["balance_refresh"]["status"] == "succeeded"


async def test_linking_again_mends_what_was_broken(stage: Stage) -> None:
    holder = await customer(stage)
    first = await linked(stage, await session_for(stage, holder), bank=_MENDED_BY_RELINKING)
    stage.hands.seconds += 60
    broken = await refreshed(stage, first["Campus Checking"]["id"], "balance")
    assert broken["status"] == "inactive"

    second = await linked(stage, await session_for(stage, holder), bank=_MENDED_BY_RELINKING)

    assert second["Campus Checking"]["id"] == broken["id"]
    assert second["Campus Checking"]["status"] == "active"
    assert await count(stage, "reactivated") == len(first)


async def test_what_was_disconnected_is_linked_anew(stage: Stage) -> None:
    holder = await customer(stage)
    first = await linked(stage, await session_for(stage, holder))
    for account in first.values():
        await stage.api("POST", f"financial_connections/accounts/{account['id']}/disconnect")

    second = await linked(stage, await session_for(stage, holder))

    assert not {each["id"] for each in first.values()} & {each["id"] for each in second.values()}


@pytest.mark.parametrize("other", ["holder", "tenant"])
async def test_nobody_elses_account_is_recognized(stage: Stage, other: str) -> None:
    first = await linked(stage, await session_for(stage, await customer(stage)))
    key = KEY if other == "holder" else "sk_test_another_merchant"

    modal = stage.modal(await session_for(stage, await customer(stage, key), key=key))
    view = await modal.to_accounts()
    done = await modal.choose([row["id"] for row in view["accounts"]["accounts"]])

    assert not any(row["linked"] for row in view["accounts"]["accounts"])
    assert not {each["id"] for each in done["done"]["accounts"]} & {each["id"] for each in first.values()}
