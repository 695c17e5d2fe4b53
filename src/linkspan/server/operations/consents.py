"""Consents: who agreed to what, in which words, from when until when."""

from collections.abc import Iterable, Sequence
from typing import Final

from linkspan.objects import Session
from linkspan.server.core.consent import Consent, Ending, Words
from linkspan.server.core.ids import new_id
from linkspan.server.core.institution import Institution
from linkspan.server.core.scope import Scope
from linkspan.server.operations import connected_accounts, sessions
from linkspan.server.operations.context import Context
from linkspan.server.store import consents as consent_rows
from linkspan.server.store.driver import Tx

FIRST: Final = (Scope("", livemode=False), "")


async def give(
    tx: Tx, context: Context, scope: Scope, session: Session, at: Institution, words: Words, *, until: int
) -> None:
    """Keep that the end user of a Session has just agreed to what they read."""
    consent = Consent(
        id=new_id("fccons", context.world),
        session=session.id,
        holder=sessions.holder_id(session.account_holder) or None,
        merchant=await connected_accounts.name_of(tx, context, scope),
        institution=at.id,
        institution_name=at.name,
        permissions=tuple(session.permissions),
        words=words,
        agreed_at=context.world.seconds(),
        until=until,
    )
    await consent_rows.insert(tx, scope, consent)


async def withdraw(tx: Tx, context: Context, scope: Scope, session: str) -> None:
    """Note that the end user thought better of it before anything was linked."""
    for consent in await _unused(tx, scope, session):
        await consent_rows.save(tx, scope, consent.ended(context.world.seconds(), Ending.WITHDRAWN))


async def extend(tx: Tx, scope: Scope, session: str, *, until: int) -> None:
    """Let what nothing was linked with yet hold for as long as the Session."""
    for consent in await _unused(tx, scope, session):
        await consent_rows.save(tx, scope, consent.prolonged(until))


async def use(tx: Tx, scope: Scope, session: str, *, authorization: str, accounts: Iterable[str]) -> None:
    """Note which accounts were linked, or repaired, with what was agreed to in a Session."""
    linked = tuple(accounts)
    for consent in await _unused(tx, scope, session):
        await consent_rows.save(tx, scope, consent.linked(authorization, linked))


async def end(tx: Tx, context: Context, scope: Scope, authorization: str, because: Ending) -> None:
    """Note that nothing of what an authorization stands on holds any more."""
    now = context.world.seconds()
    for consent in await consent_rows.standing(tx, scope, authorization):
        await consent_rows.save(tx, scope, consent.ended(now, because))


async def end_of_accounts(
    tx: Tx, context: Context, scope: Scope, authorization: str, accounts: Iterable[str], because: Ending
) -> None:
    """Note that what was agreed to holds no more of some of the accounts behind an authorization."""
    now, over = context.world.seconds(), tuple(accounts)
    for before in await consent_rows.standing(tx, scope, authorization):
        after = before
        for account in over:
            after = after.without(account, now, because)
        if after != before:
            await consent_rows.save(tx, scope, after)


async def page(
    tx: Tx, context: Context, *, after: tuple[Scope, str], limit: int
) -> Sequence[tuple[Scope, Consent]]:
    """Return some consents of every tenant, each as it is now, for an operator."""
    now = context.world.seconds()
    found = await consent_rows.everybodys(tx, after=after, limit=limit)
    return [(scope, consent.as_of(now)) for scope, consent in found]


async def _unused(tx: Tx, scope: Scope, session: str) -> list[Consent]:
    """Return what was agreed to in a Session and nothing was linked with yet."""
    given = await consent_rows.of_session(tx, scope, session)
    return [one for one in given if one.authorization is None and one.ended_at is None]
