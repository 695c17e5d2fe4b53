"""``linkspan institutions``: an operator brings in a directory, and sees what people find in it."""

import json
from pathlib import Path
from typing import Any, Final

import pytest
from typer.testing import CliRunner, Result

from linkspan.cli import app
from linkspan.server.core.bank_number import is_routing_number
from linkspan.server.operations.directories.entries import Entry
from linkspan.server.operations.institution_imports import READERS, check
from tests.acceptance.production import MASTER_KEY

FILES: Final = Path(__file__).parents[1] / "directories" / "files"
SHIPPED: Final = Path(__file__).parents[2] / "src" / "linkspan" / "cli" / "us_institutions.json"
BANKS: Final = """
[[institution]]
id = "fcinst_wells"
name = "Wells"
countries = ["US"]
connector = "simplefin"
url = "https://www.wellsfargo.com"

[institution.settings]
root = "https://bridge.example/simplefin"
"""


@pytest.fixture
def database(tmp_path: Path) -> str:
    """The address of a file that does not exist yet."""
    return f"sqlite:///{tmp_path}/linkspan.db"


def linkspan(database: str, *arguments: str) -> Result:
    settings = {"LINKSPAN_DATABASE": database, "LINKSPAN_MASTER_KEY": MASTER_KEY}
    return CliRunner().invoke(app, ["institutions", *arguments], env=settings)


def told(database: str, *arguments: str) -> Any:
    ended = linkspan(database, *arguments, "--json")
    assert ended.exit_code == 0, (ended.output, ended.exception)
    return json.loads(ended.stdout)


def test_a_regulators_file_is_tried_then_imported_then_searched(database: str) -> None:
    tried = told(database, "import", str(FILES / "fdic.json"), "--format", "fdic", "--dry-run")
    before = told(database, "list")
    imported = told(database, "import", str(FILES / "fdic.json"), "--format", "fdic")
    again = linkspan(database, "import", str(FILES / "fdic.json"), "--format", "fdic").stdout

    assert (tried["added"], tried["dry_run"], before) == (imported["added"], True, [])
    assert imported["added"] == ["fcinst_fdic_3511", "fcinst_fdic_588", "fcinst_fdic_99001"]
    assert again == "0 added, 0 updated, 0 gone, 3 unchanged\n"
    assert [one["id"] for one in told(database, "search", "wels fargo")] == ["fcinst_fdic_3511"]
    assert "search only  Buffalo, NY, mtb.com" in linkspan(database, "list").stdout


def test_what_is_configured_is_known_by_what_was_imported(database: str, tmp_path: Path) -> None:
    banks = tmp_path / "banks.toml"
    banks.write_text(BANKS)
    told(database, "import", str(FILES / "fdic.json"), "--format", "fdic")

    (one,) = told(database, "search", "wells fargo bank", "--institutions", str(banks))
    shown = linkspan(database, "show", "fcinst_wells", "--institutions", str(banks)).stdout

    assert (one["id"], one["linkable"], one["status"], one["sign_in"]) == (
        "fcinst_wells",
        True,
        "active",
        "token",
    )
    assert "place            Sioux Falls, SD" in shown


def test_a_file_with_mistakes_is_refused_with_each_of_them(database: str, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("id,name\nfcinst_a,A\nb,B\nfcinst_c,\n")

    refused = linkspan(database, "import", str(bad), "--format", "csv")

    assert refused.exit_code == 2
    assert "line 3: id must be" in refused.stderr
    assert "line 4: name must have" in refused.stderr
    assert told(database, "list") == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("import", "nowhere.csv", "--format", "csv"), "FILE: nowhere.csv cannot be read"),
        (
            ("import", str(FILES / "own.csv"), "--format", "csv", "--encoding", "morse"),
            "--encoding: there is no",
        ),
        (("show", "fcinst_nobody"), "ID: there is no institution fcinst_nobody"),
    ],
)
def test_what_cannot_be_done_is_said_by_its_name(
    database: str, arguments: tuple[str, ...], said: str
) -> None:
    told(database, "import", str(FILES / "own.csv"), "--format", "csv")

    refused = linkspan(database, *arguments)

    assert refused.exit_code == 2
    assert said in refused.stderr


def test_the_shipped_list_is_sound_and_claims_no_routing_number() -> None:
    check(READERS["document"], SHIPPED.open)
    with SHIPPED.open(encoding="utf-8") as file:
        listed = [one.listed for one in READERS["document"](file) if isinstance(one, Entry)]

    assert len(listed) >= 60
    assert len({host for one in listed for host in one.domains}) == sum(len(one.domains) for one in listed)
    assert all(map(is_routing_number, (number for one in listed for number in one.routing_numbers)))
    assert not any(one.logo or one.sign_in for one in listed)
