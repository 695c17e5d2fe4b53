"""A server killed anywhere in a request with an idempotency key leaves a retry that makes one object."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import pytest

from linkspan.server.store.postgres import PostgresStore
from tests.api.conftest import Answer, Server, done, make_customer, make_server, wanted_session
from tests.dying import dying

SESSIONS: Final = "/v1/financial_connections/sessions"
# Begin, look-up of the key, insert, event, answer, commit, answer sent: no request has fewer.
POINTS_MIN: Final = 7


@pytest.fixture(params=["sqlite", "postgres"])
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Server, str]]:
    """A server in which nothing has happened, and its database for another process."""
    if request.param == "postgres":
        database: str = request.getfixturevalue("empty_postgres")
        server = make_server(store=PostgresStore(database))
    else:
        database = str(tmp_path / "linkspan.db")
        server = make_server(Path(database))
    yield server, database
    done(server.store.aclose())


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
    alone = server.rows()
    server.post(path, form, idempotency_key="alone")
    of_one = grown(alone, server.rows())
    point, replays = 1, 0

    with dying("tests.api.dying_server", database, path, form.decode()) as dies_at:
        while dies_at(point):
            before = server.rows()
            answer = retried(server, path, form, f"point-{point}")
            again = server.post(path, form, idempotency_key=f"point-{point}")
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
    # Killed after the commit; again where a child ran its work twice, the one before being still in its way.
    assert replays >= 1
