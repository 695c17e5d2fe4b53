"""No bank is asked more often than it allows, by however many servers, however often they are started."""

import random
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Final
from urllib.parse import urlsplit

import anyio
import pytest

from linkspan.server.connectors.http import Request, Response
from linkspan.server.operations import refreshes, subscriptions
from linkspan.server.operations.changes import Changes
from linkspan.server.operations.context import Context
from linkspan.server.store.postgres import PostgresStore
from tests.conftest import Tally
from tests.link.stage import Stage, set_up
from tests.link.test_refreshes import account_now, answering, refresh
from tests.link.test_subscriptions import DAY, HOUR, refreshed, subscribe
from tests.link.test_transactions import PERMITTED, linked
from tests.link.wire import Deliver, failing, silent

pytestmark = pytest.mark.anyio

DAYS: Final = 30
STEP: Final = 2 * HOUR
SERVERS: Final = 3
A_DAY: Final = {"times": 4, "hours": 24}
A_MONTH: Final = {"times": 50, "days": 30, "kind": "transactions"}
ANYTHING: Final = {"times": 24, "hours": 24, "per": "sign_in"}
FEATURES: Final = ("balance", "ownership", "transactions")


@dataclass
class Book:
    """What the bank itself writes down of who asked it for what, and when."""

    stage: Stage
    asked: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))

    def note(self, request: Request) -> None:
        """An account is asked for by its own path, its transactions by their first page."""
        path, _, about = urlsplit(request.url).path.rpartition("/accounts/")
        if not path or "pageKey=" in request.url or "offset=" in request.url:
            return
        account, _, resource = about.partition("/")
        if resource in {"", "transactions"}:
            self.asked[account, resource].append(self.stage.hands.seconds)

    def most(self, times: Sequence[float], span: float) -> int:
        """How many askings fell into the fullest span, wherever it begins."""
        return max((sum(end - span < one <= end for one in times) for end in times), default=0)

    def of(self, resource: str) -> list[list[float]]:
        return [times for (_, what), times in self.asked.items() if what == resource]


def keep_book(stage: Stage) -> Book:
    """Let the bank note each request that reaches it."""
    book, send = Book(stage), stage.wire.send

    async def noted(request: Request) -> Response:
        book.note(request)
        return await send(request)

    stage.wire.send = noted  # type: ignore[method-assign]  # the wire is the test's own
    return book


@pytest.fixture
async def strict(shared_database: str | None) -> AsyncIterator[Stage]:
    """A server whose banks allow little."""
    store = None if shared_database is None else PostgresStore(shared_database)
    made = set_up(store, quota=[A_DAY, A_MONTH, ANYTHING])
    yield made
    await made.store.aclose()


def servers(stage: Stage, shared_database: str | None) -> list[Context]:
    """More servers on the same database, each as if it had been started just now."""
    return [
        replace(
            stage.context,
            changes=Changes(),
            store=stage.store if shared_database is None else PostgresStore(shared_database),
        )
        for _ in range(SERVERS)
    ]


async def work(contexts: Sequence[Context]) -> None:
    """Let every server do at once what is to be done."""

    async def one(context: Context) -> None:
        await subscriptions.carry_out(context)
        await refreshes.carry_out(context)

    async with anyio.create_task_group() as group:
        for context in contexts:
            group.start_soon(one, context)


async def close(contexts: Sequence[Context], stage: Stage) -> None:
    for context in contexts:
        if context.store is not stage.store:
            await context.store.aclose()


def break_something(stage: Stage, chance: random.Random) -> None:
    """Let the bank fail in some way, or not."""
    stage.wire.faults.clear()

    async def refused_once(_request: Request, _deliver: Deliver) -> Response:
        stage.wire.faults.clear()
        return Response(status=401)

    if chance.random() < 0.3:
        end = chance.choice(("/accounts", "/transactions"))
        stage.wire.faults[end] = chance.choice((failing, silent, refused_once))


@pytest.mark.timeout(300)
async def test_a_month_of_programs_subscriptions_and_faults_keeps_to_every_quota(
    strict: Stage, shared_database: str | None, tally: Tally
) -> None:
    session = await strict.session(PERMITTED)
    await strict.modal(session).to_done()
    accounts = await strict.accounts(session["id"])
    book, chance, restarts, wanted = keep_book(strict), random.Random(12), 0, 0
    for account in accounts:
        await subscribe(strict, account["id"])
    contexts = servers(strict, shared_database)
    for step in range(DAYS * DAY // STEP):
        strict.hands.seconds += STEP
        if step % 60 == 59:
            await close(contexts, strict)
            contexts, restarts = servers(strict, shared_database), restarts + 1
        break_something(strict, chance)
        for account in accounts:
            wanted += 1
            await refresh(strict, account["id"], *chance.sample(FEATURES, chance.randint(1, 3)))
        await work(contexts)
    await close(contexts, strict)

    walks, readings = book.of("transactions"), book.of("")
    everything = sorted(one for times in (*walks, *readings) for one in times)
    tally(
        f"R38 quota {'SQLite' if shared_database is None else 'PostgreSQL'}",
        days=DAYS,
        servers=SERVERS,
        restarts=restarts,
        wanted=wanted,
        asked=len(everything),
        exceeded=sum(book.most(times, DAY) > 4 for times in (*walks, *readings)),
    )
    assert len(accounts) == len(walks) == len(readings) == 2
    assert max(book.most(times, DAY) for times in (*walks, *readings)) == 4
    assert 45 <= max(book.most(times, 30 * DAY) for times in walks) <= 50
    assert book.most(everything, DAY) <= 24


@pytest.mark.timeout(300)
async def test_programs_that_take_what_they_can_leave_the_subscription_its_day(strict: Stage) -> None:
    account = await linked(strict)
    await subscribe(strict, account["id"])
    for _ in range(DAYS * DAY // HOUR):
        strict.hands.seconds += HOUR
        await refresh(strict, account["id"], "transactions", "balance")
        await work([strict.context])

    told = [event["created"] for event in await refreshed(strict, account["id"])]
    days = [
        one for (one,) in await strict.rows("SELECT asked_at FROM askings WHERE daily = 1 ORDER BY asked_at")
    ]
    assert 45 <= len(told) <= 50
    assert max(later - former for former, later in pairwise(told)) <= DAY
    assert len(days) >= DAYS - 1


async def test_the_quota_says_when_the_next_refresh_may_start(strict: Stage) -> None:
    account = await linked(strict)
    first = strict.hands.seconds
    for _ in range(3):  # linking was the first
        strict.hands.seconds += HOUR
        await refresh(strict, account["id"], "balance")
        await refreshes.carry_out(strict.context)

    spent = await account_now(strict, account["id"])
    strict.hands.seconds += HOUR
    again = (await refresh(strict, account["id"], "balance")).json()

    at = spent["balance_refresh"]["next_refresh_available_at"]
    assert at == int(first) - 1 + DAY
    assert again == spent
    strict.hands.seconds = at
    assert (await refresh(strict, account["id"], "balance")).json()["balance_refresh"]["status"] == "pending"


async def test_what_another_account_has_spent_meanwhile_is_shown_when_it_is_asked_for(
    shared_database: str | None,
) -> None:
    store = None if shared_database is None else PostgresStore(shared_database)
    stage = set_up(store, quota=[{"times": 3, "hours": 24, "per": "sign_in"}])
    session = await stage.session(PERMITTED)
    await stage.modal(session).to_done()
    one, other = await stage.accounts(session["id"])
    stage.hands.seconds += HOUR
    for _ in range(2):
        await refresh(stage, one["id"], "balance")
        await refreshes.carry_out(stage.context)
        stage.hands.seconds += HOUR

    shown = (await refresh(stage, other["id"], "balance")).json()

    assert other["balance_refresh"]["next_refresh_available_at"] < stage.hands.seconds
    assert shown["balance_refresh"]["status"] == "succeeded"
    assert shown["balance_refresh"]["next_refresh_available_at"] > stage.hands.seconds
    await stage.store.aclose()


async def test_a_bank_that_asks_for_a_pause_gets_it(stage: Stage) -> None:
    account = await linked(stage)
    await subscribe(stage, account["id"])

    async def busy(_request: Request, _deliver: Deliver) -> Response:
        return Response(status=429, headers={"retry-after": "5400"})

    stage.wire.faults["/accounts"] = busy
    await refreshes.carry_out(stage.context)
    ended = await account_now(stage, account["id"])
    asked = len(stage.wire.asked)
    stage.hands.seconds += HOUR
    await refresh(stage, account["id"], "balance", "ownership")
    await work([stage.context])

    assert ended["transaction_refresh"]["status"] == "failed"
    assert ended["transaction_refresh"]["next_refresh_available_at"] == stage.hands.seconds - HOUR + 5400
    assert len(stage.wire.asked) == asked
    stage.wire.faults.clear()
    stage.hands.seconds += HOUR
    await refresh(stage, account["id"], "balance")
    await work([stage.context])
    assert (await account_now(stage, account["id"]))["balance_refresh"]["status"] == "succeeded"


async def test_an_asking_that_a_dying_server_made_is_counted(strict: Stage) -> None:
    account = await linked(strict)

    for _ in range(4):
        strict.hands.seconds += 10 * 60
        await refresh(strict, account["id"], "transactions")
        async with anyio.create_task_group() as server:

            async def dying(
                _request: Request, _deliver: Deliver, stop: Callable[[], None] = server.cancel_scope.cancel
            ) -> Response:
                stop()
                await anyio.sleep_forever()
                raise AssertionError

            strict.wire.faults["/transactions"] = dying
            await refreshes.carry_out(strict.context)
    strict.wire.faults.clear()
    strict.hands.seconds += 10 * 60
    asked = strict.wire.count("/transactions")
    await refreshes.carry_out(strict.context)

    ended = await account_now(strict, account["id"])
    assert strict.wire.count("/transactions") == asked == 4
    assert ended["transaction_refresh"]["status"] == "failed"
    assert ended["transaction_refresh"]["next_refresh_available_at"] > strict.hands.seconds + 22 * HOUR


async def test_a_disconnection_forgets_when_the_bank_was_asked(strict: Stage) -> None:
    account = await linked(strict)
    await refresh(strict, account["id"], "balance")
    await refreshes.carry_out(strict.context)

    await strict.api("POST", f"financial_connections/accounts/{account['id']}/disconnect")

    left: list[Any] = await strict.rows(f"SELECT * FROM askings WHERE subject = '{account['id']}'")
    assert left == []


async def test_a_lost_grant_costs_nothing_of_the_quota_twice(strict: Stage) -> None:
    account = await linked(strict)
    strict.wire.faults["/accounts"] = answering(401)
    strict.hands.seconds += HOUR
    await refresh(strict, account["id"], "balance")

    await refreshes.carry_out(strict.context)

    (times,) = await strict.rows(
        f"SELECT sum(times) FROM askings WHERE subject = '{account['id']}' AND kind = 'account'"
    )
    assert times == (3,)  # linking, and a question that was put once more with a new token
