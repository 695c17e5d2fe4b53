"""The parts as people have them: a server, a bank, a merchant and a browser, each where it really runs."""

from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest
import stripe
from playwright.sync_api import Browser, sync_playwright

from tests.acceptance.merchant.site import Merchant, serving
from tests.acceptance.person import Person
from tests.acceptance.programs import Town, reserved_port, running
from tools.chromium import ARGUMENTS, LEFT_OUT

BANK_SECRET = "what-the-bank-knows-the-server-by"
CLICK_MILLISECONDS = 10_000

_merchants = count(1)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A server that reaches its bank over HTTP, and keeps its objects in a file."""
    folder = tmp_path_factory.mktemp("town")
    database, log = folder / "linkspan.db", folder / "log"
    with reserved_port() as port:
        client = f"linkspan-dev {BANK_SECRET} http://127.0.0.1:{port}/link/callback"
        with running("sandbank", "--port", "0", "--client", client) as bank:
            arguments = ("--port", str(port), "--bank", bank.facts["bank"], "--log", str(log))
            settings = {
                "LINKSPAN_BANK_SECRET": BANK_SECRET,
                "LINKSPAN_DATABASE": f"sqlite:///{database}",
            }
            with running("dev", *arguments, settings=settings) as server:
                yield Town(server.facts["url"], database, log)


# Not wider than a module: while Playwright's loop is up, no other test of this
# process can run a loop of its own.
@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    """A browser; contexts keep people apart."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=chromium, args=ARGUMENTS, ignore_default_args=LEFT_OUT
        )
        yield launched
        launched.close()


@pytest.fixture
def official(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of our server, where the official package now asks, as its users have it."""
    with closing(stripe.RequestsClient()) as client:
        monkeypatch.setattr(stripe, "api_base", town.server)
        monkeypatch.setattr(stripe, "default_http_client", client)
        yield town.server


@pytest.fixture
def merchant(official: str) -> Iterator[Merchant]:
    """A merchant nobody else is, with its site open."""
    with serving(official, f"sk_test_merchant{next(_merchants)}") as site:
        yield site


@pytest.fixture
def person(browser: Browser) -> Iterator[Person]:
    """Somebody with a browser profile of their own, in which no script may fail."""
    context = browser.new_context()
    context.set_default_timeout(CLICK_MILLISECONDS)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield Person(context, page)
    context.close()
    assert errors == []


@pytest.fixture
def visitor(person: Person, merchant: Merchant) -> Person:
    """Somebody who has just begun to link an account in the merchant's page."""
    person.page.goto(merchant.origin)
    person.page.get_by_role("button", name="Link an account").click()
    person.expect_pane("bank")
    return person
