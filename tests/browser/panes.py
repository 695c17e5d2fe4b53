"""The panes of the contract, and how to turn an open modal to one of them."""

from collections.abc import Iterator
from typing import Literal

from playwright.sync_api import FrameLocator, expect

from tests.browser.fake_link import FakeLink

# In an order in which one modal can show them all: after ``done`` it asks for no more.
TITLES = {
    "bank": "Choose your bank",
    "consent": "Let Rocket Rides see your accounts at Harbor Bank",
    "login": "Sign in at Harbor Bank",
    "login_opened": "Waiting for Harbor Bank",
    "login_form": "Sign in to Harbor Bank",
    "login_form_wrong": "Sign in to Harbor Bank",
    "login_form_challenge": "One more step for Harbor Bank",
    "login_form_token": "Paste your setup token",
    "error": "Sign-in was not completed",
    "accounts": "Choose accounts",
    "accounts_kinds": "Choose accounts",
    "error_unavailable": "Harbor Bank is not available",
    "accounts_single": "Choose an account",
    "manual": "Enter your account numbers",
    "error_expired": "This link has expired",
    "done": "2 accounts are linked",
}


def turn_to(
    frame: FrameLocator, link: FakeLink, name: str, *, by: Literal["title", "pane"] = "title"
) -> None:
    """Show the example *name* in an open modal, as if the person had come back from elsewhere.

    It is known to be there by its English title, in other languages *by* its pane.
    """
    link.show(name)
    frame.locator(":root").evaluate("() => { window.dispatchEvent(new Event('focus')) }")
    if by == "title":
        expect(frame.get_by_role("heading", level=1)).to_have_text(TITLES[name])
    else:
        version = str(link.view["version"])
        expect(
            frame.locator(f"[data-pane={link.view['next_pane']}][data-version='{version}']")
        ).to_be_visible()


def each_pane(
    frame: FrameLocator, link: FakeLink, *, by: Literal["title", "pane"] = "title"
) -> Iterator[str]:
    """Turn an open modal to every pane, one after the other."""
    for name in TITLES:
        turn_to(frame, link, name, by=by)
        yield name
