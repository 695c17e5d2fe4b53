"""A bank that fails is known to fail before the next person chooses it, and heals once it answers again."""

from typing import Any

import msgspec
import pytest

from linkspan.server.connectors.failures import InstitutionUnavailable
from linkspan.server.core.health import Record
from linkspan.server.core.scope import Scope
from linkspan.server.operations import health, refreshes
from tests.link.stage import NOW, QUILLSTONE, Stage
from tests.link.wire import down, failing

pytestmark = pytest.mark.anyio

PREVIEW = "2026-10-28.preview"
LIVE = Scope("acct_of_anybody", livemode=True)


async def row(stage: Stage, **keys: str) -> dict[str, Any]:
    """The row of the bank as the next person sees it."""
    view = await stage.modal(await stage.session(**keys)).open()
    return next(one for one in view["bank"]["featured"] if one["id"] == QUILLSTONE)


async def status(stage: Stage, key: str = "sk_test_canary_merchant") -> str:
    """What the API says of the bank."""
    path = f"financial_connections/institutions/{QUILLSTONE}"
    one = (await stage.api("GET", path, key=key, version=PREVIEW)).json()
    listed = (
        await stage.api("GET", "financial_connections/institutions?limit=100", key=key, version=PREVIEW)
    ).json()
    assert one in listed["data"]
    said: str = one["status"]
    return said


async def try_to_sign_in(stage: Stage) -> None:
    modal, browser = stage.modal(await stage.session()), stage.browser()
    view = await modal.to_login()
    back = await browser.sign_in(view["login"]["bridge_url"])
    stage.hands.seconds += 30
    await browser.visit(back)


async def test_sign_ins_that_fail_are_learnt_and_so_are_those_that_succeed(stage: Stage) -> None:
    assert (await status(stage), (await row(stage))["status"]) == ("active", "active")

    stage.wire.faults["/quillstone/oauth/token"] = down
    for _ in range(2):
        await try_to_sign_in(stage)
    failing_row = await row(stage)
    stage.wire.faults.clear()
    await try_to_sign_in(stage)
    healing = await status(stage)
    for _ in range(5):
        await try_to_sign_in(stage)

    assert failing_row["status"] == "inactive"
    assert healing == "degraded"
    assert (await status(stage), (await row(stage))["status"]) == ("active", "active")
    assert (await row(stage))["takes_seconds"] == 30


async def test_refreshes_that_fail_are_learnt(stage: Stage) -> None:
    session = await stage.session()
    await stage.modal(session).to_done()
    accounts = await stage.accounts(session["id"])
    stage.wire.faults["/accounts"] = failing
    stage.hands.seconds += 5
    for account in accounts[:2]:
        path = f"financial_connections/accounts/{account['id']}/refresh"
        assert (await stage.api("POST", path, [("features[]", "balance")])).status == 200
        await refreshes.carry_out(stage.context)

    assert await status(stage) in {"degraded", "inactive"}
    stage.hands.seconds += 3600
    assert await status(stage) == "active"


async def test_a_person_who_said_no_says_nothing_of_the_bank(stage: Stage) -> None:
    for _ in range(3):
        modal, browser = stage.modal(await stage.session()), stage.browser()
        view = await modal.to_login()
        await browser.visit(await browser.sign_in(view["login"]["bridge_url"], choice="deny"))

    assert await status(stage) == "active"


async def test_in_test_mode_a_tenant_learns_for_itself(stage: Stage) -> None:
    stage.wire.faults["/quillstone/oauth/token"] = down
    for _ in range(2):
        await try_to_sign_in(stage)

    assert (await status(stage), await status(stage, "sk_test_somebody_else")) == ("inactive", "active")


async def test_in_live_mode_everybody_learns_together(stage: Stage) -> None:
    for _ in range(3):
        await health.learn(stage.context, LIVE, QUILLSTONE, InstitutionUnavailable("down"))

    another = Scope("acct_of_somebody_else", livemode=True)
    known = await stage.store.read(lambda tx: health.of_one(tx, stage.context, another, QUILLSTONE))

    assert known.status == "inactive"
    assert await status(stage) == "active"


async def test_the_expected_time_back_stands_in_the_row(stage: Stage) -> None:
    closed = InstitutionUnavailable("closed", is_planned=True, retry_after_seconds=1800)
    await stage.session()
    ((tenant,),) = await stage.rows("SELECT DISTINCT tenant FROM customers")
    await health.learn(stage.context, Scope(tenant, livemode=False), QUILLSTONE, closed)

    shown = await row(stage)

    assert (shown["status"], shown["back_at"]) == ("inactive", int(NOW) + 1800)


async def test_a_bank_that_is_well_is_written_down_twice_a_minute_however_often_it_is_asked(
    stage: Stage,
) -> None:
    for second in range(50):
        stage.hands.seconds = NOW + second
        await health.learn(stage.context, LIVE, QUILLSTONE)

    ((doc,),) = await stage.rows("SELECT doc FROM health")

    # The first answer, and those of the thirty seconds that followed; the rest waits.
    assert sum(each.answered for each in msgspec.json.decode(doc, type=Record).minutes) == 31
