"""A bank may fail at any moment: the person is told, may try again, and no grant is left behind."""

import pytest

from tests.link.stage import NOW, QUILLSTONE, Stage
from tests.link.wire import Fault, down, failing, silent

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("path", ["/oauth/token", "/accounts"])
@pytest.mark.parametrize(
    ("fault", "reason", "code"),
    [
        (down, "bank_down", "institution_unavailable_unplanned"),
        (failing, "bank_down", "institution_unavailable_unplanned"),
        (silent, "bank_timeout", "institution_timeout"),
    ],
)
async def test_a_bank_that_fails_is_told_and_may_be_tried_again(
    stage: Stage, path: str, fault: Fault, reason: str, code: str
) -> None:
    modal, browser = stage.modal(await stage.session()), stage.browser()
    view = await modal.to_login()
    stage.wire.faults[path] = fault

    back = await browser.sign_in(view["login"]["bridge_url"])
    assert (await browser.visit(back)).status == 200

    error = (await modal.view())["error"]
    assert (error["reason"], error["code"]) == (reason, code)
    assert "retry" in error["actions"]
    assert stage.wire.count("/oauth/token") == 1

    stage.wire.faults.clear()
    view = await modal.step("retry")
    await browser.visit(await browser.sign_in(view["login"]["bridge_url"]))
    assert (await modal.view())["next_pane"] == "accounts"


@pytest.mark.parametrize("fault", [down, failing, silent])
async def test_a_grant_that_showed_no_accounts_is_ended(stage: Stage, fault: Fault) -> None:
    modal, browser = stage.modal(await stage.session()), stage.browser()
    view = await modal.to_login()
    stage.wire.faults["/accounts"] = fault

    await browser.visit(await browser.sign_in(view["login"]["bridge_url"]))
    left = await stage.sweep()

    (token,) = stage.wire.tokens()
    assert (left, stage.is_good_at_the_bank(token)) == (0, False)


@pytest.mark.parametrize("step", ["back", "close"])
async def test_a_grant_nothing_was_linked_with_is_ended(stage: Stage, step: str) -> None:
    modal = stage.modal(await stage.session())
    await modal.to_accounts()

    await modal.step(step)
    await stage.sweep()

    (token,) = stage.wire.tokens()
    assert not stage.is_good_at_the_bank(token)


async def test_who_has_nothing_this_site_accepts_is_told_so(stage: Stage) -> None:
    modal = stage.modal(await stage.session(("filters[account_subcategories][]", "mortgage")))

    view = await modal.to_accounts()
    await stage.sweep()

    (token,) = stage.wire.tokens()
    assert view["error"]["code"] == "no_eligible_accounts"
    assert not stage.is_good_at_the_bank(token)


async def disconnect(stage: Stage, account: str) -> None:
    answer = await stage.api("POST", f"financial_connections/accounts/{account}/disconnect")
    assert answer.json()["status"] == "disconnected"


async def grants(stage: Stage) -> list[tuple[str, bool]]:
    """The authorizations in the database, and whether each still holds a grant."""
    rows = await stage.rows("SELECT status, granted IS NOT NULL FROM authorizations")
    return [(status, bool(holds)) for status, holds in rows]


async def test_the_last_disconnect_ends_the_grant_at_the_bank_and_here(stage: Stage) -> None:
    session = await stage.session()
    await stage.modal(session).to_done()
    first, second = (each["id"] for each in await stage.accounts(session["id"]))
    (token,) = stage.wire.tokens()

    await disconnect(stage, first)
    await stage.sweep()
    assert stage.is_good_at_the_bank(token)
    await disconnect(stage, second)
    await stage.sweep()

    assert not stage.is_good_at_the_bank(token)
    assert await grants(stage) == [("disconnected", False)]


@pytest.mark.parametrize("fault", [down, failing, silent])
async def test_a_bank_that_is_down_at_revocation_is_told_later(stage: Stage, fault: Fault) -> None:
    session = await stage.session()
    await stage.modal(session).to_done()
    (token,) = stage.wire.tokens()
    stage.wire.faults["/oauth/revoke"] = fault
    for account in await stage.accounts(session["id"]):
        await disconnect(stage, account["id"])

    assert await stage.sweep() == 1
    assert await grants(stage) == [("revoking", True)]
    stage.wire.faults.clear()
    stage.hands.seconds += 60 * 60
    assert await stage.sweep() == 0

    assert not stage.is_good_at_the_bank(token)
    assert await grants(stage) == [("disconnected", False)]


async def test_a_bank_that_stays_down_is_asked_less_and_less_often(stage: Stage) -> None:
    session = await stage.session()
    await stage.modal(session).to_done()
    stage.wire.faults["/oauth/revoke"] = down
    for account in await stage.accounts(session["id"]):
        await disconnect(stage, account["id"])

    asked_at = []
    for second in range(130):
        stage.hands.seconds = NOW + second
        if await stage.sweep():
            asked_at.append(second)

    assert asked_at == [0, 4, 12, 28, 60, 124]
    assert await grants(stage) == [("revoking", True)]


async def test_a_dead_bank_holds_up_no_other(stage: Stage) -> None:
    dead, alive = await stage.session(), await stage.session()
    for session, bank in ((dead, QUILLSTONE), (alive, "fcinst_saltmeadow")):
        await stage.modal(session).to_done(bank=bank)
        for account in await stage.accounts(session["id"]):
            await disconnect(stage, account["id"])
    stage.wire.faults["/quillstone/oauth/revoke"] = down

    left = await stage.sweep()

    assert left == 1
    assert sorted(await grants(stage)) == [("disconnected", False), ("revoking", True)]
