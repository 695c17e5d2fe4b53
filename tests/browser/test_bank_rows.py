"""What a row says of a bank before it is chosen, and how banks are searched without asking the server."""

from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.access import LOOKS, Look, take_on, violations
from tests.browser.conftest import OpenModal
from tests.browser.fake_link import FakeLink, example

pytestmark = pytest.mark.browser

BACK_AT = 4_100_000_000


def unwell() -> list[dict[str, Any]]:
    """The featured banks, the first of which are not as they should be."""
    rows: list[dict[str, Any]] = example("bank")["bank"]["featured"]
    changes: tuple[dict[str, Any], ...] = (
        {"status": "inactive", "back_at": BACK_AT},
        {"status": "inactive"},
        {"status": "degraded"},
        {"linkable": False},
    )
    return [{**row, **change} for row, change in zip(rows, changes, strict=False)] + rows[len(changes) :]


def show(link: FakeLink) -> None:
    view = example("bank")
    health = [{key: row[key] for key in ("id", "status", "back_at", "takes_seconds")} for row in unwell()[:3]]
    link.show("bank", bank={**view["bank"], "featured": unwell(), "health": health})


def row(frame: FrameLocator, place: int) -> Any:
    return frame.get_by_test_id(f"ls-bank-{unwell()[place]['id']}")


def test_a_row_says_how_well_its_bank_answers_before_it_is_chosen(
    link: FakeLink, open_modal: OpenModal
) -> None:
    show(link)
    frame = open_modal()

    year = str(datetime.fromtimestamp(BACK_AT).astimezone().year)
    expect(row(frame, 0)).to_contain_text("Not answering right now · Expected back")
    expect(row(frame, 0)).to_contain_text(year)
    expect(row(frame, 1)).to_contain_text("Not answering right now")
    expect(row(frame, 2)).to_contain_text("Signing in often fails right now")
    expect(row(frame, 3)).to_contain_text("Not available here yet")
    expect(row(frame, 4)).not_to_contain_text("now")


@pytest.mark.parametrize("look", LOOKS[::5], ids=str)
def test_a_row_that_is_not_as_it_should_be_is_for_everyone(
    page: Page, link: FakeLink, open_modal: OpenModal, look: Look
) -> None:
    take_on(page, look)
    show(link)

    frame = open_modal(options={"theme": look.theme, "locale": "ar" if look.direction == "rtl" else "en"})

    assert violations(frame) == []


def test_a_bank_of_the_index_is_found_without_asking_the_server(
    page: Page, link: FakeLink, open_modal: OpenModal
) -> None:
    link.index = "index"
    with page.expect_response("**/link/index"):
        frame = open_modal()
    frame.get_by_test_id("ls-search").press_sequentially("bofa")

    found = frame.get_by_test_id("ls-bank-fcinst_fdic_3510")
    expect(found).to_contain_text("Charlotte, NC · Not available here yet")
    assert (len(link.called("index")), link.called("institutions")) == (1, [])
