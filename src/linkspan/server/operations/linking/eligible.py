"""Which of the accounts a bank showed a Session may take."""

from collections.abc import Mapping
from dataclasses import dataclass

from linkspan.objects import Account, RelinkOptions, Session, decode_as
from linkspan.server.core.eligibility import WhyNot, why_not
from linkspan.server.core.found import FoundAccount
from linkspan.server.core.kinds import called
from linkspan.server.core.recognition import is_same
from linkspan.server.core.scope import Scope
from linkspan.server.operations import bank_details, sessions
from linkspan.server.operations.context import Context
from linkspan.server.store import accounts as account_rows
from linkspan.server.store.driver import Tx


@dataclass(frozen=True, slots=True)
class Recognized:
    """The accounts a bank showed that were linked before: ids of Accounts by candidate."""

    known: Mapping[str, str]
    wanted: Mapping[str, str]
    """Those of them that the Session is to repair."""


async def recognize(
    tx: Tx, context: Context, scope: Scope, relink: RelinkOptions, found: Mapping[str, FoundAccount]
) -> Recognized:
    """Find what a Session is to repair among the accounts a bank showed."""
    known = {}
    for account_id in await account_rows.connected_of(tx, scope, relink.authorization):
        doc = await account_rows.get(tx, scope, account_id)
        details = await bank_details.of(tx, context, scope, account_id)
        if doc is None or details is None:
            continue
        last4 = decode_as(doc, Account).last4
        for candidate, each in found.items():
            if is_same(each, source_id=details.source_id, last4=last4, numbers=details.numbers):
                known[candidate] = account_id
    wanted = {candidate: one for candidate, one in known.items() if relink.account in {None, one}}
    return Recognized(known, wanted)


@dataclass(frozen=True, slots=True)
class Known:
    """An Account that stands for what a bank shows, and the sign-in it hangs on."""

    account: str
    authorization: str


async def linked_before(
    tx: Tx,
    context: Context,
    scope: Scope,
    session: Session,
    institution: str,
    found: Mapping[str, FoundAccount],
) -> dict[str, Known]:
    """Return which of *found* the holder of a Session has linked, by candidate id; disconnected ones are not.

    A holder is one program's customer, or one connected account: nobody else's
    links are looked at.
    """
    holder = sessions.holder_id(session.account_holder)
    if not holder or not found or session.relink_options:
        return {}
    known: dict[str, Known] = {}
    rows = await account_rows.connected_at(tx, scope, holder=holder, institution=institution)
    for account_id, authorization in rows:
        candidate = await _shown_as(tx, context, scope, account_id, found)
        if candidate is not None:
            known.setdefault(candidate, Known(account_id, authorization))
    return known


async def _shown_as(
    tx: Tx, context: Context, scope: Scope, account_id: str, found: Mapping[str, FoundAccount]
) -> str | None:
    """Return the candidate that is the account with an id, if any is."""
    doc = await account_rows.get(tx, scope, account_id)
    details = await bank_details.of(tx, context, scope, account_id)
    if doc is None or details is None:
        return None
    last4 = decode_as(doc, Account).last4
    for candidate, each in found.items():
        if is_same(each, source_id=details.source_id, last4=last4, numbers=details.numbers):
            return candidate
    return None


async def as_linked(
    tx: Tx, context: Context, scope: Scope, session: Session, found: Mapping[str, FoundAccount]
) -> dict[str, FoundAccount]:
    """Return what a bank showed, accounts that are to be repaired of the kind their holder said then."""
    named = dict(found)
    if session.relink_options and not all(each.is_kind_told for each in found.values()):
        recognized = await recognize(tx, context, scope, session.relink_options, found)
        for candidate, account_id in recognized.known.items():
            doc = await account_rows.get(tx, scope, account_id)
            if doc is not None:
                named[candidate] = called(found[candidate], decode_as(doc, Account).subcategory)
    return named


async def reasons(
    tx: Tx, context: Context, scope: Scope, session: Session, found: Mapping[str, FoundAccount]
) -> dict[str, WhyNot | None]:
    """Return why each of *found* may not be taken; ``None`` where it may."""
    why = {candidate: why_not(each, session.filters or None) for candidate, each in found.items()}
    if not session.relink_options:
        return why
    wanted = (await recognize(tx, context, scope, session.relink_options, found)).wanted
    strange = WhyNot("not_linked_before")
    return {candidate: reason if candidate in wanted else strange for candidate, reason in why.items()}
