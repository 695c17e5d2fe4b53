"""The schedule that is published is the one that is kept."""

import re
from pathlib import Path
from typing import Final

from linkspan.server.delivery.schedule import ATTEMPTS_MAX, JITTER_MAX, WAITS_SECONDS, wait_seconds
from linkspan.server.operations.deliveries import TIMEOUT_SECONDS

PAGE: Final = (Path(__file__).parents[2] / "docs" / "reference" / "webhooks.md").read_text(encoding="utf-8")
UNITS: Final = {"minute": 60, "hour": 3_600}


def test_the_page_shows_the_waits_of_the_code() -> None:
    rows = re.findall(r"^\| (\d+) \| (\d+) (minute|hour)s? \|$", PAGE, re.MULTILINE)

    assert [int(number) for number, _, _ in rows] == list(range(2, ATTEMPTS_MAX + 1))
    assert tuple(int(count) * UNITS[unit] for _, count, unit in rows) == WAITS_SECONDS


def test_the_page_shows_jitter_and_time_limit_of_the_code() -> None:
    assert "longer by up to a fifth" in PAGE
    assert JITTER_MAX == 1 / 5
    assert f"none within {TIMEOUT_SECONDS:.0f} seconds" in PAGE


def test_eight_attempts_or_more_are_spread_over_three_days() -> None:
    assert ATTEMPTS_MAX >= 8
    assert sum(wait_seconds(number, chance=0.0) or 0 for number in range(1, ATTEMPTS_MAX)) >= 72 * 3_600


def test_after_the_last_attempt_there_is_none() -> None:
    assert wait_seconds(ATTEMPTS_MAX, chance=0.5) is None
    assert wait_seconds(ATTEMPTS_MAX, chance=0.5, retry_after=60) is None
