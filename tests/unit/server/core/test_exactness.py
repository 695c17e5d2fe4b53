"""A hundred thousand amounts and days, worked out a second way: none is off by a cent or a day."""

import random
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from linkspan.server.core.days import day_of, instant_of, instant_told
from linkspan.server.core.money import MINOR_UNIT_EXPONENTS, InexactAmount, minor_units
from tests.conftest import Tally

CURRENCIES: Final = tuple(sorted(MINOR_UNIT_EXPONENTS))
AMOUNTS_EACH: Final = 400
DAYS_EACH: Final = 900
# Where most bank accounts are, and where clocks are odd: both ends of the world, halves and quarters of
# an hour, clocks that change at midnight, by half an hour, or in the other half of the year.
ZONES: Final = (
    "Pacific/Honolulu",
    "Pacific/Marquesas",
    "America/Anchorage",
    "America/Los_Angeles",
    "America/Phoenix",
    "America/Denver",
    "America/Chicago",
    "America/New_York",
    "America/Toronto",
    "America/Halifax",
    "America/St_Johns",
    "America/Havana",
    "America/Mexico_City",
    "America/Bogota",
    "America/Caracas",
    "America/Santiago",
    "America/Asuncion",
    "America/Sao_Paulo",
    "America/Nuuk",
    "Atlantic/Azores",
    "Europe/London",
    "Europe/Dublin",
    "Europe/Berlin",
    "Europe/Athens",
    "Africa/Casablanca",
    "Africa/Cairo",
    "Asia/Beirut",
    "Asia/Tehran",
    "Asia/Dubai",
    "Asia/Kabul",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Yangon",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Eucla",
    "Australia/Adelaide",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Pacific/Fiji",
)


def written(minor: int, exponent: int, chance: random.Random) -> str:
    """An amount of minor units as some bank would write it."""
    digits = str(abs(minor)).rjust(exponent + 1, "0")
    whole, part = (digits, "") if exponent == 0 else (digits[:-exponent], digits[-exponent:])
    sign = "-" if minor < 0 else ""
    match chance.randrange(5):
        case 0:  # padded in front
            whole = whole.zfill(len(whole) + chance.randrange(3))
        case 1:  # more nothing behind
            part += "0" * chance.randrange(4)
        case 2:  # no nothing behind
            part = part.rstrip("0")
        case 3:  # with an exponent of its own
            return f"{sign}{digits}e-{exponent}"
        case _:  # plainly
            pass
    return f"{sign}{whole}.{part}" if part else f"{sign}{whole}"


def test_every_amount_of_every_currency_is_exact_or_refused(tally: Tally) -> None:
    chance, wrong, refused, tried = random.Random(4217), 0, 0, 0
    for currency in CURRENCIES:
        exponent = MINOR_UNIT_EXPONENTS[currency]
        for _ in range(AMOUNTS_EACH):
            minor = chance.randint(-(10 ** chance.randrange(1, 16)), 10 ** chance.randrange(1, 16))
            text = written(minor, exponent, chance)
            amount = chance.choice((str, Decimal))(text)
            wrong += minor_units(amount, chance.choice((currency, currency.upper()))) != minor
            wrong += Fraction(text) * 10**exponent != minor
            tried += 1
        too_fine = f"{chance.randrange(10**6)}.{'0' * exponent}{chance.randrange(1, 10)}"
        with pytest.raises(InexactAmount):
            minor_units(too_fine, currency)
        refused += 1

    tally("R37 money", currencies=len(CURRENCIES), amounts=tried, refused=refused, inexact=wrong)
    assert wrong == 0
    assert {MINOR_UNIT_EXPONENTS[currency] for currency in CURRENCIES} == {0, 2, 3, 4}
    assert tried > 60_000


def days(zone: ZoneInfo, chance: random.Random) -> list[date]:
    """Days in one zone: any, each on which its clocks change, and every leap day."""
    first = date(2000, 1, 1)
    any_ones = [first + timedelta(days=chance.randrange(40 * 365)) for _ in range(DAYS_EACH)]
    leap = [date(year, 2, 29) for year in range(2000, 2040, 4)]
    noons = [datetime(2026, 1, 1, 12, tzinfo=zone) + timedelta(days=n) for n in range(366)]
    changed = [day.date() for before, day in pairwise(noons) if before.utcoffset() != day.utcoffset()]
    return [*any_ones, *leap, *changed]


def test_a_banks_day_is_the_same_day_in_every_zone(tally: Tally) -> None:
    chance, shifted, tried = random.Random(8601), 0, 0
    for name in ZONES:
        zone = ZoneInfo(name)
        for day in days(zone, chance):
            midnight = datetime.combine(day, time())
            offset = zone.utcoffset(midnight)
            assert offset is not None
            ways = (
                instant_of(day),
                instant_told(midnight),
                instant_told(midnight.replace(tzinfo=timezone(offset))),
                instant_told(midnight.replace(tzinfo=UTC)),
                instant_told(datetime.combine(day, time(chance.randrange(24), chance.randrange(60)))),
            )
            for instant in ways:
                shifted += datetime.fromtimestamp(instant, zone).date() != day
                shifted += day_of(instant) != day
                tried += 1

    tally("R37 dates", zones=len(ZONES), days=tried, shifted=shifted)
    assert shifted == 0
    assert len(ZONES) == 40
    assert tried > 100_000


def test_an_instant_with_a_zone_and_a_time_is_that_instant(tally: Tally) -> None:
    chance, off, tried = random.Random(3339), 0, 0
    for name in ZONES:
        zone = ZoneInfo(name)
        for _ in range(DAYS_EACH):
            instant = chance.randrange(946_684_800, 2_208_988_800)
            told = datetime.fromtimestamp(instant, zone)
            if told.time() != time():
                off += instant_told(told) != instant
                tried += 1

    tally("R37 instants", zones=len(ZONES), instants=tried, off=off)
    assert off == 0
