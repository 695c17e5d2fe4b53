"""A month of subscriptions over banks that fail and servers that die, the same for the same seed (R11)."""

import gc
import random
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import Any, Final

import anyio
import pytest

from linkspan.server.connectors.http import Request, Response
from linkspan.server.operations import refreshes, subscriptions
from linkspan.server.store.migrate import migrations
from tests.conftest import Tally
from tests.link.stage import Stage, set_up
from tests.link.test_refreshes import account_now
from tests.link.test_subscriptions import DAY, HOUR, refreshed, subscribe
from tests.link.test_transactions import PERMITTED, listed
from tests.link.wire import Deliver, Fault, down, failing, silent

pytestmark = pytest.mark.anyio

SEEDS: Final = (1, 20)
# In memory a month costs a quarter of a second: so many more there, shared out to whoever runs tests.
BATCHES: Final = [range(first, first + 20) for first in range(100, 400, 20)]
TABLES: Final = [
    table for step in migrations() for table in re.findall(r"^CREATE TABLE (\w+)", step.script, re.MULTILINE)
]
DAYS: Final = 30
# How much time passes at once, and how likely something is broken for as long.
STEP: Final = 2 * HOUR
LIKELY: Final = 0.6


async def refused(_request: Request, _deliver: Deliver) -> Response:
    """A bank that takes the token no more; the server has its successor asked for."""
    return Response(status=401)


async def linked(stage: Stage) -> list[dict[str, Any]]:
    """Every account of a student, subscribed to and read once."""
    session = await stage.session(PERMITTED)
    await stage.modal(session).to_done()
    stage.hands.seconds += 1
    accounts = await stage.accounts(session["id"])
    for account in accounts:
        await subscribe(stage, account["id"])
    await refreshes.carry_out(stage.context)
    return accounts


async def work(stage: Stage) -> None:
    await subscriptions.carry_out(stage.context)
    await refreshes.carry_out(stage.context)


async def live(stage: Stage, chance: random.Random | None = None) -> Counter[str]:
    """Let a month pass, and two days without a fault; return the faults there were."""
    faults: Counter[str] = Counter()
    for since in range(0, (DAYS + 2) * DAY, STEP):
        stage.hands.seconds += STEP
        stage.wire.faults.clear()
        if chance is None or since >= DAYS * DAY or chance.random() > LIKELY:
            await work(stage)
            continue
        async with anyio.create_task_group() as server:
            name = _break(stage, chance, server.cancel_scope)
            faults[name] += 1
            await work(stage)
    return faults


def _break(stage: Stage, chance: random.Random, server: anyio.CancelScope) -> str:
    """Break something, and name it."""

    async def dying(_request: Request, _deliver: Deliver) -> Response:
        server.cancel()
        await anyio.sleep_forever()
        raise AssertionError

    async def late_dying(request: Request, deliver: Deliver) -> Response:
        await deliver(request)
        return await dying(request, deliver)

    async def once_refused(request: Request, deliver: Deliver) -> Response:
        stage.wire.faults.clear()
        return await refused(request, deliver)

    # Of a token call only that nobody is there: a bank that renews a grant and is not heard ends it.
    faults: list[tuple[str, Fault]] = [
        ("/oauth/token", down),
        *(
            (end, fault)
            for end in ("/accounts", "/transactions")
            for fault in (down, failing, silent, dying, late_dying, once_refused)
        ),
    ]
    end, fault = chance.choice(faults)
    stage.wire.faults[end] = fault
    return f"{fault.__name__} at {end}"


async def ledger(stage: Stage, account: str) -> Counter[tuple[Any, ...]]:
    """What an account's transactions say, without the ids and instants of our own."""
    return Counter(
        (row["amount"], row["currency"], row["description"], row["status"], row["transacted_at"])
        for row in await listed(stage, account)
    )


@pytest.fixture
async def quiet() -> AsyncIterator[Stage]:
    """The same month at the same banks, with nothing that fails."""
    made = set_up()
    yield made
    await made.store.aclose()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", SEEDS)
async def test_a_month_of_faults_ends_where_a_quiet_one_does(
    stage: Stage, quiet: Stage, seed: int, record_property: Callable[[str, object], None]
) -> None:
    there, here = await linked(quiet), await linked(stage)
    await live(quiet)

    faults = await live(stage, random.Random(seed))

    record_property("faults", dict(faults))
    assert len(faults) == 13
    await assert_ended_alike(stage, here, quiet, there)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seeds", BATCHES, ids=lambda seeds: f"{seeds.start}-{seeds.stop - 1}")
async def test_many_months_of_faults_end_alike_and_repeat_from_their_seed(
    quiet: Stage, seeds: range, caplog: pytest.LogCaptureFixture, tally: Tally
) -> None:
    there = await linked(quiet)
    await live(quiet)
    faults = 0

    for seed in seeds:
        stage = set_up()
        here = await linked(stage)
        faults += (await live(stage, random.Random(seed))).total()
        await assert_ended_alike(stage, here, quiet, there)
        if seed == seeds.start:
            again = set_up()
            await linked(again)
            await live(again, random.Random(seed))
            await assert_ended_alike(again, here, quiet, there)
            assert await kept(again) == await kept(stage)
            assert again.wire.asked == stage.wire.asked
            assert again.hands.drawn == stage.hands.drawn
            await again.store.aclose()
        await stage.store.aclose()

    gc.collect()
    left = [record.getMessage() for record in caplog.records if record.name == "asyncio"]
    assert left == [], "who dies leaves no task behind"
    tally(f"R11 seeds from {seeds.start}", months=len(seeds), faults=faults, repeated=1, violations=0)


async def kept(stage: Stage) -> dict[str, list[str]]:
    """Every row of every table."""
    return {table: sorted(map(repr, await stage.rows(f"SELECT * FROM {table}"))) for table in TABLES}


async def assert_ended_alike(
    stage: Stage, here: list[dict[str, Any]], quiet: Stage, there: list[dict[str, Any]]
) -> None:
    """After the faults each account is where its twin is that met none, and each refresh was told once."""
    assert await stage.rows("SELECT * FROM refreshes") == []
    for account, twin in zip(here, there, strict=True):
        ended = await account_now(stage, account["id"])
        assert (ended["status"], ended["transaction_refresh"]["status"]) == ("active", "succeeded")
        assert await ledger(stage, account["id"]) == await ledger(quiet, twin["id"])
        told = [
            event["data"]["object"]["transaction_refresh"] for event in await refreshed(stage, account["id"])
        ]
        kept = await stage.rows(f"SELECT id FROM transaction_refreshes WHERE account = '{account['id']}'")
        assert sorted(refresh["id"] for refresh in told) == sorted(known for (known,) in kept)
        assert DAYS <= len(told) <= DAYS + 4
        assert {refresh["status"] for refresh in told} == {"succeeded", "failed"}
