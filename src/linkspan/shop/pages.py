"""Writes the shop's pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from html import escape
from importlib.resources import files
from string import Template
from typing import Final

from linkspan.objects import Account, AccountOwnership, Balance
from linkspan.shop.money import amount_text

_TEMPLATES: Final = files("linkspan.shop") / "templates"


def page(
    accounts: Sequence[Account], notice: str, *, root: str, publishable_key: str, script_url: str
) -> str:
    """Return the page of a visitor who linked *accounts*."""
    content = _result(accounts, notice, root) if accounts else _filled("invitation", notice=escape(notice))
    return _filled(
        "page",
        root=escape(root),
        publishable_key=escape(publishable_key),
        script_url=escape(script_url),
        content=content,
    )


def _result(accounts: Sequence[Account], notice: str, root: str) -> str:
    first = escape(_name(accounts[0]))
    headline = f"Payouts go to {first}" if len(accounts) == 1 else f"Your {len(accounts)} linked accounts"
    items = "\n".join(_account(account, root) for account in accounts)
    return _filled("result", headline=headline, accounts=items, notice=escape(notice))


def _account(account: Account, root: str) -> str:
    kind = account.subcategory.replace("_", " ").capitalize()
    # Digits and dots stay on one line.
    digits = f"\N{NO-BREAK SPACE}····\N{NO-BREAK SPACE}{account.last4}" if account.last4 else ""
    return _filled(
        "account",
        root=escape(root),
        id=escape(account.id),
        handle=escape(account.last4 or account.id),
        monogram=escape(_monogram(account.institution_name)),
        name=escape(_name(account)),
        institution=escape(account.institution_name),
        kind=escape(kind + digits),
        owners=_owners(account),
        balance=_balance(account.balance),
    )


def _name(account: Account) -> str:
    return account.display_name or account.institution_name


def _monogram(institution: str) -> str:
    words = [word for word in institution.split() if word[0].isalnum()]
    return "".join(word[0] for word in words[:2]).upper()


def _owners(account: Account) -> str:
    if not isinstance(account.ownership, AccountOwnership):
        return ""
    names = " and ".join(owner.name for owner in account.ownership.owners.data)
    return f'<p class="owners">Held by {escape(names)}</p>' if names else ""


def _balance(balance: Balance | None) -> str:
    if balance is None:
        return ""
    available = balance.cash and balance.cash.available
    label, amounts = ("available", available) if available else ("balance", balance.current)
    lines = " ".join(
        f"<strong>{escape(amount_text(minor, currency))}</strong> <span>{label}</span>"
        for currency, minor in amounts.items()
    )
    as_of = datetime.fromtimestamp(balance.as_of, UTC)
    moment = f'<time datetime="{as_of.isoformat()}">as of {as_of.day} {as_of:%b %Y}</time>'
    return f'<p class="balance">{lines}{moment}</p>'


def _filled(template: str, /, **values: str) -> str:
    return _template(template).substitute(values)


@cache
def _template(name: str) -> Template:
    return Template((_TEMPLATES / f"{name}.html").read_text("utf-8"))
