"""An operator deletes a tenant and purges a database, while a server has it open."""

import json
import sqlite3
from base64 import urlsafe_b64encode
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from linkspan import Client
from linkspan.cli import app
from tests.acceptance.programs import running

MASTER_KEY = urlsafe_b64encode(sha256(b"the master key of these tests").digest()).decode()
PLANTED = ("Canary Nameson", "canary-address@example.com")


def linkspan(address: str, *arguments: str, settings: dict[str, str] | None = None, said: str = "") -> Result:
    keys = {"LINKSPAN_DATABASE": address, "LINKSPAN_MASTER_KEY": MASTER_KEY}
    return CliRunner().invoke(app, arguments, env=keys | (settings or {}), input=said)


def told(address: str, *arguments: str) -> Any:
    ended = linkspan(address, *arguments, "--json")
    assert ended.exit_code == 0, (ended.output, ended.exception)
    return json.loads(ended.stdout)


def left_in(folder: Path) -> list[str]:
    held = b"\n".join(path.read_bytes() for path in folder.iterdir())
    return [text for text in PLANTED if text.encode() in held]


def test_a_purge_leaves_nothing_of_a_deleted_customer_while_a_server_runs(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/linkspan.db"
    settings = {"LINKSPAN_MASTER_KEY": MASTER_KEY}
    with (
        running("dev", "--port", "0", "--database", address, settings=settings) as server,
        Client("sk_test_purge", base_url=server.facts["url"]) as client,
    ):
        kept = client.customers.create(name="Ada")
        gone = client.customers.create(name=PLANTED[0], email=PLANTED[1])
        client.customers.delete(gone.id)
        assert left_in(tmp_path) == list(PLANTED)

        assert told(address, "purge") == {"erased": 2, "compacted": True}

        assert left_in(tmp_path) == []
        assert client.customers.retrieve(kept.id).name == "Ada"
        assert client.customers.create(name="Grace").name == "Grace"


@pytest.mark.parametrize("mode", ["", "--live"])
def test_a_deleted_tenant_is_gone_in_one_mode(tmp_path: Path, mode: str) -> None:
    address = f"sqlite:///{tmp_path}/linkspan.db"
    test = told(address, "keys", "create")
    live = told(address, "keys", "create", "--live")

    deleted = told(address, "tenants", "delete", test["tenant"], "--yes", *filter(None, [mode]))
    told(address, "purge")

    left = test if mode else live
    assert deleted == {"tenant": test["tenant"], "livemode": bool(mode), "banks_to_tell": 0}
    assert [key["id"] for key in told(address, "keys", "list")] == [left["id"]]
    with closing(sqlite3.connect(tmp_path / "linkspan.db")) as opened:
        assert opened.execute("SELECT livemode FROM deletions").fetchall() == [(int(bool(mode)),)]


def test_nobody_is_deleted_by_mistake(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/linkspan.db"
    tenant = told(address, "keys", "create")["tenant"]

    assert linkspan(address, "tenants", "delete", tenant, said="n\n").exit_code == 1
    unknown = linkspan(address, "tenants", "delete", "acct_nobody", "--yes")

    assert unknown.exit_code == 2
    assert "acct_nobody" in unknown.stderr
    assert len(told(address, "keys", "list")) == 1


@pytest.mark.parametrize(
    ("name", "value"), [("TRANSACTIONS", "180d"), ("LINKS", "long"), ("CONSENTS", "-1d")]
)
def test_a_retention_that_cannot_be_is_refused_by_its_name(tmp_path: Path, name: str, value: str) -> None:
    address = f"sqlite:///{tmp_path}/linkspan.db"
    told(address, "keys", "create")

    ended = linkspan(address, "purge", settings={f"LINKSPAN_KEEP_{name}": value})

    assert ended.exit_code == 2
    assert ended.stderr.startswith(f"linkspan purge: LINKSPAN_KEEP_{name}: must be")
