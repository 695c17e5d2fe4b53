"""Learns from refreshes and sign-ins how well institutions answer."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from linkspan.server.connectors import failures
from linkspan.server.core import health as rules
from linkspan.server.core.health import WELL, Health, Outcomes, Record
from linkspan.server.core.scope import Scope
from linkspan.server.operations.context import Context
from linkspan.server.store import health as health_rows
from linkspan.server.store.driver import Tx

EVERYBODY: Final = Scope("", livemode=True)
"""Who learns in live mode: what one tenant's refreshes meet with, all others are shown."""

# The bank could not: whoever asks next will hardly fare better.
_FAILED: Final = (
    failures.InstitutionUnavailable,
    failures.InstitutionTimeout,
    failures.InstitutionBrokeProtocol,
)
# These tell of our settings, or of how often it was asked, not of how well the bank answers.
_TELL_NOTHING: Final = (
    failures.AuthorizationRefused,
    failures.InstitutionMisconfigured,
    failures.NotSupported,
    failures.RateLimited,
)


async def learn(
    context: Context,
    scope: Scope,
    institution: str,
    failure: failures.ConnectorFailure | None = None,
    *,
    took: int | None = None,
) -> None:
    """Note that an institution answered, or how it failed, and how many seconds a sign-in *took*.

    A person who said no, or a grant that ended, was told so by a bank that
    works. Written down in a transaction of its own, after that of the caller:
    it may be late, and need not be right to the last one.
    """
    outcomes = _outcomes(failure, took)
    of = (_who_learns(scope), institution)
    if outcomes is None or not context.outcomes.add(of, outcomes, now=context.world.now()):
        return
    while (taken := context.outcomes.take(of, now=context.world.now())) is not None:
        try:
            known = await context.store.write(partial(_note, context=context, of=of, outcomes=taken))
            context.outcomes.note_state(of, is_ill=known.status != "active")
        except BaseException:
            context.outcomes.give_back(of, taken)
            raise


async def of_all(tx: Tx, context: Context, scope: Scope) -> Mapping[str, Health]:
    """Return how well institutions answer now, by their ids, as far as anything is known of them."""
    now = context.world.seconds()
    records = await health_rows.all_of(tx, _who_learns(scope))
    return {institution: rules.health_at(record, now=now) for institution, record in records.items()}


async def of_one(tx: Tx, context: Context, scope: Scope, institution: str) -> Health:
    """Return how well an institution answers now."""
    record = await health_rows.get(tx, _who_learns(scope), institution)
    return WELL if record is None else rules.health_at(record, now=context.world.seconds())


async def _note(tx: Tx, *, context: Context, of: tuple[Scope, str], outcomes: Outcomes) -> Health:
    """Write down what came of asking, and return how well the institution answers now."""
    scope, institution = of
    record = await health_rows.get(tx, scope, institution) or Record()
    after = rules.noted(record, outcomes, now=context.world.seconds())
    await health_rows.save(tx, scope, institution, after)
    return rules.health_at(after, now=context.world.seconds())


def _who_learns(scope: Scope) -> Scope:
    """Return whose experience counts: in test mode a tenant's own, so that no test disturbs another."""
    return EVERYBODY if scope.livemode else scope


def _outcomes(failure: failures.ConnectorFailure | None, took: int | None) -> Outcomes | None:
    if isinstance(failure, _TELL_NOTHING):
        return None
    if isinstance(failure, _FAILED):
        told = failure if isinstance(failure, failures.InstitutionUnavailable) else None
        return Outcomes(
            failed=1,
            failed_last=True,
            is_outage=told is not None and told.is_planned,
            retry_after_seconds=None if told is None else told.retry_after_seconds,
        )
    return Outcomes(answered=1, took=() if took is None else (took,))
