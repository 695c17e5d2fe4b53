"""Numbers are typed with care: by keyboard alone, told of when they are wrong, and sent once."""

from typing import Any, Final

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.access import violations
from tests.browser.conftest import OpenModal
from tests.browser.fake_link import FakeLink, example

pytestmark = pytest.mark.browser

TYPED: Final = {
    "routing_number": "110000000",
    "account_number": "000123456789",
    "account_type": "savings",
}


def bank_that_lets_type() -> dict[str, Any]:
    return {"bank": {**example("bank")["bank"], "can_type": True}}


def field(frame: FrameLocator, name: str) -> Any:
    return frame.get_by_test_id(f"ls-manual-{name}")


def test_numbers_are_typed_by_keyboard_alone(page: Page, link: FakeLink, open_modal: OpenModal) -> None:
    link.show("bank", **bank_that_lets_type())
    frame = open_modal("bank")

    frame.get_by_test_id("ls-type-numbers").press("Enter")
    expect(frame.get_by_role("heading", level=1)).to_be_focused()
    for key in ("Tab", "Tab", *TYPED["routing_number"], "Tab", *TYPED["account_number"], "Tab"):
        page.keyboard.press(key)
    for key in (*TYPED["account_number"], "Tab", "ArrowDown", "Tab", "Enter"):
        page.keyboard.press(key)

    expect(frame.get_by_role("heading", level=1)).to_have_text("Your account was entered")
    assert link.called("numbers") == [TYPED]
    expect(frame.get_by_test_id("ls-done-deposits")).to_contain_text("SM")
    frame.get_by_test_id("ls-done").press("Enter")
    assert page.evaluate("window.outcome") == example("done_typed")["result"]


def test_nobody_is_asked_to_type_where_nothing_lets_them(open_modal: OpenModal) -> None:
    frame = open_modal("bank")

    expect(frame.get_by_test_id("ls-type-numbers")).to_have_count(0)


def test_who_could_not_sign_in_is_offered_to_type(link: FakeLink, open_modal: OpenModal) -> None:
    problem = example("error")["error"]
    link.show("error", error={**problem, "actions": ["retry", "another_bank", "manual", "close"]})
    frame = open_modal()

    frame.get_by_test_id("ls-error-manual").click()

    expect(field(frame, "routing")).to_be_visible()


def test_test_mode_fills_in_numbers(link: FakeLink, open_modal: OpenModal) -> None:
    link.show("manual")
    frame = open_modal()

    field(frame, "fill").click()
    expect(frame.get_by_test_id("ls-news")).to_have_text("Test numbers are filled in")
    field(frame, "submit").click()

    expect(frame.get_by_role("heading", level=1)).to_have_text("Your account was entered")
    assert link.called("numbers") == [TYPED | {"account_type": "checking"}]


def test_live_mode_fills_nothing_in(link: FakeLink, open_modal: OpenModal) -> None:
    link.show("manual", livemode=True, manual={**example("manual")["manual"], "test": None})
    frame = open_modal()

    expect(field(frame, "routing")).to_be_visible()
    expect(field(frame, "fill")).to_have_count(0)


def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_sent(
    link: FakeLink, open_modal: OpenModal
) -> None:
    link.show("manual")
    frame = open_modal()
    field(frame, "routing").fill("110000001")
    field(frame, "account").fill("0001 2345-6789")
    field(frame, "again").fill("000123456788")

    field(frame, "submit").click()

    expect(field(frame, "routing-wrong")).to_have_text("This is not a routing number. Check each digit.")
    expect(field(frame, "account-wrong")).to_have_count(0)
    expect(field(frame, "again-wrong")).to_have_text("The two account numbers differ.")
    expect(field(frame, "routing")).to_be_focused()
    expect(field(frame, "routing")).to_have_accessible_description(
        "This is not a routing number. Check each digit."
    )
    field(frame, "routing").fill("110000000")
    expect(field(frame, "routing-wrong")).to_have_count(0)
    assert link.called("numbers") == []


def test_a_mistake_is_not_told_of_while_it_is_typed(link: FakeLink, open_modal: OpenModal) -> None:
    link.show("manual")
    frame = open_modal()

    field(frame, "routing").press_sequentially("1100")
    expect(field(frame, "routing-wrong")).to_have_count(0)
    field(frame, "account").focus()

    expect(field(frame, "routing-wrong")).to_have_text("A routing number has 9 digits.")


def test_the_bank_of_a_routing_number_is_named(link: FakeLink, open_modal: OpenModal) -> None:
    link.show("manual")
    frame = open_modal()

    field(frame, "routing").fill("110000000")

    name = example("institutions")["data"][0]["name"]
    expect(field(frame, "bank")).to_have_text(f"Bank: {name}")
    assert link.called("institutions") == ["110000000"]


def test_leaving_what_was_typed_is_asked_about(link: FakeLink, open_modal: OpenModal) -> None:
    link.show("manual")
    frame = open_modal()

    frame.get_by_test_id("ls-close").click()

    expect(frame.get_by_test_id("ls-exit-leave")).to_be_visible()


def test_digits_run_left_to_right_in_every_language(link: FakeLink, open_modal: OpenModal) -> None:
    link.show("manual")
    frame = open_modal(options={"locale": "he"})

    expect(field(frame, "routing")).to_have_attribute("dir", "ltr")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en", "ar"])
def test_the_end_of_typing_breaks_no_rule_of_access(
    page: Page, link: FakeLink, open_modal: OpenModal, scheme: Any, locale: str
) -> None:
    page.emulate_media(color_scheme=scheme)
    link.show("done_typed")

    frame = open_modal(options={"locale": locale})

    assert violations(frame) == []
