"""Reads what an FDX bank answers.

Both forms are understood without being told the version: FDX 6 writes accounts
and transactions flat, with ``accountCategory``; FDX 5 wraps each in an object
whose only key names its kind. Anything else is a MalformedField, for any bytes.
"""

from collections.abc import Mapping
from functools import partial
from typing import Final

import msgspec

from linkspan.standards.fdx.records import (
    Account,
    AccountContact,
    Accounts,
    ConsentGrant,
    Customer,
    DepositAccount,
    Error,
    InvestmentAccount,
    LineOfCreditAccount,
    LoanAccount,
    OtherAccount,
    Page,
    PaymentNetworks,
    Transaction,
    Transactions,
)
from linkspan.standards.fdx.wrappers import CATEGORY_OF_ACCOUNT_KEY, CATEGORY_OF_TRANSACTION_KEY
from linkspan.standards.json_documents import read_json, text_of
from linkspan.standards.malformed import MalformedField

_read = partial(read_json, "fdx")

_AccountKind = (
    type[DepositAccount]
    | type[LineOfCreditAccount]
    | type[LoanAccount]
    | type[InvestmentAccount]
    | type[OtherAccount]
)
_KINDS: Final[Mapping[str, _AccountKind]] = {
    kind.account_category: kind
    for kind in (DepositAccount, LineOfCreditAccount, LoanAccount, InvestmentAccount)
}


class _Element(msgspec.Struct):
    """The only field that tells the flat form from the wrapped one."""

    category: str | None = msgspec.field(name="accountCategory", default=None)


class _AccountList(msgspec.Struct):
    accounts: tuple[msgspec.Raw, ...]
    page: Page = Page()


class _TransactionList(msgspec.Struct):
    transactions: tuple[msgspec.Raw, ...]
    page: Page = Page()


def read_accounts(data: bytes) -> Accounts:
    """Read the answer to GET /accounts."""
    found = _read(data, _AccountList)
    accounts = tuple(_account(bytes(raw), f"accounts[{n}]") for n, raw in enumerate(found.accounts))
    return Accounts(page=found.page, accounts=accounts)


def read_account(data: bytes) -> Account:
    """Read the answer to GET /accounts/{accountId}."""
    return _account(data, "")


def read_transactions(data: bytes) -> Transactions:
    """Read the answer to GET /accounts/{accountId}/transactions."""
    found = _read(data, _TransactionList)
    rows = tuple(_transaction(bytes(raw), f"transactions[{n}]") for n, raw in enumerate(found.transactions))
    return Transactions(page=found.page, transactions=rows)


def read_contact(data: bytes) -> AccountContact:
    """Read the answer to GET /accounts/{accountId}/contact."""
    return _read(data, AccountContact)


def read_payment_networks(data: bytes) -> PaymentNetworks:
    """Read the answer to GET /accounts/{accountId}/payment-networks.

    Banks may answer a restricted account with an empty body: no networks.
    """
    return _read(data, PaymentNetworks) if data.strip() else PaymentNetworks()


def read_customer(data: bytes) -> Customer:
    """Read the answer to GET /customers/current."""
    return _read(data, Customer)


def read_consent(data: bytes) -> ConsentGrant:
    """Read the answer to GET /consents/{consentId}."""
    return _read(data, ConsentGrant)


def read_error(data: bytes) -> Error:
    """Read the body of a refusal; some banks write the code as text."""
    return _read(data, Error, strict=False)


def _account(data: bytes, place: str) -> Account:
    category, body, place = _unwrapped(data, place, CATEGORY_OF_ACCOUNT_KEY)
    kind = _KINDS.get(category)
    if kind is not None:
        return _read(body, kind, place=place)
    fields = _read(body, dict[str, msgspec.Raw], place=place)
    fields["accountCategory"] = msgspec.Raw(msgspec.json.encode(category))
    return _read(msgspec.json.encode(fields), OtherAccount, place=place)


def _transaction(data: bytes, place: str) -> Transaction:
    category, body, place = _unwrapped(data, place, CATEGORY_OF_TRANSACTION_KEY)
    row = _read(body, Transaction, place=place)
    return row if row.account_category else msgspec.structs.replace(row, account_category=category)


def _unwrapped(data: bytes, place: str, categories: Mapping[str, str]) -> tuple[str, bytes, str]:
    """Return the category, the fields of the object, the place where they stand."""
    category = _read(data, _Element, place=place).category
    if category is not None:
        return category, data, place
    wrapper = _read(data, dict[str, msgspec.Raw], place=place)
    if len(wrapper) != 1:
        field = f"{place}.accountCategory".lstrip(".")
        raise MalformedField("fdx", field, text_of(data), "neither a category nor one wrapper")
    (key, body), *_ = wrapper.items()
    return categories.get(key, key), bytes(body), f"{place}.{key}".lstrip(".")
