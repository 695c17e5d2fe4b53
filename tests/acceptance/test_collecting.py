"""The unmodified package collects bank accounts for tokens and intents, and brings those to an end."""

from collections.abc import Callable
from typing import Any, Final

import pytest
import stripe
from playwright.sync_api import expect

from tests.acceptance.merchant.site import Merchant
from tests.acceptance.person import Person

pytestmark = pytest.mark.browser

CALL: Final = """async ([method, ...given]) => {
    const { loadStripe } = await import('/stripe-js/index.mjs');
    const stripe = await loadStripe('pk_test_quay_street');
    window.outcome = stripe[method](...given);
}"""
JENNY: Final = {
    "payment_method_type": "us_bank_account",
    "payment_method_data": {"billing_details": {"name": "Jenny Rosen", "email": "jenny@example.com"}},
}
BOTH: Final = pytest.mark.parametrize("kind", ["payment", "setup"])


class Desk:
    """A merchant's page with a person in front of it, and its back end."""

    def __init__(self, person: Person, merchant: Merchant) -> None:
        self.person = person
        self.merchant = merchant
        person.page.goto(merchant.origin)

    def begin(self, method: str, *given: Any) -> None:
        """Call the package, as the page's script would."""
        self.person.page.evaluate(CALL, [method, *given])

    def outcome(self) -> dict[str, Any]:
        """What the call resolved to."""
        found: dict[str, Any] = self.person.page.evaluate("window.outcome")
        return found

    def call(self, method: str, *given: Any) -> dict[str, Any]:
        """Make a call that shows nothing."""
        self.begin(method, *given)
        outcome = self.outcome()
        expect(self.person.page.locator("linkspan-modal")).to_have_count(0)
        return outcome

    def intent(self, kind: str) -> Any:
        """An intent of a new customer, made by the official package."""
        key = self.merchant.secret_key
        customer = stripe.Customer.create(name="Jenny Rosen", api_key=key).id
        if kind == "setup":
            return stripe.SetupIntent.create(customer=customer, api_key=key)
        return stripe.PaymentIntent.create(amount=5000, currency="usd", customer=customer, api_key=key)

    def read(self, intent: Any) -> Any:
        return type(intent).retrieve(intent.id, api_key=self.merchant.secret_key)


@pytest.fixture
def desk(person: Person, merchant: Merchant) -> Desk:
    return Desk(person, merchant)


def names(kind: str) -> tuple[str, str]:
    """What Stripe.js calls the two kinds: in its methods, and in what they resolve to."""
    return kind.capitalize(), f"{kind}Intent"


@BOTH
def test_typed_numbers_are_collected_confirmed_and_verified(desk: Desk, kind: str) -> None:
    of, key = names(kind)
    intent = desk.intent(kind)

    desk.begin(f"collectBankAccountFor{of}", {"clientSecret": intent.client_secret, "params": JENNY})
    desk.person.type_numbers()
    collected = desk.outcome()[key]
    confirmed = desk.call(f"confirmUsBankAccount{of}", intent.client_secret)[key]
    wrong = desk.call(f"verifyMicrodepositsFor{of}", intent.client_secret, {"amounts": [1, 2]})
    verified = desk.call(f"verifyMicrodepositsFor{of}", intent.client_secret, {"amounts": [32, 45]})[key]

    assert (collected["id"], collected["status"]) == (intent.id, "requires_confirmation")
    assert (confirmed["status"], confirmed["next_action"]["type"]) == (
        "requires_action",
        "verify_with_microdeposits",
    )
    assert wrong["error"]["code"] == "payment_method_microdeposit_verification_amounts_mismatch"
    assert verified["status"] == ("processing" if kind == "payment" else "succeeded")
    assert desk.call(f"retrieve{of}Intent", intent.client_secret)[key]["id"] == intent.id


@BOTH
def test_a_linked_account_is_collected_and_confirmed(desk: Desk, kind: str) -> None:
    of, key = names(kind)
    intent = desk.intent(kind)
    options = {"clientSecret": intent.client_secret, "params": JENNY, "expand": ["payment_method"]}

    desk.begin(f"collectBankAccountFor{of}", options)
    desk.person.sign_in(desk.person.go_to_bank())
    desk.person.finish()
    collected = desk.outcome()[key]
    confirmed = desk.call(f"confirmUsBankAccount{of}", intent.client_secret)[key]

    bank = collected["payment_method"]["us_bank_account"]
    assert bank["financial_connections_account"].startswith("fca_")
    assert collected["payment_method"]["billing_details"]["name"] == "Jenny Rosen"
    assert confirmed["status"] == ("processing" if kind == "payment" else "succeeded")
    if kind == "setup":
        method = stripe.PaymentMethod.retrieve(
            desk.read(intent).payment_method, api_key=desk.merchant.secret_key
        )
        assert method.customer == intent.customer


@BOTH
def test_who_leaves_leaves_the_intent_without_an_account(desk: Desk, kind: str) -> None:
    of, key = names(kind)
    intent = desk.intent(kind)

    desk.begin(f"collectBankAccountFor{of}", {"clientSecret": intent.client_secret, "params": JENNY})
    desk.person.press("ls-close")

    assert desk.outcome()[key]["status"] == "requires_payment_method"


def make_session(desk: Desk, mode: str) -> stripe.financial_connections.Session:
    key = desk.merchant.secret_key
    customer = stripe.Customer.create(name="Jenny Rosen", api_key=key).id
    return stripe.financial_connections.Session.create(
        account_holder={"type": "customer", "customer": customer},
        permissions=["payment_method"],
        manual_entry={"mode": mode},
        api_key=key,
    )


def typing(person: Person) -> None:
    person.type_numbers()


def signing_in(person: Person) -> None:
    person.sign_in(person.go_to_bank())
    person.finish()


@pytest.mark.parametrize("way", [typing, signing_in])
def test_a_token_is_collected_either_way(desk: Desk, way: Callable[[Person], None]) -> None:
    session = make_session(desk, "automatic")

    desk.begin("collectBankAccountToken", {"clientSecret": session.client_secret})
    way(desk.person)
    outcome = desk.outcome()

    token = stripe.Token.retrieve(outcome["token"]["id"], api_key=desk.merchant.secret_key)
    assert token.bank_account is not None
    assert token.bank_account.last4 == outcome["token"]["bank_account"]["last4"]
    accounts = outcome["financialConnectionsSession"]["accounts"]
    assert [each["last4"] for each in accounts] == ([] if way is typing else [token.bank_account.last4])


def test_who_leaves_before_a_token_gets_none(desk: Desk) -> None:
    session = make_session(desk, "automatic")

    desk.begin("collectBankAccountToken", {"clientSecret": session.client_secret})
    desk.person.press("ls-close")

    outcome = desk.outcome()
    assert outcome.keys() == {"financialConnectionsSession"}
    assert outcome["financialConnectionsSession"]["accounts"] == []


def test_a_call_with_what_is_none_of_its_secrets_is_resolved_with_an_error(desk: Desk) -> None:
    outcome = desk.call("retrievePaymentIntent", "pi_1_secret_2")

    assert outcome["error"]["type"] == "invalid_request_error"
    desk.begin("collectBankAccountForPayment", {"clientSecret": "pi_1_secret_2", "params": JENNY})
    assert desk.outcome()["error"]["param"] == "client_secret"
