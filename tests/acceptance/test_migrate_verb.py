"""``linkspan migrate`` tells and changes the schema of a database, on both stores."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from linkspan.cli import app
from linkspan.server.store.migrate import migrations
from tests.postgres import Postgres

NEWEST = migrations()[-1].number
NAMES = [step.name for step in migrations()]


def said(*arguments: str, code: int = 0) -> str:
    """Run a verb; return what it prints."""
    ended = CliRunner().invoke(app, ["migrate", *arguments])
    assert ended.exit_code == code, (ended.output, ended.exception)
    return ended.stdout


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database nobody has used."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'linkspan.db'}"
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    with postgres.database("verb") as address:
        yield address


def test_a_new_database_waits_for_every_step(database: str) -> None:
    told = said("status", "--database", database, code=1)

    assert f"has schema 0; this release knows {NEWEST}." in told
    assert [line.split() for line in told.splitlines()[1:]] == [[name, "waiting"] for name in NAMES]


def test_every_step_is_applied_once(database: str) -> None:
    first = said("up", "--database", database)
    second = said("up", "--database", database)
    told = said("status", "--database", database)

    assert [line.split() for line in first.splitlines()[:-1]] == [[name, "applied"] for name in NAMES]
    assert second.splitlines() == first.splitlines()[-1:]
    assert "waiting" not in told


def test_a_dry_run_prints_each_step_and_changes_nothing(database: str) -> None:
    printed = said("up", "--dry-run", "--database", database)

    assert [line[3:] for line in printed.splitlines() if line[3:] in NAMES] == NAMES
    assert printed.count("COMMIT;") == len(NAMES)
    assert f"has schema 0; this release knows {NEWEST}." in said("status", "--database", database, code=1)


def test_a_dry_run_of_a_database_of_today_prints_nothing(database: str) -> None:
    said("up", "--database", database)

    assert said("up", "--dry-run", "--database", database) == ""


@pytest.mark.parametrize("order", ["status", "up"])
def test_a_database_of_a_newer_release_is_refused(tmp_path: Path, order: str) -> None:
    path = tmp_path / "linkspan.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version={NEWEST + 1}")

    ended = CliRunner().invoke(app, ["migrate", order, "--database", f"sqlite:///{path}"])

    assert ended.exit_code == 2
    assert f"has schema {NEWEST + 1}; this release knows {NEWEST}" in ended.stderr


@pytest.mark.parametrize("order", ["status", "up"])
@pytest.mark.parametrize("database", ["sqlite://", "mysql://localhost", "postgresql://localhost:1/x"])
def test_a_database_that_cannot_be_migrated_is_refused_by_name(database: str, order: str) -> None:
    ended = CliRunner().invoke(app, ["migrate", order, "--database", database])

    assert ended.exit_code == 2
    assert "--database" in ended.stderr
