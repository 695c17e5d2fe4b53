"""An operator writes out what people agreed to, as a table or a line each."""

import asyncio
import csv
import json
from base64 import urlsafe_b64encode
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from typer.testing import CliRunner, Result

from linkspan.cli import app
from linkspan.server.core.consent import Consent, Ending, Words
from linkspan.server.core.scope import Scope
from linkspan.server.store import consents
from linkspan.server.store.sqlite import open_store

MASTER_KEY = urlsafe_b64encode(sha256(b"the master key of these tests").digest()).decode()
OURS, THEIRS = Scope("acct_ours", livemode=True), Scope("acct_theirs", livemode=False)
CONSENT = Consent(
    id="fccons_1",
    session="fcsess_1",
    holder="cus_1",
    merchant='=cmd|"Rocket Rides"',
    institution="fcinst_1",
    institution_name="Quillstone",
    permissions=("balances", "ownership"),
    words=Words(language="en", version="1", text="Let us see\nAgree"),
    agreed_at=1_790_000_000,
    until=None,
).linked("fcauth_1", ["fca_1", "fca_2"])


@pytest.fixture
def database(tmp_path: Path) -> str:
    """The address of a file with six hundred and one consents of two tenants."""
    path = tmp_path / "linkspan.db"

    async def keep() -> None:
        store = open_store(str(path))

        async def work(tx: Any) -> None:
            for number in range(600):
                one = replace(CONSENT, id=f"fccons_{number:03}")
                await consents.insert(tx, OURS, one)
                await consents.save(tx, OURS, one)
            await consents.insert(tx, THEIRS, CONSENT)
            await consents.save(tx, THEIRS, CONSENT.without("fca_1", 1_790_000_060, Ending.DISCONNECTED))

        await store.write(work)
        await store.aclose()

    asyncio.run(keep())
    return f"sqlite:///{path}"


def export(database: str, *arguments: str) -> Result:
    settings = {"LINKSPAN_DATABASE": database, "LINKSPAN_MASTER_KEY": MASTER_KEY}
    return CliRunner().invoke(app, ["consents", "export", *arguments], env=settings)


def test_each_consent_is_a_line_of_json(database: str) -> None:
    lines = export(database).stdout.splitlines()

    read = [json.loads(line) for line in lines]
    assert len(read) == 601
    assert {(one["tenant"], one["livemode"]) for one in read} == {("acct_ours", True), ("acct_theirs", False)}
    assert read[-1]["words"] == {"language": "en", "version": "1", "text": "Let us see\nAgree"}
    assert read[-1]["accounts"] == [
        {"id": "fca_1", "ended_at": 1_790_000_060, "ended_because": "disconnected"},
        {"id": "fca_2", "ended_at": None, "ended_because": None},
    ]


def test_a_table_is_a_row_each_that_no_spreadsheet_carries_out(database: str, tmp_path: Path) -> None:
    file = tmp_path / "consents.csv"

    ended = export(database, "--format", "csv", "--tenant", "acct_theirs", "--output", str(file))

    assert (ended.exit_code, ended.stdout) == (0, "")
    (row,) = csv.DictReader(StringIO(file.read_text(encoding="utf-8")))
    assert row["merchant"] == '\'=cmd|"Rocket Rides"'
    assert row["permissions"] == "balances ownership"
    assert row["accounts"] == "fca_1(ended 2026-09-21T14:14:20Z) fca_2"
    assert (row["mode"], row["agreed_at"], row["ended_at"]) == ("test", "2026-09-21T14:13:20Z", "")
    assert row["words"] == "Let us see\nAgree"


def test_nothing_is_overwritten(database: str, tmp_path: Path) -> None:
    file = tmp_path / "consents.jsonl"
    file.write_text("precious")

    ended = export(database, "--output", str(file))

    assert ended.exit_code == 2
    assert ended.stderr == f"linkspan consents: --output: {file} exists; an export overwrites nothing\n"
    assert file.read_text() == "precious"
