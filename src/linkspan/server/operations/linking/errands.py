"""Does what a page's call wants besides: a token of the account, or a PaymentMethod of it for an intent."""

from collections.abc import Mapping
from dataclasses import replace as copy
from typing import Any, Final, TypeAlias

from msgspec.structs import asdict, replace

from linkspan.objects import Session, Token, decode_as
from linkspan.server.core.caller import Caller
from linkspan.server.core.errand import Errand
from linkspan.server.core.intent import Kind
from linkspan.server.core.linking import Fact, Step, next_step
from linkspan.server.core.session_status import SessionFact
from linkspan.server.operations import intents, payment_methods, sessions, tokens
from linkspan.server.operations.context import Context
from linkspan.server.operations.linking.progress import Progress, find
from linkspan.server.store import links as link_rows
from linkspan.server.store.driver import Tx

Numbers: TypeAlias = Mapping[str, str]
"""`routing_number`, `account_number` and `account_type`, as they were typed."""

_LINKED: Final = "financial_connections_account"


async def carry_out(tx: Tx, context: Context, caller: Caller, errand: Errand, session: Session) -> Session:
    """Make what is wanted of the one account that was linked; return the Session as it is then."""
    if not errand.takes_one:
        return session
    (account,) = session.accounts.data
    return await _make(tx, context, caller, errand, session, {_LINKED: account.id})


async def take_numbers(
    tx: Tx, context: Context, secret: str, numbers: Numbers, *, request_id: str
) -> Progress:
    """Make what is wanted of typed numbers; a second time changes nothing."""
    progress = await find(tx, context, secret)
    if progress.link.step is not Step.MANUAL:
        return progress
    caller, errand = progress.caller(request_id), progress.link.errand
    session = await _make(tx, context, caller, errand, progress.session, numbers)
    session = await sessions.end(tx, context, caller, session, SessionFact.LINKED)
    link = copy(progress.link, step=next_step(progress.link.step, Fact.NUMBERS_TYPED))
    await link_rows.save(tx, progress.scope, link)
    return copy(progress, session=session, link=copy(link, version=link.version + 1))


async def _make(
    tx: Tx, context: Context, caller: Caller, errand: Errand, session: Session, account: Mapping[str, str]
) -> Session:
    if errand.purpose == "token":
        doc = await tokens.of_account(tx, context, caller, account)
        return replace(session, bank_account_token=decode_as(doc, Token))
    await _collect(tx, context, caller, errand, account)
    return session


async def _collect(
    tx: Tx, context: Context, caller: Caller, errand: Errand, account: Mapping[str, str]
) -> None:
    """Give an intent a PaymentMethod of the account."""
    wanted: dict[str, Any] = {payment_methods.TYPE: account}
    if errand.billing_details is not None:
        wanted["billing_details"] = {
            name: value for name, value in asdict(errand.billing_details).items() if name != "extra"
        }
    if errand.metadata is not None:
        wanted["metadata"] = errand.metadata
    doc = await payment_methods.create(tx, context, caller, wanted)
    kind: Kind = "setup" if errand.purpose == "setup" else "payment"
    await intents.give_method(tx, context, caller, kind, errand.intent or "", intents.id_in(doc))
