"""An operator sees whose keys there are, and chooses the version each tenant speaks."""

import json
from base64 import urlsafe_b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from linkspan.cli import app

MASTER_KEY = urlsafe_b64encode(sha256(b"the master key of these tests").digest()).decode()
CLOVER = "2025-11-17.clover"


@pytest.fixture
def database(tmp_path: Path) -> str:
    """The address of a file that does not exist yet."""
    return f"sqlite:///{tmp_path}/linkspan.db"


def linkspan(database: str, *arguments: str) -> Result:
    settings = {"LINKSPAN_DATABASE": database, "LINKSPAN_MASTER_KEY": MASTER_KEY}
    return CliRunner().invoke(app, arguments, env=settings)


def told(database: str, *arguments: str) -> Any:
    """What a command prints as JSON."""
    ended = linkspan(database, *arguments, "--json")
    assert ended.exit_code == 0, (ended.output, ended.exception)
    return json.loads(ended.stdout)


def test_a_tenant_speaks_what_was_chosen_for_it(database: str) -> None:
    tenant = told(database, "keys", "create")["tenant"]
    before = told(database, "tenants", "list")

    chosen = told(database, "tenants", "version", tenant, CLOVER)

    assert before == [{"tenant": tenant, "livemode": False, "api_version": None}]
    assert told(database, "tenants", "list") == [chosen]
    assert chosen == {"tenant": tenant, "livemode": False, "api_version": CLOVER}


def test_the_list_says_it_in_words(database: str) -> None:
    tenant = told(database, "keys", "create")["tenant"]
    told(database, "keys", "create", "--live")
    told(database, "tenants", "version", tenant, CLOVER)

    assert linkspan(database, "tenants", "list").stdout.splitlines() == [
        f"{tenant}  test  {CLOVER}",
        f"{tenant}  live  the server's version",
    ]


@pytest.mark.parametrize(
    ("tenant", "version", "said"),
    [
        ("acct_nobody", CLOVER, "No such tenant with keys of this mode: 'acct_nobody'"),
        ("acct_nobody", "2025-11-17", "VERSION: Invalid Stripe API version: 2025-11-17."),
    ],
)
def test_what_cannot_be_chosen_is_refused_by_name(
    database: str, tenant: str, version: str, said: str
) -> None:
    told(database, "keys", "create")

    ended = linkspan(database, "tenants", "version", tenant, version)

    assert (ended.exit_code, ended.stdout) == (2, "")
    assert f"linkspan tenants: {said}" in ended.stderr
