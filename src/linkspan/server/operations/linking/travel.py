"""An end user's way to the bank and back, bound to one browser."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from linkspan.objects import encode
from linkspan.server.connectors import failures
from linkspan.server.connectors.base import Grant
from linkspan.server.core.found import FoundAccount
from linkspan.server.core.ids import new_id, new_secret
from linkspan.server.core.institution import Institution
from linkspan.server.core.linking import MOVES, Fact, Step, next_step
from linkspan.server.core.refusals import SessionExpired, StrayReturn, WayClosed
from linkspan.server.operations import revocations, sealing
from linkspan.server.operations.context import Context
from linkspan.server.operations.linking import ways
from linkspan.server.operations.linking.eligible import reasons, recognize
from linkspan.server.operations.linking.progress import Found, Progress, find_by_id, state_of
from linkspan.server.store import attempts as attempt_rows
from linkspan.server.store import links as link_rows
from linkspan.server.store.driver import Tx
from linkspan.server.vault.sealed import Place

# Stripe's own mobile clients wait ten minutes for a person at a bank, in 300
# polls of two seconds; a later return is not taken.
AWAY_SECONDS_MAX: Final = 600

# Our finer reason for every failure of a bank; the modal's words hang on it.
REASONS: Final[Mapping[type[failures.ConnectorFailure], str]] = {
    failures.SignInDenied: "login_denied",
    failures.AuthorizationRefused: "login_refused",
    failures.CredentialsRejected: "login_refused",
    failures.ConsentEnded: "login_refused",
    failures.InstitutionTimeout: "bank_timeout",
    failures.InstitutionUnavailable: "bank_down",
    failures.ListChanged: "bank_busy",
    failures.RateLimited: "bank_busy",
    failures.InstitutionBrokeProtocol: "bank_unreadable",
    failures.InstitutionMisconfigured: "bank_misconfigured",
    failures.NotSupported: "bank_misconfigured",
}


@dataclass(frozen=True, slots=True)
class Departure:
    """Where a browser goes, and what it must bring back."""

    session: str
    url: str
    cookie_name: str
    browser_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Which Session a bank's answer concerned, and where its browser goes next, if anywhere."""

    session: str
    return_url: str | None


@dataclass(frozen=True, slots=True)
class _Visit:
    """What came of asking the bank: accounts with a grant, or the reason there are none."""

    accounts: tuple[FoundAccount, ...] = ()
    grant: Grant | None = field(default=None, repr=False)
    reason: str | None = None


def cookie_name(state: str) -> str:
    """Return the name of the cookie of one way, so that two tabs do not share one.

    The first characters of a ``state`` identify it; they do not reveal it.
    """
    return f"linkspan_way_{state.removeprefix('fcstate_')[:6]}"


async def depart(tx: Tx, context: Context, token: str) -> Departure:
    """Send a browser to the bank, once for each bridge address.

    The Session gets a fresh way at the same moment, so that the modal can
    offer to open the bank again.
    """
    attempt = await attempt_rows.by_bridge(tx, context.digests.of(b"bridge", token))
    if attempt is None or attempt.status != "ready" or context.world.seconds() >= attempt.expires_at:
        raise WayClosed
    progress = await find_by_id(tx, context, attempt.scope, attempt.session)
    institution = context.institutions.get(attempt.institution)
    if progress.link.step is not Step.LOGIN or institution is None:
        raise WayClosed
    browser_token = new_secret("fcbrowser", context.world)
    is_first = await attempt_rows.open_once(
        tx,
        attempt.scope,
        attempt.id,
        browser_digest=context.digests.of(b"browser", browser_token),
        expires_at=context.world.seconds() + AWAY_SECONDS_MAX,
    )
    if not is_first:
        raise WayClosed
    fresh = await ways.prepare(tx, context, progress, institution)
    await link_rows.save(tx, attempt.scope, replace(progress.link, attempt=fresh))
    state = state_of(context, attempt.id)
    url = (await ways.kept_of(tx, context, attempt)).url
    return Departure(attempt.session, url, cookie_name(state), browser_token)


async def arrive(
    context: Context, answer: Mapping[str, str], *, browser_token: str, request_id: str
) -> Arrival:
    """Take a bank's answer.

    Three phases, so that no transaction is open while the bank is speaking:
    claim the answer, ask the bank, write down what came of it. An answer is
    taken once, and only from the browser that went.
    """
    attempt = await context.store.write(
        lambda tx: _claim(tx, context, answer.get("state", ""), browser_token)
    )
    institution = context.institutions.get(attempt.institution)
    visit = await _visit(context, institution, attempt, answer)
    return await context.store.write(lambda tx: _write_down(tx, context, attempt, visit, request_id))


async def _claim(tx: Tx, context: Context, state: str, browser_token: str) -> attempt_rows.Attempt:
    """Return the attempt *state* names, if this browser began it and nobody has returned yet."""
    attempt = await attempt_rows.by_state(tx, context.digests.of(b"state", state))
    if attempt is None or attempt.browser_digest is None:
        raise StrayReturn
    presented = context.digests.of(b"browser", browser_token)
    if not hmac.compare_digest(presented, attempt.browser_digest):
        raise StrayReturn
    if context.world.seconds() >= attempt.expires_at:
        raise StrayReturn
    await find_by_id(tx, context, attempt.scope, attempt.session)  # a Session that is over asks no bank
    if not await attempt_rows.claim(tx, attempt.scope, attempt.id):
        raise StrayReturn
    return attempt


async def _visit(
    context: Context,
    institution: Institution | None,
    attempt: attempt_rows.Attempt,
    answer: Mapping[str, str],
) -> _Visit:
    """Ask the bank for a grant, then for the accounts it covers."""
    if institution is None:
        return _Visit(reason="bank_misconfigured")
    connector = context.connectors[institution.connector]
    kept = await context.store.read(lambda tx: ways.kept_of(tx, context, attempt))
    grant = None
    try:
        grant = await connector.finish(
            institution,
            redirect_uri=context.redirect_uri,
            kept=kept.by_connector,
            answer=answer,
            now=context.world.now(),
        )
        accounts, grant = await connector.accounts(institution, grant, now=context.world.now())
    except failures.ConnectorFailure as failure:
        return _Visit(grant=grant, reason=_reason(failure))
    return _Visit(accounts=accounts, grant=grant)


def _reason(failure: failures.ConnectorFailure) -> str:
    if isinstance(failure, failures.InstitutionUnavailable) and failure.is_planned:
        return "bank_maintenance"
    return REASONS[type(failure)]


async def _write_down(
    tx: Tx, context: Context, attempt: attempt_rows.Attempt, visit: _Visit, request_id: str
) -> Arrival:
    """Keep what the bank showed, or why it showed nothing."""
    try:
        progress = await find_by_id(tx, context, attempt.scope, attempt.session)
    except SessionExpired:  # while the bank was speaking
        await _discard(tx, context, attempt, visit)
        return Arrival(attempt.session, None)
    link = progress.link
    reason = visit.reason or await _reason_to_stop(tx, context, progress, visit.accounts)
    fact = Fact.ACCOUNTS_FOUND if reason is None else Fact.SIGN_IN_FAILED
    is_wanted = (link.step, fact) in MOVES
    is_kept = is_wanted and reason is None and await _keep(tx, context, attempt, visit)
    if not is_kept:
        await _discard(tx, context, attempt, visit)
    if is_kept:
        await attempt_rows.void_others(tx, attempt.scope, attempt.session, keep=attempt.id)
        link = replace(link, step=next_step(link.step, fact), attempt=attempt.id, problem=None)
        await link_rows.save(tx, attempt.scope, link)
    elif is_wanted and reason is not None:
        link = replace(link, step=next_step(link.step, fact), problem=link_rows.Problem(reason, request_id))
        await link_rows.save(tx, attempt.scope, link)
    return Arrival(attempt.session, _return_url(progress))


def _return_url(progress: Progress) -> str | None:
    """Return where the bank's tab goes next; the page of a hosted Session waits in a tab of its own."""
    return None if progress.session.hosted else progress.session.return_url or None


async def _discard(tx: Tx, context: Context, attempt: attempt_rows.Attempt, visit: _Visit) -> None:
    """End an attempt that linked nothing; a grant it brought back is to be ended at the bank."""
    await attempt_rows.finish(tx, attempt.scope, attempt.id, "failed")
    if visit.grant is not None:
        await revocations.end_unused(tx, context, attempt.scope, attempt.institution, visit.grant)


async def _keep(tx: Tx, context: Context, attempt: attempt_rows.Attempt, visit: _Visit) -> bool:
    """Seal accounts and grant into the attempt; false when it was voided meanwhile."""
    found = Found({new_id("fccand", context.world): account for account in visit.accounts})
    place = partial(Place, "attempts", row=attempt.id, scope=attempt.scope)
    return await attempt_rows.finish(
        tx,
        attempt.scope,
        attempt.id,
        "found",
        found=await sealing.seal(tx, context, place(column="found"), encode(found)),
        granted=await sealing.seal(tx, context, place(column="granted"), visit.grant or b""),
    )


async def _reason_to_stop(
    tx: Tx, context: Context, progress: Progress, accounts: tuple[FoundAccount, ...]
) -> str | None:
    """Return why nothing that was found can be linked, if so."""
    if not accounts:
        return "no_accounts"
    found = {str(place): account for place, account in enumerate(accounts)}
    if progress.session.relink_options:
        recognized = await recognize(tx, context, progress.scope, progress.session.relink_options, found)
        if not recognized.wanted:
            return "account_not_shown" if recognized.known else "other_accounts"
    if all((await reasons(tx, context, progress.scope, progress.session, found)).values()):
        return "none_eligible"
    return None
