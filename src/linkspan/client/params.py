"""The shapes of parameters, for editors and type checkers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NotRequired, TypeAlias, TypedDict

from linkspan.objects import Customer, FilterSubcategory, HolderType, ManualEntryMode, PaymentMethodSupport

# What a refresh may ask for; where permissions say "balances", a feature says "balance".
Feature: TypeAlias = Literal["balance", "ownership", "transactions"]

# What can be refreshed every day.
SubscribedFeature: TypeAlias = Literal["transactions"]


class AccountHolderParams(TypedDict):
    """For whom accounts are linked. `type` says which of the others is given."""

    type: HolderType
    account: NotRequired[str]
    customer: NotRequired[str | Customer]
    customer_account: NotRequired[str]


class AccountHolderFilter(TypedDict, total=False):
    """Whose accounts to list. Exactly one is given."""

    account: str
    customer: str | Customer
    customer_account: str


class TimeRange(TypedDict, total=False):
    """A stretch of time: instants in Unix seconds, or datetimes that carry a time zone."""

    gt: int | datetime
    gte: int | datetime
    lt: int | datetime
    lte: int | datetime


class TransactionRefreshFilter(TypedDict):
    """Transactions by the refresh that wrote them."""

    after: str


class FiltersParams(TypedDict, total=False):
    """Which accounts may be linked.

    `country` is the word since 2026-09-30.endive, `countries` the word before
    it. Either may be written; the client sends the one its version knows.
    """

    account_subcategories: Sequence[FilterSubcategory]
    country: str
    countries: Sequence[str]
    require_payment_method_support: PaymentMethodSupport


class LimitsParams(TypedDict):
    """How many accounts may be linked; the empty string stands for any number."""

    accounts: int | Literal[""]


class ManualEntryParams(TypedDict, total=False):
    """Whether account numbers may be typed in by hand."""

    mode: ManualEntryMode
