"""Prepares ways to a bank, and gives up those that are no longer wanted."""

from dataclasses import dataclass
from typing import Final

from linkspan.server.connectors.base import AskPerson
from linkspan.server.core.ids import new_id
from linkspan.server.core.institution import Institution
from linkspan.server.core.linking import Step
from linkspan.server.core.refusals import TooManyAttempts
from linkspan.server.operations import consents, revocations, sealing
from linkspan.server.operations.context import Context
from linkspan.server.operations.linking.kept import sealed
from linkspan.server.operations.linking.progress import Progress, bridge_token, state_of
from linkspan.server.store import attempts as attempt_rows
from linkspan.server.store.driver import Tx
from linkspan.server.vault.sealed import Place

# A person opens a bank's page once or twice; a hundred times is a program.
_ATTEMPTS_MAX: Final = 100


@dataclass(frozen=True, slots=True)
class Way:
    """An attempt that is ready, and whether it begins with a form in the modal."""

    attempt: str
    is_form: bool


async def prepare(tx: Tx, context: Context, progress: Progress, institution: Institution) -> Way:
    """Make a way to *institution* ready to be opened, or to be answered in the modal."""
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
    await attempt_rows.insert(
        tx,
        scope,
        attempt,
        session=session,
        institution=institution.id,
        expires_at=progress.expires_at,
        bridge_digest=context.digests.of(b"bridge", bridge_token(context, attempt)),
        state_digest=context.digests.of(b"state", state),
        kept=await sealed(tx, context, scope, attempt, going),
    )
    return Way(attempt, isinstance(going, AskPerson))


async def abandon(tx: Tx, context: Context, progress: Progress) -> None:
    """Void every way of a Session and what was agreed to for it.

    A grant nothing was linked with is to be ended at the bank.
    """
    if progress.link.step is Step.ACCOUNTS:
        await give_back(tx, context, progress)
    await attempt_rows.void_others(tx, progress.scope, progress.session.id)
    await consents.withdraw(tx, context, progress.scope, progress.session.id)


async def give_back(tx: Tx, context: Context, progress: Progress) -> None:
    """Let the bank end a grant that nothing hangs on."""
    attempt = await attempt_rows.get(tx, progress.scope, progress.link.attempt or "")
    if attempt is not None and attempt.granted is not None:
        granted = await granted_of(tx, context, attempt)
        await revocations.end_unused(tx, context, attempt.scope, attempt.institution, granted)


async def granted_of(tx: Tx, context: Context, attempt: attempt_rows.Attempt) -> bytes:
    """Return the grant an attempt brought back."""
    place = Place("attempts", "granted", attempt.id, attempt.scope)
    return await sealing.opened(tx, context, place, attempt.granted or b"")
