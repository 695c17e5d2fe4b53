"""What cannot work is refused before anything starts, by the name of the setting."""

import socket
import sqlite3
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner

from linkspan.cli import app
from tests.acceptance.programs import running

GOOD_KEY = {"LINKSPAN_MASTER_KEY": urlsafe_b64encode(bytes(range(32))).decode()}


def refused(*arguments: str, settings: Mapping[str, str] | None = None) -> str:
    """Run a command that must not start; return what it says."""
    ended = CliRunner().invoke(app, arguments, env=settings)
    assert ended.exit_code == 2, (ended.output, ended.exception)
    assert ended.stdout == ""
    return ended.stderr


@pytest.mark.parametrize("verb", ["dev", "sandbank"])
def test_a_port_in_use_is_said_so(verb: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        said = refused(verb, "--port", str(port))

    assert "--port" in said
    assert f"127.0.0.1:{port} is in use" in said


@pytest.mark.parametrize("verb", ["dev", "sandbank"])
@pytest.mark.parametrize(
    ("option", "value"),
    [("--port", "70000"), ("--port", "-1"), ("--port", "many"), ("--host", "no such host")],
)
def test_an_address_that_cannot_be_is_refused_by_name(verb: str, option: str, value: str) -> None:
    assert option in refused(verb, option, value)


def test_a_client_that_is_not_whole_is_refused_by_name() -> None:
    assert "--client" in refused("sandbank", "--port", "0", "--client", "id secret")


@pytest.mark.parametrize(
    "url",
    [
        "mysql://localhost/linkspan",
        "postgresql://localhost/linkspan",
        "sqlite:///",
        "sqlite:///no/such/folder/linkspan.db",
        "sqlite:///.",
    ],
)
def test_a_database_that_cannot_be_is_refused_by_name(url: str) -> None:
    assert "--database" in refused("dev", "--port", "0", "--database", url)


def test_a_database_from_the_environment_is_checked_as_well() -> None:
    said = refused("dev", "--port", "0", settings={"LINKSPAN_DATABASE": "mysql://localhost"})

    assert "--database" in said


def test_a_version_that_was_never_published_is_refused_by_name() -> None:
    said = refused("dev", "--port", "0", "--api-version", "2026-10-28")

    assert "--api-version: Invalid Stripe API version: 2026-10-28." in said
    assert "2026-10-28.endive" in said


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "letters.txt"
    other.write_text("Dear Robin,\n" * 1000)

    said = refused("dev", "--port", "0", "--database", f"sqlite:///{other}", settings=GOOD_KEY)

    assert "--database" in said
    assert other.read_text().startswith("Dear Robin,")


def test_a_database_of_a_newer_release_is_left_alone(tmp_path: Path) -> None:
    newer = tmp_path / "linkspan.db"
    with sqlite3.connect(newer) as connection:
        connection.execute("PRAGMA user_version=9999")
    connection.close()

    said = refused("dev", "--port", "0", "--database", f"sqlite:///{newer}", settings=GOOD_KEY)

    assert "--database" in said
    assert "9999" in said


def test_a_database_without_its_key_is_refused(tmp_path: Path) -> None:
    arguments = ("dev", "--port", "0", "--database", f"sqlite:///{tmp_path}/linkspan.db")
    with running(*arguments):
        pass
    (tmp_path / "linkspan.db.key").unlink()

    assert "linkspan.db.key is missing" in refused(*arguments)


def test_a_database_with_nothing_in_it_yet_gets_a_key(tmp_path: Path) -> None:
    database = ("--database", f"sqlite:///{tmp_path}/linkspan.db")
    CliRunner().invoke(app, ["migrate", "up", *database])

    with running("dev", "--port", "0", *database):
        assert (tmp_path / "linkspan.db.key").exists()


def test_a_key_that_cannot_be_written_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "linkspan.db.key.new").mkdir()

    said = refused("dev", "--port", "0", "--database", f"sqlite:///{tmp_path}/linkspan.db")

    assert "--database" in said
    assert f"{tmp_path}/linkspan.db.key" in said


@pytest.mark.parametrize("held", [b"", b"not a key", "ключ".encode()])
def test_a_key_file_that_holds_no_key_is_refused_by_its_name(tmp_path: Path, held: bytes) -> None:
    key = tmp_path / "linkspan.db.key"
    key.write_bytes(held)

    said = refused("dev", "--port", "0", "--database", f"sqlite:///{tmp_path}/linkspan.db")

    assert f"{key}: holds no master key" in said


@pytest.mark.parametrize("kept_in", ["sqlite", "postgres"])
def test_another_master_key_than_the_database_began_with_is_refused(
    kept_in: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path}/linkspan.db"
    if kept_in == "postgres":
        url = request.getfixturevalue("empty_postgres")
    other = {"LINKSPAN_MASTER_KEY": urlsafe_b64encode(bytes(range(1, 33))).decode()}
    arguments = ("dev", "--port", "0", "--database", url)
    with running(*arguments, settings=GOOD_KEY):
        pass

    said = refused(*arguments, settings=other)

    assert said.startswith("linkspan dev: LINKSPAN_MASTER_KEY: ")
    assert "sealed with another master key" in said
    with running(*arguments, settings=GOOD_KEY):
        pass


def test_another_key_file_than_the_database_began_with_is_refused_by_its_name(tmp_path: Path) -> None:
    arguments = ("dev", "--port", "0", "--database", f"sqlite:///{tmp_path}/linkspan.db")
    with running(*arguments):
        pass
    (tmp_path / "linkspan.db.key").write_bytes(urlsafe_b64encode(bytes(range(32))))

    assert f"{tmp_path}/linkspan.db.key: " in refused(*arguments)


@pytest.mark.parametrize("key", ["short", urlsafe_b64encode(bytes(32)).decode(), "not base64 é"])
def test_a_weak_master_key_is_refused_by_name(key: str) -> None:
    said = refused("dev", "--port", "0", settings={"LINKSPAN_MASTER_KEY": key})

    assert "LINKSPAN_MASTER_KEY" in said
    assert key not in said


def test_a_log_that_cannot_be_written_is_refused_by_name() -> None:
    assert "--log" in refused("dev", "--port", "0", "--log", "no/such/folder/log")


def test_a_bank_that_is_not_there_is_refused_by_name() -> None:
    settings = {"LINKSPAN_BANK_SECRET": "secret"}
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{held.getsockname()[1]}"

        assert "--bank" in refused("dev", "--port", "0", "--bank", nobody, settings=settings)


@pytest.mark.parametrize("url", ["bank.example", "file:///etc", "ftp://127.0.0.1"])
def test_a_bank_that_cannot_be_is_refused_by_name(url: str) -> None:
    settings = {"LINKSPAN_BANK_SECRET": "secret"}

    assert "--bank" in refused("dev", "--port", "0", "--bank", url, settings=settings)


def test_a_bank_elsewhere_needs_a_secret() -> None:
    with running("sandbank", "--port", "0") as bank:
        said = refused("dev", "--port", "0", "--bank", bank.facts["bank"])

    assert "LINKSPAN_BANK_SECRET" in said


def test_something_else_than_a_bank_is_refused_by_name() -> None:
    settings = {"LINKSPAN_BANK_SECRET": "secret"}
    with running("dev", "--port", "0") as server:
        said = refused("dev", "--port", "0", "--bank", f"{server.facts['url']}/shop", settings=settings)

    assert "--bank" in said
