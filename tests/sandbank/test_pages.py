"""The bank's pages in a real browser: any width, either theme, keyboard only, no script."""

import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal, cast
from urllib.parse import urlencode

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from linkspan.sandbank import Client, create_bank, directory
from linkspan.sandbank.brands import BANKS, BY_SLUG
from tests.sandbank.visitor import CHALLENGE
from tools.chromium import ARGUMENTS

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[1] / "browser" / "vendor" / "axe.min.js"
Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
Begin = Callable[..., Page]


@pytest.fixture(scope="module")
def serve() -> Iterator[Callable[[Callable[[str], Starlette]], str]]:
    """Return a function that serves an application, told its address, on a free port."""
    servers: list[tuple[uvicorn.Server, threading.Thread]] = []

    def served(make: Callable[[str], Starlette]) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        server = uvicorn.Server(uvicorn.Config(make(address), log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        servers.append((server, thread))
        return address

    yield served
    for server, thread in servers:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def client_address(serve: Callable[[Callable[[str], Starlette]], str]) -> str:
    """A client at another origin, which shows where the browser ended."""

    async def callback(request: Request) -> PlainTextResponse:
        return PlainTextResponse(f"came back with {', '.join(sorted(request.query_params))}")

    return serve(lambda _: Starlette(routes=[Route("/cb", callback)]))


@pytest.fixture(scope="module")
def bank_address(serve: Callable[[Callable[[str], Starlette]], str], client_address: str) -> str:
    """A bank that knows the client."""
    client = Client(id="c", secret="s", redirect_uris=(f"{client_address}/cb",), name="Rocket Rides")
    return serve(
        lambda address: create_bank(
            base_url=address, clients=[client], now=time.time, random_bytes=random.Random(1).randbytes
        )
    )


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def begin(browser: Browser, bank_address: str, client_address: str) -> Iterator[Begin]:
    """Return a function that opens a brand's sign-in page in a profile of its own."""
    contexts = []

    def begun(
        slug: str = "quillstone", width: int = 1280, theme: Theme = "light", *, bypass_csp: bool = False
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme=theme,
            bypass_csp=bypass_csp,
            java_script_enabled=bypass_csp,
        )
        contexts.append(context)
        page = context.new_page()
        (brand,) = [entry for entry in directory(bank_address) if entry["slug"] == slug]
        query = {
            "response_type": "code",
            "client_id": "c",
            "redirect_uri": f"{client_address}/cb",
            "state": "s",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
        page.goto(f"{brand['authorization_endpoint']}?{urlencode(query)}")
        return page

    yield begun
    for context in contexts:
        context.close()


def violations(page: Page, rules: str = "") -> list[str]:
    """Return what axe finds against its rules, and what is wider than the screen."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = cast("dict[str, list[dict[str, Any]]]", page.evaluate(f"axe.run({rules})"))
    wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    assert found["passes"], "axe looked at nothing"
    return [f"{v['id']}: {v['nodes'][0]['html']}" for v in found["violations"]] + ["too wide"] * wide


def test_a_click_signs_in_and_allowing_leads_back(begin: Begin) -> None:
    page = begin()

    page.get_by_test_id("bank-person-avery").click()
    page.get_by_test_id("bank-allow").click()

    expect(page.get_by_text("came back with code, iss, state")).to_be_visible()


def test_denying_leads_back_from_either_page(begin: Begin) -> None:
    first, second = begin(), begin()

    first.get_by_test_id("bank-cancel").click()
    second.get_by_test_id("bank-person-sam").click()
    second.get_by_test_id("bank-deny").click()

    for page in (first, second):
        expect(page.get_by_text("came back with error, error_description, iss, state")).to_be_visible()


def test_the_keyboard_alone_is_enough(begin: Begin) -> None:
    page = begin()
    keys = page.keyboard

    page.get_by_label("User name").focus()
    keys.type("noor")
    keys.press("Tab")
    keys.type("ferry-crossing")
    keys.press("Enter")
    page.get_by_test_id("bank-account-noor-line").focus()
    keys.press("Space")
    expect(page.get_by_test_id("bank-account-noor-line")).not_to_be_checked()
    keys.press("Enter")

    expect(page.get_by_text("came back with code")).to_be_visible()


def test_a_wrong_password_is_said_on_the_page(begin: Begin) -> None:
    page = begin()

    page.get_by_test_id("bank-username").fill("avery")
    page.get_by_test_id("bank-password").fill("guess")
    page.get_by_test_id("bank-sign-in").click()

    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_test_id("bank-username")).to_have_value("avery")


def test_the_brand_gives_the_page_its_color(begin: Begin) -> None:
    page = begin("saltmeadow")

    expect(page.get_by_test_id("bank-sign-in")).to_have_css("background-color", "rgb(45, 106, 46)")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_every_page_is_accessible_and_fits(begin: Begin, width: int, theme: Theme) -> None:
    page = begin("copperfinch", width, theme, bypass_csp=True)
    found = violations(page)
    page.get_by_test_id("bank-username").fill("avery")
    page.get_by_test_id("bank-password").fill("guess")
    page.get_by_test_id("bank-sign-in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    found += violations(page)
    page.get_by_test_id("bank-person-avery").click()
    expect(page.get_by_test_id("bank-allow")).to_be_visible()
    found += violations(page)

    assert found == []


def test_every_brand_is_readable_in_both_themes(begin: Begin) -> None:
    found = []

    for brand in (one for one in (*BANKS, BY_SLUG["slow-bank"]) if one.speaks == "fdx"):
        page = begin(brand.slug, bypass_csp=True)
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            found += [(brand.slug, theme, text) for text in violations(page, "{runOnly: ['color-contrast']}")]

    assert found == []
