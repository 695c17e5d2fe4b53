"""Of what kind an account is, where only its holder can tell."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from linkspan.objects import Balance, CashBalance, CreditBalance, FrozenMap
from linkspan.server.core.found import Category, FoundAccount, Subcategory

CATEGORIES: Final[Mapping[Subcategory, Category]] = {
    "checking": "cash",
    "savings": "cash",
    "credit_card": "credit",
    "line_of_credit": "credit",
    "mortgage": "credit",
    "other": "other",
}
"""What an end user may call an account, each with the category it belongs to."""

SUBCATEGORIES: Final[Mapping[str, Subcategory]] = {subcategory: subcategory for subcategory in CATEGORIES}
"""The same by the text an end user's browser sends."""


def called(found: FoundAccount, kind: str) -> FoundAccount:
    """Return *found* as its holder calls it, where the bank does not tell.

    A *kind* that is none of `CATEGORIES` is ``other``.

    What is available is cash in an account that holds money. In one that lends
    it, it would be credit that is left, so nothing is said of it, and what is
    owed is used.
    """
    if found.is_kind_told:
        return found
    subcategory = SUBCATEGORIES.get(kind, "other")
    category = CATEGORIES[subcategory]
    balance = None if found.balance is None else _balance(found.balance, found.available, category)
    return replace(found, category=category, subcategory=subcategory, balance=balance, is_kind_told=True)


def _balance(told: Balance, available: FrozenMap[int] | None, category: Category) -> Balance:
    match category:
        case "cash":
            cash = CashBalance(available=available or told.current)
            return Balance(as_of=told.as_of, current=told.current, type="cash", cash=cash)
        case "credit":
            used = FrozenMap({currency: min(amount, 0) for currency, amount in told.current.items()})
            credit = CreditBalance(used=used)
            return Balance(as_of=told.as_of, current=told.current, type="credit", credit=credit)
        case _:
            return told
