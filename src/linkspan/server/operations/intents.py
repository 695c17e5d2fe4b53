"""PaymentIntents and SetupIntents, as far as collecting and verifying a bank account goes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hmac import compare_digest
from typing import Any, Final, TypeAlias

import msgspec
from msgspec import UNSET

from linkspan.objects import (
    FrozenMap,
    IntentBankAccountOptions,
    IntentError,
    IntentFilters,
    IntentFinancialConnections,
    IntentOptions,
    PaymentIntent,
    SetupIntent,
    VerifyWithMicrodeposits,
    decode_as,
    encode,
)
from linkspan.server.core.caller import Caller
from linkspan.server.core.features import PREFETCHED_AS, not_permitted
from linkspan.server.core.ids import new_id, secret_from, time_in
from linkspan.server.core.intent import MOVES, IntentFact, IntentStatus, Kind, next_status
from linkspan.server.core.moves import IllegalMove
from linkspan.server.core.refusals import (
    BadParameter,
    InvalidClientSecret,
    MovesNoMoney,
    NoSuchObject,
    NoSuchReference,
    Refusal,
    UnexpectedPaymentIntentState,
    UnexpectedSetupIntentState,
    WayClosed,
)
from linkspan.server.core.scope import Scope
from linkspan.server.core.session import may_return_to
from linkspan.server.operations import collected_methods, events, payers
from linkspan.server.operations.context import Context
from linkspan.server.operations.metadata import merged
from linkspan.server.operations.pages import Page, Paging
from linkspan.server.operations.payers import Payer
from linkspan.server.operations.session_secrets import with_secret
from linkspan.server.store import intents as intent_rows
from linkspan.server.store.driver import Tx
from linkspan.server.store.intents import Named
from linkspan.server.vault.digests import Digests

Intent: TypeAlias = PaymentIntent | SetupIntent

TYPE: Final = "us_bank_account"
_SESSION: Final = f"payment_method_options[{TYPE}][financial_connections]"
_SECRET: Final = "_secret_"  # noqa: S105 - what stands between an id and its secret
_PAGE: Final = "/link/deposits"
_STRUCTS: Final[Mapping[Kind, type[Intent]]] = {"payment": PaymentIntent, "setup": SetupIntent}
_PREFIXES: Final[Mapping[Kind, str]] = {"payment": "pi", "setup": "seti"}
# What a page must not be told, which holds no more than the client secret.
_NOT_FOR_PAGES: Final = frozenset(
    {
        "application",
        "application_fee_amount",
        "customer",
        "customer_account",
        "metadata",
        "on_behalf_of",
        "review",
        "statement_descriptor",
        "statement_descriptor_suffix",
        "transfer_data",
        "transfer_group",
    }
)
# Stripe's names for what is never anything here.
_NOTHING_OF_PAYMENTS: Final = (
    *("application_fee_amount", "canceled_at", "last_payment_error", "latest_charge", "processing"),
    *("receipt_email", "review", "setup_future_usage", "shipping", "source", "statement_descriptor"),
    *("statement_descriptor_suffix", "transfer_data", "transfer_group", "managed_payments"),
    "payment_record",
)
# What is taken over as it was sent.
_PLAIN: Final = (
    "amount",
    "description",
    "receipt_email",
    "setup_future_usage",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_group",
    "usage",
)


@dataclass(frozen=True, slots=True)
class Kept:
    """An intent as it is kept."""

    kind: Kind
    intent: Intent
    tries: int = 0
    """How many wrong answers were given about its deposits."""
    due_at: int | None = None
    """When it comes to its end by itself, if it does."""
    session: str | None = None
    """The Session that collects an account for it, or did last."""

    @property
    def status(self) -> IntentStatus:
        """How it stands."""
        return IntentStatus(str(self.intent.status))

    @property
    def object(self) -> str:
        """What it is called on the wire."""
        return f"{self.kind}_intent"


class _Identified(msgspec.Struct, frozen=True):
    id: str


def secret_of(digests: Digests, scope: Scope, intent_id: str) -> str:
    """Return the client secret of an intent, which is derived and kept nowhere."""
    mode = "live" if scope.livemode else "test"
    digest = digests.of(b"intent secret", f"{scope.tenant} {mode} {intent_id}")
    return secret_from(f"{intent_id}{_SECRET.removesuffix('_')}", digest)


def is_secret_of(digests: Digests, scope: Scope, intent_id: str, secret: str) -> bool:
    """Tell whether *secret* is the client secret of an intent."""
    return compare_digest(secret.encode(), secret_of(digests, scope, intent_id).encode())


def id_in(shown_intent: bytes) -> str:
    """Return the id of an intent as the API writes it."""
    return msgspec.json.decode(shown_intent, type=_Identified).id


def _page_secret(digests: Digests, scope: Scope, intent_id: str) -> str:
    """Return the word in the address on which deposits are told of, which opens nothing else."""
    digest = digests.of(b"deposits secret", secret_of(digests, scope, intent_id))
    return secret_from(f"{intent_id}{_SECRET.removesuffix('_')}", digest)


def _digest(digests: Digests, purpose: bytes, secret: str) -> bytes:
    """Return what an intent is found by; it begins with its time, so that new ones stand together."""
    return time_in(secret.partition(_SECRET)[0]).encode() + digests.of(purpose, secret)


async def named(tx: Tx, context: Context, secret: str) -> Named:
    """Return which intent a client secret names, whosever it is."""
    found = None
    if _SECRET in secret:
        found = await intent_rows.by_secret(tx, _digest(context.digests, b"client secret", secret))
    if found is None:
        raise InvalidClientSecret("intent")
    return found


async def named_by_page(tx: Tx, context: Context, word: str) -> Named:
    """Return whose deposits are told of at the address that ends with *word*."""
    found = None
    if _SECRET in word:
        found = await intent_rows.by_page(tx, _digest(context.digests, b"deposits page", word))
    if found is None:
        raise WayClosed
    return found


async def create(tx: Tx, context: Context, caller: Caller, kind: Kind, wanted: Mapping[str, Any]) -> bytes:
    """Keep a new intent and return it, client secret included, as the API writes it."""
    if kind == "payment" and wanted["currency"] != "usd":
        raise BadParameter(
            f"Bank accounts in the US are debited in usd, not in {wanted['currency']}.", param="currency"
        )
    blank = _blank(kind, new_id(_PREFIXES[kind], context.world), context.world.seconds(), caller.scope)
    kept = await changed(tx, context, caller, Kept(kind, blank), wanted)
    secret = secret_of(context.digests, caller.scope, kept.intent.id)
    await intent_rows.insert(
        tx,
        caller.scope,
        kept.intent.id,
        encode(kept.intent),
        kind=kind,
        customer=_payer_id(kept.intent),
        secret_digest=_digest(context.digests, b"client secret", secret),
        page_digest=_digest(
            context.digests, b"deposits page", _page_secret(context.digests, caller.scope, kept.intent.id)
        ),
    )
    await events.record(tx, context, caller, f"{kept.object}.created", kept.intent)
    return shown(context, caller.scope, kept.intent)


async def retrieve(tx: Tx, context: Context, scope: Scope, kind: Kind, intent_id: str) -> bytes:
    """Return an intent, client secret included, as the API writes it."""
    return shown(context, scope, (await one(tx, scope, kind, intent_id)).intent)


async def update(
    tx: Tx, context: Context, caller: Caller, kind: Kind, intent_id: str, wanted: Mapping[str, Any]
) -> bytes:
    """Change what is *wanted* of an intent that nothing came of yet, and leave the rest."""
    kept = await one(tx, caller.scope, kind, intent_id)
    if kept.status in {IntentStatus.PROCESSING, IntentStatus.SUCCEEDED, IntentStatus.CANCELED}:
        may_stay = wanted.keys() <= {"description", "metadata"}
        if not may_stay:
            raise unexpected(kept, f"This {_name(kind)}'s {min(wanted)} could not be updated")
    after = await changed(tx, context, caller, kept, wanted)
    if after != kept:
        await save(tx, caller.scope, after, due_at=kept.due_at if after.status == kept.status else None)
    return shown(context, caller.scope, after.intent)


async def give_method(
    tx: Tx, context: Context, caller: Caller, kind: Kind, intent_id: str, method_id: str
) -> None:
    """Let an intent have the PaymentMethod that was collected for it."""
    kept = await one(tx, caller.scope, kind, intent_id)
    await save(tx, caller.scope, await changed(tx, context, caller, kept, {"payment_method": method_id}))


async def cancel(
    tx: Tx, context: Context, caller: Caller, kind: Kind, intent_id: str, *, reason: str | None
) -> bytes:
    """Cancel an intent; nothing can be done with it afterwards."""
    kept = await one(tx, caller.scope, kind, intent_id)
    changes: dict[str, Any] = {"cancellation_reason": reason, "next_action": None}
    if kind == "payment":
        changes["canceled_at"] = context.world.seconds()
    after = moved(kept, IntentFact.CANCELED, "cancel", **changes)
    await save(tx, caller.scope, after)
    await events.record(tx, context, caller, f"{kept.object}.canceled", after.intent)
    return shown(context, caller.scope, after.intent)


async def list_(
    tx: Tx, context: Context, scope: Scope, kind: Kind, paging: Paging, *, payer: Payer | None
) -> Page:
    """Return a page of the caller's intents of a kind, newest first; with *payer*, its own."""
    for name, cursor in paging.cursors:
        if await intent_rows.get(tx, scope, cursor, kind=kind) is None:
            raise NoSuchReference(f"{kind}_intent", cursor, param=name)
    if payer is not None:
        await payers.check(tx, scope, payer)
    docs = await intent_rows.page(
        tx,
        scope,
        kind=kind,
        customer=None if payer is None else payer.id,
        limit=paging.one_more,
        after=paging.starting_after,
        before=paging.ending_before,
    )
    page = Page.cut(docs, paging)
    return replace(page, docs=[shown(context, scope, decode_as(doc, _STRUCTS[kind])) for doc in page.docs])


async def one(tx: Tx, scope: Scope, kind: Kind, intent_id: str) -> Kept:
    """Return an intent, or refuse an address that names none of the caller's."""
    row = await intent_rows.get(tx, scope, intent_id, kind=kind)
    if row is None:
        raise NoSuchObject(f"{kind}_intent", intent_id, param="intent")
    return Kept(kind, decode_as(row.doc, _STRUCTS[kind]), row.tries, row.due_at, row.session)


async def save(tx: Tx, scope: Scope, kept: Kept, *, due_at: int | None = None) -> None:
    """Keep an intent as it is now, and when it comes to its end by itself."""
    await intent_rows.save(
        tx,
        scope,
        kept.intent.id,
        encode(kept.intent),
        customer=_payer_id(kept.intent),
        tries=kept.tries,
        due_at=due_at,
    )


async def changed(tx: Tx, context: Context, caller: Caller, kept: Kept, wanted: Mapping[str, Any]) -> Kept:
    """Return an intent with what is *wanted*, its PaymentMethod included; nothing of it is kept yet."""
    intent = await _changed(tx, caller.scope, kept.intent, wanted)
    return await _with_method(tx, context, caller, replace(kept, intent=intent), wanted)


def page_of(context: Context) -> str:
    """Return where holders tell of deposits, as it is kept: without the word that says whose."""
    return f"{context.public_url}{_PAGE}"


def shown(context: Context, scope: Scope, intent: Intent) -> bytes:
    """Return an intent as the API writes it, with what is kept nowhere put back: secret and page."""
    deposits = intent.next_action and intent.next_action.verify_with_microdeposits
    if intent.next_action is not None and isinstance(deposits, VerifyWithMicrodeposits):
        word = _page_secret(context.digests, scope, intent.id)
        page = msgspec.structs.replace(deposits, hosted_verification_url=f"{page_of(context)}/{word}")
        action = msgspec.structs.replace(intent.next_action, verify_with_microdeposits=page)
        intent = msgspec.structs.replace(intent, next_action=action)
    return with_secret(encode(intent), secret_of(context.digests, scope, intent.id))


def shown_to_page(body: bytes) -> bytes:
    """Return what a page may be told of an intent that it opened with its client secret."""
    members = msgspec.json.decode(body)
    return msgspec.json.encode({name: value for name, value in members.items() if name not in _NOT_FOR_PAGES})


def moved(kept: Kept, fact: IntentFact, verb: str, **changes: Any) -> Kept:
    """Return an intent after *fact*, with *changes*; refuse to *verb* it where it does not stand so."""
    try:
        status = next_status(kept.status, fact)
    except IllegalMove:
        raise unexpected(kept, f"You cannot {verb} this {_name(kept.kind)}") from None
    return replace(kept, intent=msgspec.structs.replace(kept.intent, status=status.value, **changes))


def unexpected(kept: Kept, what: str) -> Refusal:
    """Return the refusal of *what* an intent does not stand for."""
    return refusal_of(kept, f"{what} because it has a status of {kept.status.value}.")


def refusal_of(kept: Kept, message: str) -> Refusal:
    """Return the refusal of what cannot be done as an intent stands."""
    refusal = UnexpectedPaymentIntentState if kept.kind == "payment" else UnexpectedSetupIntentState
    return refusal(message)


def with_error(kept: Kept, error: IntentError | None) -> dict[str, Any]:
    """Return the field that says why the last try came to nothing."""
    return {"last_payment_error" if kept.kind == "payment" else "last_setup_error": error}


def _name(kind: Kind) -> str:
    return _STRUCTS[kind].__name__


async def _with_method(
    tx: Tx, context: Context, caller: Caller, kept: Kept, wanted: Mapping[str, Any]
) -> Kept:
    """Return an intent with the PaymentMethod that is *wanted*, or without one that is taken away.

    Nothing of the intent is kept yet.
    """
    if not wanted.keys() & {"payment_method", "payment_method_data"}:
        return kept
    if wanted.get("payment_method", "") is None and "payment_method_data" not in wanted:
        if (kept.status, IntentFact.TAKEN_AWAY) not in MOVES:
            return kept
        return moved(kept, IntentFact.TAKEN_AWAY, "update", payment_method=None)
    method = await collected_methods.wanted_one(tx, context, caller, wanted)
    collected_methods.check_payer(kept.intent, method)
    _check_way(kept.intent, method)
    changes = {"payment_method": method.method.id, "next_action": None, **with_error(kept, None)}
    return replace(moved(kept, IntentFact.COLLECTED, "update", **changes), tries=0)


def _check_way(intent: Intent, method: collected_methods.Collected) -> None:
    """Refuse typed numbers where an account has to be linked."""
    bank = (intent.payment_method_options and intent.payment_method_options.us_bank_account) or None
    if bank and bank.verification_method == "instant" and not method.is_verified:
        raise BadParameter(
            "This intent takes accounts that were linked at their bank only: its `verification_method` is "
            "`instant`.",
            param="payment_method",
        )


async def _changed(tx: Tx, scope: Scope, intent: Intent, wanted: Mapping[str, Any]) -> Intent:
    """Return *intent* with what is *wanted*, but for its PaymentMethod."""
    changes: dict[str, Any] = {name: wanted[name] for name in _PLAIN if name in wanted}
    payer = payers.wanted_one(wanted)
    if payer is not None:
        await payers.check(tx, scope, payer)
        changes |= {"customer": None, "customer_account": None, payer.field: payer.id}
    if "metadata" in wanted:
        changes["metadata"] = merged(intent.metadata, wanted["metadata"])
    if "allowed_payment_method_types" in wanted:
        changes["allowed_payment_method_types"] = wanted["allowed_payment_method_types"] or None
    options = wanted.get("payment_method_options", {}).get(TYPE)
    if options is not None:
        changes["payment_method_options"] = _options(options, livemode=scope.livemode)
    changed: Intent = msgspec.structs.replace(intent, **changes)
    return changed


def _options(wanted: Mapping[str, Any], *, livemode: bool) -> IntentOptions:
    """Return how bank accounts are taken, or refuse a way there is none."""
    way = wanted.get("verification_method") or "automatic"
    if livemode and way == "microdeposits":
        raise MovesNoMoney("no small deposits are sent, so numbers that are typed cannot be verified")
    session = wanted.get("financial_connections")
    collecting = UNSET if session is None else _collecting(session)
    bank = IntentBankAccountOptions(financial_connections=collecting, verification_method=way)
    return IntentOptions(us_bank_account=bank)


def _collecting(wanted: Mapping[str, Any]) -> IntentFinancialConnections:
    """Return the Session that is to collect an account, or refuse one that could not."""
    permissions, filters = wanted.get("permissions"), wanted.get("filters") or {}
    if permissions and "payment_method" not in permissions:
        raise BadParameter(
            "The `payment_method` permission is needed to pay from an account.",
            param=f"{_SESSION}[permissions]",
        )
    prefetch, return_url = wanted.get("prefetch") or (), wanted.get("return_url")
    for index, word in enumerate(prefetch):
        if not_permitted(PREFETCHED_AS[word], permissions or ("payment_method",)) is not None:
            raise BadParameter(
                f"You may only prefetch `{word}` when the permission to read that is requested.",
                param=f"{_SESSION}[prefetch][{index}]",
            )
    if return_url and not may_return_to(return_url):
        raise BadParameter("Not a valid URL.", param=f"{_SESSION}[return_url]", code="url_invalid")
    accepted = filters.get("account_subcategories")
    return IntentFinancialConnections(
        filters=IntentFilters(account_subcategories=accepted) if accepted else UNSET,
        permissions=permissions or UNSET,
        prefetch=prefetch or None,
        return_url=return_url or UNSET,
    )


def _payer_id(intent: Intent) -> str | None:
    return str(intent.customer or intent.customer_account or "") or None


def _blank(kind: Kind, intent_id: str, created: int, scope: Scope) -> Intent:
    """Return an intent of nothing yet."""
    common: dict[str, Any] = {
        "id": intent_id,
        "allowed_payment_method_types": None,
        "application": None,
        "automatic_payment_methods": None,
        "cancellation_reason": None,
        "client_secret": None,
        "created": created,
        "customer": None,
        "customer_account": None,
        "description": None,
        "excluded_payment_method_types": None,
        "livemode": scope.livemode,
        "metadata": FrozenMap(),
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_configuration_details": None,
        "payment_method_options": _options({}, livemode=scope.livemode),
        "payment_method_types": (TYPE,),
        "status": IntentStatus.REQUIRES_PAYMENT_METHOD.value,
    }
    if kind == "setup":
        common["usage"] = "off_session"
        nothing = ("flow_directions", "last_setup_error", "latest_attempt", "mandate", "single_use_mandate")
        return SetupIntent(**common, **_nulls(nothing))
    return PaymentIntent(
        **common,
        **_nulls(_NOTHING_OF_PAYMENTS),
        amount=0,
        amount_capturable=0,
        amount_received=0,
        capture_method="automatic_async",
        confirmation_method="automatic",
        currency="usd",
    )


def _nulls(names: Iterable[str]) -> dict[str, Any]:
    return dict.fromkeys(names)
