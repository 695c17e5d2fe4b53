"""Writes what an FDX bank answers, in the form of either version."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final, Literal

import msgspec

from linkspan.standards.fdx.records import (
    Account,
    AccountContact,
    ConsentGrant,
    Customer,
    Error,
    PaymentNetwork,
    Record,
    Transaction,
)
from linkspan.standards.fdx.wrappers import CATEGORY_OF_ACCOUNT_KEY, CATEGORY_OF_TRANSACTION_KEY

Version = Literal["5", "6"]

_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")
_ACCOUNT_KEYS: Final = {category: key for key, category in CATEGORY_OF_ACCOUNT_KEY.items()}
_TRANSACTION_KEYS: Final = {category: key for key, category in CATEGORY_OF_TRANSACTION_KEY.items()}


def write_accounts(accounts: Iterable[Account], *, version: Version, next_page: str | None = None) -> bytes:
    """Write one page of accounts; *next_page* is None on the last."""
    return _page("accounts", (_account(a, version) for a in accounts), version, next_page)


def write_account(account: Account, *, version: Version) -> bytes:
    """Write one account with its details."""
    return _ENCODER.encode(_account(account, version))


def write_transactions(
    transactions: Iterable[Transaction], *, version: Version, next_page: str | None = None
) -> bytes:
    """Write one page of transactions; each must say its ``account_category``."""
    return _page("transactions", (_transaction(t, version) for t in transactions), version, next_page)


def write_payment_networks(
    networks: Iterable[PaymentNetwork], *, version: Version, next_page: str | None = None
) -> bytes:
    """Write one page of payment networks."""
    return _page("paymentNetworks", (_fields(n) for n in networks), version, next_page)


def write_contact(contact: AccountContact) -> bytes:
    """Write the holders of an account; both versions agree on the form."""
    return _ENCODER.encode(contact)


def write_customer(customer: Customer) -> bytes:
    """Write the customer; both versions agree on the form."""
    return _ENCODER.encode(customer)


def write_consent(consent: ConsentGrant) -> bytes:
    """Write a consent; both versions agree on the form."""
    return _ENCODER.encode(consent)


def write_error(error: Error) -> bytes:
    """Write a refusal; both versions agree on the form."""
    return _ENCODER.encode(error)


# Any: the JSON object of a record, on its way to the encoder.
def _fields(record: Record) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.to_builtins(record, builtin_types=(Decimal,))
    return fields


def _account(account: Account, version: Version) -> dict[str, Any]:
    category = account.account_category
    fields = {"accountCategory": category, **_fields(account)}
    return fields if version == "6" else _wrapped(fields, _ACCOUNT_KEYS.get(category, category))


def _transaction(transaction: Transaction, version: Version) -> dict[str, Any]:
    category = transaction.account_category
    if category is None:
        raise ValueError(f"account_category is missing on transaction {transaction.transaction_id}")
    fields = _fields(transaction)
    return fields if version == "6" else _wrapped(fields, _TRANSACTION_KEYS.get(category, category))


def _wrapped(fields: dict[str, Any], key: str) -> dict[str, Any]:
    return {key: {name: value for name, value in fields.items() if name != "accountCategory"}}


def _page(name: str, rows: Iterable[dict[str, Any]], version: Version, next_page: str | None) -> bytes:
    key = "nextPageKey" if version == "6" else "nextOffset"
    page = {} if next_page is None else {key: next_page}
    return _ENCODER.encode({"page": page, name: list(rows)})
