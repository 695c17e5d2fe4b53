"""How well an institution answers, learnt from how it answered of late."""

from typing import Final, Literal, TypeAlias

import msgspec

Status: TypeAlias = Literal["active", "degraded", "inactive"]
"""Stripe's words for the health of an institution."""

_MINUTE: Final = 60
# An hour of outcomes, of which the newest count most: half as much for every ten minutes of age.
_MINUTES_KEPT: Final = 60
_HALVED_AFTER_MINUTES: Final = 10
_WHOLE: Final = 1024
# Two failures in ten minutes: one alone happens to every bank.
_FAILED_MIN: Final = 2 * _WHOLE
_DEGRADED_PERCENT: Final = 30
_INACTIVE_PERCENT: Final = 80
# A bank that says it is closed and not for how long is believed for a quarter of an hour.
_UNSAID_SECONDS: Final = 15 * _MINUTE
# Nobody closes for longer; what says so is a mistake.
_OUTAGE_SECONDS_MAX: Final = 7 * 24 * 60 * _MINUTE
_TOOK_KEPT: Final = 15
_TOOK_MIN: Final = 3


class Minute(msgspec.Struct, frozen=True, array_like=True):
    """How often the institution answered, and how often it could not, in one minute."""

    minute: int
    answered: int
    failed: int


class Record(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is kept of an institution's answers."""

    minutes: tuple[Minute, ...] = ()
    """The oldest first."""
    failed_last: bool = False
    """Whether the newest outcome is a failure."""
    outage_until: int | None = None
    """Until when it has said that it is closed."""
    back_at: int | None = None
    """When it expects to answer again, as far as it told."""
    took: tuple[int, ...] = ()
    """How many seconds each of the last sign-ins took, the oldest first."""


class Outcomes(msgspec.Struct, frozen=True, kw_only=True):
    """What came of asking an institution, once or a few times at one moment."""

    answered: int = 0
    failed: int = 0
    failed_last: bool = False
    """Whether the newest of them is a failure, of which the next two tell."""
    is_outage: bool = False
    """Whether it said itself that it is closed."""
    retry_after_seconds: int | None = None
    """After how long it asked to be asked again."""
    took: tuple[int, ...] = ()
    """How many seconds sign-ins took that succeeded."""

    def __add__(self, later: "Outcomes") -> "Outcomes":
        """Return both as one; of what a bank said of itself the later counts."""
        newest = later if later.answered or later.failed else self
        return Outcomes(
            answered=self.answered + later.answered,
            failed=self.failed + later.failed,
            failed_last=newest.failed_last,
            is_outage=newest.is_outage,
            retry_after_seconds=newest.retry_after_seconds,
            took=self.took + later.took,
        )


class Health(msgspec.Struct, frozen=True):
    """How well an institution answers now."""

    status: Status = "active"
    back_at: int | None = None
    """When it is expected to answer again, where it is known."""
    takes_seconds: int | None = None
    """How long signing in took half of the people lately."""


WELL: Final = Health()


def noted(record: Record, outcomes: Outcomes, *, now: int) -> Record:
    """Return *record* with what came of asking at *now*; what is too old to count is left out."""
    this_minute = now // _MINUTE
    minutes = {each.minute: each for each in record.minutes if 0 <= this_minute - each.minute < _MINUTES_KEPT}
    known = minutes.get(this_minute, Minute(this_minute, 0, 0))
    minutes[this_minute] = Minute(
        this_minute, known.answered + outcomes.answered, known.failed + outcomes.failed
    )
    until, back_at = _outage(outcomes, now=now) if outcomes.failed_last else (None, None)
    return Record(
        minutes=tuple(minutes[each] for each in sorted(minutes)),
        failed_last=outcomes.failed_last,
        outage_until=until,
        back_at=back_at,
        took=(*record.took, *outcomes.took)[-_TOOK_KEPT:],
    )


def _outage(outcomes: Outcomes, *, now: int) -> tuple[int | None, int | None]:
    """Return until when the institution says that it is closed, and when it says it will be back."""
    wait = outcomes.retry_after_seconds
    back_at = None if wait is None or not 0 < wait <= _OUTAGE_SECONDS_MAX else now + wait
    if not outcomes.is_outage:
        return None, back_at
    return back_at or now + _UNSAID_SECONDS, back_at


def health_at(record: Record, *, now: int) -> Health:
    """Return how well an institution answers at *now*.

    What it announced counts before what it did. Failures count as long as they
    are of the last hour, less with every minute; one that has answered since is
    not taken for gone.
    """
    back_at = record.back_at if record.back_at is not None and record.back_at > now else None
    status = _status(record, now=now)
    takes_seconds = sorted(record.took)[len(record.took) // 2] if len(record.took) >= _TOOK_MIN else None
    return Health(status, None if status == "active" else back_at, takes_seconds)


def _status(record: Record, *, now: int) -> Status:
    if record.outage_until is not None and now < record.outage_until:
        return "inactive"
    answered = failed = 0
    for each in record.minutes:
        age = now // _MINUTE - each.minute
        if 0 <= age < _MINUTES_KEPT:
            weight = _WHOLE >> (age // _HALVED_AFTER_MINUTES)
            answered += weight * each.answered
            failed += weight * each.failed
    percent = 100 * failed // max(answered + failed, 1)
    if failed < _FAILED_MIN or percent < _DEGRADED_PERCENT:
        return "active"
    return "inactive" if percent >= _INACTIVE_PERCENT and record.failed_last else "degraded"
