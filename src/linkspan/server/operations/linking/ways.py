"""Prepares ways to a bank, and gives up those that are no longer wanted."""

from typing import Final

import msgspec

from linkspan.server.core.ids import new_id
from linkspan.server.core.institution import Institution
from linkspan.server.core.linking import Step
from linkspan.server.core.refusals import TooManyAttempts
from linkspan.server.operations import consents, revocations, sealing
from linkspan.server.operations.context import Context
from linkspan.server.operations.linking.progress import Progress, bridge_token, state_of
from linkspan.server.store import attempts as attempt_rows
from linkspan.server.store.driver import Tx
from linkspan.server.vault.sealed import Place

# A person opens a bank's page once or twice; a hundred times is a program.
_ATTEMPTS_MAX: Final = 100


class Kept(msgspec.Struct, frozen=True):
    """What must be remembered while a person is at the bank; always sealed."""

    url: str
    by_connector: bytes


async def prepare(tx: Tx, context: Context, progress: Progress, institution: Institution) -> str:
    """Make a way to *institution* ready to be opened and return its attempt's id."""
    scope, session = progress.scope, progress.session.id
    if await attempt_rows.count(tx, scope, session) >= _ATTEMPTS_MAX:
        raise TooManyAttempts
    attempt = new_id("fcattempt", context.world)
    state = state_of(context, attempt)
    going = context.connectors[institution.connector].begin(
        institution,
        redirect_uri=context.redirect_uri,
        state=state,
        random_bytes=context.world.random_bytes,
    )
    kept = msgspec.json.encode(Kept(going.url, going.kept))
    await attempt_rows.insert(
        tx,
        scope,
        attempt,
        session=session,
        institution=institution.id,
        expires_at=progress.expires_at,
        bridge_digest=context.digests.of(b"bridge", bridge_token(context, attempt)),
        state_digest=context.digests.of(b"state", state),
        kept=await sealing.seal(tx, context, Place("attempts", "kept", attempt, scope), kept),
    )
    return attempt


async def kept_of(tx: Tx, context: Context, attempt: attempt_rows.Attempt) -> Kept:
    """Return what was remembered while a person was at the bank."""
    place = Place("attempts", "kept", attempt.id, attempt.scope)
    opened = await sealing.opened(tx, context, place, attempt.kept)
    return msgspec.json.decode(opened, type=Kept)


async def abandon(tx: Tx, context: Context, progress: Progress) -> None:
    """Void every way of a Session and what was agreed to for it.

    A grant nothing was linked with is to be ended at the bank.
    """
    link = progress.link
    if link.step is Step.ACCOUNTS and link.attempt is not None:
        attempt = await attempt_rows.get(tx, progress.scope, link.attempt)
        if attempt is not None and attempt.granted is not None:
            granted = await granted_of(tx, context, attempt)
            await revocations.end_unused(tx, context, attempt.scope, attempt.institution, granted)
    await attempt_rows.void_others(tx, progress.scope, progress.session.id)
    await consents.withdraw(tx, context, progress.scope, progress.session.id)


async def granted_of(tx: Tx, context: Context, attempt: attempt_rows.Attempt) -> bytes:
    """Return the grant an attempt brought back."""
    place = Place("attempts", "granted", attempt.id, attempt.scope)
    return await sealing.opened(tx, context, place, attempt.granted or b"")
