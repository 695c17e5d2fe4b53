"""What came of asking a bank who signed in, written down for the Session."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final, Self

from linkspan.objects import encode
from linkspan.server.connectors import failures
from linkspan.server.connectors.base import Connector, Grant
from linkspan.server.core.eligibility import why_none
from linkspan.server.core.found import FoundAccount
from linkspan.server.core.ids import new_id
from linkspan.server.core.institution import Institution
from linkspan.server.core.linking import MOVES, Fact, next_step
from linkspan.server.operations import health, revocations, sealing
from linkspan.server.operations.context import Context
from linkspan.server.operations.linking.eligible import reasons, recognize
from linkspan.server.operations.linking.progress import Found, Progress
from linkspan.server.store import attempts as attempt_rows
from linkspan.server.store import links as link_rows
from linkspan.server.store.driver import Tx
from linkspan.server.vault.sealed import Place

# Our finer reason for every failure of a bank; the modal's words hang on it.
REASONS: Final[Mapping[type[failures.ConnectorFailure], str]] = {
    failures.SignInDenied: "login_denied",
    failures.AnswerRejected: "too_many_tries",
    failures.AccountLocked: "account_locked",
    failures.TokenSpent: "token_spent",
    failures.PlanLapsed: "plan_lapsed",
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
class Visit:
    """What came of asking a bank: accounts with a grant, or the reason there are none."""

    accounts: tuple[FoundAccount, ...] = ()
    grant: Grant | None = field(default=None, repr=False)
    reason: str | None = None
    failure: failures.ConnectorFailure | None = None
    """Of the bank, where that is the reason."""

    @classmethod
    def failed(cls, failure: failures.ConnectorFailure, grant: Grant | None = None) -> Self:
        """Return what comes of a bank that could not, or would not."""
        return cls(grant=grant, reason=reason_of(failure), failure=failure)


async def look_around(
    context: Context, connector: Connector, institution: Institution, grant: Grant
) -> Visit:
    """Ask the bank for the accounts that a fresh grant covers."""
    try:
        accounts, grant = await connector.accounts(institution, grant, now=context.world.now())
    except failures.ConnectorFailure as failure:
        return Visit.failed(failure, grant)
    return Visit(accounts=accounts, grant=grant)


async def learn(
    context: Context, attempt: attempt_rows.Attempt, visit: Visit, *, began_at: int | None
) -> None:
    """Learn from a visit how well the institution answers, and how long a person takes to sign in there."""
    if visit.failure is None and visit.reason is not None:
        return  # nobody asked the bank
    took = None if visit.failure or began_at is None else context.world.seconds() - began_at
    await health.learn(context, attempt.scope, attempt.institution, visit.failure, took=took)


def reason_of(failure: failures.ConnectorFailure) -> str:
    """Return our finer reason for a failure of a bank."""
    if isinstance(failure, failures.InstitutionUnavailable) and failure.is_planned:
        return "bank_maintenance"
    return REASONS[type(failure)]


async def write_down(
    tx: Tx, context: Context, progress: Progress, attempt: attempt_rows.Attempt, visit: Visit, request_id: str
) -> None:
    """Keep what the bank showed, or why it showed nothing."""
    link = progress.link
    reason = visit.reason or await _reason_to_stop(tx, context, progress, visit.accounts)
    fact = Fact.ACCOUNTS_FOUND if reason is None else Fact.SIGN_IN_FAILED
    is_wanted = (link.step, fact) in MOVES
    is_kept = is_wanted and reason is None and await _keep(tx, context, attempt, visit)
    if not is_kept:
        await discard(tx, context, attempt, visit)
    if is_kept:
        await attempt_rows.void_others(tx, attempt.scope, attempt.session, keep=attempt.id)
        link = replace(link, step=next_step(link.step, fact), attempt=attempt.id, problem=None)
        await link_rows.save(tx, attempt.scope, link)
    elif is_wanted and reason is not None:
        back_at = _back_at(visit.failure, now=context.world.seconds())
        found = len(visit.accounts) or None
        problem = link_rows.Problem(reason, request_id, back_at=back_at, found=found)
        link = replace(link, step=next_step(link.step, fact), problem=problem)
        await link_rows.save(tx, attempt.scope, link)


def _back_at(failure: failures.ConnectorFailure | None, *, now: int) -> int | None:
    """Return when a bank that is closed on purpose says that it opens; another one only asks for a pause."""
    if not isinstance(failure, failures.InstitutionUnavailable) or not failure.is_planned:
        return None
    return None if failure.retry_after_seconds is None else now + failure.retry_after_seconds


async def discard(tx: Tx, context: Context, attempt: attempt_rows.Attempt, visit: Visit) -> None:
    """End an attempt that linked nothing; a grant it brought back is to be ended at the bank."""
    await attempt_rows.finish(tx, attempt.scope, attempt.id, "failed")
    if visit.grant is not None:
        await revocations.end_unused(tx, context, attempt.scope, attempt.institution, visit.grant)


async def _keep(tx: Tx, context: Context, attempt: attempt_rows.Attempt, visit: Visit) -> bool:
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
    why_nots = (await reasons(tx, context, progress.scope, progress.as_asked, found)).values()
    return why_none(accounts, why_nots, progress.session.filters or None)
