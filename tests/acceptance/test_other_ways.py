"""Accounts are linked by a pasted token and by credentials, at a bank in a process of its own."""

import re
import time
from typing import Final

import pytest
import stripe
from playwright.sync_api import expect

from tests.acceptance.merchant.site import Merchant
from tests.acceptance.person import Person

pytestmark = pytest.mark.browser

CAUSEWAY: Final = "fcinst_causeway"
FERRYDESK: Final = "fcinst_ferrydesk"
# What the bank prints on its own pages.
PASSWORD: Final = "ferry-crossing"
_REFRESH_SECONDS_MAX: Final = 30
_LOOK_AGAIN_SECONDS: Final = 0.1


@pytest.fixture
def customer_of(person: Person, merchant: Merchant) -> Person:
    """Somebody who is asked for transactions too."""
    merchant.asks_for_transactions = True
    person.page.goto(merchant.origin)
    person.page.get_by_role("button", name="Link an account").click()
    person.expect_pane("bank")
    return person


def go_to_form(someone: Person, bank: str) -> None:
    someone.press(f"ls-bank-{bank}")
    someone.press("ls-consent-agree")
    someone.expect_pane("login_form")


def enter(someone: Person, **answer: str) -> None:
    """Fill in fields by name, send them, and wait until the bank has answered."""
    for name, text in answer.items():
        someone.modal.get_by_test_id(f"ls-field-{name}").fill(text)
    with someone.page.expect_response(lambda one: one.url.endswith("/link/answer")):
        someone.press("ls-form-submit")


def begin_again(someone: Person, merchant: Merchant) -> None:
    """Begin anew in a page of its own, with a Session of its own."""
    someone.page = someone.context.new_page()
    someone.page.goto(merchant.origin)
    someone.page.get_by_role("button", name="Link an account").click()
    someone.expect_pane("bank")


def get_token(someone: Person, who: str = "sam") -> str:
    """Follow the form's link to the bridge, and bring a token back."""
    tab = someone.open_bank("ls-form-help")
    tab.get_by_test_id(f"bank-person-{who}").click()
    token = tab.get_by_test_id("bank-setup-token").input_value()
    tab.close()
    someone.page.bring_to_front()
    return token


def answer_challenge(someone: Person) -> None:
    """Read the questions, which hold the demonstration bank's answers, and answer them."""
    label = someone.modal.locator("label", has_text="The code we sent you")
    code = re.search(r"[0-9]{6}", label.inner_text())
    assert code is not None
    enter(someone, MFA19="Lyme", FDCODE=code[0])


def refreshed(merchant: Merchant, account: str) -> stripe.financial_connections.Account:
    """Ask for balance and transactions, and wait until the bank has told both."""
    key = merchant.secret_key
    time.sleep(1)  # in test mode a feature may be read again after a second
    stripe.financial_connections.Account.refresh_account(
        account, features=["balance", "transactions"], api_key=key
    )
    until = time.monotonic() + _REFRESH_SECONDS_MAX
    while True:
        shown = stripe.financial_connections.Account.retrieve(account, api_key=key)
        states = {refresh.status for refresh in (shown.balance_refresh, shown.transaction_refresh) if refresh}
        if "pending" not in states:
            assert states == {"succeeded"}
            return shown
        assert time.monotonic() < until
        time.sleep(_LOOK_AGAIN_SECONDS)


def linked(merchant: Merchant) -> list[stripe.financial_connections.Account]:
    session = merchant.sessions[-1].id
    return stripe.financial_connections.Account.list(session=session, api_key=merchant.secret_key).data


def assert_told(merchant: Merchant, account: stripe.financial_connections.Account) -> None:
    """Balance and transactions are there for the merchant's program."""
    fresh = refreshed(merchant, account.id)
    assert fresh.balance is not None
    assert "usd" in fresh.balance.current
    rows = stripe.financial_connections.Transaction.list(
        account=account.id, limit=100, api_key=merchant.secret_key
    )
    assert len(rows.data) > 20


def test_a_pasted_token_links_an_account_whose_kind_the_person_says(
    merchant: Merchant, customer_of: Person
) -> None:
    go_to_form(customer_of, CAUSEWAY)

    enter(customer_of, token=get_token(customer_of))
    customer_of.expect_pane("accounts")
    modal = customer_of.modal
    for row in modal.get_by_role("checkbox").all()[1:]:
        row.uncheck()
    modal.get_by_text("Campus Checking").click()
    customer_of.press("ls-accounts-submit")  # without saying what it is: the question is pointed at
    kind = modal.get_by_label("What kind of account is Campus Checking?")
    expect(kind).to_be_focused()
    kind.select_option("checking")
    customer_of.finish()

    outcome = customer_of.outcome()
    (account,) = linked(merchant)
    assert [one["id"] for one in outcome["financialConnectionsSession"]["accounts"]] == [account.id]
    assert (account.category, account.subcategory) == ("cash", "checking")
    assert_told(merchant, account)


def test_credentials_and_the_answers_to_questions_link_accounts(
    merchant: Merchant, customer_of: Person
) -> None:
    go_to_form(customer_of, FERRYDESK)

    enter(customer_of, user_id="noor", password="a guess")
    problem = customer_of.modal.get_by_test_id("ls-form-problem")
    expect(problem).to_contain_text("Ferrydesk Bank did not accept this")
    expect(customer_of.modal.get_by_test_id("ls-field-user_id")).to_have_value("noor")
    expect(customer_of.modal.get_by_test_id("ls-field-password")).to_have_value("")
    enter(customer_of, password=PASSWORD)
    answer_challenge(customer_of)
    customer_of.expect_pane("accounts")
    customer_of.finish()

    customer_of.outcome()
    accounts = {account.display_name: account for account in linked(merchant)}
    assert accounts["Everyday Checking"].subcategory == "checking"
    assert_told(merchant, accounts["Everyday Checking"])


def test_a_token_used_twice_is_refused_with_what_to_do(merchant: Merchant, customer_of: Person) -> None:
    go_to_form(customer_of, CAUSEWAY)
    token = get_token(customer_of)
    enter(customer_of, token=token)
    customer_of.expect_pane("accounts")
    begin_again(customer_of, merchant)

    go_to_form(customer_of, CAUSEWAY)
    enter(customer_of, token=token)

    expect(customer_of.modal.get_by_role("heading", level=1)).to_have_text("This token was already used")
    customer_of.press("ls-error-retry")
    customer_of.expect_pane("login_form")


def test_a_locked_account_is_told_with_what_to_do(merchant: Merchant, customer_of: Person) -> None:
    go_to_form(customer_of, FERRYDESK)
    for _ in range(3):
        enter(customer_of, user_id="harborfinch", password="a guess")
    expect(customer_of.modal.get_by_role("heading", level=1)).to_have_text("Too many tries at Ferrydesk Bank")
    begin_again(customer_of, merchant)

    go_to_form(customer_of, FERRYDESK)
    enter(customer_of, user_id="harborfinch", password=PASSWORD)

    heading = customer_of.modal.get_by_role("heading", level=1)
    expect(heading).to_have_text("Ferrydesk Bank has locked your access")
    expect(customer_of.modal.get_by_test_id("ls-error-retry")).to_be_visible()
