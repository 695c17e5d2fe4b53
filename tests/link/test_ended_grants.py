"""R38: however a permission ends, and whatever the bank does then, its grant is used no more and goes."""

import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import pytest

from linkspan.server.api.auth import AnyTestKey
from linkspan.server.core.session import LIFETIME_SECONDS
from linkspan.server.operations import deletions, refreshes
from linkspan.server.operations.linking import leftovers
from tests.conftest import Tally
from tests.link.stage import Modal, Stage
from tests.link.wire import Fault, down, failing, silent

pytestmark = pytest.mark.anyio

CASES: Final = 100  # on each store
ROOT: Final = "financial_connections"
OUTAGES: Final[Mapping[str, Fault | None]] = {
    "none": None,
    "down": down,
    "failing": failing,
    "silent": silent,
}
# A bank that is back is told within this long of its return: waits grow up to an hour.
TOLD_SECONDS_MAX: Final = 2 * 60 * 60


@dataclass
class Case:
    """One person's link, and what the test did with it."""

    stage: Stage
    key: str
    session: dict[str, Any]
    modal: Modal
    token: dict[str, str]

    async def accounts(self) -> list[str]:
        listed = await self.stage.api("GET", f"{ROOT}/accounts?session={self.session['id']}", key=self.key)
        return [each["id"] for each in listed.json()["data"]]

    def calls(self) -> list[str]:
        """What the bank was asked with this grant, other than to end it."""
        spelled = [self.token["access_token"], self.token["refresh_token"]]
        return [
            request.url
            for request in self.stage.wire.asked
            if not request.url.endswith("/oauth/revoke")
            and any(secret in f"{request.headers} {request.body!r}" for secret in spelled)
        ]


async def disconnect(case: Case) -> None:
    for account in await case.accounts():
        await case.stage.api("POST", f"{ROOT}/accounts/{account}/disconnect", key=case.key)


async def delete_customer(case: Case) -> None:
    customer = case.session["account_holder"]["customer"]
    answer = await case.stage.api("DELETE", f"customers/{customer}", key=case.key)
    assert answer.json()["deleted"]


async def delete_tenant(case: Case) -> None:
    scope = AnyTestKey(case.stage.context.digests).scope_of(case.key)
    await case.stage.store.write(lambda tx: deletions.delete_tenant(tx, case.stage.context, scope))
    await deletions.carry_out(case.stage.context)


async def go_back(case: Case) -> None:
    await case.modal.step("back")


async def close(case: Case) -> None:
    await case.modal.step("close")


async def let_expire(case: Case) -> None:
    case.stage.hands.seconds += LIFETIME_SECONDS
    await leftovers.carry_out(case.stage.context)


End: TypeAlias = Callable[[Case], Awaitable[None]]
# Once accounts were chosen, and before.
AFTER: Final[tuple[End, ...]] = (disconnect, delete_customer, delete_tenant)
BEFORE: Final[tuple[End, ...]] = (go_back, close, let_expire, delete_tenant)


async def begun(stage: Stage, number: int, *, is_linked: bool) -> Case:
    """A link of a tenant of its own, as far as the choice of accounts or past it."""
    key = f"sk_test_ended_{number}"
    session = await stage.session(key=key)
    modal = stage.modal(session)
    await (modal.to_done() if is_linked else modal.to_accounts())
    return Case(stage, key, session, modal, stage.wire.tokens()[-1])


async def ciphertexts(stage: Stage) -> int:
    """How many grants are in the database, of links and of ways that led to none."""
    of_links = await stage.rows("SELECT id FROM authorizations WHERE granted IS NOT NULL")
    return len(of_links) + len(await stage.rows("SELECT id FROM attempts WHERE granted IS NOT NULL"))


@pytest.mark.timeout(600)
async def test_no_grant_outlives_its_permission(stage: Stage, tally: Tally) -> None:
    chance, retried, later, longest = random.Random(CASES), 0, 0, 0.0
    for number in range(CASES):
        is_linked = chance.random() < 0.6
        end = chance.choice(AFTER if is_linked else BEFORE)
        outage = OUTAGES[chance.choice(list(OUTAGES))]
        case = await begun(stage, number, is_linked=is_linked)
        if outage is not None:
            stage.wire.faults = {"/oauth/revoke": outage}
        await end(case)
        before, ended_at = case.calls(), stage.hands.seconds
        for _ in range(chance.randint(1, 3) if outage is not None else 0):
            retried += await stage.sweep()
            await refreshes.carry_out(stage.context)
            stage.hands.seconds += chance.randint(1, 90)
        back_at, stage.wire.faults = stage.hands.seconds, {}
        while await stage.sweep() or await ciphertexts(stage):
            stage.hands.seconds += 60
            assert stage.hands.seconds - back_at < TOLD_SECONDS_MAX
        longest = max(longest, stage.hands.seconds - back_at if outage else stage.hands.seconds - ended_at)
        later += len(case.calls()) - len(before)
        assert not stage.is_good_at_the_bank(case.token)
        assert await ciphertexts(stage) == 0
        if outage is None:
            assert stage.hands.seconds == ended_at  # at once, so within the five seconds that are promised

    assert later == 0
    assert retried > CASES // 4
    store = type(stage.store).__name__.removesuffix("Store")
    tally(
        f"R38 {store}",
        cases=CASES,
        retries=retried,
        later_calls=later,
        grants_left=0,
        longest_seconds=longest,
    )


async def test_who_signs_in_and_never_comes_back_leaves_no_grant(stage: Stage) -> None:
    modal = stage.modal(await stage.session())
    await modal.to_accounts()
    (token,) = stage.wire.tokens()

    stage.hands.seconds += LIFETIME_SECONDS - 1
    assert not await stage.store.read(lambda tx: leftovers.is_any(tx, stage.context))
    stage.hands.seconds += 1
    assert await stage.store.read(lambda tx: leftovers.is_any(tx, stage.context))
    assert await leftovers.carry_out(stage.context) == 1
    assert await leftovers.carry_out(stage.context) == 0
    await stage.sweep()

    assert not stage.is_good_at_the_bank(token)
    assert await ciphertexts(stage) == 0
