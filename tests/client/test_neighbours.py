"""What calls about payment methods, tokens and connected accounts send, and what they return."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from linkspan import BankAccount, ConnectedAccount, PaymentMethod
from tests.client.conftest import Calls
from tests.client.wire import BASE, account, answered, form, page

Calling = Callable[..., Calls]

OBJECTS = Path(__file__).parents[2] / "contract/objects"
NOBODY = {"address": None, "email": None, "name": "Ada", "phone": None}
PAYMENT_METHOD = {
    "id": "pm_1",
    "object": "payment_method",
    "billing_details": NOBODY,
    "created": 1790000000,
    "customer": None,
    "livemode": False,
    "type": "us_bank_account",
}
TOKEN = {
    "id": "btok_1",
    "object": "token",
    "bank_account": {
        "id": "ba_1",
        "object": "bank_account",
        "account_holder_name": None,
        "account_holder_type": None,
        "bank_name": None,
        "country": "US",
        "currency": "usd",
        "last4": "6789",
        "routing_number": "110000000",
        "status": "new",
    },
    "client_ip": None,
    "created": 1790000000,
    "livemode": False,
    "type": "bank_account",
    "used": False,
}


def sample(kind: str) -> dict[str, Any]:
    """An intent as the server writes it."""
    written = (OBJECTS / f"{kind.capitalize()}Intent.json").read_bytes()
    intent: dict[str, Any] = msgspec.json.decode(written)
    return intent


def test_a_payment_method_is_made_of_a_linked_account(calling: Calling) -> None:
    calls = calling(answered(account("fca_1")), answered(PAYMENT_METHOD))
    linked = calls.done(calls.client.accounts.retrieve("fca_1"))

    made = calls.done(
        calls.client.payment_methods.create(
            us_bank_account={"financial_connections_account": linked}, billing_details={"name": "Ada"}
        )
    )

    assert isinstance(made, PaymentMethod)
    assert calls.last.url == f"{BASE}/v1/payment_methods"
    assert form(calls.last) == {
        "type": "us_bank_account",
        "us_bank_account[financial_connections_account]": "fca_1",
        "billing_details[name]": "Ada",
    }


@pytest.mark.parametrize(
    ("call", "params", "path", "sent"),
    [
        ("retrieve", {}, "/pm_1", {}),
        ("update", {"metadata": {"order": "1"}}, "/pm_1", {"metadata[order]": "1"}),
        ("attach", {"customer": "cus_1"}, "/pm_1/attach", {"customer": "cus_1"}),
        ("detach", {}, "/pm_1/detach", {}),
    ],
)
def test_a_payment_method_is_called_by_its_id(
    calling: Calling, call: str, params: dict[str, Any], path: str, sent: dict[str, str]
) -> None:
    calls = calling(answered(PAYMENT_METHOD))

    returned = calls.done(getattr(calls.client.payment_methods, call)("pm_1", **params))

    assert isinstance(returned, PaymentMethod)
    assert calls.last.url == f"{BASE}/v1/payment_methods{path}"
    assert form(calls.last) == sent


def test_the_payment_methods_of_a_customer_are_listed(calling: Calling) -> None:
    calls = calling(answered(page(PAYMENT_METHOD)))

    listed = calls.done(calls.client.payment_methods.list(customer="cus_1", type="us_bank_account"))

    assert [each.id for each in listed.data] == ["pm_1"]
    assert form(calls.last) == {"customer": "cus_1", "type": "us_bank_account"}


@pytest.mark.parametrize("kind", ["payment", "setup"])
@pytest.mark.parametrize(
    ("call", "params", "path", "sent"),
    [
        ("retrieve", {}, "", {}),
        ("update", {"description": "A ride"}, "", {"description": "A ride"}),
        ("confirm", {"payment_method": "pm_1"}, "/confirm", {"payment_method": "pm_1"}),
        (
            "cancel",
            {"cancellation_reason": "abandoned"},
            "/cancel",
            {"cancellation_reason": "abandoned"},
        ),
        (
            "verify_microdeposits",
            {"amounts": [32, 32]},
            "/verify_microdeposits",
            {"amounts[0]": "32", "amounts[1]": "32"},
        ),
    ],
)
def test_an_intent_is_called_by_its_id(
    calling: Calling, kind: str, call: str, params: dict[str, Any], path: str, sent: dict[str, str]
) -> None:
    intent = sample(kind)
    calls = calling(answered(intent))

    returned = calls.done(getattr(getattr(calls.client, f"{kind}_intents"), call)(intent["id"], **params))

    assert returned.to_dict() == intent
    assert calls.last.url == f"{BASE}/v1/{kind}_intents/{intent['id']}{path}"
    assert form(calls.last) == sent


@pytest.mark.parametrize("kind", ["payment", "setup"])
def test_intents_are_created_and_listed(calling: Calling, kind: str) -> None:
    intent = sample(kind)
    calls = calling(answered(intent), answered(page(intent)))
    group = getattr(calls.client, f"{kind}_intents")
    price = {"amount": 5000, "currency": "usd"} if kind == "payment" else {}

    calls.done(group.create(**price, customer="cus_1", confirm=True))
    listed = calls.done(group.list(customer="cus_1", limit=1))

    assert form(calls.sent[0]) == {
        **{name: str(value) for name, value in price.items()},
        "customer": "cus_1",
        "confirm": "true",
    }
    assert [each.id for each in listed.data] == [intent["id"]]
    assert calls.last.url == f"{BASE}/v1/{kind}_intents?customer=cus_1&limit=1"


def test_a_token_is_made_of_numbers_or_of_a_payment_method(calling: Calling) -> None:
    calls = calling(answered(TOKEN))

    made = calls.done(
        calls.client.tokens.create(
            bank_account={"country": "US", "routing_number": "110000000", "account_number": "000123456789"}
        )
    )
    calls.done(calls.client.tokens.create(bank_account={"payment_method": "pm_1"}, customer="cus_1"))
    again = calls.done(calls.client.tokens.retrieve(made.id))

    assert made == again
    assert isinstance(made.bank_account, BankAccount)
    assert form(calls.sent[0])["bank_account[routing_number]"] == "110000000"
    assert form(calls.sent[1]) == {"bank_account[payment_method]": "pm_1", "customer": "cus_1"}
    assert calls.last.url == f"{BASE}/v1/tokens/btok_1"


def test_connected_accounts_are_made_changed_and_listed(calling: Calling) -> None:
    connected = {"object": "account", "id": "acct_1", "type": "express"}
    calls = calling(*[answered(connected)] * 4, answered(page(connected)))
    client = calls.client.connected_accounts

    made = calls.done(client.create(type="express", capabilities={"transfers": {"requested": True}}))
    calls.done(client.update("acct_1", business_profile={"name": "Ada's Engines"}))
    calls.done(client.retrieve("acct_1"))
    own = calls.done(client.retrieve_current())
    listed = calls.done(client.list(limit=1))

    assert made == own == listed.data[0]
    assert isinstance(made, ConnectedAccount)
    assert [request.url.removeprefix(BASE) for request in calls.sent] == [
        "/v1/accounts",
        "/v1/accounts/acct_1",
        "/v1/accounts/acct_1",
        "/v1/account",
        "/v1/accounts?limit=1",
    ]
    assert form(calls.sent[0]) == {"type": "express", "capabilities[transfers][requested]": "true"}
    assert form(calls.sent[1]) == {"business_profile[name]": "Ada's Engines"}
