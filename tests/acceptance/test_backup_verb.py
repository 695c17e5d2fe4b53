"""``linkspan backup`` under load: the copy serves everything that was answered before it began."""

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from linkspan.cli import app
from tests.acceptance.programs import command, environment
from tests.api.conftest import done, make_server

ROOT = Path(__file__).parents[2]


def test_a_backup_under_load_has_what_was_answered_before_it_began(tmp_path: Path) -> None:
    database, copies = tmp_path / "linkspan.db", [tmp_path / f"backup-{number}.db" for number in range(2)]
    loaded = [sys.executable, "-m", "tests.api.killed_writer", str(database)]
    answered: dict[str, str] = {}
    known: list[dict[str, str]] = []

    with subprocess.Popen(loaded, stdout=subprocess.PIPE, cwd=ROOT, text=True) as writer:
        assert writer.stdout is not None
        for copy in copies:
            answered |= dict(writer.stdout.readline().split() for _ in range(150))
            known.append(dict(answered))
            verb = command("backup", str(copy), "--database", f"sqlite:///{database}")
            told = subprocess.Popen(verb, stdout=subprocess.PIPE, env=environment(), text=True)
            while told.poll() is None:  # the writer goes on only while somebody listens
                answered |= dict([writer.stdout.readline().split()])
            assert told.returncode == 0
            assert told.stdout is not None
            assert "checked" in told.stdout.read()
            told.stdout.close()
        writer.send_signal(signal.SIGKILL)

    for copy, before in zip(copies, known, strict=True):
        with closing(sqlite3.connect(copy)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        server = make_server(copy)
        rows = server.rows()
        kept = {row[0] for row in server.query("SELECT id FROM customers")}
        sample = list(before)[:: len(before) // 10]
        replayed = {
            key: server.post("/v1/customers", {"name": "Jenny"}, idempotency_key=key) for key in sample
        }
        assert set(before.values()) <= kept
        assert rows["customers"] == rows["events"] == rows["idempotency"]
        assert {key: answer.json["id"] for key, answer in replayed.items()} == {
            key: before[key] for key in sample
        }
        done(server.store.aclose())


@pytest.mark.parametrize(
    "database", ["sqlite://", "sqlite:///no-such-file.db", "postgresql://localhost/x", "mysql://localhost"]
)
def test_what_cannot_be_backed_up_is_refused_by_name(tmp_path: Path, database: str) -> None:
    ended = CliRunner().invoke(app, ["backup", str(tmp_path / "copy.db"), "--database", database])

    assert ended.exit_code == 2
    assert "--database" in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    database = tmp_path / "linkspan.db"
    done(make_server(database).store.aclose())
    where = tmp_path / "nowhere" / "copy.db"

    ended = CliRunner().invoke(app, ["backup", str(where), "--database", f"sqlite:///{database}"])

    assert ended.exit_code == 2
    assert str(where) in ended.stderr
