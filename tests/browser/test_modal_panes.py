import re
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, expect

from tests.browser.access import violations
from tests.browser.conftest import OpenModal
from tests.browser.fake_link import FakeLink, example
from tests.browser.panes import TITLES, each_pane

pytestmark = pytest.mark.browser

SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
TARGETS_BELOW_44 = """() => [...document.querySelectorAll('button, a, label, input[type=search]')]
    .map(target => [target.dataset.testid ?? target.className, target.getBoundingClientRect()])
    .filter(([name, box]) => box.width > 0 && (box.height < 43.99 || box.width < 43.99))
    .map(([name, box]) => `${name} ${box.width} x ${box.height}`)"""


@pytest.mark.parametrize("name", TITLES)
def test_each_pane_renders_its_contract_example(name: str, link: FakeLink, open_modal: OpenModal) -> None:
    link.show(name)

    frame = open_modal()

    expect(frame.get_by_role("heading", level=1)).to_have_text(TITLES[name])
    expect(frame.get_by_text("Test mode")).to_be_visible()


def test_a_live_session_is_not_called_a_test(link: FakeLink, open_modal: OpenModal) -> None:
    link.show("bank", livemode=True)

    frame = open_modal()

    expect(frame.get_by_text("Test mode")).to_have_count(0)


def test_no_pane_scrolls_sideways_at_320_pixels(page: Page, link: FakeLink, open_modal: OpenModal) -> None:
    page.set_viewport_size({"width": 320, "height": 568})
    frame = open_modal()

    sideways = {name: frame.locator(":root").evaluate(SIDEWAYS) for name in each_pane(frame, link)}

    assert sideways == dict.fromkeys(TITLES, 0)
    assert page.evaluate(SIDEWAYS) == 0


def test_every_target_is_large_enough_for_a_finger(link: FakeLink, open_modal: OpenModal) -> None:
    frame = open_modal()

    small = {name: frame.locator(":root").evaluate(TARGETS_BELOW_44) for name in each_pane(frame, link)}

    assert small == {name: [] for name in TITLES}


def test_consent_says_what_is_shared_and_how_it_ends(link: FakeLink, open_modal: OpenModal) -> None:
    link.show("consent")

    frame = open_modal()

    block = example("consent")["consent"]
    for item in block["items"]:
        expect(frame.get_by_text(item["text"])).to_be_visible()
    expect(frame.get_by_text(block["notice"])).to_be_visible()


def test_an_ineligible_account_says_why(link: FakeLink, open_modal: OpenModal) -> None:
    link.show("accounts")

    frame = open_modal()

    expect(frame.get_by_test_id("ls-account-fccand_4")).to_be_disabled()
    expect(frame.get_by_text("Credit cards cannot be linked here")).to_be_visible()
    expect(frame.get_by_text("$2,843.10")).to_be_visible()


def test_the_counter_follows_the_ticks(link: FakeLink, open_modal: OpenModal) -> None:
    link.show("accounts")
    frame = open_modal()
    submit = frame.get_by_test_id("ls-accounts-submit")
    everything = frame.get_by_test_id("ls-select-all")

    expect(submit).to_have_text("Link 3 accounts")
    frame.get_by_test_id("ls-account-fccand_2").uncheck()
    expect(submit).to_have_text("Link 2 accounts")
    expect(everything).to_have_js_property("indeterminate", value=True)
    everything.check()
    expect(submit).to_have_text("Link 3 accounts")
    everything.uncheck()
    expect(submit).to_be_disabled()


def test_a_single_choice_is_made_with_radios(link: FakeLink, open_modal: OpenModal) -> None:
    link.show("accounts_single")
    frame = open_modal()

    frame.get_by_test_id("ls-account-fccand_2").check()
    frame.get_by_test_id("ls-accounts-submit").click()

    expect(frame.locator("[data-pane=done]")).to_be_visible()
    assert link.called("accounts") == [{"accounts": ["fccand_2"], "kinds": {}}]


def test_no_more_accounts_than_the_limit_can_be_ticked(link: FakeLink, open_modal: OpenModal) -> None:
    block = example("accounts")["accounts"]
    link.show("accounts", accounts={**block, "limit": 2})

    frame = open_modal()

    expect(frame.get_by_test_id("ls-accounts-submit")).to_have_text("Link 2 accounts")
    expect(frame.get_by_test_id("ls-account-fccand_3")).to_be_disabled()
    expect(frame.get_by_test_id("ls-select-all")).to_have_count(0)


def _search(frame: FrameLocator, text: str) -> None:
    frame.get_by_test_id("ls-search").press_sequentially(text)


def test_typing_shows_what_the_server_found(open_modal: OpenModal) -> None:
    frame = open_modal()

    _search(frame, "north")

    expect(frame.get_by_test_id("ls-bank-fcinst_northfield")).to_be_visible()
    expect(frame.get_by_test_id("ls-bank-fcinst_harbor")).to_have_count(0)
    expect(frame.get_by_test_id("ls-news")).to_have_text("2 banks found")
    frame.get_by_test_id("ls-search-clear").click()
    expect(frame.get_by_test_id("ls-bank-fcinst_harbor")).to_be_visible()
    expect(frame.get_by_test_id("ls-search")).to_be_focused()


def test_a_search_without_results_says_what_to_try(link: FakeLink, open_modal: OpenModal) -> None:
    link.search = "institutions_none"
    frame = open_modal()

    _search(frame, "zebra")

    expect(frame.get_by_test_id("ls-search-none")).to_contain_text("No bank matches “zebra”")
    expect(frame.get_by_test_id("ls-news")).to_have_text("No bank matches “zebra”")


def test_a_failed_search_can_be_tried_again(link: FakeLink, open_modal: OpenModal) -> None:
    link.status["institutions"] = 500
    frame = open_modal()

    _search(frame, "north")
    expect(frame.get_by_test_id("ls-search-failed")).to_be_visible()
    del link.status["institutions"]
    frame.get_by_test_id("ls-search-again").click()

    expect(frame.get_by_test_id("ls-bank-fcinst_northfield")).to_be_visible()


@pytest.mark.parametrize(
    ("action", "called", "pane"), [("retry", "retry", "login"), ("another_bank", "back", "bank")]
)
def test_an_error_offers_what_can_be_done_next(
    action: str, called: str, pane: str, link: FakeLink, open_modal: OpenModal
) -> None:
    link.show("error")
    frame = open_modal()

    frame.get_by_test_id(f"ls-error-{action}").click()

    expect(frame.locator(f"[data-pane={pane}]")).to_be_visible()
    assert link.called(called) == [{}]


def test_the_support_id_can_be_copied(context: BrowserContext, link: FakeLink, open_modal: OpenModal) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    link.show("error")
    frame = open_modal()

    frame.get_by_test_id("ls-copy-support-id").click()

    expect(frame.get_by_test_id("ls-copy-support-id")).to_have_text("Copied")
    elsewhere = context.new_page()
    elsewhere.goto(f"{link.host}/host/plain")
    assert elsewhere.evaluate("navigator.clipboard.readText()") == example("error")["error"]["support_id"]


def test_an_unknown_pane_ends_on_the_error_pane_with_a_way_out(
    page: Page, link: FakeLink, open_modal: OpenModal
) -> None:
    link.show("bank", next_pane="lottery", lottery={})

    frame = open_modal("error")

    expect(frame.get_by_role("heading", level=1)).to_have_text("Something went wrong on our side")
    frame.get_by_test_id("ls-error-close").click()
    assert page.evaluate("window.outcome") == example("closed")["result"]


def test_brand_colors_carry_readable_letters(open_modal: OpenModal) -> None:
    frame = open_modal()

    colors = {
        bank: frame.get_by_test_id(f"ls-bank-{bank}")
        .locator(".monogram")
        .evaluate("it => getComputedStyle(it).color")
        for bank in ("fcinst_harbor", "fcinst_sunfield")
    }

    assert colors == {"fcinst_harbor": "rgb(255, 255, 255)", "fcinst_sunfield": "rgb(0, 0, 0)"}


def _ground(frame: FrameLocator) -> str:
    found: str = frame.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
    return found


@pytest.mark.parametrize(
    ("scheme", "options", "ground"),
    [
        ("light", {}, "rgb(255, 255, 255)"),
        ("dark", {}, "rgb(20, 26, 33)"),
        ("light", {"theme": "dark"}, "rgb(20, 26, 33)"),
        ("dark", {"theme": "light"}, "rgb(255, 255, 255)"),
    ],
)
def test_the_theme_is_the_systems_unless_the_page_names_one(
    scheme: Any, options: dict[str, str], ground: str, page: Page, open_modal: OpenModal
) -> None:
    page.emulate_media(color_scheme=scheme)

    frame = open_modal(options=options)

    assert _ground(frame) == ground


def test_reduced_motion_stops_every_animation(page: Page, link: FakeLink, open_modal: OpenModal) -> None:
    page.emulate_media(reduced_motion="reduce")
    link.show("login_opened")

    frame = open_modal()

    assert frame.locator(":root").evaluate("() => document.getAnimations().length") == 0


def test_a_phone_gets_a_sheet_at_the_bottom(page: Page, open_modal: OpenModal) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(reduced_motion="reduce")

    open_modal()

    box = page.locator("linkspan-modal dialog").bounding_box()
    assert box is not None
    assert (box["x"], box["width"], box["y"] + box["height"]) == (0, 390, 844)


def test_a_touch_screen_is_not_covered_by_a_keyboard_at_once(browser: Browser, link: FakeLink) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{link.host}/host/plain")
    page.get_by_role("button", name="Link an account").tap()

    frame = page.frame_locator("linkspan-modal iframe")

    expect(frame.get_by_role("heading", level=1)).to_be_focused()
    expect(frame.get_by_test_id("ls-search")).not_to_be_focused()
    context.close()


def test_test_ids_are_there_for_every_control(open_modal: OpenModal) -> None:
    frame = open_modal()

    controls = frame.locator("button, a, input")

    assert controls.count() > 5
    for control in controls.all():
        expect(control).to_have_attribute("data-testid", re.compile("^ls-"))


COLORS = ["#ffee00", "#000000", "#fefefe", "#635bff"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("color", COLORS)
def test_a_merchants_color_can_be_read_whatever_it_is(
    color: str, scheme: Any, page: Page, link: FakeLink, open_modal: OpenModal
) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    variables = {"colorPrimary": color, "borderRadius": "2px", "fontFamily": "Georgia, serif"}
    frame = open_modal(options={"appearance": {"variables": variables}})

    found = {name: violations(frame) for name in each_pane(frame, link)}

    assert found == {name: [] for name in TITLES}


def test_the_merchants_corners_and_letters_are_used(link: FakeLink, open_modal: OpenModal) -> None:
    link.show("consent")
    variables = {"colorPrimary": "#635bff", "borderRadius": "2px", "fontFamily": "Georgia, serif"}

    frame = open_modal(options={"theme": "light", "appearance": {"variables": variables}})

    style = frame.get_by_test_id("ls-consent-agree").evaluate(
        "it => [getComputedStyle(it).borderRadius, getComputedStyle(it).fontFamily]"
    )
    assert style == ["2px", "Georgia, serif"]


def test_the_pages_nonce_goes_with_each_step_and_in_no_address(page: Page, open_modal: OpenModal) -> None:
    asked: list[tuple[str, str | None]] = []
    page.on("request", lambda it: asked.append((it.url, it.headers.get("linkspan-nonce"))))
    frame = open_modal(options={"nonce": "order-7"})

    frame.get_by_test_id("ls-bank-fcinst_harbor").click()

    expect(frame.locator("[data-pane=consent]")).to_be_visible()
    steps = [nonce for url, nonce in asked if url.endswith(("/link/open", "/link/bank"))]
    assert steps == ["order-7", "order-7"]
    assert [url for url, _ in asked if "order-7" in url] == []


# What moved on its own, without anybody having clicked or typed (Layout Instability, W3C).
SHIFTED = """() => new Promise(resolve => new PerformanceObserver(list => resolve(list.getEntries()
    .filter(({ hadRecentInput }) => !hadRecentInput)
    .map(({ value, sources }) => `${value} ${sources.map(({ node }) => node?.outerHTML).join()}`)
)).observe({ type: 'layout-shift', buffered: true }) || setTimeout(() => resolve([]), 300))"""


@pytest.mark.parametrize("width", [320, 480, 1280])
def test_nothing_moves_once_the_skeleton_is_there(
    width: int, page: Page, link: FakeLink, open_modal: OpenModal
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    link.delay = 0.3  # long enough for the skeleton to be painted, and then replaced

    frame = open_modal("bank")

    assert frame.locator(":root").evaluate(SHIFTED) == []
