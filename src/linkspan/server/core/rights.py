"""The rights that a restricted key may have: to read or to write one resource."""

from collections.abc import Iterable, Mapping
from itertools import product
from typing import Final

RESOURCES: Final[Mapping[str, str]] = {
    "accounts": "financial_connections_account",
    "connected_accounts": "account",
    "authorizations": "financial_connections_authorization",
    "customers": "customer",
    "event_destinations": "webhook_endpoint",
    "events": "event",
    "institutions": "financial_connections_institution",
    "payment_intents": "payment_intent",
    "payment_methods": "payment_method",
    "sessions": "financial_connections_session",
    "setup_intents": "setup_intent",
    "thin_events": "event",
    "tokens": "token",
    "transactions": "financial_connections_transaction",
    "webhook_endpoints": "webhook_endpoint",
}
"""What a right calls the resource that the name of a route begins with."""

RIGHTS: Final = frozenset(f"{noun}_{verb}" for noun, verb in product(RESOURCES.values(), ("read", "write")))


def right_to(resource: str, method: str) -> str:
    """Return the right that *method* of HTTP takes on *resource*: anything but GET writes."""
    return f"{RESOURCES[resource]}_{'read' if method == 'GET' else 'write'}"


def implied(rights: Iterable[str]) -> frozenset[str]:
    """Return *rights* with what they imply: who may write may read."""
    given = frozenset(rights)
    return given | {right.removesuffix("write") + "read" for right in given if right.endswith("_write")}


def label(right: str) -> str:
    """Return *right* as people say it, such as "Customers Read"."""
    noun, _, verb = right.rpartition("_")
    return f"{noun.replace('_', ' ').title()}s {verb.title()}"
