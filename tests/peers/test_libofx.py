"""libofx, the reader in GnuCash, agrees with us on what a bank of ours says, and asks what we understand."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from linkspan.standards.ofx import (
    VERSIONS,
    AccountInfoRequest,
    AnyAccount,
    BankAccount,
    CardAccount,
    InvestmentAccount,
    Request,
    Response,
    StatementRequest,
    Version,
    read_request,
    write_response,
)
from tests.unit.standards.ofx.samples import ACCOUNTS, NOW, response, statement
from tools.libofx import find_ofxdump

pytestmark = pytest.mark.libofx


def dumped(data: bytes, folder: Path) -> str:
    """What ofxdump tells of a document."""
    path, program = folder / "said.ofx", find_ofxdump()
    assert program is not None
    path.write_bytes(data)
    clock = {**os.environ, "TZ": "UTC"}
    done = subprocess.run([program, str(path)], capture_output=True, check=False, timeout=30, env=clock)
    assert done.returncode == 0
    return done.stdout.decode("utf-8", "replace") + done.stderr.decode("utf-8", "replace")


def of(version: Version) -> Response:
    """A document of statements alone: libofx's grammar is of OFX 1.6 and has no challenges."""
    whole = response(version)
    return Response(
        version=version,
        sign_on=whole.sign_on,
        server_at=NOW,
        organization="SANDBANK",
        institution_id="1301",
        messages=tuple(statement(account) for account in ACCOUNTS),
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_it_reads_the_statements_of_a_bank_of_ours(version: Version, tmp_path: Path) -> None:
    told = dumped(write_response(of(version), version=version), tmp_path)

    assert "LibOFX ERROR" not in told
    for account in ACCOUNTS:
        assert account.account_id in told
    assert re.findall(r"Total money amount: (\S+)", told) == ["-12.34"] * 3
    assert re.findall(r"ID for this transaction: (\S+)", told) == ["post-1"] * 3
    assert told.count("transaction description: AT&T <Café>") == 3
    assert told.count("Date posted: Mon Sep 21 14:00:00 2026 UTC") == 3


def asked(*options: str) -> Request:
    """What ofxconnect writes for a person, read by us."""
    program = shutil.which("ofxconnect")
    assert program is not None
    person = ("--fid=1301", "--org=SANDBANK", "--user=avery", "--pass=secret")
    # It asks for the name of a file, and prints the document all the same.
    command = [program, *person, *options, "-"]
    done = subprocess.run(command, capture_output=True, check=False, timeout=30)
    return read_request(done.stdout[done.stdout.index(b"OFXHEADER") :])


@pytest.mark.parametrize(
    ("kind", "account"),
    [
        ("1", BankAccount(bank_id="130110006", account_id="77", account_type="CHECKING")),
        ("2", InvestmentAccount(broker_id="ferrydesk.example", account_id="77")),
        ("3", CardAccount(account_id="77")),
    ],
)
def test_what_it_asks_of_an_account_is_read(kind: str, account: AnyAccount) -> None:
    where = ("--bank=130110006", "--broker=ferrydesk.example", "--acct=77", f"--type={kind}", "--past=30")

    request = asked("-s", *where)

    assert (request.sign_on.user_id, request.sign_on.password) == ("avery", "secret")
    (message,) = request.messages
    assert isinstance(message, StatementRequest)
    assert message.account == account
    assert message.start is not None


def test_its_question_for_accounts_is_read() -> None:
    assert [type(one) for one in asked("-a").messages] == [AccountInfoRequest]
