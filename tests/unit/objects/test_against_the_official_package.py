"""No field or known value of the official package is missing here."""

import ast
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from linkspan import objects
from linkspan.objects import ApiObject

OURS: dict[str, type[ApiObject]] = {
    "_session.Session": objects.Session,
    "_session.Session.AccountHolder": objects.AccountHolder,
    "_session.Session.Filters": objects.Filters,
    "_session.Session.Limits": objects.Limits,
    "_session.Session.ManualEntry": objects.ManualEntry,
    "_account.Account": objects.Account,
    "_account.Account.AccountHolder": objects.AccountHolder,
    "_account.Account.AccountNumber": objects.AccountNumber,
    "_account.Account.Balance": objects.Balance,
    "_account.Account.Balance.Cash": objects.CashBalance,
    "_account.Account.Balance.Credit": objects.CreditBalance,
    "_account.Account.BalanceRefresh": objects.BalanceRefresh,
    "_account.Account.OwnershipRefresh": objects.OwnershipRefresh,
    "_account.Account.StatusDetails": objects.StatusDetails,
    "_account.Account.StatusDetails.Active": objects.StatusDetailsActive,
    "_account.Account.TransactionRefresh": objects.TransactionRefresh,
    "_account_owner.AccountOwner": objects.AccountOwner,
    "_account_ownership.AccountOwnership": objects.AccountOwnership,
    "_authorization.Authorization": objects.Authorization,
    "_authorization.Authorization.StatusDetails": objects.AuthorizationStatusDetails,
    "_authorization.Authorization.StatusDetails.Active": objects.AuthorizationActive,
    "_authorization.Authorization.StatusDetails.Inactive": objects.AuthorizationInactive,
    "_transaction.Transaction": objects.Transaction,
    "_transaction.Transaction.StatusTransitions": objects.StatusTransitions,
}

KNOWN_VALUES = {
    "_session.Session.permissions": objects.PERMISSIONS,
    "_session.Session.prefetch": objects.PREFETCHES,
    "_session.Session.AccountHolder.type": objects.HOLDER_TYPES,
    "_session.Session.Filters.account_subcategories": objects.FILTER_SUBCATEGORIES,
    "_session.Session.Filters.require_payment_method_support": objects.PAYMENT_METHOD_SUPPORTS,
    "_session.Session.ManualEntry.mode": objects.MANUAL_ENTRY_MODES,
    "_account.Account.category": objects.ACCOUNT_CATEGORIES,
    "_account.Account.permissions": objects.PERMISSIONS,
    "_account.Account.status": objects.ACCOUNT_STATUSES,
    "_account.Account.subcategory": objects.ACCOUNT_SUBCATEGORIES,
    "_account.Account.subscriptions": objects.SUBSCRIPTIONS,
    "_account.Account.supported_payment_method_types": objects.PAYMENT_METHOD_TYPES,
    "_account.Account.AccountNumber.identifier_type": objects.NUMBER_TYPES,
    "_account.Account.AccountNumber.status": objects.NUMBER_STATUSES,
    "_account.Account.AccountNumber.supported_networks": objects.NETWORKS,
    "_account.Account.Balance.type": objects.BALANCE_TYPES,
    "_account.Account.BalanceRefresh.status": objects.REFRESH_STATUSES,
    "_account.Account.StatusDetails.Active.action": objects.DEACTIVATION_ACTIONS,
    "_account.Account.StatusDetails.Active.cause": objects.DEACTIVATION_CAUSES,
    "_authorization.Authorization.status": objects.AUTHORIZATION_STATUSES,
    "_transaction.Transaction.status": objects.TRANSACTION_STATUSES,
}

# Values of preview versions, which this release of the package leaves out.
ONLY_IN_PREVIEWS = {
    "_account.Account.subscriptions": {"balance", "inferred_balances"},
    "_session.Session.prefetch": {"inferred_balances"},
    "_authorization.Authorization.status": {"disconnected"},
    "_session.Session.ManualEntry.mode": {"custom"},
}


NEIGHBOURS: dict[str, type[ApiObject]] = {
    "_payment_method.PaymentMethod.BillingDetails": objects.BillingDetails,
    "_payment_method.PaymentMethod.BillingDetails.Address": objects.BillingAddress,
    "_payment_method.PaymentMethod.UsBankAccount": objects.UsBankAccount,
    "_payment_method.PaymentMethod.UsBankAccount.Networks": objects.UsBankAccountNetworks,
    "_payment_method.PaymentMethod.UsBankAccount.StatusDetails": objects.UsBankAccountStatusDetails,
    "_payment_method.PaymentMethod.UsBankAccount.StatusDetails.Blocked": objects.UsBankAccountBlocked,
    "_setup_intent.SetupIntent.NextAction.VerifyWithMicrodeposits": objects.VerifyWithMicrodeposits,
    "_setup_intent.SetupIntent.PaymentMethodOptions.UsBankAccount.FinancialConnections": (
        objects.IntentFinancialConnections
    ),
    "_setup_intent.SetupIntent.PaymentMethodOptions.UsBankAccount.FinancialConnections.Filters": (
        objects.IntentFilters
    ),
}

KNOWN_VALUES_OF_NEIGHBOURS = {
    "_payment_method.PaymentMethod.allow_redisplay": objects.ALLOW_REDISPLAYS,
    "_payment_method.PaymentMethod.UsBankAccount.account_holder_type": objects.BANK_ACCOUNT_HOLDER_TYPES,
    "_payment_method.PaymentMethod.UsBankAccount.account_type": objects.BANK_ACCOUNT_TYPES,
    "_payment_method.PaymentMethod.UsBankAccount.Networks.supported": objects.BANK_NETWORKS,
    "_payment_method.PaymentMethod.UsBankAccount.StatusDetails.Blocked.network_code": objects.NETWORK_CODES,
    "_payment_method.PaymentMethod.UsBankAccount.StatusDetails.Blocked.reason": objects.BLOCK_REASONS,
    "_account.Account.business_type": objects.BUSINESS_TYPES,
    "_account.Account.type": objects.CONNECTED_ACCOUNT_TYPES,
    "_payment_intent.PaymentIntent.cancellation_reason": objects.PAYMENT_CANCELLATION_REASONS,
    "_payment_intent.PaymentIntent.setup_future_usage": objects.FUTURE_USAGES,
    "_payment_intent.PaymentIntent.status": objects.PAYMENT_INTENT_STATUSES,
    "_setup_intent.SetupIntent.cancellation_reason": objects.SETUP_CANCELLATION_REASONS,
    "_setup_intent.SetupIntent.status": objects.SETUP_INTENT_STATUSES,
    "_setup_intent.SetupIntent.NextAction.VerifyWithMicrodeposits.microdeposit_type": (
        objects.MICRODEPOSIT_TYPES
    ),
    "_setup_intent.SetupIntent.PaymentMethodOptions.UsBankAccount.verification_method": (
        objects.VERIFICATION_METHODS
    ),
}


def official_file(module: str) -> Path:
    """Return the source of a module of the official package, without importing it."""
    spec = importlib.util.find_spec("stripe")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / f"{module}.py"


def classes(path: Path, prefix: str) -> Iterator[tuple[str, ast.ClassDef]]:
    """Yield each class of a file with its dotted name."""
    waiting = [(prefix, node) for node in ast.parse(path.read_text()).body]
    while waiting:
        name, node = waiting.pop()
        if isinstance(node, ast.ClassDef):
            yield f"{name}.{node.name}", node
            waiting.extend((f"{name}.{node.name}", child) for child in node.body)


def annotations(node: ast.ClassDef) -> dict[str, ast.expr]:
    """Return the annotated fields of a class."""
    return {
        child.target.id: child.annotation
        for child in node.body
        if isinstance(child, ast.AnnAssign)
        and isinstance(child.target, ast.Name)
        and child.target.id != "OBJECT_NAME"
    }


def literals(annotation: ast.expr) -> set[Any]:
    """Return the values an annotation lists."""
    return {node.value for node in ast.walk(annotation) if isinstance(node, ast.Constant)}


OFFICIAL = {
    name: node
    for module in sorted({name.split(".")[0] for name in OURS})
    for name, node in classes(official_file(f"financial_connections/{module}"), module)
}


OFFICIAL_NEIGHBOURS = {
    name: node
    for module in ("_account", "_payment_intent", "_payment_method", "_setup_intent")
    for name, node in classes(official_file(module), module)
}


def test_every_class_of_the_official_package_has_a_struct() -> None:
    assert set(OFFICIAL) == set(OURS)


@pytest.mark.parametrize("name", OURS)
def test_every_field_of_the_official_package_is_known(name: str) -> None:
    ours = OURS[name]

    assert set(annotations(OFFICIAL[name])) <= {*ours.__struct_fields__, *vars(ours)}


@pytest.mark.parametrize("path", KNOWN_VALUES)
def test_every_known_value_of_the_official_package_is_known(path: str) -> None:
    name, _, field = path.rpartition(".")
    known = set(KNOWN_VALUES[path]) - ONLY_IN_PREVIEWS.get(path, set())

    assert literals(annotations(OFFICIAL[name])[field]) == known


def test_every_event_type_of_account_linking_is_known() -> None:
    text = official_file("_event").read_text()

    assert set(re.findall(r'"(financial_connections\.[a-z_.]+)"', text)) == set(objects.EVENT_TYPES)


def test_every_field_of_an_event_and_an_error_is_known() -> None:
    official = dict(classes(official_file("_event"), "")) | dict(classes(official_file("_error_object"), ""))

    assert set(annotations(official[".Event"])) <= {*objects.Event.__struct_fields__, "object"}
    assert set(annotations(official[".Event.Data"])) <= set(objects.EventData.__struct_fields__)
    assert set(annotations(official[".Event.Request"])) <= set(objects.EventRequest.__struct_fields__)
    assert set(annotations(official[".ErrorObject"])) <= set(objects.ApiError.__struct_fields__)


@pytest.mark.parametrize("name", NEIGHBOURS)
def test_every_field_of_a_neighbour_is_known(name: str) -> None:
    assert set(annotations(OFFICIAL_NEIGHBOURS[name])) == {*NEIGHBOURS[name].__struct_fields__} - {"extra"}


@pytest.mark.parametrize("path", KNOWN_VALUES_OF_NEIGHBOURS)
def test_every_known_value_of_a_neighbour_is_known(path: str) -> None:
    name, _, field = path.rpartition(".")

    known = literals(annotations(OFFICIAL_NEIGHBOURS[name])[field])
    assert known == set(KNOWN_VALUES_OF_NEIGHBOURS[path])


@pytest.mark.parametrize(
    ("module", "ours", "not_ours"),
    [
        ("_bank_account", objects.BankAccount, {"deleted", "future_requirements", "requirements"}),
        ("_token", objects.Token, {"card"}),
        (
            "_payment_intent",
            objects.PaymentIntent,
            {
                *("amount_details", "hooks", "payment_details", "presentment_details"),
            },
        ),
        (
            "_setup_intent",
            objects.SetupIntent,
            {"attach_to_self", "managed_payments"},
        ),
    ],
)
def test_what_a_neighbour_leaves_to_extra_is_said_here(
    module: str, ours: type[ApiObject], not_ours: set[str]
) -> None:
    official = dict(classes(official_file(module), ""))[f".{ours.__name__}"]

    assert set(annotations(official)) - {*ours.__struct_fields__, "object"} == not_ours
