"""Before a server starts, an operator is told what is ill with what it will be started with."""

import asyncio
import json
import os
import socket
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from linkspan.cli import app
from linkspan.server.core.scope import Scope
from linkspan.server.store import deliveries as delivery_rows
from linkspan.server.store import events as event_rows
from linkspan.server.store import webhook_endpoints as endpoint_rows
from linkspan.server.store.driver import Tx
from linkspan.server.store.events import Written
from linkspan.server.store.sqlite import open_store
from linkspan.server.store.webhook_endpoints import Kept, Place, Wanted
from tests.acceptance.production import Site, make_site
from tests.acceptance.programs import running
from tests.acceptance.test_keys_verb import OTHER_KEY

BANK = """
[[institution]]
id = "fcinst_harbor"
name = "Harbor Bank"
countries = ["US"]
connector = "fdx"

[institution.settings]
issuer = "{origin}"
authorization_endpoint = "{origin}/authorize"
token_endpoint = "{origin}/token"
base_url = "{origin}/fdx/v6"
client_id = "linkspan"
client_secret = "canary-77"
scope = "accounts"
"""


@pytest.fixture(scope="module")
def bank() -> Iterator[str]:
    """Where a bank is."""
    with running("sandbank", "--port", "0") as program:
        yield program.facts["bank"]


def site_of(folder: Path, origin: str) -> Site:
    """What a server for the bank at *origin* is started with, where a key was made."""
    made = make_site(folder, f"sqlite:///{folder / 'linkspan.db'}", BANK.format(origin=origin))
    made.keys("create")
    made.settings["LINKSPAN_ALLOWED_BANKS"] = "127.0.0.1"
    return made


@pytest.fixture
def site(tmp_path: Path, bank: str) -> Site:
    return site_of(tmp_path, bank)


def doctor(settings: Mapping[str, str], *arguments: str) -> Result:
    return CliRunner().invoke(app, ["doctor", *arguments], env=settings)


def ill(settings: Mapping[str, str]) -> dict[str, str]:
    """What is ill, and what is said of it."""
    ended = doctor(settings, "--json")
    found: list[dict[str, Any]] = json.loads(ended.stdout)
    told = {one["what"]: one["said"] for one in found if not one["is_well"]}
    assert ended.exit_code == (1 if told else 0)
    return told


def test_what_is_well_is_said_line_by_line(site: Site, bank: str) -> None:
    ended = doctor(site.settings)

    host = bank.removeprefix("http://")
    assert (ended.exit_code, ended.stderr) == (0, "")
    assert [line.split(maxsplit=1)[0] for line in ended.stdout.splitlines()] == ["well"] * 12
    assert ended.stdout.count(f"{host} answers") == 2
    assert "1 good" in ended.stdout


def test_a_postgresql_is_looked_into(tmp_path: Path, bank: str, empty_postgres: str) -> None:
    site = make_site(tmp_path, empty_postgres, BANK.format(origin=bank))
    site.settings["LINKSPAN_ALLOWED_BANKS"] = "127.0.0.1"
    site.keys("create")

    assert ill(site.settings) == {}


def test_nothing_is_changed(tmp_path: Path, site: Site) -> None:
    before = (tmp_path / "linkspan.db").read_bytes()

    doctor(site.settings)

    assert (tmp_path / "linkspan.db").read_bytes() == before


def test_a_database_that_lacks_steps_is_told_how_to_get_them(tmp_path: Path, site: Site) -> None:
    settings = {**site.settings, "LINKSPAN_DATABASE": f"sqlite:///{tmp_path / 'new.db'}"}

    said = ill(settings)["database"]

    assert "`linkspan migrate up`" in said
    assert not (tmp_path / "new.db").exists()


def test_a_file_that_is_no_database_is_told_to_be_none(tmp_path: Path, site: Site) -> None:
    (tmp_path / "letters.txt").write_text("Dear Robin,\n" * 1_000)

    said = ill({**site.settings, "LINKSPAN_DATABASE": f"sqlite:///{tmp_path / 'letters.txt'}"})

    assert "file is not a database" in said["database"]


def test_another_master_key_is_told_to_be_another(site: Site) -> None:
    said = ill({**site.settings, "LINKSPAN_MASTER_KEY": OTHER_KEY})

    assert "not the one this database was sealed with" in said["sealed values"]


def test_a_publishable_key_that_no_site_may_use_is_told_what_to_do(site: Site) -> None:
    silent = site.keys("create", "--kind", "publishable")
    site.keys("create", "--kind", "publishable", "--origin", "https://shop.example")

    found = ill(site.settings)

    assert list(found) == [silent["hint"]]
    assert f"`linkspan keys origins {silent['id']}" in found[silent["hint"]]


def test_a_database_without_keys_is_told_how_to_make_one(tmp_path: Path, bank: str) -> None:
    site = site_of(tmp_path, bank)
    (only,) = site.keys("list")
    site.keys("revoke", only["id"])

    assert "`linkspan keys create`" in ill(site.settings)["API keys"]


def test_a_bank_that_is_not_there_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    site = site_of(tmp_path, f"http://127.0.0.1:{port}")

    assert "127.0.0.1" in ill(site.settings)["fcinst_harbor"]


def test_a_bank_at_a_private_address_is_refused_unless_it_is_allowed(site: Site) -> None:
    said = ill({**site.settings, "LINKSPAN_ALLOWED_BANKS": ""})

    assert set(said) == {"fcinst_harbor"}
    assert said["fcinst_harbor"].endswith("`--allow-bank 127.0.0.1` allows it")


def test_a_clock_that_is_behind_and_an_endpoint_that_takes_nothing_are_told(
    tmp_path: Path, site: Site
) -> None:
    async def write(tx: Tx) -> None:
        endpoint = Place(Scope("acct_1", livemode=True), "we_1")
        kept = Kept(doc=b"", is_connect=False, payload="snapshot", name="", updated=0)
        wanted = Wanted(status="enabled", enabled_events=["*"], api_version=None)
        await endpoint_rows.insert(tx, endpoint.owner, endpoint.id, kept, wanted, secret=b"")
        await delivery_rows.insert(tx, endpoint.owner, "evt_1", [endpoint], now=0)
        await tx.run("UPDATE deliveries SET attempts = 4", {})
        happened = Written(doc=b"", api_version=None, previewed=None)
        await event_rows.insert(
            tx,
            endpoint.owner,
            "evt_1",
            "customer.created",
            happened,
            about="cus_1",
            created=int(time.time()) + 3_600,
            is_listed=True,
        )

    store = open_store(str(tmp_path / "linkspan.db"))
    asyncio.run(store.write(write))
    store.close()

    said = ill(site.settings)

    assert set(said) == {"clock", "webhooks"}
    assert "set this machine's clock by NTP" in said["clock"]
    assert "we_1 (1)" in said["webhooks"]


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"LINKSPAN_MASTER_KEY": ""}, "master key"),
        ({"LINKSPAN_BASE_URL": "http://link.example"}, "base url"),
        ({"LINKSPAN_INSTITUTIONS": os.devnull + "/none"}, "institutions"),
        ({"LINKSPAN_ALLOWED_BANKS": "10.0.0.1/8"}, "allowed banks"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_by_name(site: Site, changed: dict[str, str], what: str) -> None:
    assert what in ill(site.settings | changed)


def test_no_secret_is_shown(site: Site) -> None:
    assert "canary" not in doctor(site.settings).output
