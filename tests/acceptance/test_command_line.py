"""The verbs as operators meet them: ready, stopped, killed."""

import json
import signal
import socket
from importlib.metadata import version
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from typer.testing import CliRunner

import linkspan
from linkspan.cli import app
from tests.acceptance.programs import running


def listens(url: str) -> bool:
    """Tell whether anybody listens at *url*."""
    parts = urlsplit(url)
    with socket.socket() as caller:
        return caller.connect_ex((parts.hostname, parts.port)) == 0


def test_the_version_is_that_of_the_package() -> None:
    ended = CliRunner().invoke(app, ["--version"])

    assert (ended.exit_code, ended.stdout) == (0, f"linkspan {version('linkspan')}\n")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_asked_to_stop_everything_ends_well(tmp_path: Path, how: signal.Signals) -> None:
    with running("dev", "--port", "0", "--database", f"sqlite:///{tmp_path}/linkspan.db") as program:
        with linkspan.Client(program.facts["secret_key"], base_url=program.facts["url"]) as client:
            customer = client.customers.create(name="Robin Park").id
            session = client.sessions.create(
                account_holder={"type": "customer", "customer": customer}, permissions=["balances"]
            )
        headers = {"Authorization": f"Bearer {session.client_secret}"}
        # A modal that waits for news must not keep the process alive.
        with urlopen(Request(f"{program.facts['url']}/link/events", headers=headers), timeout=10) as news:
            assert news.readline() == b"event: view\n"

            code, errors = program.end(how)

    assert (code, errors) == (0, "")
    assert [listens(program.facts[name]) for name in ("url", "bank")] == [False, False]
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == ["linkspan.db", "linkspan.db-claims", "linkspan.db.key"]


def test_what_was_answered_survives_being_killed(tmp_path: Path) -> None:
    arguments = ("dev", "--port", "0", "--database", f"sqlite:///{tmp_path}/linkspan.db")
    with running(*arguments) as program:
        with linkspan.Client(program.facts["secret_key"], base_url=program.facts["url"]) as client:
            customer = client.customers.create(name="Robin Park").id
            session = client.sessions.create(
                account_holder={"type": "customer", "customer": customer}, permissions=["balances"]
            )
        program.end(signal.SIGKILL)

    with (
        running(*arguments) as again,
        linkspan.Client(again.facts["secret_key"], base_url=again.facts["url"]) as client,
    ):
        assert client.customers.retrieve(customer).id == customer
        assert client.sessions.retrieve(session.id).client_secret == session.client_secret


def test_the_line_for_programs_says_where_everything_is() -> None:
    with running("dev", "--port", "0") as program, urlopen(program.facts["shop"], timeout=10) as shop:
        assert shop.status == 200
        assert program.facts["publishable_key"].startswith("pk_test_")
        with urlopen(f"{program.facts['bank']}/directory.json", timeout=10) as directory:
            assert {"test-oauth", "copperfinch"} <= {bank["slug"] for bank in json.load(directory)}


def test_only_what_lies_below_the_shop_is_the_shops() -> None:
    with running("dev", "--port", "0") as program:
        with pytest.raises(HTTPError) as refused:
            urlopen(f"{program.facts['shop']}lifting", timeout=10)

        with refused.value as answer:
            assert json.load(answer)["error"]["message"] == "Unrecognized request URL (GET: /shoplifting)."
