"""R32: whatever a browser does in the middle, the person links their accounts in the end."""

from collections.abc import Callable, Mapping
from typing import Final

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.fake_link import FakeLink, example
from tests.conftest import Tally

pytestmark = pytest.mark.browser

LINKED: Final = example("done")["result"]
PANES: Final = ("bank", "consent", "login", "accounts")
# modal/app/views/login.tsx takes two clicks that come sooner for a double click.
_ONE_CLICK_MS: Final = 1_000


def _open(page: Page, link: FakeLink) -> FrameLocator:
    page.goto(f"{link.host}/host/plain")
    page.get_by_role("button", name="Link an account").click()
    frame = page.frame_locator("linkspan-modal iframe")
    expect(frame.locator(f"[data-pane={link.view['next_pane']}]")).to_be_visible()
    return frame


def _go_on(page: Page, link: FakeLink, frame: FrameLocator) -> None:
    """Take the steps that are left, from whatever pane is on screen."""
    expect(frame.locator(f"[data-pane={link.view['next_pane']}]")).to_be_visible()
    if link.view["next_pane"] == "bank":
        frame.get_by_test_id("ls-bank-fcinst_harbor").click()
        expect(frame.locator("[data-pane=consent]")).to_be_visible()
    if link.view["next_pane"] == "consent":
        frame.get_by_test_id("ls-consent-agree").click()
        expect(frame.locator("[data-pane=login]")).to_be_visible()
    if link.view["next_pane"] == "login":
        control = "ls-login-reopen" if link.view["login"]["status"] == "opened" else "ls-login-link"
        with page.context.expect_page() as opened:
            frame.get_by_test_id(control).click()
        opened.value.get_by_role("link", name="Allow").click()
        page.bring_to_front()
    frame.get_by_test_id("ls-accounts-submit").click()
    frame.get_by_test_id("ls-done").click()
    assert page.evaluate("window.outcome") == LINKED


def _reloads(page: Page, link: FakeLink, _frame: FrameLocator) -> FrameLocator:
    return _open(page, link)


def _goes_back(page: Page, link: FakeLink, _frame: FrameLocator) -> FrameLocator:
    page.goto(f"{link.host}/host/page.js")
    page.go_back()
    return _open(page, link)


def _opens_a_second_tab(page: Page, link: FakeLink, frame: FrameLocator) -> FrameLocator:
    other = page.context.new_page()
    _open(other, link)
    other.close()
    page.bring_to_front()
    return frame


def _goes_offline(page: Page, link: FakeLink, frame: FrameLocator) -> FrameLocator:
    page.context.set_offline(offline=True)
    controls = {
        "bank": "ls-bank-fcinst_harbor",
        "consent": "ls-consent-agree",
        "accounts": "ls-accounts-submit",
    }
    pane = link.view["next_pane"]
    frame.get_by_test_id(controls.get(pane, "ls-login-cancel")).click()
    expect(frame.get_by_role("alert")).to_be_visible()
    page.context.set_offline(offline=False)
    return frame


def _presses_escape(page: Page, link: FakeLink, frame: FrameLocator) -> FrameLocator:
    if link.view["next_pane"] != "accounts":  # nowhere else would leaving lose something
        return frame
    page.keyboard.press("Escape")
    frame.get_by_test_id("ls-exit-stay").click()
    return frame


def _loses_the_stream(_page: Page, link: FakeLink, frame: FrameLocator) -> FrameLocator:
    link.has_stream = False
    return frame


def _closes_the_banks_tab(page: Page, link: FakeLink, frame: FrameLocator) -> FrameLocator:
    if link.view["next_pane"] == "login":
        with page.context.expect_page() as opened:
            frame.get_by_test_id("ls-login-link").click()
        opened.value.get_by_role("link", name="Allow").wait_for()
        opened.value.close()
        page.bring_to_front()
        expect(frame.get_by_test_id("ls-login-reopen")).to_be_visible()
        page.wait_for_timeout(_ONE_CLICK_MS)
    return frame


def _moves_on_in_another_tab(_page: Page, link: FakeLink, frame: FrameLocator) -> FrameLocator:
    """The same Session goes a step further elsewhere, and this tab learns of it when it is looked at."""
    if link.view["next_pane"] != "accounts":
        link.show({"bank": "consent", "consent": "login", "login": "accounts"}[link.view["next_pane"]])
    frame.locator(":root").evaluate("() => { window.dispatchEvent(new Event('focus')) }")
    return frame


DISTURBANCES: Final[Mapping[str, Callable[[Page, FakeLink, FrameLocator], FrameLocator]]] = {
    "is loaded again": _reloads,
    "goes back and forth": _goes_back,
    "has a second tab": _opens_a_second_tab,
    "is offline for a while": _goes_offline,
    "asks to close it": _presses_escape,
    "gets no events pushed": _loses_the_stream,
    "closes the bank's tab": _closes_the_banks_tab,
    "went on in another tab": _moves_on_in_another_tab,
}
# What a browser that blocks storage for other sites, and one that hides the opener, do to every page.
BLOCKED: Final = """for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches', 'opener'])
    Object.defineProperty(window, name, { get() { throw new DOMException('blocked', 'SecurityError') } });
Object.defineProperty(document, 'cookie', { get() { throw new DOMException('blocked', 'SecurityError') } });
delete window.BroadcastChannel;"""


@pytest.mark.parametrize("disturbance", DISTURBANCES)
def test_a_person_finishes_in_a_browser_that(
    disturbance: str, page: Page, link: FakeLink, tally: Tally
) -> None:
    page.add_init_script(BLOCKED)

    for pane in PANES:
        link.has_stream = True
        link.show(pane)
        frame = _open(page, link)
        _go_on(page, link, DISTURBANCES[disturbance](page, link, frame))

    tally(f"R32 a browser that {disturbance}", panes=len(PANES), finished=len(PANES))
