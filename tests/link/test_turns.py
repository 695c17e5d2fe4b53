"""A refresh waits for its turn at the bank, and who has lost theirs writes nothing."""

from typing import Any

import anyio
import msgspec
import pytest

from linkspan.server.connectors.http import Request, Response
from linkspan.server.core.refresh import LEASE_SECONDS
from linkspan.server.jobs.crew import Crew
from linkspan.server.jobs.timetable import REFRESHING
from linkspan.server.operations import refreshes, subscriptions, turns
from linkspan.server.telemetry.log import Log
from tests.link.stage import QUILLSTONE, Stage
from tests.link.test_refreshes import TOKEN_SECONDS, account_now, linked, refresh
from tests.link.test_subscriptions import DAY, subscribe
from tests.link.test_transactions import PERMITTED
from tests.link.wire import Deliver

pytestmark = pytest.mark.anyio


def crew_of(stage: Stage) -> Crew[Any, Any]:
    return Crew(stage.context, REFRESHING, Log(stage.context.world, stage.log))


async def claimed(stage: Stage, wanted: dict[str, int]) -> int:
    """How many turns a process takes that wants so many of each institution."""
    return len(await stage.store.take(lambda tx: turns.claim(tx, stage.context, wanted)))


def lines(stage: Stage, event: str) -> list[dict[str, Any]]:
    found = [msgspec.json.decode(line) for line in stage.log.getvalue().splitlines()]
    return [line for line in found if line["event"] == event]


@pytest.mark.parametrize("end", ["with its answer", "with a refusal"])
async def test_who_was_late_changes_nothing_of_what_another_took_over(stage: Stage, end: str) -> None:
    account = await linked(stage)
    stage.hands.seconds += TOKEN_SECONDS
    await refresh(stage, account["id"], "balance")
    other, is_asking, may_end = crew_of(stage), anyio.Event(), anyio.Event()

    async def slow(request: Request, deliver: Deliver) -> Response:
        is_asking.set()
        await may_end.wait()
        return await deliver(request)

    async def late(request: Request, deliver: Deliver) -> Response:
        stage.wire.faults = {"/oauth/token": slow}
        stage.hands.seconds += LEASE_SECONDS
        assert await other.set_out() == 1
        await is_asking.wait()
        if end == "with a refusal":
            return Response(
                status=400, headers={"content-type": "application/json"}, body=b'{"error":"invalid_grant"}'
            )
        return await deliver(request)

    stage.wire.faults["/oauth/token"] = late
    await refreshes.carry_out(stage.context)
    meanwhile = await account_now(stage, account["id"])
    may_end.set()
    await other.settled()

    assert (meanwhile["status"], meanwhile["balance_refresh"]["status"]) == ("active", "pending")
    assert await stage.rows("SELECT id FROM authorizations WHERE read_at IS NOT NULL") == []


async def test_what_is_asked_for_during_a_turn_has_the_next_one(stage: Stage) -> None:
    account = await linked(stage)
    await refresh(stage, account["id"], "balance")

    async def meanwhile(request: Request, deliver: Deliver) -> Response:
        stage.wire.faults.clear()
        await refresh(stage, account["id"], "ownership")
        return await deliver(request)

    stage.wire.faults["/accounts"] = meanwhile
    crew = crew_of(stage)

    assert await crew.set_out() == 1
    await crew.settled()
    assert await crew.set_out() == 1
    await crew.settled()
    assert await crew.set_out() == 0
    assert (await account_now(stage, account["id"]))["ownership_refresh"]["status"] == "succeeded"


async def test_a_worker_that_leaves_gives_its_turn_back_at_once(stage: Stage) -> None:
    account = await linked(stage)
    await refresh(stage, account["id"], "balance")
    asked = anyio.Event()

    async def hangs(_request: Request, _deliver: Deliver) -> Response:
        asked.set()
        await anyio.sleep_forever()
        raise AssertionError

    stage.wire.faults["/accounts"] = hangs
    leaving, staying = crew_of(stage), crew_of(stage)
    await leaving.set_out()
    await asked.wait()
    assert await staying.set_out() == 0

    await leaving.leave()

    stage.wire.faults.clear()
    assert await staying.set_out() == 1
    await staying.settled()
    assert (await account_now(stage, account["id"]))["balance_refresh"]["status"] == "succeeded"


async def test_whoever_dies_of_a_turn_again_and_again_takes_it_ever_later(stage: Stage) -> None:
    account = await linked(stage)
    await refresh(stage, account["id"], "balance")
    began, waits = stage.hands.seconds, list[int]()

    while len(waits) < 4:
        if await claimed(stage, {QUILLSTONE: 1}):
            waits.append(int(stage.hands.seconds - began))
            began = stage.hands.seconds
        stage.hands.seconds += 1

    assert waits == [0, LEASE_SECONDS, LEASE_SECONDS + 4, LEASE_SECONDS + 8]


async def test_a_bank_is_asked_so_much_at_once_and_no_more_by_all_workers_together(stage: Stage) -> None:
    await linked(stage)
    keep = """
        INSERT INTO authorizations (tenant, livemode, id, institution, status, granted, read_at)
        VALUES ('acct_1', 0, :id, :institution, 'active', NULL, 0)
    """

    async def more(tx: Any) -> None:  # Any: the store's own transaction
        for number in range(turns.AT_ONCE_AT_A_BANK * 2):
            for institution in ("fcinst_a", "fcinst_b"):
                await tx.run(keep, {"id": f"fcauth_{institution}_{number}", "institution": institution})

    await stage.store.write(more)
    counts = [await claimed(stage, {"fcinst_a": 10, "fcinst_b": 20}) for _ in range(3)]

    most = turns.AT_ONCE_AT_A_BANK
    assert counts == [10 + most, most - 10, 0]


async def test_who_asks_goes_before_a_schedule(stage: Stage) -> None:
    daily = await linked(stage, PERMITTED)
    await subscribe(stage, daily["id"])
    await refreshes.carry_out(stage.context)
    stage.hands.seconds += 2 * DAY
    assert await subscriptions.carry_out(stage.context) == 1
    stage.hands.seconds += 60
    asked_for = await linked(stage)
    await refresh(stage, asked_for["id"], "balance")

    (first,) = await stage.rows(
        "SELECT accounts.id FROM authorizations JOIN accounts ON accounts.authorization = authorizations.id"
        f" WHERE accounts.id IN ('{daily['id']}', '{asked_for['id']}') ORDER BY read_rank LIMIT 1"
    )

    assert first == (asked_for["id"],)


async def test_each_refresh_leaves_a_line_with_the_request_that_asked_for_it(stage: Stage) -> None:
    account = await linked(stage)
    answer = await refresh(stage, account["id"], "balance", "ownership")
    crew = crew_of(stage)

    await crew.set_out()
    await crew.settled()

    told = [line for line in lines(stage, "job") if line["job"] == "refreshes"]
    assert [line["feature"] for line in told] == ["balance", "ownership"]
    assert {line["request"] for line in told} == {answer.header("request-id")}
    assert {(line["account"], line["outcome"]) for line in told} == {(account["id"], "succeeded")}


async def test_a_daily_refresh_names_no_request(stage: Stage) -> None:
    account = await linked(stage, PERMITTED)
    await subscribe(stage, account["id"])
    await refreshes.carry_out(stage.context)
    stage.hands.seconds += 2 * DAY
    await subscriptions.carry_out(stage.context)
    crew = crew_of(stage)

    await crew.set_out()
    await crew.settled()

    (line,) = [line for line in lines(stage, "job") if line["job"] == "refreshes"]
    assert (line["request"], line["feature"], line["outcome"]) == (None, "transactions", "succeeded")
