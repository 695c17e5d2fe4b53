"""A server killed anywhere in a request with an idempotency key leaves a retry that makes one object."""

import random
from collections import Counter
from itertools import count
from typing import Final
from urllib.parse import urlencode

import pytest

from tests.api.conftest import Answer, Server, make_customer, wanted_session
from tests.conftest import Tally
from tests.dying import dying

SESSIONS: Final = "/v1/financial_connections/sessions"
# Begin, look-up of the key, insert, event, answer, commit, answer sent: no request has fewer.
POINTS_MIN: Final = 7
KILLS_A_PHASE: Final = 100


def retried(server: Server, path: str, form: bytes, key: str) -> Answer:
    """The answer a client gets that tries again for as long as it is told that the first try is under way."""
    while True:
        answer = server.post(path, form, idempotency_key=key)
        if answer.status != 409:
            return answer


def grown(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    """How many rows each table gained."""
    return {table: after[table] - before[table] for table in after if after[table] != before[table]}


@pytest.mark.parametrize(("path", "table"), [("/v1/customers", "customers"), (SESSIONS, "sessions")])
def test_a_retry_after_a_death_at_any_point_makes_one_object(
    shared: tuple[Server, str], path: str, table: str
) -> None:
    server, database = shared
    customer = make_customer(server)
    form = urlencode({"name": "Jenny"} if table == "customers" else wanted_session(customer)).encode()
    server.post("/v1/customers", b"", idempotency_key="first")  # makes the tenant's data key as well
    alone = server.rows()
    server.post(path, form, idempotency_key="alone")
    of_one = grown(alone, server.rows())
    point, replays = 1, 0

    with dying("tests.api.dying_server", database, path, form.decode()) as dies_at:
        while dies_at(point, str(point)):
            before = server.rows()
            answer = retried(server, path, form, str(point))
            again = server.post(path, form, idempotency_key=str(point))
            added = grown(before, server.rows())
            # Either nothing was left and the retry made all, or all was there and the retry made nothing.
            is_replay = "idempotent-replayed" in answer.headers
            assert answer.status == 200
            assert added == ({} if is_replay else of_one)
            assert (again.status, again.body) == (200, answer.body)
            assert server.query(f"SELECT count(*) FROM {table} WHERE id = '{answer.json['id']}'") == [(1,)]
            replays += is_replay
            point += 1

    assert point > POINTS_MIN
    assert replays == 1  # killed after the commit


@pytest.mark.timeout(240)
def test_a_hundred_deaths_in_each_phase_of_a_request_leave_no_key_stuck(
    shared: tuple[Server, str], tally: Tally
) -> None:
    server, database = shared
    dice = random.Random(8)
    kills: Counter[str] = Counter()
    keys, answers = count(1), dict[str, str]()
    server.post("/v1/customers", b"", idempotency_key="first")  # makes the tenant's data key as well

    with dying("tests.api.dying_server", database, "/v1/customers", "name=Jenny") as dies_at:
        last = next(point for point in count(1) if not dies_at(point, str(next(keys)))) - 1
        before = server.rows()
        for _ in range(KILLS_A_PHASE):
            phases = {
                "before it": 1,
                "in it": dice.randrange(2, last - 1),
                "before its commit": last - 1,
                "after it": last,
            }
            for phase, point in phases.items():
                key = str(next(keys))
                kills[phase] += dies_at(point, key)
                answer = retried(server, "/v1/customers", b"name=Jenny", key)
                assert answer.status == 200
                assert ("idempotent-replayed" in answer.headers) == (phase == "after it")
                answers[key] = answer.json["id"]

    again = {key: server.post("/v1/customers", b"name=Jenny", idempotency_key=key) for key in answers}
    added = grown(before, server.rows())
    assert {key: answer.json["id"] for key, answer in again.items()} == answers
    assert set(kills.values()) == {KILLS_A_PHASE}
    assert added == {"customers": len(answers), "events": len(answers), "idempotency": len(answers)}
    store = "PostgreSQL" if "://" in database else "SQLite"
    twice = added["customers"] - len(answers)
    tally(f"R8 {store}", kills=kills.total(), keys=len(answers), twice=twice)
