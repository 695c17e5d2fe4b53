"""The modal opens at once: what can be done before the click is done before it, and nothing moves after."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.fake_link import FakeLink, example

pytestmark = pytest.mark.browser

IS_READ = "() => performance.getEntriesByType('resource').some(one => one.initiatorType === 'iframe')"
# What moved since the skeleton was drawn (Layout Instability API).
SHIFTS = """() => new Promise(resolve => {
    new PerformanceObserver(list => resolve(list.getEntries().map(one => one.value)))
        .observe({ type: 'layout-shift', buffered: true });
    setTimeout(resolve, 300, []);
})"""


def ready(page: Page, link: FakeLink) -> None:
    """Visit a page that makes its Stripe object when it loads, as pages do, and let it come to rest."""
    page.goto(f"{link.host}/host/plain")
    page.evaluate("window.stripe = Stripe('pk_test_example')")
    page.wait_for_function(IS_READ)


@pytest.fixture
def asked(page: Page) -> list[str]:
    """What a page and its frame ask any server for, in order."""
    paths: list[str] = []

    def note(request: Request) -> None:
        paths.append(f"{request.method} {urlsplit(request.url).path}")

    page.on("request", note)
    return paths


def click(page: Page) -> None:
    page.get_by_role("button", name="Link an account").click()


def test_after_the_click_one_request_brings_the_first_bank(
    page: Page, link: FakeLink, asked: list[str]
) -> None:
    ready(page, link)
    asked.clear()

    click(page)
    frame = page.frame_locator("linkspan-modal iframe")
    expect(frame.get_by_test_id("ls-bank-fcinst_harbor")).to_be_visible()

    assert asked[0] == "POST /link/open"
    assert [path for path in asked[1:] if path != "GET /link/index"] == []


def test_nothing_moves_after_the_skeleton(page: Page, link: FakeLink) -> None:
    ready(page, link)
    click(page)
    frame = page.frame_locator("linkspan-modal iframe")
    expect(frame.get_by_test_id("ls-bank-fcinst_harbor")).to_be_visible()

    (inner,) = [one for one in page.frames if one.parent_frame is not None]
    assert sum(inner.evaluate(SHIFTS)) == 0
    assert sum(page.evaluate(SHIFTS)) == 0


def test_a_frame_that_waits_is_unseen_and_asks_for_nothing(
    page: Page, link: FakeLink, asked: list[str]
) -> None:
    ready(page, link)

    expect(page.locator("linkspan-modal dialog")).to_be_hidden()
    assert page.evaluate("document.activeElement === document.body")
    assert [path for path in asked if path.startswith("POST")] == []
    assert link.calls == []


def test_a_frame_that_waited_is_gone_with_the_modal_and_the_next_one_opens(
    page: Page, link: FakeLink
) -> None:
    ready(page, link)
    frame = page.frame_locator("linkspan-modal iframe")
    for _ in range(2):
        link.view = example("bank")
        click(page)
        expect(page.locator("linkspan-modal")).to_have_count(1)
        frame.get_by_test_id("ls-close").click()
        expect(page.locator("linkspan-modal")).to_have_count(0)


def test_a_frame_in_another_language_takes_the_place_of_one_that_waited(page: Page, link: FakeLink) -> None:
    ready(page, link)
    page.evaluate("window.options = { locale: 'he' }")
    click(page)

    expect(page.locator("linkspan-modal")).to_have_count(1)
    frame = page.frame_locator("linkspan-modal iframe")
    expect(frame.locator("html")).to_have_attribute("lang", "he")
    expect(frame.get_by_test_id("ls-bank-fcinst_harbor")).to_be_visible()


def test_a_page_that_opens_at_once_has_one_frame(page: Page, link: FakeLink) -> None:
    page.goto(f"{link.host}/host/plain")
    click(page)
    frame = page.frame_locator("linkspan-modal iframe")
    expect(frame.get_by_test_id("ls-bank-fcinst_harbor")).to_be_visible()
    page.evaluate("() => new Promise(resolve => requestIdleCallback(resolve))")

    expect(page.locator("linkspan-modal")).to_have_count(1)


def test_nobody_presses_what_is_not_shown_yet(page: Page, link: FakeLink) -> None:
    held: list[Route] = []
    page.route("**/link/frame*", lambda route: held.append(route))  # noqa: PLW0108 - its callbacks may not be builtin
    page.goto(f"{link.host}/host/plain")

    page.locator("#open").click()

    pressed = "it => getComputedStyle(it).pointerEvents"
    assert page.locator("linkspan-modal iframe").evaluate(pressed) == "none"
    held.pop().continue_()
    expect(page.frame_locator("linkspan-modal iframe").get_by_test_id("ls-search")).to_be_focused()
    assert page.locator("linkspan-modal iframe").evaluate(pressed) == "auto"
