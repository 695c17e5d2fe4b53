"""A Chromium as people have it, a page that links accounts, and the fake server behind both."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    FrameLocator,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)

from tests.browser.fake_link import FakeLink, FakeServer
from tools.chromium import ARGUMENTS, LEFT_OUT

DESKTOP: ViewportSize = {"width": 1280, "height": 900}

OpenModal = Callable[..., FrameLocator]


# Not wider than a module: while Playwright's loop is up, no other test of this
# process can run a loop of its own.
@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    """One browser for all tests of a module; contexts keep them apart."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=chromium, args=ARGUMENTS, ignore_default_args=LEFT_OUT
        )
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def fake_server() -> Iterator[FakeServer]:
    """One fake server for all tests of a worker."""
    with FakeServer() as server:
        yield server


@pytest.fixture
def link(fake_server: FakeServer) -> FakeLink:
    """A Session nobody has touched."""
    return fake_server.begin()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser profile of its own."""
    made = browser.new_context(viewport=DESKTOP)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A tab in which no script may fail."""
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    assert errors == []


@pytest.fixture
def open_modal(page: Page, link: FakeLink) -> OpenModal:
    """Return a function that visits the merchant's page, opens the modal and waits for a pane."""

    def opened(pane: str | None = None, *, kind: str = "plain", options: object = None) -> FrameLocator:
        page.goto(f"{link.host}/host/{kind}")
        page.evaluate("options => { window.options = options ?? {} }", options)
        page.get_by_role("button", name="Link an account").click()
        frame = page.frame_locator("linkspan-modal iframe")
        expected = pane or link.view["next_pane"]
        expect(frame.locator(f"[data-pane={expected}]")).to_be_visible()
        return frame

    return opened
