"""In every language each pane says everything it says, in its own direction and without overflowing."""

import pytest
from playwright.sync_api import Page, expect

from linkspan.server.link.languages import TAGS, Languages
from tests.browser.conftest import OpenModal
from tests.browser.fake_link import FakeLink
from tests.browser.panes import TITLES, turn_to
from tests.browser.test_modal_panes import SIDEWAYS, TARGETS_BELOW_44

pytestmark = pytest.mark.browser

# A name that is not filled in, or a message that is not there.
UNSAID = "() => document.body.innerText.match(/[{}]|undefined|NaN/g)"


@pytest.mark.parametrize("tag", TAGS)
def test_every_pane_is_whole_in_every_language(
    tag: str, page: Page, link: FakeLink, open_modal: OpenModal
) -> None:
    page.set_viewport_size({"width": 320, "height": 568})
    frame = open_modal(options={"locale": tag})
    words = Languages().pick(tag)
    root = frame.locator(":root")

    found = {}
    for name in TITLES:
        turn_to(frame, link, name, by="pane")
        found[name] = [root.evaluate(UNSAID), root.evaluate(SIDEWAYS), root.evaluate(TARGETS_BELOW_44)]

    assert found == {name: [None, 0, []] for name in TITLES}
    expect(root).to_have_attribute("lang", tag)
    expect(root).to_have_attribute("dir", words.direction)
    expect(page.get_by_role("dialog", name=words.text("title"))).to_be_visible()


@pytest.mark.parametrize(
    ("locale", "title", "amount"),
    [
        ("en-GB", "Choose accounts", "US$2,843.10"),
        ("de", "Konten auswählen", "2.843,10\u00a0$"),
        ("pt-PT", "Escolha as contas", "2843,10\u00a0US$"),
        ("sv", "Choose accounts", "$2,843.10"),
    ],
)
def test_numbers_are_written_as_the_locale_does(
    locale: str, title: str, amount: str, link: FakeLink, open_modal: OpenModal
) -> None:
    link.show("accounts")

    frame = open_modal(options={"locale": locale})

    expect(frame.get_by_role("heading", level=1)).to_have_text(title)
    assert frame.locator(".amount").first.text_content() == amount


def test_from_right_to_left_the_arrow_points_the_other_way(link: FakeLink, open_modal: OpenModal) -> None:
    link.show("consent")

    frame = open_modal(options={"locale": "ar"})

    arrow = frame.get_by_test_id("ls-back")
    assert arrow.locator("svg").evaluate("it => getComputedStyle(it).scale") == "-1 1"
    box, merchant = arrow.bounding_box(), frame.locator(".merchant").bounding_box()
    assert box is not None
    assert merchant is not None
    assert box["x"] > merchant["x"]


def test_the_skeleton_is_named_and_laid_out_before_the_frame_is_there(page: Page, link: FakeLink) -> None:
    page.route("**/link/frame*", lambda _route: None)
    page.goto(f"{link.host}/host/plain")

    page.evaluate("() => window.link({ locale: 'he-IL' })")

    dialog = page.locator("linkspan-modal dialog")
    expect(dialog).to_have_attribute("dir", "rtl")
    expect(page.get_by_role("dialog", name="קישור חשבון בנק")).to_be_visible()
