from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.access import AXE, DIRECTIONS, LOOKS, Look, take_on, violations
from tests.browser.conftest import OpenModal
from tests.browser.fake_link import FakeLink
from tests.browser.panes import TITLES, each_pane

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _still(page: Page) -> None:
    # A pane that is still fading in has less contrast than it will have.
    page.emulate_media(reduced_motion="reduce")


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_axe_finds_nothing_on_any_pane(look: Look, page: Page, link: FakeLink, open_modal: OpenModal) -> None:
    take_on(page, look)
    frame = open_modal(options={"locale": DIRECTIONS[look.direction]})

    found = {name: violations(frame) for name in each_pane(frame, link, by="pane")}

    assert found == {name: [] for name in TITLES}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_while_searching(
    scheme: Any, page: Page, link: FakeLink, open_modal: OpenModal
) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    frame = open_modal("bank")

    frame.get_by_test_id("ls-search").fill("north")
    expect(frame.get_by_test_id("ls-bank-fcinst_northfield")).to_be_visible()
    assert violations(frame) == []
    link.search = "institutions_none"
    frame.get_by_test_id("ls-search").fill("zebra")
    expect(frame.get_by_test_id("ls-search-none")).to_be_visible()
    assert violations(frame) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_question_before_leaving(
    scheme: Any, page: Page, link: FakeLink, open_modal: OpenModal
) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    link.show("accounts")
    frame = open_modal()

    frame.get_by_test_id("ls-close").click()
    expect(frame.get_by_test_id("ls-exit-stay")).to_be_focused()

    assert violations(frame) == []


def test_axe_finds_nothing_in_the_merchants_page_around_it(page: Page, open_modal: OpenModal) -> None:
    open_modal()
    page.evaluate(AXE.read_text())

    found = page.evaluate(
        "() => axe.run({include: ['linkspan-modal']}, {iframes: false}).then(it => it.violations)"
    )

    assert found == []


def _press(page: Page, frame: FrameLocator, test_id: str, key: str) -> None:
    """Reach a control with Tab alone, then press *key* on it."""
    control = frame.get_by_test_id(test_id)
    expect(control).to_be_visible()
    for _ in range(30):
        if control.evaluate("it => it === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(control).to_be_focused()
    page.keyboard.press(key)


def test_a_keyboard_is_enough(page: Page, link: FakeLink) -> None:
    page.goto(f"{link.host}/host/plain")
    page.locator("#open").focus()
    page.keyboard.press("Enter")
    frame = page.frame_locator("linkspan-modal iframe")
    expect(frame.get_by_test_id("ls-search")).to_be_focused()

    page.keyboard.type("north")
    _press(page, frame, "ls-bank-fcinst_northfield", "Enter")
    _press(page, frame, "ls-consent-agree", "Enter")
    with page.context.expect_page() as opened:
        _press(page, frame, "ls-login-link", "Enter")
    opened.value.get_by_role("link", name="Allow").press("Enter")
    page.bring_to_front()
    _press(page, frame, "ls-account-fccand_2", "Space")
    _press(page, frame, "ls-accounts-submit", "Enter")
    _press(page, frame, "ls-done", "Enter")

    page.evaluate("window.outcome")
    assert link.called("accounts") == [{"accounts": ["fccand_1", "fccand_3"], "kinds": {}}]
    expect(page.locator("#open")).to_be_focused()


def test_each_new_pane_takes_focus_at_its_heading(open_modal: OpenModal) -> None:
    frame = open_modal("bank")
    heading = frame.get_by_role("heading", level=1)

    frame.get_by_test_id("ls-bank-fcinst_harbor").click()
    expect(heading).to_have_text("Let Rocket Rides see your accounts at Harbor Bank")
    expect(heading).to_be_focused()
    frame.get_by_test_id("ls-consent-agree").click()
    expect(heading).to_have_text("Sign in at Harbor Bank")
    expect(heading).to_be_focused()


def test_waiting_is_told_to_those_who_listen(link: FakeLink, open_modal: OpenModal) -> None:
    link.show("login_opened")

    frame = open_modal()

    news = frame.get_by_role("status")
    expect(news).to_have_text("Waiting until you have signed in at Harbor Bank")
    assert news.evaluate("it => getComputedStyle(it).display") != "none"


def test_the_frame_and_its_controls_have_names(page: Page, link: FakeLink, open_modal: OpenModal) -> None:
    link.show("accounts")
    frame = open_modal()

    expect(page.locator("linkspan-modal iframe")).to_have_attribute("title", "Link a bank account")
    expect(page.get_by_role("dialog", name="Link a bank account")).to_be_visible()
    expect(frame.get_by_role("checkbox", name="Everyday Checking Checking ending in 4417")).to_be_checked()
    expect(frame.get_by_role("group", name="Harbor Bank")).to_be_visible()
    expect(frame.get_by_role("button", name="Close")).to_be_visible()


def test_what_has_focus_is_never_under_the_header_or_the_footer(
    page: Page, link: FakeLink, open_modal: OpenModal
) -> None:
    page.set_viewport_size({"width": 320, "height": 568})
    link.show("accounts")
    frame = open_modal()

    for account in ("fccand_1", "fccand_2", "fccand_3"):
        row = frame.get_by_test_id(f"ls-account-{account}")
        row.focus()
        box, header, footer = (
            place.evaluate("it => { const {top, bottom} = it.getBoundingClientRect(); return {top, bottom} }")
            for place in (row, frame.locator("header"), frame.locator("footer"))
        )
        assert header["bottom"] <= box["top"], account
        assert box["bottom"] <= footer["top"], account


def test_forced_colors_keep_every_control_outlined(page: Page, link: FakeLink, open_modal: OpenModal) -> None:
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    link.show("accounts")

    frame = open_modal()

    width = frame.get_by_test_id("ls-accounts-submit").evaluate("it => getComputedStyle(it).borderTopWidth")
    assert width == "1px"


# WCAG 2.2, 1.4.12: what a reader may set, and nothing may be lost by.
SPACED = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
        word-spacing: 0.16em !important } p { margin-block-end: 2em !important }`);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}"""
CUT_OFF = """() => [...document.querySelectorAll('h1, h2, p, button, a, .name, .detail')]
    .filter(it => !it.closest('.unseen, .merchant') && it.scrollWidth > it.clientWidth + 1
        && getComputedStyle(it).display !== 'inline')
    .map(it => it.outerHTML)"""


def test_wider_spacing_of_text_cuts_nothing_off(page: Page, link: FakeLink, open_modal: OpenModal) -> None:
    page.set_viewport_size({"width": 320, "height": 568})
    frame = open_modal()
    frame.locator(":root").evaluate(SPACED)

    cut = {name: frame.locator(":root").evaluate(CUT_OFF) for name in each_pane(frame, link)}

    assert cut == {name: [] for name in TITLES}


def test_at_400_percent_what_has_focus_is_seen_whole(
    page: Page, link: FakeLink, open_modal: OpenModal
) -> None:
    page.set_viewport_size({"width": 320, "height": 256})  # 1280 by 1024, four times as large
    frame = open_modal()

    hidden = []
    for name in each_pane(frame, link):
        for control in frame.locator("button:enabled, a, input:enabled").all():
            control.focus()
            if not control.evaluate(IS_SEEN):
                hidden.append((name, control.get_attribute("data-testid")))

    assert hidden == []


# The middle of it is itself on screen: neither scrolled away nor under anything that stays put.
IS_SEEN = """it => {
    const { left, top, width, height } = it.getBoundingClientRect();
    const seen = document.elementFromPoint(left + width / 2, top + height / 2);
    return seen !== null && (it.contains(seen) || seen.contains(it));
}"""


def test_a_failure_is_told_to_those_who_listen(link: FakeLink, open_modal: OpenModal) -> None:
    link.status["institutions"] = 500
    frame = open_modal()

    frame.get_by_test_id("ls-search").fill("north")

    expect(frame.get_by_role("status")).to_have_text("Search did not work")
