"""The bank account behind a PaymentMethod: from a linked account, or from typed numbers."""

from collections.abc import Mapping
from typing import Any, Final

from linkspan.objects import (
    Account,
    UsBankAccount,
    UsBankAccountNetworks,
    UsBankAccountStatusDetails,
    decode_as,
)
from linkspan.server.core import bank_number
from linkspan.server.core.found import FoundNumber
from linkspan.server.core.refusals import (
    AccountInactive,
    AccountNumbersUnavailable,
    BadParameter,
    ExclusiveParameters,
    MissingParameter,
    NoSuchReference,
)
from linkspan.server.core.scope import Scope
from linkspan.server.operations import bank_details, bank_numbers
from linkspan.server.operations.context import Context
from linkspan.server.store import accounts as account_rows
from linkspan.server.store.driver import Tx

_LINKED: Final = "financial_connections_account"
_ACH: Final = UsBankAccountNetworks(preferred="ach", supported=("ach",))


async def wanted_one(
    tx: Tx, context: Context, scope: Scope, wanted: Mapping[str, Any], *, within: str
) -> tuple[FoundNumber, UsBankAccount]:
    """Return the digits of the bank account that is *wanted*, and what the API shows of it.

    A refusal names the parameter by the hash it is *within*.
    """
    if _LINKED not in wanted:
        return _typed(context, scope, wanted, within)
    for name in ("account_number", "routing_number"):
        if name in wanted:
            raise ExclusiveParameters(f"{within}[{_LINKED}]", f"{within}[{name}]")
    return await _linked(tx, context, scope, wanted, param=f"{within}[{_LINKED}]")


def _typed(
    context: Context, scope: Scope, wanted: Mapping[str, Any], within: str
) -> tuple[FoundNumber, UsBankAccount]:
    for name in ("account_number", "routing_number"):
        if name not in wanted:
            raise MissingParameter(f"{within}[{name}]")
    number = bank_number.checked(wanted["routing_number"], wanted["account_number"], within=within)
    shown = UsBankAccount(
        account_holder_type=wanted.get("account_holder_type"),
        account_type=wanted.get("account_type") or "checking",
        bank_name=bank_number.bank_name_of(number.routing_number),
        financial_connections_account=None,
        fingerprint=bank_numbers.fingerprint(context, scope, number),
        last4=number.account_number[-4:],
        networks=_ACH,
        routing_number=number.routing_number,
        status_details=UsBankAccountStatusDetails(),
    )
    return number, shown


async def _linked(
    tx: Tx, context: Context, scope: Scope, wanted: Mapping[str, Any], *, param: str
) -> tuple[FoundNumber, UsBankAccount]:
    account_id = wanted[_LINKED]
    doc = await account_rows.get(tx, scope, account_id)
    if doc is None:
        raise NoSuchReference("financial connections account", account_id, param=param)
    account = decode_as(doc, Account)
    _check(account, param)
    number = _transactable(account, await bank_details.of(tx, context, scope, account_id), param)
    shown = UsBankAccount(
        account_holder_type=wanted.get("account_holder_type"),
        account_type=wanted.get("account_type") or account.subcategory,
        bank_name=account.institution_name,
        financial_connections_account=account.id,
        fingerprint=bank_numbers.fingerprint(context, scope, number),
        last4=account.last4 or number.account_number[-4:],
        networks=_ACH,
        routing_number=number.routing_number,
        status_details=UsBankAccountStatusDetails(),
    )
    return number, shown


def _check(account: Account, param: str) -> None:
    """Refuse a linked account that may not be paid from, or cannot be."""
    if "payment_method" not in (account.permissions or ()):
        raise BadParameter(
            f"The account {account.id} was not linked with the `payment_method` permission, which a "
            "PaymentMethod needs.",
            param=param,
        )
    if account.status != "active":
        raise AccountInactive(account.id, status=account.status, done="used to pay", param=param)
    if account.subcategory not in {"checking", "savings"}:
        raise BadParameter(
            f"The account {account.id} is neither a checking nor a savings account, so it cannot be used to "
            "pay.",
            param=param,
        )


def _transactable(account: Account, details: bank_details.BankDetails | None, param: str) -> FoundNumber:
    """Return the first number that ACH payments can use; both lists have the bank's order."""
    found = () if details is None else details.numbers
    for number, shown in zip(found, account.account_numbers or (), strict=False):
        if shown.status == "transactable" and bank_number.is_american(number):
            return number
    raise AccountNumbersUnavailable(account.id, param=param)
