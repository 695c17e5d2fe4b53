"""An operator makes, lists, rolls and revokes keys, and is told by name what cannot be done."""

import json
import sqlite3
from base64 import urlsafe_b64encode
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from linkspan.cli import app

MASTER_KEY = urlsafe_b64encode(sha256(b"the master key of these tests").digest()).decode()
OTHER_KEY = urlsafe_b64encode(sha256(b"another master key").digest()).decode()


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database in which there is no key."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/linkspan.db"
    address: str = request.getfixturevalue("empty_postgres")
    return address


@pytest.fixture
def file(tmp_path: Path) -> str:
    """The address of a file that does not exist yet."""
    return f"sqlite:///{tmp_path}/linkspan.db"


def keys(database: str, *arguments: str, master_key: str | None = MASTER_KEY) -> Result:
    settings = {"LINKSPAN_DATABASE": database, "LINKSPAN_MASTER_KEY": master_key}
    return CliRunner().invoke(app, ["keys", *arguments], env=settings)


def told(database: str, *arguments: str) -> Any:
    """What a command prints as JSON."""
    ended = keys(database, *arguments, "--json")
    assert ended.exit_code == 0, (ended.output, ended.exception)
    return json.loads(ended.stdout)


def refused(database: str, *arguments: str, master_key: str | None = MASTER_KEY) -> str:
    ended = keys(database, *arguments, master_key=master_key)
    assert ended.exit_code == 2, (ended.output, ended.exception)
    assert ended.stdout == ""
    return ended.stderr


def without_key(made: dict[str, Any]) -> dict[str, Any]:
    return {name: fact for name, fact in made.items() if name not in {"key", "replaces"}}


def test_a_key_is_shown_when_it_is_made_and_never_again(database: str) -> None:
    made = told(database, "create", "--name", "the nightly report")

    listed = told(database, "list")

    assert made["key"].startswith("sk_test_")
    assert listed == [without_key(made)]
    assert made["key"] not in keys(database, "list").stdout


def test_a_key_is_what_was_asked_for(database: str) -> None:
    rights = ("--right", "customer_write", "--right", "financial_connections_session_write")
    arguments = ("--kind", "restricted", "--live", "--address", "192.0.2.0/24", "--expires-in", "7d", *rights)

    made = told(database, "create", *arguments)

    assert made["key"].startswith("rk_live_")
    assert (made["kind"], made["livemode"]) == ("restricted", True)
    assert made["rights"] == ["customer_write", "financial_connections_session_write"]
    assert made["addresses"] == ["192.0.2.0/24"]
    assert made["expires_at"] - made["created"] == 7 * 24 * 60 * 60


def test_a_key_is_the_only_tenants_unless_another_is_named(file: str) -> None:
    first = told(file, "create")
    second = told(file, "create", "--live")
    new = told(file, "create", "--tenant", "new")
    named = told(file, "create", "--tenant", first["tenant"])

    assert first["tenant"] == second["tenant"] == named["tenant"] != new["tenant"]
    assert first["tenant"] in refused(file, "create")


def test_a_rolled_key_ends_later_and_its_successor_does_not(database: str) -> None:
    old = told(database, "create")

    new = told(database, "roll", old["id"], "--expires-in", "2h")

    assert new["replaces"] == without_key(old) | {"expires_at": new["created"] + 2 * 60 * 60}
    assert (new["tenant"], new["expires_at"]) == (old["tenant"], None)
    assert new["key"] != old["key"]


def test_a_revoked_key_is_listed_as_such(database: str) -> None:
    made = told(database, "create")

    revoked = told(database, "revoke", made["id"])

    assert revoked["revoked_at"] >= made["created"]
    assert "revoked" in keys(database, "list").stdout


def test_a_person_reads_what_a_program_reads(file: str) -> None:
    made = told(file, "create", "--kind", "restricted", "--right", "customer_read", "--expires-in", "1d")

    said = keys(file, "list").stdout

    assert all(fact in said for fact in (made["id"], made["hint"], "customer_read", "good until"))


def test_the_key_is_nowhere_in_the_database(file: str) -> None:
    made = told(file, "create")

    with closing(sqlite3.connect(file.removeprefix("sqlite:///"))) as connection:
        kept = "".join(connection.iterdump())

    assert made["key"] not in kept
    assert made["hint"] in kept


def test_the_sites_of_a_publishable_key_are_seen_and_changed(database: str) -> None:
    made = told(database, "create", "--kind", "publishable", "--origin", "https://shop.example")

    before = told(database, "origins", made["id"])["origins"]
    after = told(database, "origins", made["id"], "https://*.rides.example", "http://localhost:*")["origins"]

    assert before == ["https://shop.example"]
    assert after == ["https://*.rides.example", "http://localhost:*"]
    assert keys(database, "origins", made["id"]).stdout.split() == after
    assert "shown at https://*.rides.example" in keys(database, "list").stdout


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("create", "--kind", "restricted"), "--right"),
        (("create", "--right", "customer_read"), "--right"),
        (("create", "--kind", "restricted", "--right", "charge_read"), "--right"),
        (("create", "--address", "192.0.2.1/24"), "--address"),
        (("create", "--kind", "publishable", "--address", "192.0.2.1"), "--address"),
        (("create", "--kind", "publishable", "--origin", "http://shop.example"), "http://shop.example"),
        (("create", "--origin", "https://shop.example"), "ORIGIN"),
        (("origins", "key_none", "https://shop.example"), "key_none"),
        (("create", "--expires-in", "soon"), "--expires-in"),
        (("create", "--kind", "open"), "--kind"),
        (("create", "--tenant", "them"), "--tenant"),
        (("roll", "key_none"), "key_none"),
        (("roll", "key_none", "--expires-in", "1y"), "--expires-in"),
        (("revoke", "key_none"), "key_none"),
    ],
)
def test_what_cannot_be_done_is_refused_by_name(file: str, arguments: tuple[str, ...], named: str) -> None:
    told(file, "create")
    before = told(file, "list")

    assert named in refused(file, *arguments)
    assert told(file, "list") == before


@pytest.mark.parametrize("arguments", [("list",), ("revoke", "key_none"), ("roll", "key_none")])
def test_a_file_that_is_not_there_is_not_made_to_look_into(file: str, arguments: tuple[str, ...]) -> None:
    assert "--database: there is no file" in refused(file, *arguments)
    assert not Path(file.removeprefix("sqlite:///")).exists()


def test_a_database_in_memory_would_keep_no_key() -> None:
    assert "--database" in refused("sqlite://", "create")


@pytest.mark.parametrize(
    "master_key",
    [
        None,
        "",
        "short",
        urlsafe_b64encode(bytes(32)).decode(),
        urlsafe_b64encode(bytes(range(32))).decode(),
        urlsafe_b64encode(b"correct horse battery staple, 32").decode(),
    ],
)
def test_a_master_key_that_is_missing_or_made_up_is_refused_by_name(
    file: str, master_key: str | None
) -> None:
    said = refused(file, "create", master_key=master_key)

    assert "LINKSPAN_MASTER_KEY" in said
    assert "openssl rand" in said
    assert not Path(file.removeprefix("sqlite:///")).exists()


def test_another_master_key_than_the_databases_is_refused(file: str) -> None:
    told(file, "create")

    assert "sealed with another master key" in refused(file, "list", master_key=OTHER_KEY)
