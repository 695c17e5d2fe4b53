"""What `import linkspan` gives, what it leaves alone."""

import subprocess
import sys
from importlib.metadata import version

import pytest

import linkspan
from linkspan import client, objects, webhooks

PUBLIC = {
    "APIConnectionError",
    "APIError",
    "Account",
    "AccountHolder",
    "AccountInferredBalance",
    "AccountNumber",
    "AccountOwner",
    "AccountOwnership",
    "ApiError",
    "AsyncClient",
    "AsyncPage",
    "AuthenticationError",
    "Authorization",
    "Balance",
    "BalanceRefresh",
    "BankAccount",
    "BillingAddress",
    "BillingDetails",
    "BreakingChangeWarning",
    "BusinessProfile",
    "CardError",
    "CashBalance",
    "Client",
    "ConnectedAccount",
    "CreditBalance",
    "Customer",
    "DecodeError",
    "DeletedCustomer",
    "Event",
    "EventDestination",
    "ThinEvent",
    "EventData",
    "EventRequest",
    "Filters",
    "Hosted",
    "InferredBalancesRefresh",
    "Institution",
    "RelinkOptions",
    "RelinkResult",
    "IdempotencyError",
    "InvalidRequestError",
    "Limits",
    "LinkspanError",
    "List",
    "ManualEntry",
    "OwnershipRefresh",
    "PaymentIntent",
    "PaymentMethod",
    "SetupIntent",
    "Page",
    "PermissionDeniedError",
    "RateLimitError",
    "Session",
    "SignatureVerificationError",
    "StatusDetails",
    "StatusDetailsActive",
    "StatusTransitions",
    "Token",
    "Transaction",
    "TransactionRefresh",
    "UsBankAccount",
    "Webhook",
    "__version__",
    "decode",
    "encode",
}


def loaded_by(statement: str) -> set[str]:
    """The modules a fresh interpreter holds after *statement*."""
    code = f"{statement}; import sys; print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(told.stdout.split())


def test_the_public_names_are_these() -> None:
    assert set(linkspan.__all__) == PUBLIC
    assert all(hasattr(linkspan, name) for name in PUBLIC)


def test_every_error_of_the_client_is_at_the_top() -> None:
    errors = {name for name in client.__all__ if name.endswith("Error")}

    assert errors <= set(linkspan.__all__)


def test_the_names_at_the_top_are_the_rooms_own() -> None:
    for name in PUBLIC - {"__version__"}:
        room = next(room for room in (client, objects, webhooks) if hasattr(room, name))
        assert getattr(linkspan, name) is getattr(room, name)


def test_the_version_is_the_packages() -> None:
    assert linkspan.__version__ == version("linkspan")


def test_importing_linkspan_loads_no_server() -> None:
    loaded = loaded_by("import linkspan")

    assert not {
        name for name in loaded if name.startswith(("linkspan.server", "linkspan.sandbank", "starlette"))
    }


def test_importing_linkspan_loads_nothing_heavy() -> None:
    heavy = {"asyncio", "pyreqwest", "ssl", "http.client", "email", "logging", "msgspec"}

    assert not loaded_by("import linkspan") & heavy


def test_naming_an_object_loads_no_client() -> None:
    loaded = loaded_by("from linkspan import Session")

    assert "linkspan.objects" in loaded
    assert "linkspan.client" not in loaded


def test_an_unknown_name_is_refused_as_python_does() -> None:
    misspelt = "Sesion"

    with pytest.raises(AttributeError, match="module 'linkspan' has no attribute 'Sesion'"):
        getattr(linkspan, misspelt)


def test_names_not_loaded_yet_are_listed() -> None:
    assert dir(linkspan) == sorted(PUBLIC)
