"""Which row of an account's ledger is which row of what its bank shows.

A bank is walked again and again, and each walk is one look at what it shows of
a stretch of days. A row is known again by the bank's id for it, then by the
link a posting has to the pending row it replaces, then by what it says: amount,
text and about when. One row of the bank is one row of the ledger, so twins stay
twins; a row whose id is still shown is never taken for another.

A pending row posts in place and keeps its id; a posted row is never pending
again. A pending row that a walk should have shown and did not is void. A walk
that shows nothing at all proves nothing and voids nothing; for it to have to
show something known would be safer still, but then walking twice would not be
the same as walking once. Nothing is ever deleted, and a void row that the bank
shows again is taken up again.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Self, TypeAlias

from msgspec.structs import replace as copy

from linkspan.objects import StatusTransitions, Transaction
from linkspan.server.core.found import FoundTransaction

_DAY: Final = 24 * 60 * 60

# Days of a bank begin up to half a day before and after ours, and its window is
# cut by its days: rows closer to the window's edge than this may not be shown.
EDGE_SECONDS: Final = _DAY
# A posting may come so long after its purchase.
_POSTING_SECONDS: Final = 7 * _DAY
# Banks file rows by when they posted, so a walk shows some that were made so long before
# the time that it surely shows whole.
REACH_SECONDS: Final = EDGE_SECONDS + _POSTING_SECONDS

_NO_LETTER: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row of the ledger: what callers read, beside the bank's ids for it."""

    transaction: Transaction
    source_id: str
    """Empty where the bank gives none."""
    former_source_id: str | None = None
    """The id it had before the bank gave it another one, or the id of the hold it replaces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What a walk says of a ledger. Applied to the ledger it was made for, a second time it says nothing."""

    insert: Sequence[FoundTransaction]
    change: Sequence[tuple[Entry, FoundTransaction]]
    """Every row that was known again, whether or not anything of it changed."""
    void: Sequence[Entry]


_Pair: TypeAlias = tuple[Entry, FoundTransaction]
# While a walk is settled: entries by their ids, rows by their places in it.
_Entries: TypeAlias = dict[str, Entry]
_Rows: TypeAlias = dict[int, FoundTransaction]
_Match: TypeAlias = tuple[str, int]
# Amount, currency and text.
Said: TypeAlias = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class _Likeness:
    """Which rows may be the same when only their words tell: by states, and by seconds between them."""

    before: frozenset[str]
    after: str
    earliest: int
    latest: int


_PENDING: Final = frozenset({"pending"})
_POSTED: Final = frozenset({"posted"})
# A hold that was dropped in one walk and posted by the next is the same purchase.
_NOT_POSTED: Final = frozenset({"pending", "void"})

# The surest first. A posting may carry the day it was booked, a few days after
# the purchase, and never one before it but for a bank's other idea of the day.
_LIKENESSES: Final = (
    _Likeness(_PENDING, "pending", 0, 0),
    _Likeness(_POSTED, "posted", 0, 0),
    _Likeness(_NOT_POSTED, "posted", 0, 0),
    _Likeness(_PENDING, "pending", -_DAY, _DAY),
    _Likeness(_POSTED, "posted", -_DAY, _DAY),
    _Likeness(_NOT_POSTED, "posted", -_DAY, _POSTING_SECONDS),
)


def settle(
    known: Iterable[Entry],
    walk: Iterable[FoundTransaction],
    *,
    since: int,
    now: int,
    shows_more: bool = False,
) -> Settlement:
    """Return what a complete *walk* of the time *since* then says of the rows *known*.

    The order of either does not matter, nor does a row that was shown twice.
    *known* holds at least every row since `REACH_SECONDS` before *since*, and
    every row that has an id the walk names; *now* is when a row without a date
    was made. Of a walk that *shows_more* both lack rows that are known as they
    are shown, but none that waits to post or says what a row of *walk* says.
    """
    entries = {entry.transaction.id: entry for entry in sorted(known, key=_age)}
    ordered = sorted(_folded(walk), key=lambda row: _order(row, now))
    rows = dict(enumerate(ordered))
    pairs = _by_names(entries, rows)
    words = _Words.of(entries, rows, earliest=since - REACH_SECONDS, now=now)
    for likeness in _LIKENESSES:
        pairs += _taken(entries, rows, _by_words(entries, rows, words, likeness))
    missing = [entry for entry in entries.values() if _should_be_shown(entry, since)]
    return Settlement(insert=list(rows.values()), change=pairs, void=missing if ordered or shows_more else [])


def settle_page(written: Iterable[Entry], page: Iterable[FoundTransaction]) -> Settlement:
    """Return what a *page* of an account's first walk adds to what the walk has *written* of the same names.

    *written* holds every row that has, had or replaces an id the page names. By
    what they say no two rows of one walk are the same, and none is void yet.
    """
    entries = {entry.transaction.id: entry for entry in written}
    rows = dict(enumerate(_folded(page)))
    pairs = _by_names(entries, rows)
    return Settlement(insert=list(rows.values()), change=pairs, void=())


def entered(
    found: FoundTransaction, *, transaction_id: str, account: str, livemode: bool, refresh: str, now: int
) -> Entry:
    """Return the entry of a row that was not known."""
    blank = Transaction(
        id=transaction_id,
        account=account,
        amount=0,
        currency=found.currency,
        description="",
        livemode=livemode,
        status="pending",
        status_transitions=StatusTransitions(posted_at=None, void_at=None),
        transacted_at=found.posted_at or now,
        transaction_refresh=refresh,
        updated=now,
    )
    # The hold of a posting may be shown after it: by a page that shifted, or an older moment.
    former = found.replaces_source_id if found.status == "posted" else None
    entry = Entry(transaction=blank, source_id=found.source_id, former_source_id=former)
    return changed(entry, found, refresh=refresh, now=now)


def changed(entry: Entry, found: FoundTransaction, *, refresh: str, now: int) -> Entry:
    """Return *entry* as *found* has it; itself when that says nothing new.

    What is posted stays so: a bank that shows it pending shows an older moment.
    """
    before = entry.transaction
    if before.status == "posted" and found.status == "pending":
        return entry
    at = before.transacted_at if found.transacted_at is None else found.transacted_at
    posted_at = None
    if found.status == "posted":
        posted_at = found.posted_at or before.status_transitions.posted_at or now
    after = copy(
        before,
        amount=found.amount,
        currency=found.currency,
        description=found.description or "",
        status=found.status,
        status_transitions=StatusTransitions(posted_at=posted_at, void_at=None),
        transacted_at=at,
    )
    former = entry.former_source_id
    if entry.source_id and entry.source_id != found.source_id:
        former = entry.source_id
    if after != before:
        after = copy(after, transaction_refresh=refresh, updated=now)
    return replace(entry, transaction=after, source_id=found.source_id, former_source_id=former)


def voided(entry: Entry, *, refresh: str, now: int) -> Entry:
    """Return *entry* without its effect; it stays readable."""
    transaction = copy(
        entry.transaction,
        status="void",
        status_transitions=StatusTransitions(posted_at=None, void_at=now),
        transaction_refresh=refresh,
        updated=now,
    )
    return replace(entry, transaction=transaction)


def said(row: FoundTransaction | Transaction) -> Said:
    """Return the words by which a row is known again."""
    return row.amount, row.currency, _plain(row.description or "")


def may_be_since(rows: Iterable[FoundTransaction], now: int) -> int | None:
    """Return how old an entry may be that is one of *rows* by its words; none without any."""
    made = min((_made_at(row, now) for row in rows), default=None)
    return None if made is None else made - max(likeness.latest for likeness in _LIKENESSES)


def _folded(walk: Iterable[FoundTransaction]) -> list[FoundTransaction]:
    """Return each row once, in its latest state, without pending rows whose posting is there as well.

    A page that shifted while the walk went on shows a row twice, or a row before
    and after it posted.
    """
    nameless: list[FoundTransaction] = []
    named: dict[str, FoundTransaction] = {}
    for row in walk:
        if not row.source_id:
            nameless.append(row)
        elif row.source_id not in named or _lateness(row) > _lateness(named[row.source_id]):
            named[row.source_id] = row
    for row in list(named.values()) + nameless:
        replaced = named.get(row.replaces_source_id or "")
        if replaced is not None and replaced.status == "pending" and _may_replace(row, replaced.amount):
            del named[replaced.source_id]
    return nameless + list(named.values())


def _by_names(entries: _Entries, rows: _Rows) -> list[_Pair]:
    """Match, and take out of both sides, what names tell."""
    pairs: list[_Pair] = []
    for match in (_by_id, _by_former_id, _by_link):
        pairs += _taken(entries, rows, match(entries, rows))
    return pairs


def _by_id(entries: _Entries, rows: _Rows) -> Iterator[_Match]:
    """Match rows that have the bank's id of an entry."""
    named = {entry.source_id: entry_id for entry_id, entry in entries.items()}
    return ((named[row.source_id], n) for n, row in rows.items() if row.source_id and row.source_id in named)


def _by_former_id(entries: _Entries, rows: _Rows) -> Iterator[_Match]:
    """Match holds that are shown again once an entry has another id, or the id of their posting.

    A row that has posted under that id is another one: FDX uses the same field
    for what a reversal reverses, and for what a correction corrects.
    """
    former = {
        entry.former_source_id: entry_id for entry_id, entry in entries.items() if entry.former_source_id
    }
    for n, row in rows.items():
        entry_id = former.get(row.source_id)
        if entry_id is None or row.status != "pending":
            continue
        if _is_one_way(row.amount, entries[entry_id].transaction.amount):
            yield entry_id, n


def _by_link(entries: _Entries, rows: _Rows) -> Iterator[_Match]:
    """Match postings with the entry they say they replace, the first where one hold is posted in parts.

    FDX uses the same field for the row that a reversal reverses, so only an
    entry that is not posted, and moves money the same way, is replaced.
    """
    named = {
        entry.source_id: entry_id
        for entry_id, entry in entries.items()
        if entry.source_id and entry.transaction.status != "posted"
    }
    for n, row in rows.items():
        entry_id = named.get(row.replaces_source_id or "")
        if entry_id is not None and _may_replace(row, entries[entry_id].transaction.amount):
            del named[row.replaces_source_id or ""]
            yield entry_id, n


@dataclass(frozen=True, slots=True)
class _Words:
    """What is left once ids and links are used up, by what it says, each side in the order of its time."""

    known: Mapping[Said, Sequence[tuple[int, str]]]
    shown: Mapping[Said, Sequence[tuple[int, int]]]

    @classmethod
    def of(cls, entries: _Entries, rows: _Rows, *, earliest: int, now: int) -> Self:
        """Return *entries* made since *earliest*, and of *rows* those that say the same as one of them."""
        known: defaultdict[Said, list[tuple[int, str]]] = defaultdict(list)
        for entry_id, entry in entries.items():
            told = entry.transaction
            if told.transacted_at >= earliest:
                known[said(told)].append((told.transacted_at, entry_id))
        shown: defaultdict[Said, list[tuple[int, int]]] = defaultdict(list)
        for n, row in rows.items() if known else ():
            words = said(row)
            if words in known:
                shown[words].append((_made_at(row, now), n))
        return cls(known, shown)


def _by_words(entries: _Entries, rows: _Rows, words: _Words, likeness: _Likeness) -> Iterator[_Match]:
    """Match rows that say what an entry says, one to one."""
    for told, places in words.shown.items():
        known = [
            (at, entry_id)
            for at, entry_id in words.known[told]
            if entry_id in entries and entries[entry_id].transaction.status in likeness.before
        ]
        shown = [(at, n) for at, n in places if n in rows and rows[n].status == likeness.after]
        yield from _in_step(known, shown, likeness)


def _in_step(
    known: Sequence[tuple[int, str]], shown: Sequence[tuple[int, int]], likeness: _Likeness
) -> Iterator[_Match]:
    """Match by time, oldest first: of rows that cannot be told apart as many as can be matched are."""
    i = j = 0
    while i < len(known) and j < len(shown):
        (known_at, entry_id), (shown_at, n) = known[i], shown[j]
        apart = shown_at - known_at
        if likeness.earliest <= apart <= likeness.latest:
            yield entry_id, n
        i += apart >= likeness.earliest
        j += apart <= likeness.latest


def _taken(entries: _Entries, rows: _Rows, matches: Iterable[_Match]) -> list[_Pair]:
    """Take what was matched out of both sides."""
    return [(entries.pop(entry_id), rows.pop(n)) for entry_id, n in list(matches)]


def _should_be_shown(entry: Entry, since: int) -> bool:
    return entry.transaction.status == "pending" and entry.transaction.transacted_at >= since


def _may_replace(posting: FoundTransaction, held: int) -> bool:
    """Tell whether a posting can be what became of a hold: money moves the same way."""
    return posting.status == "posted" and _is_one_way(posting.amount, held)


def _is_one_way(amount: int, other: int) -> bool:
    return (amount < 0) == (other < 0)


def _plain(text: str) -> str:
    """Return *text* without what varies between two readings of one row: spacing, signs and case."""
    return _NO_LETTER.sub("", text.casefold())


def _made_at(row: FoundTransaction, now: int) -> int:
    return now if row.transacted_at is None else row.transacted_at


def _age(entry: Entry) -> tuple[int, str]:
    return entry.transaction.transacted_at, entry.transaction.id


def _order(row: FoundTransaction, now: int) -> tuple[int, str, bool, int, int, int, str]:
    return _made_at(row, now), row.source_id, *_lateness(row)


def _lateness(row: FoundTransaction) -> tuple[bool, int, int, int, str]:
    """Return what tells which of two readings of one row is the later one, or at least always the same."""
    dates = row.posted_at or 0, row.transacted_at or 0
    return row.status == "posted", *dates, row.amount, row.description or ""
