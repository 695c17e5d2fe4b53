"""Two processes that are sent one idempotency key at the same time."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from tests.api.conftest import Answer, Server

ROOT: Final = Path(__file__).parents[2]
CUSTOMERS: Final = "/v1/customers"
JENNY: Final = {"name": "Jenny"}


class Rival:
    """Another process, whose request is under way."""

    def __init__(self, process: "subprocess.Popen[str]", told: IO[str], said: IO[str]) -> None:
        self._process = process
        self._told = told
        self._said = said

    def go_on(self) -> str:
        """Let it commit; return the status it answers."""
        self._told.write("\n")
        self._told.flush()
        return self._said.readline().strip()

    def die(self) -> None:
        """Kill it where it stands."""
        self._process.kill()
        self._process.wait()


@contextmanager
def rival(database: str, key: str) -> Iterator[Rival]:
    """Lend another process that has carried out a request with *key*, and not committed it."""
    command = [sys.executable, "-m", "tests.api.held_server", database, key]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        told, said = process.stdin, process.stdout
        assert told is not None
        assert said is not None
        assert said.readline() == "under way\n"
        try:
            yield Rival(process, told, said)
        finally:
            process.kill()


def patient(server: Server, key: str) -> Answer:
    """The answer to who asks again for as long as the first request is said to be under way."""
    while True:
        answer = server.post(CUSTOMERS, JENNY, idempotency_key=key)
        if answer.status != 409:
            return answer


def test_the_second_is_refused_while_the_first_is_under_way_in_another_process(
    shared: tuple[Server, str],
) -> None:
    server, database = shared

    with rival(database, "once") as other:
        refused = server.post(CUSTOMERS, JENNY, idempotency_key="once")
        first = other.go_on()
        replayed = patient(server, "once")

    assert (refused.status, refused.error["code"]) == (409, "idempotency_key_in_use")
    assert first == "200"
    assert replayed.headers["idempotent-replayed"] == "true"
    assert server.rows()["customers"] == 1


def test_a_key_of_a_process_that_died_is_free_again(shared: tuple[Server, str]) -> None:
    server, database = shared

    with rival(database, "once") as other:
        refused = server.post(CUSTOMERS, JENNY, idempotency_key="once")
        other.die()
        served = patient(server, "once")

    assert refused.status == 409
    assert (served.status, "idempotent-replayed" in served.headers) == (200, False)
    assert server.rows()["customers"] == 1


def test_who_asks_for_a_kept_answer_is_not_refused_for_another_who_does(shared: tuple[Server, str]) -> None:
    server, database = shared
    first = server.post(CUSTOMERS, JENNY, idempotency_key="once")

    with rival(database, "once"):
        second = server.post(CUSTOMERS, JENNY, idempotency_key="once")

    assert (second.status, second.body) == (200, first.body)
    assert second.headers["idempotent-replayed"] == "true"
