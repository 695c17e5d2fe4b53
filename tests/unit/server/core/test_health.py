"""How well a bank answers is learnt from what it did of late, and what it announces counts first."""

from typing import Final

import pytest

from linkspan.server.core.health import Health, Outcomes, Record, health_at, noted

NOW: Final = 1_790_000_000
MINUTE: Final = 60
ANSWERED: Final = Outcomes(answered=1)
FAILED: Final = Outcomes(failed=1, failed_last=True)


def after(*outcomes: Outcomes, every: int = 0, record: Record | None = None) -> Record:
    """What is kept once *outcomes* have come, one *every* so many seconds."""
    kept = record or Record()
    for place, one in enumerate(outcomes):
        kept = noted(kept, one, now=NOW + place * every)
    return kept


def status(record: Record, seconds: int = 0) -> str:
    return health_at(record, now=NOW + seconds).status


def test_a_bank_that_nobody_asked_is_well() -> None:
    assert health_at(Record(), now=NOW) == Health("active", None, None)


@pytest.mark.parametrize(
    ("answered", "failed", "expected"),
    [
        (0, 1, "active"),
        (0, 2, "inactive"),
        (0, 9, "inactive"),
        (8, 2, "active"),
        (5, 3, "degraded"),
        (1, 4, "inactive"),
    ],
)
def test_failures_count_by_their_share(answered: int, failed: int, expected: str) -> None:
    assert status(after(*[ANSWERED] * answered, *[FAILED] * failed)) == expected


def test_a_bank_that_answers_again_is_not_taken_for_gone_and_heals_with_each_answer() -> None:
    down = after(*[FAILED] * 4)

    states = [status(after(*[ANSWERED] * count, record=down)) for count in (0, 1, 5, 10)]

    assert states == ["inactive", "degraded", "degraded", "active"]


def test_failures_count_less_with_age_and_not_at_all_after_an_hour() -> None:
    record = after(*[FAILED] * 4)

    assert [status(record, minutes * MINUTE) for minutes in (0, 19, 20, 61)] == [
        "inactive",
        "inactive",
        "active",
        "active",
    ]
    assert len(noted(record, ANSWERED, now=NOW + 61 * MINUTE).minutes) == 1


def test_a_day_of_outcomes_keeps_an_hour() -> None:
    assert len(after(*[ANSWERED] * 300, every=5 * MINUTE).minutes) == 12


def test_an_announced_outage_counts_before_what_the_bank_did() -> None:
    closed = Outcomes(failed=1, failed_last=True, is_outage=True, retry_after_seconds=1800)
    record = after(*[ANSWERED] * 50, closed)

    assert health_at(record, now=NOW) == Health("inactive", NOW + 1800)
    assert health_at(record, now=NOW + 1800).status == "active"


def test_an_outage_of_unknown_length_is_believed_for_a_while() -> None:
    record = after(Outcomes(failed=1, failed_last=True, is_outage=True))

    assert health_at(record, now=NOW + 14 * MINUTE) == Health("inactive")
    assert status(record, 15 * MINUTE) == "active"


def test_an_answer_ends_an_announced_outage() -> None:
    closed = Outcomes(failed=1, failed_last=True, is_outage=True, retry_after_seconds=1800)

    assert status(after(*[ANSWERED] * 9, closed, ANSWERED)) == "active"


@pytest.mark.parametrize("wait", [0, -5, 8 * 24 * 3600])
def test_a_wait_that_makes_no_sense_is_no_expected_time(wait: int) -> None:
    record = after(*[Outcomes(failed=1, failed_last=True, retry_after_seconds=wait)] * 3)

    assert health_at(record, now=NOW) == Health("inactive", None)


def test_outcomes_of_one_moment_are_noted_as_one() -> None:
    told = Outcomes(failed=1, failed_last=True, retry_after_seconds=60)

    assert FAILED + told + ANSWERED == Outcomes(answered=1, failed=2)
    assert ANSWERED + told == Outcomes(answered=1, failed=1, failed_last=True, retry_after_seconds=60)
    assert told + Outcomes() == told


def test_how_long_signing_in_takes_is_the_middle_of_the_last_ones() -> None:
    record = after(*[Outcomes(answered=1, took=(seconds,)) for seconds in (600, 40, 50)])

    assert health_at(record, now=NOW).takes_seconds == 50
    assert health_at(after(Outcomes(answered=1, took=(40, 50))), now=NOW).takes_seconds is None
