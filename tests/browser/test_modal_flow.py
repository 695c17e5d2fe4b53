from typing import Any

import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Page, expect

from tests.browser.conftest import OpenModal
from tests.browser.fake_link import FakeLink, example

pytestmark = pytest.mark.browser

LINKED = example("done")["result"]
NOTHING_LINKED = example("closed")["result"]


def _outcome(page: Page) -> Any:
    return page.evaluate("window.outcome")


def _expect_pane(frame: FrameLocator, name: str) -> None:
    expect(frame.locator(f"[data-pane={name}]")).to_be_visible()


def _follow_to_bank(page: Page, frame: FrameLocator, control: str) -> Page:
    with page.context.expect_page() as opened:
        frame.get_by_test_id(control).click()
    return opened.value


def test_a_person_links_accounts(page: Page, link: FakeLink, open_modal: OpenModal) -> None:
    frame = open_modal("bank")

    frame.get_by_test_id("ls-bank-fcinst_harbor").click()
    frame.get_by_test_id("ls-consent-agree").click()
    bank = _follow_to_bank(page, frame, "ls-login-link")
    expect(frame.get_by_role("heading", level=1)).to_have_text("Waiting for Harbor Bank")
    bank.get_by_role("link", name="Allow").click()
    page.bring_to_front()
    frame.get_by_test_id("ls-accounts-submit").click()
    frame.get_by_test_id("ls-done").click()

    assert _outcome(page) == LINKED
    assert link.called("bank") == [{"institution": "fcinst_harbor"}]
    assert link.called("accounts") == [{"accounts": ["fccand_1", "fccand_2", "fccand_3"], "kinds": {}}]
    assert [event["name"] for event in page.evaluate("window.told")] == [
        "open",
        "institution_selected",
        "consent_acquired",
        "flow_launched_in_browser",
        "institution_authorized",
        "accounts_selected",
        "success",
    ]


def test_the_server_learns_who_embeds_it(link: FakeLink, open_modal: OpenModal) -> None:
    open_modal(options={"locale": "de"})

    told = {"locale": "de", "host_origin": link.host, "key": "pk_test_example", "purpose": "accounts"}
    assert link.called("open") == [told]


def test_the_banks_tab_has_no_opener_and_no_referrer(
    page: Page, link: FakeLink, open_modal: OpenModal
) -> None:
    link.show("login")
    frame = open_modal()

    bank = _follow_to_bank(page, frame, "ls-login-link")

    assert bank.evaluate("[window.opener, document.referrer]") == [None, ""]


@pytest.mark.parametrize(
    ("pane", "control"), [("login", "ls-login-link"), ("login_opened", "ls-login-reopen")]
)
def test_a_double_click_opens_the_bank_once(
    pane: str, control: str, page: Page, link: FakeLink, open_modal: OpenModal
) -> None:
    link.show(pane)
    frame = open_modal()

    with page.context.expect_page():
        frame.get_by_test_id(control).dblclick()
    expect(frame.get_by_test_id("ls-login-reopen")).to_be_visible()

    assert len(link.called("bridge")) == 1


def test_reopening_uses_the_fresh_address(page: Page, link: FakeLink, open_modal: OpenModal) -> None:
    link.show("login_opened")
    frame = open_modal()

    _follow_to_bank(page, frame, "ls-login-reopen")

    assert link.called("bridge") == ["bt_example2"]


def test_cancelling_at_the_bank_leads_to_another_bank(link: FakeLink, open_modal: OpenModal) -> None:
    link.show("login_opened")
    frame = open_modal()

    frame.get_by_test_id("ls-login-cancel").click()

    _expect_pane(frame, "bank")
    assert link.called("back") == [{}]


def test_where_the_program_chose_the_bank_no_other_is_offered(link: FakeLink, open_modal: OpenModal) -> None:
    link.show("consent", one_bank=True)
    frame = open_modal()
    expect(frame.get_by_test_id("ls-back")).to_have_count(0)

    link.show("login", one_bank=True)
    frame.locator(":root").evaluate("() => { window.dispatchEvent(new Event('focus')) }")

    _expect_pane(frame, "login")
    expect(frame.get_by_test_id("ls-login-cancel")).to_have_text("Go back")


def test_without_a_stream_the_modal_finds_out_by_asking(link: FakeLink, open_modal: OpenModal) -> None:
    link.has_stream = False
    link.show("login_opened")
    frame = open_modal()

    link.show("accounts")

    _expect_pane(frame, "accounts")


def test_a_pane_that_changed_while_the_person_was_away_is_right_when_they_return(
    link: FakeLink, open_modal: OpenModal
) -> None:
    link.show("consent")
    frame = open_modal()
    link.show("error_expired")

    frame.locator(":root").evaluate("() => window.dispatchEvent(new Event('focus'))")

    _expect_pane(frame, "error")


def test_after_a_reload_the_same_secret_goes_on_at_the_same_pane(
    page: Page, link: FakeLink, open_modal: OpenModal
) -> None:
    open_modal("bank").get_by_test_id("ls-bank-fcinst_harbor").click()
    _expect_pane(page.frame_locator("linkspan-modal iframe"), "consent")

    frame = open_modal("consent")

    expect(frame.get_by_test_id("ls-consent-agree")).to_be_visible()
    assert len(link.called("open")) == 2


def test_leaving_early_resolves_with_no_accounts(page: Page, open_modal: OpenModal) -> None:
    frame = open_modal("bank")

    frame.get_by_test_id("ls-close").click()

    assert _outcome(page) == NOTHING_LINKED
    expect(page.locator("linkspan-modal")).to_have_count(0)


def test_leaving_asks_first_when_something_would_be_lost(
    page: Page, link: FakeLink, open_modal: OpenModal
) -> None:
    link.show("accounts")
    frame = open_modal()

    frame.get_by_test_id("ls-account-fccand_2").uncheck()
    frame.get_by_test_id("ls-close").click()
    frame.get_by_test_id("ls-exit-stay").click()
    expect(frame.get_by_test_id("ls-accounts-submit")).to_have_text("Link 2 accounts")
    frame.get_by_test_id("ls-close").click()
    frame.get_by_test_id("ls-exit-leave").click()

    assert _outcome(page) == NOTHING_LINKED


def test_closing_the_last_pane_is_a_success(page: Page, link: FakeLink, open_modal: OpenModal) -> None:
    link.show("done")
    frame = open_modal()

    frame.get_by_test_id("ls-close").click()

    assert _outcome(page) == LINKED


def test_going_offline_keeps_what_was_entered(
    context: BrowserContext, link: FakeLink, open_modal: OpenModal
) -> None:
    link.show("accounts")
    frame = open_modal()
    frame.get_by_test_id("ls-account-fccand_3").uncheck()

    context.set_offline(offline=True)
    frame.get_by_test_id("ls-accounts-submit").click()
    expect(frame.get_by_role("alert")).to_contain_text("offline")
    context.set_offline(offline=False)
    frame.get_by_test_id("ls-accounts-submit").click()

    _expect_pane(frame, "done")
    assert link.called("accounts") == [{"accounts": ["fccand_1", "fccand_2"], "kinds": {}}]


def test_a_server_in_trouble_can_be_asked_again(link: FakeLink, open_modal: OpenModal) -> None:
    link.status["open"] = 500
    frame = open_modal("error")

    expect(frame.get_by_test_id("ls-support-id")).to_have_text("req_fake0000000001")
    del link.status["open"]
    frame.get_by_test_id("ls-error-retry").click()

    _expect_pane(frame, "bank")


def test_a_refused_session_resolves_with_the_servers_error(page: Page, link: FakeLink) -> None:
    link.status["open"] = 404
    page.goto(f"{link.host}/host/plain")

    outcome = page.evaluate("() => { window.link(); return window.outcome }")

    assert outcome == example("refusal")
    expect(page.locator("linkspan-modal")).to_have_count(0)


def test_a_server_that_cannot_be_reached_resolves_with_a_connection_error(page: Page, link: FakeLink) -> None:
    link.status["frame"] = 503
    page.clock.install()
    page.goto(f"{link.host}/host/plain")
    page.get_by_role("button", name="Link an account").click()
    expect(page.locator("linkspan-modal dialog")).to_be_visible()

    page.clock.fast_forward(20_000)

    assert _outcome(page)["error"]["type"] == "api_connection_error"
    expect(page.locator("linkspan-modal")).to_have_count(0)


def test_a_slow_start_is_told(page: Page, link: FakeLink) -> None:
    page.clock.install()
    page.route("**/link/open", lambda _route: None)
    page.goto(f"{link.host}/host/plain")
    page.get_by_role("button", name="Link an account").click()
    frame = page.frame_locator("linkspan-modal iframe")
    _expect_pane(frame, "boot")

    page.clock.fast_forward(4_000)

    expect(frame.get_by_test_id("ls-news")).to_have_text(
        "This takes longer than usual. Your connection may be slow."
    )


def test_a_trouble_says_when_the_bank_is_back_and_how_much_it_showed(
    link: FakeLink, open_modal: OpenModal
) -> None:
    error = example("error_unavailable")
    link.show("error_unavailable", error={**error["error"], "back_at": 1_790_003_600, "found": 2})

    frame = open_modal()

    expect(frame.get_by_role("main")).to_contain_text("Expected back: Sep 21, 2026")
    expect(frame.get_by_role("main")).to_contain_text("(2 accounts were found.)")
