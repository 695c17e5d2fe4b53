"""Every kind of background work: how it is found, claimed and limited, and how often it comes round.

The order is the order in which kinds begin when a process starts.
"""

from collections.abc import Sequence
from typing import Any, Final

from linkspan.server.jobs.kinds import Chore, Queue
from linkspan.server.operations import (
    account_numbers,
    answers,
    confirmations,
    deletions,
    deliveries,
    endings,
    event_log,
    refreshes,
    retention,
    revocations,
    rotation,
    subscriptions,
    turns,
)
from linkspan.server.operations.deliveries import Courier
from linkspan.server.operations.events import DELIVERY_BELL
from linkspan.server.operations.linking import leftovers, lifetime
from linkspan.server.operations.refresh_starts import BELL as REFRESH_BELL

_SOON_SECONDS: Final = 2
_ONE_MINUTE: Final = 60
_TEN_MINUTES: Final = 10 * 60
_ONE_DAY: Final = 24 * 60 * 60


def delivering(courier: Courier) -> Queue[Any, Any]:
    """Return the queue of what webhook endpoints are owed, a lane for each endpoint."""
    return Queue(
        name="deliveries",
        bell=DELIVERY_BELL,
        at_once_max=deliveries.AT_ONCE_IN_ALL,
        at_once_in=courier.at_once_to,
        lanes=deliveries.waiting,
        claim=deliveries.claim,
        lane_of=lambda owed: owed.endpoint,
        do=courier.deliver,
        give_back=deliveries.give_back,
    )


REVOKING: Final[Queue[Any, Any]] = Queue(
    name="revocations",
    bell=revocations.BELL,
    at_once_max=revocations.AT_ONCE_IN_ALL,
    at_once_in=lambda _institution: revocations.AT_ONCE_AT_A_BANK,
    lanes=revocations.waiting,
    claim=revocations.claim,
    lane_of=lambda ended: ended.institution,
    do=revocations.revoke,
    give_back=revocations.give_back,
)

REFRESHING: Final[Queue[Any, Any]] = Queue(
    name="refreshes",
    bell=REFRESH_BELL,
    at_once_max=turns.AT_ONCE_IN_ALL,
    at_once_in=lambda _institution: turns.AT_ONCE_AT_A_BANK,
    lanes=turns.waiting,
    claim=turns.claim,
    lane_of=lambda turn: turn.institution,
    do=refreshes.read,
    give_back=turns.give_back,
)

CHORES: Final[Sequence[Chore]] = (
    Chore(
        name="subscriptions",
        every_seconds=_SOON_SECONDS,
        do=subscriptions.carry_out,
        is_due=subscriptions.is_any_due,
    ),
    Chore(
        name="places of events",
        every_seconds=_SOON_SECONDS,
        do=event_log.give_places,
        is_due=event_log.is_any_without_place,
    ),
    Chore(
        name="unwanted deliveries",
        every_seconds=_SOON_SECONDS,
        do=deliveries.give_up,
        is_due=deliveries.is_any_unwanted,
    ),
    Chore(
        name="intents",
        every_seconds=_SOON_SECONDS,
        do=confirmations.settle,
        is_due=confirmations.is_any_due,
    ),
    Chore(
        name="endings",
        every_seconds=_TEN_MINUTES,
        do=endings.warn,
        is_due=endings.is_any_due,
    ),
    Chore(
        name="expired numbers",
        every_seconds=_TEN_MINUTES,
        do=account_numbers.expire,
        is_due=account_numbers.is_any_expired,
    ),
    Chore(name="old events", every_seconds=_TEN_MINUTES, do=event_log.prune),
    Chore(name="old deliveries", every_seconds=_TEN_MINUTES, do=deliveries.prune),
    Chore(name="old answers", every_seconds=_TEN_MINUTES, do=answers.prune),
    Chore(name="deletions", every_seconds=_ONE_MINUTE, do=deletions.carry_out, is_due=deletions.is_any_due),
    Chore(name="retention", every_seconds=_ONE_DAY, do=retention.carry_out_chosen),
    Chore(name="left behind", every_seconds=_ONE_MINUTE, do=leftovers.carry_out, is_due=leftovers.is_any),
    Chore(
        name="overtaken Sessions",
        every_seconds=_ONE_MINUTE,
        do=lifetime.end_over,
        is_due=lifetime.is_any_over,
    ),
    Chore(
        name="sealing anew",
        every_seconds=_ONE_MINUTE,
        do=rotation.carry_out,
        is_due=rotation.is_unfinished,
        lease_seconds=_TEN_MINUTES,
    ),
)
