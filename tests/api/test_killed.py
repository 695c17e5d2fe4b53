"""What was answered is there after the process was killed, whole: object, event and answer."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.api.conftest import done, make_server

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("answers", [1, 50, 400])
def test_no_answered_change_is_lost_when_the_process_is_killed(tmp_path: Path, answers: int) -> None:
    database = tmp_path / "linkspan.db"
    command = [sys.executable, "-m", "tests.api.killed_writer", str(database)]
    writer = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT)
    assert writer.stdout is not None

    told = [writer.stdout.readline() for _ in range(answers)]
    writer.kill()
    told += writer.stdout.readlines()
    writer.stdout.close()

    assert writer.wait() == -signal.SIGKILL
    answered = dict(line.decode().split() for line in told if line.endswith(b"\n"))
    server = make_server(database)
    rows = server.rows()
    customers = {row[0] for row in server.query("SELECT id FROM customers")}
    replayed = {key: server.post("/v1/customers", {"name": "Jenny"}, idempotency_key=key) for key in answered}
    assert len(answered) >= answers
    assert set(answered.values()) <= customers
    assert rows["customers"] == rows["events"] == rows["idempotency"]
    assert {key: answer.json["id"] for key, answer in replayed.items()} == answered
    assert server.query("PRAGMA integrity_check") == [("ok",)]
    done(server.store.aclose())
