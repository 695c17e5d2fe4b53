"""A tab that was left behind says so, and nobody loses their work for want of time."""

import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.access import violations
from tests.browser.conftest import OpenModal
from tests.browser.fake_link import FakeLink, example

pytestmark = pytest.mark.browser

_ONE_MINUTE = 60


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_a_tab_left_behind_can_go_on_where_the_other_one_is(
    locale: str, page: Page, link: FakeLink, open_modal: OpenModal
) -> None:
    page.emulate_media(reduced_motion="reduce")
    link.steps["bank"] = "continued_elsewhere"
    frame = open_modal("bank", options={"locale": locale})

    frame.get_by_test_id("ls-bank-fcinst_harbor").click()
    expect(frame.locator("[data-pane=elsewhere]")).to_be_visible()
    assert violations(frame) == []
    link.show("accounts")
    frame.get_by_test_id("ls-elsewhere-resume").click()

    expect(frame.locator("[data-pane=accounts]")).to_be_visible()
    assert len(link.tabs) == 1


def test_who_closes_a_tab_left_behind_is_told_how_the_session_stands(
    page: Page, link: FakeLink, open_modal: OpenModal
) -> None:
    link.steps["bank"] = "continued_elsewhere"
    frame = open_modal("bank")

    frame.get_by_test_id("ls-bank-fcinst_harbor").click()
    frame.get_by_test_id("ls-elsewhere-close").click()

    assert page.evaluate("window.outcome") == example("continued_elsewhere")["result"]
    assert link.called("close") == []


@pytest.mark.parametrize("key", ["Enter", "Escape"])
def test_one_key_gives_more_time_before_it_is_over(
    key: str, page: Page, link: FakeLink, open_modal: OpenModal
) -> None:
    page.emulate_media(reduced_motion="reduce")
    ends_at = int(time.time()) + 2 * _ONE_MINUTE
    link.show("accounts", expires_at=ends_at)
    frame = open_modal()

    warning = frame.get_by_role("alertdialog", name="Do you need more time?")
    expect(warning).to_be_visible()
    expect(frame.get_by_test_id("ls-hurry-extend")).to_be_focused()
    assert violations(frame) == []
    page.keyboard.press(key)

    expect(warning).to_be_hidden()
    assert link.called("extend") == [{}]
    expect(frame.locator("[data-pane=accounts]")).to_be_visible()
