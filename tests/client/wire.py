"""What the server says and is told, as tests write it."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, urlsplit

import msgspec

from linkspan.client import Request, Response

KEY: Final = "sk_test_51QvCanary"
BASE: Final = "http://linkspan.test"


def answered(body: object, status: int = 200, **headers: str) -> Response:
    """An answer as the server gives it."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status=status, headers={"request-id": "req_1"} | named, body=msgspec.json.encode(body))


def refused(status: int, **error: str | None) -> Response:
    """An answer that tells of an error."""
    told: dict[str, str | None] = {"type": "invalid_request_error", "message": "No."}
    return answered({"error": told | error}, status)


def account(known_as: str, **changes: object) -> dict[str, object]:
    """An Account on the wire."""
    return {
        "id": known_as,
        "object": "financial_connections.account",
        "account_holder": {"type": "customer", "customer": "cus_1"},
        "account_numbers": None,
        "balance": None,
        "balance_refresh": None,
        "category": "cash",
        "created": 1790000000,
        "display_name": "Everyday",
        "institution_name": "Harbor Bank",
        "last4": "6789",
        "livemode": False,
        "ownership": None,
        "ownership_refresh": None,
        "permissions": ["balances"],
        "status": "active",
        "subcategory": "checking",
        "subscriptions": [],
        "supported_payment_method_types": ["us_bank_account"],
        "transaction_refresh": None,
    } | changes


def page(*elements: object, has_more: bool = False) -> dict[str, object]:
    """A list on the wire."""
    url = "/v1/financial_connections/accounts"
    return {"object": "list", "data": list(elements), "has_more": has_more, "url": url}


def session(**changes: object) -> dict[str, object]:
    """A Session on the wire."""
    return {
        "id": "fcsess_1",
        "object": "financial_connections.session",
        "account_holder": {"type": "customer", "customer": "cus_1"},
        "accounts": page(),
        "client_secret": "fcsess_client_secret_canary",
        "livemode": False,
        "permissions": ["balances"],
        "prefetch": None,
    } | changes


def form(request: Request) -> Mapping[str, str]:
    """The parameters of a request, from its body or its query."""
    text = urlsplit(request.url).query if request.body is None else request.body
    return dict(parse_qsl(text, keep_blank_values=True))
