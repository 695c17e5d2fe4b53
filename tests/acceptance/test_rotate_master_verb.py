"""An operator rotates the master key, is told what still uses which key, and by name what is missing."""

import json
from base64 import urlsafe_b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from linkspan.cli import app

OLD = urlsafe_b64encode(sha256(b"the master key that is rotated out").digest()).decode()
NEW = urlsafe_b64encode(sha256(b"the master key that takes its place").digest()).decode()


@pytest.fixture
def database(tmp_path: Path) -> str:
    """The address of a database that began with the old key."""
    address = f"sqlite:///{tmp_path}/linkspan.db"
    assert keys(address, "create", master=OLD).exit_code == 0
    return address


def keys(database: str, *arguments: str, master: str, former: str = "") -> Result:
    settings = {
        "LINKSPAN_DATABASE": database,
        "LINKSPAN_MASTER_KEY": master,
        "LINKSPAN_FORMER_MASTER_KEYS": former,
    }
    return CliRunner().invoke(app, ["keys", *arguments], env=settings)


def told(database: str, *arguments: str, master: str, former: str = "") -> Any:
    ended = keys(database, *arguments, "--json", master=master, former=former)
    assert ended.exit_code == 0, (ended.output, ended.exception)
    return json.loads(ended.stdout)


def test_a_rotation_leaves_the_old_key_needed_for_nothing(database: str) -> None:
    before = told(database, "report", master=NEW, former=OLD)
    rotated = told(database, "rotate-master", "--data-keys", master=NEW, former=OLD)
    after = told(database, "report", master=NEW)

    (held,) = [one["id"] for one in before["masters"] if one["is_held_to"]]
    assert [(one["is_held_to"], one["id"] == held) for one in after["masters"]] == [(True, False)]
    assert rotated["replaced"] == 0
    assert [one["is_current"] for one in rotated["generations"]] == [True]
    assert told(database, "list", master=NEW)[0]["hint"]


def test_the_report_says_it_in_words(database: str) -> None:
    old, new = keys(database, "report", master=NEW, former=OLD).stdout.splitlines()[:2]
    by_use = sorted([old, new], key=lambda line: "nothing" in line)

    assert by_use[0].endswith("needed for everything new")
    assert by_use[1].endswith("needed for nothing; it may be forgotten")


def test_a_new_key_alone_is_refused_before_the_rotation(database: str) -> None:
    ended = keys(database, "rotate-master", master=NEW)

    assert ended.exit_code == 2
    assert "LINKSPAN_FORMER_MASTER_KEYS" in ended.stderr


@pytest.mark.parametrize(
    "former", ["short", f"{OLD} changeme", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]
)
def test_a_former_key_that_is_none_is_refused_by_its_name(database: str, former: str) -> None:
    ended = keys(database, "report", master=OLD, former=former)

    assert (ended.exit_code, ended.stdout) == (2, "")
    assert ended.stderr.startswith("linkspan keys: LINKSPAN_FORMER_MASTER_KEYS: must be keys")
    assert "changeme" not in ended.stderr
