"""``linkspan copy`` moves what `linkspan dev` kept, and says what it did."""

import signal
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

import linkspan
from linkspan.cli import app
from tests.acceptance.programs import running
from tests.postgres import Postgres


@pytest.fixture
def copied_to(postgres: Postgres) -> Iterator[str]:
    """The address of a database nobody has used."""
    with postgres.database("copied") as url:
        yield url


def refused(*arguments: str) -> str:
    """What a copy that must not happen says."""
    ended = CliRunner().invoke(app, ["copy", *arguments])
    assert ended.exit_code == 2, (ended.output, ended.exception)
    assert ended.stdout == ""
    return ended.stderr


def test_a_server_goes_on_where_its_database_was_copied(tmp_path: Path, copied_to: str) -> None:
    file = f"sqlite:///{tmp_path}/linkspan.db"
    with running("dev", "--port", "0", "--database", file) as program:
        with linkspan.Client(program.facts["secret_key"], base_url=program.facts["url"]) as client:
            customer = client.customers.create(name="Robin Park")
            session = client.sessions.create(
                account_holder={"type": "customer", "customer": customer.id}, permissions=["balances"]
            )
        assert "is in use; stop every server" in refused(file, copied_to)
        program.end(signal.SIGINT)

    told = CliRunner().invoke(app, ["copy", file, copied_to])

    key = (tmp_path / "linkspan.db.key").read_text()
    assert len(urlsafe_b64decode(key)) == 32
    assert told.exit_code == 0, told.output
    assert "customers                                  1" in told.stdout
    assert "rows of" in told.stdout.splitlines()[-2]
    settings = {"LINKSPAN_MASTER_KEY": key}
    with (
        running("dev", "--port", "0", "--database", copied_to, settings=settings) as there,
        linkspan.Client(there.facts["secret_key"], base_url=there.facts["url"]) as client,
    ):
        assert client.customers.retrieve(customer.id) == customer
        assert client.sessions.retrieve(session.id) == session


@pytest.mark.parametrize(
    ("source", "target", "said"),
    [
        ("sqlite://", "postgresql://localhost/x", "SQLITE"),
        ("postgresql://localhost/x", "postgresql://localhost/x", "SQLITE"),
        ("sqlite:///no-such-file.db", "postgresql://localhost/x", "no-such-file.db"),
        ("sqlite:///{here}", "sqlite:///{here}", "POSTGRES"),
        ("sqlite:///{here}", "postgresql://localhost:1/x", "postgresql://localhost:1/x cannot be used"),
    ],
)
def test_what_cannot_be_copied_is_refused_by_name(
    tmp_path: Path, source: str, target: str, said: str
) -> None:
    here = tmp_path / "linkspan.db"
    CliRunner().invoke(app, ["migrate", "up", "--database", f"sqlite:///{here}"])

    assert said in refused(source.format(here=here), target.format(here=here))


def test_a_file_that_is_no_database_is_refused(tmp_path: Path, copied_to: str) -> None:
    letters = tmp_path / "letters.txt"
    letters.write_text("Dear Robin,\n" * 1000)

    assert "letters.txt cannot be read: file is not a database" in refused(f"sqlite:///{letters}", copied_to)
    assert letters.read_text().startswith("Dear Robin,")
