"""An end user's way to the bank and back, bound to one browser."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from linkspan.server.connectors import failures
from linkspan.server.connectors.base import AskPerson, SendToBank
from linkspan.server.connectors.signed_answers import state_of as state_named
from linkspan.server.core.ids import new_secret
from linkspan.server.core.institution import Institution
from linkspan.server.core.linking import Step
from linkspan.server.core.refusals import SessionExpired, StrayReturn, WayClosed
from linkspan.server.operations.context import Context
from linkspan.server.operations.linking import visits, ways
from linkspan.server.operations.linking.kept import Kept, kept_of
from linkspan.server.operations.linking.progress import Progress, find_by_id, state_of
from linkspan.server.operations.linking.visits import Visit
from linkspan.server.store import attempts as attempt_rows
from linkspan.server.store import links as link_rows
from linkspan.server.store.driver import Tx

# Stripe's own mobile clients wait ten minutes for a person at a bank, in 300
# polls of two seconds; a later return is not taken.
AWAY_SECONDS_MAX: Final = 600


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


class BankKeepsOut(Exception):
    """The bank could not be told that a person comes; the modal says why."""

    def __init__(self, session: str) -> None:
        super().__init__("The bank was not told of the person")
        self.session = session


def cookie_of(answer: Mapping[str, str]) -> str:
    """Return the name of the cookie that the browser must bring with a bank's *answer*."""
    return cookie_name(state_named(answer))


def cookie_name(state: str) -> str:
    """Return the name of the cookie of one way, so that two tabs do not share one.

    The first characters of a ``state`` identify it; they do not reveal it.
    """
    return f"linkspan_way_{state.removeprefix('fcstate_')[:6]}"


@dataclass(frozen=True, slots=True)
class _Opened:
    """An attempt that one browser has opened."""

    attempt: attempt_rows.Attempt
    kept: Kept
    browser_token: str = field(repr=False)


async def depart(context: Context, token: str, *, request_id: str) -> Departure:
    """Send a browser to the bank, once for each bridge address.

    The Session gets a fresh way at the same moment, so that the modal can
    offer to open the bank again. Three phases where the bank has to be told
    first, so that no transaction is open while it is speaking.
    """
    opened = await context.store.write(lambda tx: _open(tx, context, token))
    attempt, url = opened.attempt, opened.kept.url
    state = state_of(context, attempt.id)
    if not url:
        way = await _announced(context, attempt, opened.kept, state)
        if isinstance(way, Visit):
            failed = way
            await context.store.write(lambda tx: _not_let_in(tx, context, attempt, failed, request_id))
            raise BankKeepsOut(attempt.session)
        url = way.url
    return Departure(attempt.session, url, cookie_name(state), opened.browser_token)


async def _open(tx: Tx, context: Context, token: str) -> _Opened:
    """Bind the attempt that *token* names to the browser that brings it."""
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
    await link_rows.save(tx, attempt.scope, replace(progress.link, attempt=fresh.attempt))
    return _Opened(attempt, await kept_of(tx, context, attempt), browser_token)


async def _announced(
    context: Context, attempt: attempt_rows.Attempt, kept: Kept, state: str
) -> SendToBank | Visit:
    """Tell the bank that a person is about to come; return where they go, or why they cannot."""
    institution = context.institutions.get(attempt.institution)
    if institution is None:
        return Visit(reason="bank_misconfigured")
    connector = context.connectors[institution.connector]
    try:
        return await connector.set_out(institution, state=state, kept=kept.by_connector)
    except failures.ConnectorFailure as failure:
        return Visit(reason=visits.reason_of(failure))


async def _not_let_in(
    tx: Tx, context: Context, attempt: attempt_rows.Attempt, visit: Visit, request_id: str
) -> None:
    """Write down why a person could not even go to the bank."""
    if await attempt_rows.claim(tx, attempt.scope, attempt.id):
        await _write_down(tx, context, attempt, visit, request_id)


async def arrive(
    context: Context, answer: Mapping[str, str], *, browser_token: str, request_id: str
) -> Arrival:
    """Take a bank's answer.

    Three phases, so that no transaction is open while the bank is speaking:
    claim the answer, ask the bank, write down what came of it. An answer is
    taken once, and only from the browser that went.
    """
    attempt = await context.store.write(lambda tx: _claim(tx, context, state_named(answer), browser_token))
    institution = context.institutions.get(attempt.institution)
    visit = await _visit(context, institution, attempt, answer)
    arrival = await context.store.write(lambda tx: _write_down(tx, context, attempt, visit, request_id))
    await visits.learn(context, attempt, visit, began_at=attempt.expires_at - AWAY_SECONDS_MAX)
    return arrival


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
) -> Visit:
    """Ask the bank for a grant, then for the accounts it covers."""
    if institution is None:
        return Visit(reason="bank_misconfigured")
    connector = context.connectors[institution.connector]
    kept = await context.store.read(lambda tx: kept_of(tx, context, attempt))
    try:
        grant = await connector.finish(
            institution,
            redirect_uri=context.redirect_uri,
            kept=kept.by_connector,
            answer=answer,
            now=context.world.now(),
        )
    except failures.ConnectorFailure as failure:
        return Visit.failed(failure)
    if isinstance(grant, AskPerson):
        raise TypeError(f"{institution.connector} sends people to the bank, then asks them here")
    return await visits.look_around(context, connector, institution, grant)


async def _write_down(
    tx: Tx, context: Context, attempt: attempt_rows.Attempt, visit: Visit, request_id: str
) -> Arrival:
    """Keep what the bank showed, or why it showed nothing."""
    try:
        progress = await find_by_id(tx, context, attempt.scope, attempt.session)
    except SessionExpired:  # while the bank was speaking
        await visits.discard(tx, context, attempt, visit)
        return Arrival(attempt.session, None)
    await visits.write_down(tx, context, progress, attempt, visit, request_id)
    return Arrival(attempt.session, _return_url(progress))


def _return_url(progress: Progress) -> str | None:
    """Return where the bank's tab goes next; the page of a hosted Session waits in a tab of its own."""
    return None if progress.session.hosted else progress.session.return_url or None
