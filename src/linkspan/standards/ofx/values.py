"""The texts of OFX: instants with their zones, exact amounts, yes and no."""

import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Final

from linkspan.standards.malformed import MalformedField

# OFX 2.2 section 3.2.8.2: YYYYMMDDHHMMSS.XXX[offset:name], shorter on the right.
_INSTANT: Final = re.compile(
    r"(?P<day>[0-9]{8})((?P<minute>[0-9]{4})(?P<second>[0-9]{2})?(\.[0-9]{1,6})?)?"
    r"\s*(\[(?P<sign>[+-]?)(?P<hours>[0-9]{1,2})(\.(?P<part>[0-9]{1,2}))?(:[^\]]{0,20})?\])?"
)
# Section 3.2.9.1: a point or a comma before the decimals, and a sign in front.
_AMOUNT: Final = re.compile(r"(?P<sign>[+-]?)(?P<whole>[0-9]{0,18})([.,](?P<part>[0-9]{0,12}))?")
_OFFSET_HOURS_MAX: Final = 14
# Behind the point some banks write minutes and others parts of an hour. The zones there are leave
# no doubt which is meant.
_MINUTES: Final = {
    "": 0,
    "0": 0,
    "00": 0,
    "15": 15,
    "25": 15,
    "30": 30,
    "5": 30,
    "50": 30,
    "45": 45,
    "75": 45,
}


def read_instant(text: str, tag: str) -> datetime:
    """Return an instant; one without a zone is returned without, since of it only the day is sure."""
    found = _INSTANT.fullmatch(text.strip())
    if found is None:
        raise MalformedField("ofx", tag, text, "not a date")
    digits = f"{found['day']}{found['minute'] or '0000'}{found['second'] or '00'}"
    try:
        told = datetime.strptime(digits, "%Y%m%d%H%M%S")  # noqa: DTZ007 - the zone is added below, where told
    except ValueError:
        raise MalformedField("ofx", tag, text, "not a date") from None
    if found["hours"] is None or found["minute"] is None:
        return told
    hours, minutes = int(found["hours"]), _MINUTES.get(found["part"] or "")
    if hours > _OFFSET_HOURS_MAX or minutes is None:
        raise MalformedField("ofx", tag, text, "not a zone")
    offset = timedelta(hours=hours, minutes=minutes)
    return told.replace(tzinfo=timezone(-offset if found["sign"] == "-" else offset))


def write_instant(instant: datetime) -> str:
    """Write an instant in UTC, or the day and time of one without a zone."""
    if instant.tzinfo is None:
        return instant.strftime("%Y%m%d%H%M%S")
    return instant.astimezone(UTC).strftime("%Y%m%d%H%M%S.000[0:GMT]")


def read_amount(text: str, tag: str) -> Decimal:
    """Return an amount with every digit it was written with."""
    found = _AMOUNT.fullmatch(text.strip())
    if found is None or not (found["whole"] or found["part"]):
        raise MalformedField("ofx", tag, text, "not an amount")
    return Decimal(f"{found['sign']}{found['whole'] or '0'}.{found['part'] or '0'}")


def write_amount(amount: Decimal) -> str:
    """Write an amount with a point and no exponent."""
    return f"{amount:f}"
