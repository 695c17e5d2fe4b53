"""A person links an account at a production server, with real keys and the bank of a file."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from urllib.request import urlopen

import pytest
import stripe

from tests.acceptance.merchant.site import serving
from tests.acceptance.person import BANK, Person
from tests.acceptance.production import Site, bank_table, make_site
from tests.acceptance.programs import reserved_port, running

pytestmark = pytest.mark.browser

BANK_SECRET = "what-the-bank-knows-the-server-by"
PUBLISHABLE = ("--kind", "publishable", "--origin", "http://localhost:*")


@dataclass(frozen=True)
class Town:
    """A production server, with the bank it reaches."""

    server: str
    site: Site


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A server that may call the bank of this machine, and be shown in pages of this machine."""
    folder = tmp_path_factory.mktemp("production")
    with reserved_port() as port:
        client = f"linkspan {BANK_SECRET} http://127.0.0.1:{port}/link/callback"
        with running("sandbank", "--port", "0", "--client", client) as bank:
            with urlopen(f"{bank.facts['bank']}/directory.json", timeout=20) as listed:
                brand = next(brand for brand in json.load(listed) if f"fcinst_{brand['slug']}" == BANK)
            institutions = bank_table(brand, "linkspan", BANK_SECRET)
            site = make_site(folder, f"sqlite:///{folder / 'linkspan.db'}", institutions)
            arguments = ("--port", str(port), "--allow-bank", "127.0.0.1")
            with running("serve", *arguments, settings=site.settings) as server:
                yield Town(server.facts["url"], site)


@pytest.fixture(autouse=True)
def _official(production: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the official package ask our server, as its users have it."""
    with closing(stripe.RequestsClient()) as client:
        monkeypatch.setattr(stripe, "api_base", production.server)
        monkeypatch.setattr(stripe, "default_http_client", client)
        yield


def test_a_person_links_an_account_in_live_mode(production: Town, person: Person) -> None:
    secret = production.site.keys("create", "--live", "--tenant", "new")
    publishable = production.site.keys(
        "create",
        "--live",
        "--kind",
        "publishable",
        "--origin",
        "http://localhost:*",
        "--tenant",
        secret["tenant"],
    )

    with serving(production.server, secret["key"], publishable["key"]) as merchant:
        person.page.goto(merchant.origin)
        person.page.get_by_role("button", name="Link an account").click()
        person.expect_pane("bank")
        person.sign_in(person.go_to_bank())
        person.finish()
        outcome = person.outcome()

    listed = stripe.financial_connections.Account.list(session=merchant.sessions[0].id, api_key=secret["key"])
    assert [account.livemode for account in listed.data] == [True, True]
    linked = outcome["financialConnectionsSession"]["accounts"]
    assert {account.id for account in listed.data} == {account["id"] for account in linked}


def test_another_tenants_publishable_key_opens_no_modal(production: Town, person: Person) -> None:
    secret = production.site.keys("create", "--tenant", "new")
    foreign = production.site.keys("create", *PUBLISHABLE, "--tenant", "new")

    with serving(production.server, secret["key"], foreign["key"]) as merchant:
        person.page.goto(merchant.origin)
        person.page.get_by_role("button", name="Link an account").click()
        outcome = person.outcome()

    assert outcome["error"]["message"].startswith("The client_secret provided does not match any")
