"""A person who links accounts in a browser: what they click, and what they see."""

import json
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import BrowserContext, FrameLocator, Page, expect

BANK = "fcinst_quillstone"


@dataclass
class Person:
    """Somebody in front of a page that links accounts."""

    context: BrowserContext
    page: Page

    @property
    def modal(self) -> FrameLocator:
        return self.page.frame_locator("linkspan-modal iframe")

    def press(self, test_id: str) -> None:
        """Press something in the modal."""
        self.modal.get_by_test_id(test_id).click()

    def expect_pane(self, pane: str) -> None:
        """Wait until the modal shows *pane*."""
        expect(self.modal.locator(f"[data-pane={pane}]")).to_be_visible()

    def go_to_bank(self) -> Page:
        """Choose a bank, agree, and follow the link; return the bank's tab."""
        self.press(f"ls-bank-{BANK}")
        self.press("ls-consent-agree")
        return self.open_bank("ls-login-link")

    def open_bank(self, link: str) -> Page:
        """Follow a link to the bank; return its tab."""
        with self.context.expect_page() as opened:
            self.press(link)
        return opened.value

    def sign_in(self, tab: Page, *, answer: str = "bank-allow", name: str = "sam") -> None:
        """Sign in at the bank as one of its people, answer its question, and come back."""
        tab.get_by_test_id(f"bank-person-{name}").click()
        tab.get_by_test_id(answer).click()
        expect(tab.get_by_test_id("ls-page-returned")).to_be_visible()
        tab.close()
        self.page.bring_to_front()

    def finish(self) -> None:
        """Take the accounts that are ticked, and end."""
        self.press("ls-accounts-submit")
        self.press("ls-done")

    def type_numbers(self) -> None:
        """Type the numbers of an account instead of signing in, as test mode fills them in."""
        self.press("ls-type-numbers")
        self.press("ls-manual-fill")
        self.press("ls-manual-submit")
        self.press("ls-done")

    def outcome(self) -> dict[str, Any]:
        """What the page's promise resolved to."""
        shown = self.page.locator("#outcome")
        expect(shown).not_to_be_empty()
        outcome: dict[str, Any] = json.loads(shown.inner_text())
        return outcome
