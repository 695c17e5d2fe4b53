"""R23: where a Session sends people back to is where a browser goes, however it is spelled."""

from collections.abc import Iterator
from contextlib import suppress
from itertools import cycle, product
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Error, sync_playwright

from linkspan.server.core.session import may_be_redirected_to, may_return_to
from tests.browser.fake_link import FakeServer
from tests.conftest import Tally
from tools.chromium import ARGUMENTS, LEFT_OUT

pytestmark = pytest.mark.browser

SCHEMES: Final = (
    *("https://", "HTTPS://", "hTTps://", "http://", "https:/", "https:", "https:///", "https:\\\\"),
    *("https:/\\", "//", "/\\", "\\\\", "///", "", " https://", "\thttps://", "ht\ttps://"),
    *("https\n://", "\x00https://", "javascript:", "javascript://", "JaVaScRiPt:", "java\nscript:"),
    *("data:text/html,", "vbscript:", "blob:https://", "filesystem:https://", "view-source:https://"),
    *("file://", "about:", "chrome://", "ws://", "ftp://", "mailto:", "rocketrides://"),
    *("com.example.rides:/", "https://https://"),
)
HOSTS: Final = (
    *("shop.example", "shop.example@evil.example", "evil.example\\@shop.example"),
    *("shop.example\\.evil.example", "shop.example%2eevil.example", "shop.example%00.evil.example"),
    *("shop.example\u3002evil.example", "\uff53hop.example", "127.0.0.1", "127.1", "0x7f000001"),
    *("localhost", "localhost.evil.example", "[::1]", "[::ffff:1.2.3.4]", "shop.example:443"),
    *("shop.example:99999", "shop.example:80@evil.example"),
)
TAILS: Final = (
    "",
    "/linked?next=//evil.example#top",
    "/\\evil.example",
    "/a\r\nLocation: https://evil.example",
)
PAYLOADS: Final = tuple(
    dict.fromkeys(
        f"{scheme}{host}{tail}"
        for (scheme, host), tail in zip(product(SCHEMES, HOSTS), cycle(TAILS), strict=False)
    )
)
# What a browser would carry out by itself, or show as its own.
SCRIPTS: Final = frozenset(
    ("javascript", "data", "vbscript", "blob", "filesystem", "view-source", "file", "about", "chrome")
)


@pytest.fixture
def offline(chromium: Path) -> Iterator[BrowserContext]:
    """A browser that finds nothing but this machine."""
    nowhere = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=[*ARGUMENTS, nowhere], ignore_default_args=LEFT_OUT
        )
        yield browser.new_context()
        browser.close()


def _place(address: str) -> tuple[str, str | None]:
    """Which site an address names, as somebody reads it who is no browser."""
    parts = urlsplit(address)
    return parts.scheme, parts.hostname


def _sent_on(context: BrowserContext, server: FakeServer, addresses: list[str]) -> dict[str, str]:
    """Where Chromium asks when a redirect names each address; nothing where it asks nobody."""
    link = server.begin()
    page = context.new_page()
    went: dict[str, str] = {}
    page.on("request", lambda request: went.update({"last": request.url}))
    found = {}
    for address in addresses:
        link.redirect = address
        went.clear()
        with suppress(Error):  # there is nobody at most of these addresses; they are asked for all the same
            page.goto(f"{link.host}/host/elsewhere", wait_until="commit", timeout=5_000)
        found[address] = went.get("last", "")
    return found


def test_every_address_that_is_taken_is_where_chromium_goes(
    offline: BrowserContext, fake_server: FakeServer, tally: Tally
) -> None:
    taken = [one for one in PAYLOADS if may_return_to(one)]
    pages = [one for one in taken if urlsplit(one).scheme in {"http", "https"}]

    went = _sent_on(offline, fake_server, pages)

    strayed = {
        address: url
        for address, url in went.items()
        if (urlsplit(url).scheme, urlsplit(url).hostname)
        != (urlsplit(address).scheme, urlsplit(address).hostname)
    }
    assert len(PAYLOADS) >= 500
    assert len(pages) >= 10
    assert strayed == {}
    tally("R23", payloads=len(PAYLOADS), taken=len(taken), navigations=len(went), strayed=len(strayed))


def test_nothing_is_taken_that_a_browser_reads_as_a_script_or_another_site(
    offline: BrowserContext, fake_server: FakeServer, tally: Tally
) -> None:
    page = offline.new_page()
    page.goto(f"{fake_server.begin().host}/host/page.js")
    read: list[Any] = page.evaluate(
        """payloads => payloads.map(one => {
            const link = document.createElement('a');
            link.href = one;
            return [link.protocol.replace(':', ''), link.hostname, link.username];
        })""",
        list(PAYLOADS),
    )
    by_browser = dict(zip(PAYLOADS, read, strict=True))

    dangerous = {
        one: seen
        for one, seen in by_browser.items()
        if seen[0] in SCRIPTS
        or seen[2]
        or (seen[0] == "http" and seen[1] not in {"localhost", "127.0.0.1", "[::1]"})
    }

    assert len(dangerous) >= 100
    assert [one for one in dangerous if may_return_to(one)] == []
    assert [one for one in dangerous if may_be_redirected_to(one, livemode=False)] == []
    tally("R23 dangerous to Chromium", payloads=len(dangerous), taken=0)
