"""ofxtools, a strict reader and a client that others wrote, reads what we write and is read by us."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from linkspan.standards.ofx import (
    VERSIONS,
    AccountInfoRequest,
    BankAccount,
    CardAccount,
    InvestmentAccount,
    StatementRequest,
    Version,
    read_request,
    write_response,
)
from tests.unit.standards.ofx.samples import ACCOUNTS, response
from tools.official_clients import home_of

pytestmark = pytest.mark.official_client("python-ofxtools")

PROGRAMS: Final = Path(__file__).parent / "programs"


def run(program: str, *arguments: str) -> str:
    """Run a program of the peer's in a process of its own; return what it prints."""
    done = subprocess.run(
        [sys.executable, str(PROGRAMS / f"{program}.py"), *arguments],
        env={"PYTHONPATH": str(home_of("python-ofxtools"))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("version", VERSIONS)
def test_it_reads_what_a_bank_of_ours_says(version: Version, tmp_path: Path) -> None:
    path = tmp_path / "said.ofx"
    path.write_bytes(write_response(response(version), version=version))

    (told,) = json.loads(run("read_responses", str(path)))

    statements: list[dict[str, Any]] = told["statements"]
    assert (told["code"], told["accounts"]) == (0, 3)
    assert told["challenges"] == ([] if version == "102" else ["MFA2"])
    assert [one["account"] for one in statements] == [account.account_id for account in ACCOUNTS]
    assert [one["ledger"] for one in statements] == ["100.10", "100.10", None]
    for one in statements:
        assert one["rows"] == [["post-1", "-12.340", "AT&T <Café>", "2026-09-21T14:00:00+00:00"]]


@pytest.mark.parametrize("version", VERSIONS)
def test_what_it_asks_is_read(version: Version, tmp_path: Path) -> None:
    run("write_requests", version, str(tmp_path))

    asked = read_request((tmp_path / "statements.ofx").read_bytes())
    listing = read_request((tmp_path / "accounts.ofx").read_bytes())

    assert (asked.version, asked.sign_on.user_id, asked.sign_on.password) == (version, "avery", "a&b<c>")
    assert asked.sign_on.client_uid == (None if version == "102" else "0f0f")
    statements = [one for one in asked.messages if isinstance(one, StatementRequest)]
    assert [one.account for one in statements] == [
        BankAccount(bank_id="130110006", account_id="1", account_type="CHECKING"),
        CardAccount(account_id="2"),
        InvestmentAccount(broker_id="ferrydesk.example", account_id="3"),
    ]
    assert statements[0].start is not None
    assert all(one.has_transactions for one in statements)
    assert isinstance(listing.messages[0], AccountInfoRequest)
