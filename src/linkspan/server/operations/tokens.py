"""Tokens: bank accounts by their numbers, without showing them."""

from collections.abc import Mapping
from typing import Any, Final

from linkspan.objects import BankAccount, Token, UsBankAccount, encode
from linkspan.server.core import bank_number
from linkspan.server.core.caller import Caller
from linkspan.server.core.found import FoundNumber
from linkspan.server.core.ids import new_id
from linkspan.server.core.refusals import (
    BadParameter,
    ExclusiveParameters,
    MissingParameter,
    NoSuchObject,
)
from linkspan.server.core.scope import Scope
from linkspan.server.operations import bank_numbers, payment_methods, us_bank_accounts
from linkspan.server.operations.context import Context
from linkspan.server.store import tokens as token_rows
from linkspan.server.store.driver import Tx
from linkspan.server.vault.sealed import Place

_HASH: Final = "bank_account"


async def create(tx: Tx, context: Context, caller: Caller, wanted: Mapping[str, Any]) -> bytes:
    """Keep a new token of a bank account and return it as the API writes it."""
    asked = wanted[_HASH]
    if "payment_method" in asked:
        number, shown = await _copied(tx, context, caller, asked, customer=wanted.get("customer"))
    elif wanted.get("customer") is not None:
        message = "You may only pass `customer` together with `bank_account[payment_method]`."
        raise BadParameter(message, param="customer")
    else:
        number, shown = _typed(context, caller.scope, asked)
    return await _keep(tx, context, caller, number, shown)


async def of_account(tx: Tx, context: Context, caller: Caller, account: Mapping[str, Any]) -> bytes:
    """Keep a new token of a linked account, or of numbers a person typed in the modal."""
    number, bank = await us_bank_accounts.wanted_one(tx, context, caller.scope, account, within=_HASH)
    return await _keep(tx, context, caller, number, _shown(context, number, bank, holder_name=None))


async def _keep(tx: Tx, context: Context, caller: Caller, number: FoundNumber, shown: BankAccount) -> bytes:
    token = Token(
        id=new_id("btok", context.world),
        bank_account=shown,
        client_ip=None,
        created=context.world.seconds(),
        livemode=caller.scope.livemode,
        type=_HASH,
        used=False,
    )
    doc = encode(token)
    sealed = await bank_numbers.sealed(
        tx, context, Place("tokens", "numbers", token.id, caller.scope), number
    )
    await token_rows.insert(tx, caller.scope, token.id, doc, numbers=sealed)
    return doc


async def retrieve(tx: Tx, scope: Scope, token_id: str) -> bytes:
    """Return a token as the API writes it."""
    doc = await token_rows.get(tx, scope, token_id)
    if doc is None:
        raise NoSuchObject("token", token_id, param="token")
    return doc


def _typed(context: Context, scope: Scope, asked: Mapping[str, Any]) -> tuple[FoundNumber, BankAccount]:
    for name in ("country", "account_number"):
        if name not in asked:
            raise MissingParameter(f"{_HASH}[{name}]")
    if asked["country"] != "US":
        message = f"Bank accounts in {asked['country']} are not supported. Only those in US are."
        raise BadParameter(message, param=f"{_HASH}[country]", code="country_unsupported")
    if asked.get("currency", "usd") != "usd":
        message = f"Bank accounts in US are kept in usd, not in {asked['currency']}."
        raise BadParameter(message, param=f"{_HASH}[currency]")
    if "routing_number" not in asked:
        raise MissingParameter(f"{_HASH}[routing_number]")
    number = bank_number.checked(asked["routing_number"], asked["account_number"], within=_HASH)
    shown = BankAccount(
        id=new_id("ba", context.world),
        account_holder_name=asked.get("account_holder_name"),
        account_holder_type=asked.get("account_holder_type"),
        account_type=asked.get("account_type"),
        bank_name=bank_number.bank_name_of(number.routing_number),
        country="US",
        currency="usd",
        fingerprint=bank_numbers.fingerprint(context, scope, number),
        last4=number.account_number[-4:],
        routing_number=number.routing_number,
        status="new",
    )
    return number, shown


async def _copied(
    tx: Tx, context: Context, caller: Caller, asked: Mapping[str, Any], *, customer: str | None
) -> tuple[FoundNumber, BankAccount]:
    """Return the bank account of a PaymentMethod."""
    for name in asked:
        if name != "payment_method":
            raise ExclusiveParameters(f"{_HASH}[payment_method]", f"{_HASH}[{name}]")
    number, method = await payment_methods.taken(
        tx, context, caller.scope, asked["payment_method"], customer=customer
    )
    bank = method.us_bank_account
    assert isinstance(bank, UsBankAccount)  # noqa: S101 - every PaymentMethod here is one
    return number, _shown(context, number, bank, holder_name=method.billing_details.name)


def _shown(
    context: Context, number: FoundNumber, bank: UsBankAccount, *, holder_name: str | None
) -> BankAccount:
    return BankAccount(
        id=new_id("ba", context.world),
        account_holder_name=holder_name,
        account_holder_type=bank.account_holder_type,
        account_type=bank.account_type,
        bank_name=bank.bank_name,
        country="US",
        currency="usd",
        fingerprint=bank.fingerprint,
        last4=bank.last4 or number.account_number[-4:],
        routing_number=bank.routing_number,
        status="new",
    )
