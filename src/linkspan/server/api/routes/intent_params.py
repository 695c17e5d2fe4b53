"""The parameters that PaymentIntents and SetupIntents have in common, and what is done alike with both."""

from collections.abc import Mapping
from typing import Any, Final

from linkspan.objects import ALLOW_REDISPLAYS, VERIFICATION_METHODS
from linkspan.server.api.lists import PAGING, envelope, paging_of
from linkspan.server.api.params import (
    Param,
    Params,
    array_of,
    boolean,
    filled,
    hash_of,
    id_of_one,
    integer,
    metadata,
    one_of,
    text,
)
from linkspan.server.api.routes.payment_methods import BANK_ACCOUNT, BILLING, PAYER
from linkspan.server.api.routing import Asked
from linkspan.server.core.intent import Kind
from linkspan.server.core.refusals import (
    BadParameter,
    DepositsRefused,
    ExclusiveParameters,
    MissingParameter,
    Refusal,
)
from linkspan.server.core.session import PERMISSIONS, PREFETCHABLE
from linkspan.server.operations import confirmations, intents, payers
from linkspan.server.store.driver import Tx

EXPANDABLE: Final = frozenset({"customer", "payment_method"})
_CENTS_MAX: Final = 99
_CENTS_SENT_MAX: Final = 10**9

_SESSION: Final = {
    "filters": Param(hash_of({"account_subcategories": Param(array_of(one_of("checking", "savings")))})),
    "permissions": Param(array_of(one_of(*PERMISSIONS))),
    "prefetch": Param(array_of(one_of(*PREFETCHABLE))),
    "return_url": Param(text),
}
_OPTIONS: Final = {
    "us_bank_account": Param(
        hash_of(
            {
                "financial_connections": Param(hash_of(_SESSION)),
                "verification_method": Param(one_of(*VERIFICATION_METHODS)),
            }
        )
    )
}
_DATA: Final = {
    "allow_redisplay": Param(one_of(*ALLOW_REDISPLAYS)),
    "billing_details": Param(hash_of({**BILLING, "name": Param(filled, required=True)}), required=True),
    "metadata": Param(metadata),
    "type": Param(one_of(intents.TYPE), required=True),
    "us_bank_account": Param(hash_of(BANK_ACCOUNT), required=True),
}
_METHOD: Final[Params] = {
    "payment_method": Param(text, about="The PaymentMethod to pay with."),
    "payment_method_data": Param(hash_of(_DATA), about="What a PaymentMethod is made of, instead of one."),
    "payment_method_options": Param(hash_of(_OPTIONS)),
}
COMMON: Final[Params] = {
    **_METHOD,
    **PAYER,
    "allowed_payment_method_types": Param(array_of(one_of(intents.TYPE))),
    "description": Param(text),
    "metadata": Param(metadata),
}
_ACCEPTANCE: Final = {
    "accepted_at": Param(integer(at_least=0, at_most=10**12), about="When, in Unix seconds."),
    "offline": Param(hash_of({}), about="Nothing, where they agreed on paper or by word."),
    "online": Param(
        hash_of(
            {
                "infer_from_client": Param(boolean, about="What a page sends instead of the other two."),
                "ip_address": Param(text, about="The payer's address."),
                "user_agent": Param(text, about="The payer's browser."),
            }
        ),
        about="From where they agreed on line.",
    ),
    "type": Param(one_of("offline", "online"), required=True, about="How they agreed."),
}
# What a confirmation may come with and nothing here depends on.
AGREED: Final[Params] = {
    "mandate_data": Param(
        hash_of(
            {
                "customer_acceptance": Param(
                    hash_of(_ACCEPTANCE), required=True, about="How and when the payer agreed."
                )
            }
        ),
        about="How the payer agreed; nothing of it is kept.",
    ),
    "return_url": Param(text, about="Where payers return to; nobody is sent away here."),
    "use_stripe_sdk": Param(boolean, about="Changes nothing here."),
}
CLIENT_SECRET: Final[Params] = {
    "client_secret": Param(id_of_one, about="The intent's own; with it a publishable key will do."),
}
CONFIRMS: Final[Params] = {
    "automatic_payment_methods": Param(
        hash_of(
            {
                "allow_redirects": Param(one_of("always", "never"), about="Changes nothing here."),
                "enabled": Param(boolean, about="Changes nothing here."),
            }
        ),
        about="Changes nothing: bank accounts in the US are what is taken.",
    ),
    "confirm": Param(boolean, about="Confirm it at once."),
}
CONFIRM: Final[Params] = {**_METHOD, **AGREED, **CLIENT_SECRET}
VERIFY: Final[Params] = {
    **CLIENT_SECRET,
    "amounts": Param(
        array_of(integer(at_least=-_CENTS_SENT_MAX, at_most=_CENTS_SENT_MAX), may_repeat=True),
        about="The two amounts that arrived, in cents.",
    ),
    "descriptor_code": Param(filled, about="The six characters in the statement, beginning with SM."),
}
LIST: Final[Params] = {**PAGING, **PAYER}
# What tells how to go on, beside what an intent is to be.
_ABOUT_CONFIRMING: Final = frozenset({*AGREED, *CLIENT_SECRET, *CONFIRMS, "off_session"})


async def create(tx: Tx, asked: Asked, kind: Kind) -> bytes:
    """Create an intent, and confirm it where that is asked for."""
    made = await intents.create(tx, asked.context, asked.caller, kind, _wanted(asked))
    if not asked.values.get("confirm"):
        return made
    return await confirmations.confirm(tx, asked.context, asked.caller, kind, intents.id_in(made), {})


async def retrieve(tx: Tx, asked: Asked, kind: Kind) -> bytes:
    """Retrieve an intent."""
    _check_secret(asked, kind)
    return await intents.retrieve(tx, asked.context, asked.caller.scope, kind, _id(asked, kind))


async def update(tx: Tx, asked: Asked, kind: Kind) -> bytes:
    """Update an intent."""
    return await intents.update(tx, asked.context, asked.caller, kind, _id(asked, kind), _wanted(asked))


async def confirm(tx: Tx, asked: Asked, kind: Kind) -> bytes:
    """Confirm an intent."""
    _check_secret(asked, kind)
    return await confirmations.confirm(
        tx, asked.context, asked.caller, kind, _id(asked, kind), _wanted(asked)
    )


async def cancel(tx: Tx, asked: Asked, kind: Kind) -> bytes:
    """Cancel an intent."""
    reason = asked.values.get("cancellation_reason")
    return await intents.cancel(tx, asked.context, asked.caller, kind, _id(asked, kind), reason=reason)


async def verify_microdeposits(tx: Tx, asked: Asked, kind: Kind) -> bytes | Refusal:
    """Take an answer about the small deposits of an intent."""
    _check_secret(asked, kind)
    return await confirmations.verify(
        tx, asked.context, asked.caller, kind, _id(asked, kind), _answer(asked.values)
    )


async def list_(tx: Tx, asked: Asked, kind: Kind) -> bytes:
    """List intents."""
    page = await intents.list_(
        tx,
        asked.context,
        asked.caller.scope,
        kind,
        paging_of(asked.values),
        payer=payers.wanted_one(asked.values),
    )
    return envelope(f"/v1/{kind}_intents", page.docs, has_more=page.has_more)


def _id(asked: Asked, kind: Kind) -> str:
    return asked.path[f"{kind}_intent"]


def _wanted(asked: Asked) -> Mapping[str, Any]:
    return {name: value for name, value in asked.values.items() if name not in _ABOUT_CONFIRMING}


def _check_secret(asked: Asked, kind: Kind) -> None:
    """Refuse a client secret that is another intent's."""
    secret = asked.values.get("client_secret")
    intent_id = _id(asked, kind)
    if secret is not None and not intents.is_secret_of(
        asked.context.digests, asked.caller.scope, intent_id, secret
    ):
        raise BadParameter(
            f"The client_secret provided does not match the client_secret of {intent_id}.",
            param="client_secret",
        )


def _answer(values: Mapping[str, Any]) -> tuple[int, ...] | str:
    """Return what is told of the deposits: amounts, or the code."""
    amounts, code = values.get("amounts"), values.get("descriptor_code")
    if amounts is not None and code is not None:
        raise ExclusiveParameters("amounts", "descriptor_code")
    if code is not None:
        return str(code)
    if amounts is None:
        raise MissingParameter("amounts")
    if len(amounts) != len(("first", "second")) or not all(0 < one <= _CENTS_MAX for one in amounts):
        raise DepositsRefused(
            f"Two amounts are wanted, each between 1 and {_CENTS_MAX} cents.",
            code="payment_method_microdeposit_verification_amounts_invalid",
            param="amounts",
        )
    return tuple(amounts)
