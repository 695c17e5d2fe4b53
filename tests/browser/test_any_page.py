"""On any page a person links accounts, as people's browsers are: storage partitioned, pop-ups blocked."""

import re
from hashlib import sha256

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.any_page import HOSTS
from tests.browser.fake_link import VENDORED, FakeLink, example

pytestmark = pytest.mark.browser

LINKED = example("done")["result"]


def _open(page: Page, link: FakeLink, name: str) -> FrameLocator:
    """Visit a host and press its button; what comes back finds things in the modal's frame."""
    page.goto(f"{link.host}/host/{name}")
    if HOSTS[name].before:
        page.evaluate(HOSTS[name].before)
    shop = page.frame_locator("#shop") if name == "sandboxed" else page
    # Not by a click: some of these pages let none through to their own button.
    shop.get_by_role("button", name="Link an account", include_hidden=True).evaluate("it => it.click()")
    return shop.frame_locator("linkspan-modal iframe")


@pytest.mark.parametrize("name", HOSTS)
def test_a_person_links_accounts_on_a_page_that(name: str, page: Page, link: FakeLink) -> None:
    frame = _open(page, link, name)

    frame.get_by_test_id("ls-search").click()
    page.keyboard.type("north", delay=20)
    expect(frame.get_by_test_id("ls-search")).to_have_value("north")
    frame.get_by_test_id("ls-bank-fcinst_northfield").click()
    frame.get_by_test_id("ls-consent-agree").click()
    with page.context.expect_page() as opened:
        frame.get_by_test_id("ls-login-link").click()
    opened.value.get_by_role("link", name="Allow").click()
    page.bring_to_front()
    frame.get_by_test_id("ls-accounts-submit").click()
    frame.get_by_test_id("ls-done").click()

    shop = page.frames[1] if name == "sandboxed" else page
    assert shop.evaluate("window.outcome") == LINKED
    assert shop.evaluate("window.violations") == []
    expect(page.locator("linkspan-modal")).to_have_count(0)


def test_storage_is_partitioned_in_this_browser(page: Page, link: FakeLink) -> None:
    page.goto(f"{link.host}/host/plain")
    framed = page.evaluate_handle(
        """server => new Promise(resolve => {
            const frame = document.body.appendChild(document.createElement('iframe'));
            frame.onload = () => resolve(frame);
            frame.src = `${server}/host/page.js`;
        })""",
        link.server,
    )
    element = framed.as_element()
    assert element is not None
    frame = element.content_frame()
    assert frame is not None
    frame.evaluate("localStorage.setItem('kept', 'yes')")
    assert frame.evaluate("localStorage.getItem('kept')") == "yes"

    page.goto(f"{link.server}/host/page.js")

    assert page.evaluate("localStorage.getItem('kept')") is None


def test_a_window_that_nobody_asked_for_is_blocked_in_this_browser(page: Page, link: FakeLink) -> None:
    page.add_init_script("addEventListener('load', () => { window.blocked = open('about:blank') === null })")

    page.goto(f"{link.host}/host/plain")

    page.wait_for_function("'blocked' in window")
    assert page.evaluate("window.blocked")


def test_the_page_may_not_have_asked_for_our_script_by_its_address(page: Page, link: FakeLink) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    _open(page, link, "react")

    assert [address for address in asked if "js.stripe.com" in address] == []


RECORDED = re.findall(
    r"^\| `([^`]+)` .*`([0-9a-f]{64})` \|$", (VENDORED / "README.md").read_text(), re.MULTILINE
)


@pytest.mark.parametrize(("name", "digest"), RECORDED)
def test_a_published_file_is_unmodified(name: str, digest: str) -> None:
    assert sha256((VENDORED / name).read_bytes()).hexdigest() == digest


def test_every_published_file_is_recorded() -> None:
    files = {path.name for path in VENDORED.iterdir() if path.suffix in {".js", ".mjs"}}

    assert files == {name for name, _ in RECORDED}
