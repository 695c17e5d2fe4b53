"""What banks were seen to do to their lists, done by one brand on purpose; no cent of it is invented.

Each movement has a fate of its own, which follows from the seed as all else does:
ids that change when a row posts with nothing that says so, twins, postings that
are shown weeks late, amounts that are corrected, reversals. Every two weeks all
that has posted is given other ids. The order of a list changes by the hour, its
pages overlap, and its page keys are good for an hour. On every ninth day of a
month it shows nothing, on every eleventh it breaks off after a page.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, Literal

from msgspec.structs import replace

from linkspan.sandbank.accounts import HeldAccount
from linkspan.sandbank.activity import Movement
from linkspan.standards.fdx import Transaction

Fate = Literal["plain", "twin", "late", "corrected", "reversed", "unlinked"]
_FATES: Final[tuple[Fate, ...]] = ("plain", "twin", "late", "corrected", "reversed", "unlinked")

_LATE: Final = timedelta(days=20)
_CORRECTED_AFTER: Final = timedelta(days=3)
_REVERSED_AFTER: Final = timedelta(days=2)
_OVERCHARGE: Final = Decimal("1.00")
_WEEKS_OF_AN_ID: Final = 2
_EMPTY_DAYS: Final = 9
_BROKEN_DAYS: Final = 11


@dataclass(frozen=True, slots=True)
class Shown:
    """A row of the list, beside which of the account's movements it truly is."""

    movement: str
    row: Transaction


def rows_of(held: HeldAccount, movement: Movement, row: Transaction, now: datetime) -> Iterator[Shown]:
    """Yield what is shown of one movement instead of its *row*."""
    is_posted, fate = movement.posts_at <= now, fate_of(held, movement)
    if fate == "late" and is_posted and now < movement.posts_at + _LATE:
        return
    if fate in {"late", "unlinked"}:
        row = replace(row, reference_transaction_id=None)
    if fate == "corrected" and is_posted and now < movement.posts_at + _CORRECTED_AFTER:
        row = replace(row, amount=row.amount + _OVERCHARGE)
    if is_posted and fate != "corrected":
        row = replace(row, transaction_id=f"{row.transaction_id}-{_fortnight(now)}")
    yield Shown(movement.id, row)
    if fate == "twin":
        link = row.reference_transaction_id
        yield Shown(
            f"{movement.id}-twin",
            replace(
                row,
                transaction_id=f"{row.transaction_id}-twin",
                reference_transaction_id=None if link is None else f"{link}-twin",
            ),
        )
    if fate == "reversed" and now >= movement.posts_at + _REVERSED_AFTER:
        yield Shown(f"{movement.id}-reversal", _reversal(movement, row))


def fate_of(held: HeldAccount, movement: Movement) -> Fate:
    """Return what the bank does with a movement.

    When nothing but words tells what a posting was, they must not change: a tip
    rules out the fates that leave out the link.
    """
    fate = held.dice.pick(_FATES, "fate", movement.id)
    has_tip = movement.held != movement.amount
    return "plain" if has_tip and fate in {"late", "unlinked"} else fate


def in_order(shown: list[Shown], held: HeldAccount, now: datetime) -> list[Shown]:
    """Return the rows in the order of this hour."""
    hour = now.strftime("%Y-%m-%dT%H")
    return sorted(shown, key=lambda one: held.dice.hexadecimal(hour, one.row.transaction_id))


def is_empty(now: datetime) -> bool:
    """Tell whether the bank shows nothing today."""
    return now.day % _EMPTY_DAYS == 0


def is_broken(now: datetime) -> bool:
    """Tell whether the bank breaks off after a page today."""
    return now.day % _BROKEN_DAYS == 0


def _reversal(movement: Movement, row: Transaction) -> Transaction:
    at = movement.posts_at + _REVERSED_AFTER
    return replace(
        row,
        transaction_id=f"rev-{movement.id}",
        reference_transaction_id=row.transaction_id,
        transaction_timestamp=at,
        posted_timestamp=at,
        description=f"REVERSAL {row.description}",
        debit_credit_memo="DEBIT" if row.debit_credit_memo == "CREDIT" else "CREDIT",
    )


def _fortnight(now: datetime) -> int:
    """Return which ids are given now."""
    return now.toordinal() // (7 * _WEEKS_OF_AN_ID)
