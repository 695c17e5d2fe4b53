"""Begins the Session that collects a bank account for an intent, or goes on with the one under way."""

from typing import Any

from linkspan.objects import IntentFinancialConnections
from linkspan.server.core.caller import Caller
from linkspan.server.core.errand import Errand
from linkspan.server.core.intent import MOVES, IntentFact
from linkspan.server.core.linking import Step
from linkspan.server.core.session import WantedFilters, WantedHolder, WantedSession
from linkspan.server.core.session_status import SessionStatus
from linkspan.server.operations import intents, sessions
from linkspan.server.operations.context import Context
from linkspan.server.operations.intents import Intent, Kept, unexpected
from linkspan.server.operations.linking import steps
from linkspan.server.operations.session_secrets import secret_of
from linkspan.server.store import intents as intent_rows
from linkspan.server.store import links as link_rows
from linkspan.server.store import sessions as session_rows
from linkspan.server.store.driver import Tx
from linkspan.server.store.intents import Named

_PAYABLE = ("checking", "savings")


async def begin(
    tx: Tx, context: Context, named: Named, errand: Errand, *, host_origin: str, request_id: str
) -> str:
    """Return the client secret of the Session that collects an account for an intent.

    What *errand* says is taken where the Session begins now. An intent that
    takes no account any more is refused.
    """
    scope = named.scope
    kept = await intents.one(tx, scope, named.kind, named.id)
    if (kept.status, IntentFact.COLLECTED) not in MOVES:
        raise unexpected(kept, f"You cannot collect a bank account for this {type(kept.intent).__name__}")
    if kept.session is not None and await _is_under_way(tx, context, kept, named):
        return secret_of(context.digests, scope, kept.session, is_hosted=False)
    caller = Caller(scope, request_id)
    session = intents.id_in(await sessions.begin(tx, context, caller, _wanted(kept.intent)))
    await intent_rows.begin(tx, scope, named.id, session=session)
    secret = secret_of(context.digests, scope, session, is_hosted=False)
    await steps.open_(tx, context, secret, host_origin=host_origin, request_id=request_id, errand=errand)
    return secret


def is_typed_only(intent: Intent) -> bool:
    """Tell whether an intent takes typed numbers alone."""
    return _way(intent) == "microdeposits"


async def _is_under_way(tx: Tx, context: Context, kept: Kept, named: Named) -> bool:
    row = await session_rows.get_whole(tx, named.scope, kept.session or "")
    link = await link_rows.get(tx, named.scope, kept.session or "")
    is_good = row is not None and context.world.seconds() < row.expires_at
    is_pending = row is not None and row.status == SessionStatus.PENDING
    return is_good and is_pending and link is not None and link.step is not Step.CLOSED


def _way(intent: Intent) -> str:
    options = intent.payment_method_options
    bank = (options and options.us_bank_account) or None
    return str((bank and bank.verification_method) or "automatic")


def _wanted(intent: Intent) -> WantedSession:
    """Return the Session that an intent asks for: of one account that can be paid from."""
    options = intent.payment_method_options
    bank = (options and options.us_bank_account) or None
    asked = (bank and bank.financial_connections) or IntentFinancialConnections()
    accepted = (asked.filters and asked.filters.account_subcategories) or _PAYABLE
    may_type = _way(intent) != "instant" and not intent.livemode
    return WantedSession(
        holder=_holder(intent),
        permissions=asked.permissions or ("payment_method",),
        prefetch=asked.prefetch or (),
        filters=WantedFilters(account_subcategories=accepted, require_payment_method_support="all"),
        accounts_max=1,
        manual_entry_mode="automatic" if may_type else "disabled",
        return_url=asked.return_url or None,
    )


def _holder(intent: Intent) -> WantedHolder | None:
    named: dict[str, Any] = {
        name: value for name in ("customer", "customer_account") if (value := getattr(intent, name))
    }
    return WantedHolder(type="customer", **named) if named else None
