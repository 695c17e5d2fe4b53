"""The page of a hosted Session from end to end: the server's own, and back to the merchant's."""

from dataclasses import dataclass
from typing import Any

import pytest
import stripe
from playwright.sync_api import Page, expect

from tests.acceptance.merchant.site import Merchant
from tests.acceptance.person import BANK, Person

pytestmark = pytest.mark.browser

PREVIEW = "2026-10-28.preview"


@dataclass
class Visitor:
    """Somebody who was sent the address of a hosted Session."""

    person: Person

    @property
    def page(self) -> Page:
        return self.person.page

    def press(self, test_id: str) -> None:
        self.page.get_by_test_id(test_id).click()

    def expect_pane(self, pane: str) -> None:
        expect(self.page.locator(f"[data-pane={pane}]")).to_be_visible()

    def go_to_bank(self) -> Page:
        """Choose a bank, agree, and follow the link; return the bank's tab."""
        self.press(f"ls-bank-{BANK}")
        self.press("ls-consent-agree")
        with self.person.context.expect_page() as opened:
            self.press("ls-login-link")
        return opened.value


@pytest.fixture
def visitor(person: Person) -> Visitor:
    return Visitor(person)


def hosted(merchant: Merchant, **page: str) -> Any:  # the package knows no fields of previews
    """A hosted Session of a new customer, through the official package."""
    key = merchant.secret_key
    customer = stripe.Customer.create(api_key=key, stripe_version=PREVIEW)
    params: dict[str, Any] = {
        "account_holder": {"type": "customer", "customer": customer.id},
        "permissions": ["balances"],
        "ui_mode": "hosted",
        "hosted": page,
    }
    return stripe.financial_connections.Session.create(api_key=key, stripe_version=PREVIEW, **params)


def session_now(merchant: Merchant, session: str) -> Any:  # as above
    return stripe.financial_connections.Session.retrieve(
        session, api_key=merchant.secret_key, stripe_version=PREVIEW
    )


def test_accounts_are_linked_in_a_page_of_the_servers_own(merchant: Merchant, visitor: Visitor) -> None:
    session = hosted(merchant, return_url=f"{merchant.origin}/")

    visitor.page.goto(session.url)
    visitor.expect_pane("bank")
    visitor.person.sign_in(visitor.go_to_bank())
    visitor.expect_pane("accounts")
    visitor.press("ls-accounts-submit")
    visitor.expect_pane("done")
    visitor.press("ls-done")
    expect(visitor.page).to_have_url(f"{merchant.origin}/")

    ended = session_now(merchant, session.id)
    assert (ended.status, ended.url, ended.client_secret) == ("succeeded", None, None)
    assert len(ended.accounts.data) == 2


def test_a_page_with_nowhere_to_go_says_that_it_is_over(merchant: Merchant, visitor: Visitor) -> None:
    session = hosted(merchant)

    visitor.page.goto(session.url)
    visitor.expect_pane("bank")
    visitor.press("ls-close")

    expect(visitor.page.get_by_test_id("ls-end-finished")).to_be_visible()
    assert session_now(merchant, session.id).status == "cancelled"


def test_an_address_that_was_used_says_so(merchant: Merchant, visitor: Visitor) -> None:
    session = hosted(merchant)
    visitor.page.goto(session.url)
    visitor.expect_pane("bank")
    visitor.press("ls-close")
    expect(visitor.page.get_by_test_id("ls-end-finished")).to_be_visible()

    visitor.page.reload()

    expect(visitor.page.get_by_test_id("ls-end-refused")).to_be_visible()
