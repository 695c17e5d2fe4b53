"""The steps an end user takes in the modal."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from linkspan.objects import RelinkFailureReason
from linkspan.server.core.consent import Words
from linkspan.server.core.errand import LINKING, Errand
from linkspan.server.core.linking import MOVES, Fact, Step, next_step
from linkspan.server.core.refusals import BadParameter, NoSuchReference, SessionOver, WrongOrigin
from linkspan.server.core.session_status import SessionFact, SessionStatus
from linkspan.server.operations import consents, events, sessions
from linkspan.server.operations.context import Context
from linkspan.server.operations.linking import ways
from linkspan.server.operations.linking.progress import (
    Progress,
    find,
    institution_of,
    may_choose,
)
from linkspan.server.store import institutions as institution_rows
from linkspan.server.store import links as link_rows
from linkspan.server.store.driver import Tx

# What a Session that was to repair something says of a sign-in that could not.
_UNREPAIRED: Final[Mapping[str, RelinkFailureReason]] = {
    "account_not_shown": "no_account",
    "no_accounts": "no_authorization",
    "other_accounts": "no_authorization",
}


async def open_(
    tx: Tx,
    context: Context,
    secret: str,
    *,
    host_origin: str,
    request_id: str,
    errand: Errand = LINKING,
) -> Progress:
    """Open the modal, or go on where it stood when the page was loaded again.

    The first page that opens a Session is the only one that may: a client
    secret that leaked opens nothing in another site. What it opens it for stays,
    too.
    """
    progress = await find(tx, context, secret)
    if progress.link.step is Step.CLOSED:
        raise SessionOver
    if progress.session.hosted and host_origin != context.public_url:
        raise WrongOrigin
    if progress.link.version == 0:
        _check_errand(progress, errand)
        preset = _preset(context, progress)
        first = Step.BANK if preset is None else Step.CONSENT
        link = await link_rows.insert(
            tx,
            progress.scope,
            progress.session.id,
            step=Step.MANUAL if errand.is_typed_only else first,
            host_origin=host_origin,
            institution=preset,
            errand=errand,
        )
        caller = progress.caller(request_id)
        await events.record(tx, context, caller, f"{events.OPERATOR_PREFIX}session.opened", progress.session)
        return replace(progress, link=link)
    if progress.link.host_origin != host_origin:
        raise WrongOrigin
    return progress


async def choose_bank(
    tx: Tx, context: Context, secret: str, *, institution_id: str, request_id: str
) -> Progress:
    """Choose where to sign in. Where nobody can link is no step: the person is told so."""
    progress = await find(tx, context, secret)
    institution = context.institutions.get(institution_id)
    chosen = institution or await institution_rows.listed(tx, institution_id)
    if chosen is None or not may_choose(progress, chosen):
        raise NoSuchReference("institution", institution_id, param="institution")
    if institution is None:
        problem = link_rows.Problem("not_linkable", request_id)
        return await _move(tx, progress, Fact.UNLINKABLE_CHOSEN, institution=chosen.id, problem=problem)
    return await _move(tx, progress, Fact.BANK_CHOSEN, institution=chosen.id)


async def give_consent(tx: Tx, context: Context, secret: str, *, words: Words) -> Progress:
    """Agree to what will be shared, in the *words* that were shown, and get a way to the bank."""
    before = await find(tx, context, secret)
    consented_at = context.world.seconds()
    after = await _set_out(tx, context, before, Fact.CONSENT_GIVEN, consented_at=consented_at)
    institution = institution_of(context, before)
    if after is not before and institution is not None:
        scope, session, until = before.scope, before.session, before.expires_at
        await consents.give(tx, context, scope, session, institution, words, until=until)
    return after


async def retry(tx: Tx, context: Context, secret: str) -> Progress:
    """Sign in at the same bank again after a failure."""
    progress = await find(tx, context, secret)
    return await _set_out(tx, context, progress, Fact.RETRIED, problem=None)


async def want_to_type(tx: Tx, context: Context, secret: str, *, request_id: str) -> Progress:
    """Type an account's numbers instead, or be handed to the program that asks for them itself."""
    progress = await find(tx, context, secret)
    fact = Fact.HANDED_OVER if progress.manual_entry == "custom" else Fact.TYPING_WANTED
    if progress.manual_entry == "disabled" or (progress.link.step, fact) not in MOVES:
        return progress
    await ways.abandon(tx, context, progress)
    if fact is Fact.HANDED_OVER:
        caller = progress.caller(request_id)
        session = await sessions.end(tx, context, caller, progress.session, SessionFact.HANDED_OVER)
        progress = replace(progress, session=session)
    return await _move(tx, progress, fact, attempt=None, consented_at=None, problem=None)


async def go_back(tx: Tx, context: Context, secret: str) -> Progress:
    """Return to the choice of a bank, or of whether to go there at all; what was under way is void."""
    progress = await find(tx, context, secret)
    is_kept = progress.only_institution is not None
    fact = Fact.STARTED_OVER if is_kept else Fact.WENT_BACK
    if (progress.link.step, fact) not in MOVES or progress.link.errand.is_typed_only:
        return progress
    await ways.abandon(tx, context, progress)
    institution = progress.link.institution if is_kept else None
    return await _move(
        tx, progress, fact, institution=institution, attempt=None, consented_at=None, problem=None
    )


async def leave(tx: Tx, context: Context, secret: str, *, request_id: str) -> Progress:
    """Close the modal. Accounts already linked stay linked."""
    progress = await find(tx, context, secret)
    if progress.link.step is Step.CLOSED:
        return progress
    await ways.abandon(tx, context, progress)
    caller = progress.caller(request_id)
    if progress.session.status == SessionStatus.PENDING:
        session, fact = progress.session, SessionFact.LEFT
        if progress.link.step is Step.ERROR:
            problem = progress.link.problem
            reason = _UNREPAIRED.get(problem.reason, "other") if problem else "other"
            session, fact = sessions.not_repaired(session, reason), SessionFact.GAVE_UP
        progress = replace(progress, session=await sessions.end(tx, context, caller, session, fact))
    await events.record(tx, context, caller, f"{events.OPERATOR_PREFIX}session.closed", progress.session)
    return await _move(tx, progress, Fact.LEFT, problem=None)


def _check_errand(progress: Progress, errand: Errand) -> None:
    """Refuse to make a token of an account that its Session asks no numbers of."""
    if errand.takes_one and "payment_method" not in progress.session.permissions:
        raise BadParameter(
            "A token of a bank account needs a Session with the `payment_method` permission.",
            param="client_secret",
        )


def _preset(context: Context, progress: Progress) -> str | None:
    """Return the institution the program chose, if it is still offered."""
    if progress.only_institution is None:
        return None
    return next((one.id for one in context.institutions.all() if may_choose(progress, one)), None)


async def _set_out(tx: Tx, context: Context, progress: Progress, fact: Fact, **changes: object) -> Progress:
    """Take a step that ends with a fresh way to the bank."""
    institution = institution_of(context, progress)
    if institution is None or (progress.link.step, fact) not in MOVES:
        return progress
    way = await ways.prepare(tx, context, progress, institution)
    taken = Fact.FORM_ASKED if way.is_form else fact
    return await _move(tx, progress, taken, attempt=way.attempt, **changes)


async def _move(tx: Tx, progress: Progress, fact: Fact, **changes: object) -> Progress:
    """Write down that *fact* happened; one that does not fit the step changes nothing.

    A second click, or a tab left open at an earlier step, gets the step as it is.
    """
    if (progress.link.step, fact) not in MOVES:
        return progress
    link = replace(progress.link, step=next_step(progress.link.step, fact), **changes)  # type: ignore[arg-type] # fields by name
    await link_rows.save(tx, progress.scope, link)
    return replace(progress, link=replace(link, version=link.version + 1))
