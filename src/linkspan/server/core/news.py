"""What of a walk is held until it has ended: all that is not known as it is shown.

Nothing of a walk may be written down before it is complete, but most of what a
bank shows has been posted and known for weeks. Of such a row eight bytes are kept,
which tell in the end that it was shown; a row that is new, pending, changed or
has no id is held whole. Settled with the entries that these may be, they say of
the ledger what the whole walk would. Only a bank that gives all of its rows new
ids has as many held as the window of the walk is long.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from linkspan.server.core.found import FoundTransaction
from linkspan.server.core.ledger import Entry, Said, Settlement, changed, may_be_since, said, settle
from linkspan.server.core.seen import Marks


@dataclass(frozen=True, slots=True)
class Likely:
    """Which entries that no name tells of may matter to a walk."""

    words: Collection[Said]
    since: int | None
    """When the oldest was made of those that say what a row of the walk says; none where no row asks."""

    def includes(self, entry: Entry) -> bool:
        """Tell whether it waits to post, and may be void, or says what a row of the walk says."""
        return entry.transaction.status == "pending" or said(entry.transaction) in self.words


class News:
    """One walk, as far as it must be held."""

    __slots__ = ("_as_known", "_linked", "_rows")

    def __init__(self) -> None:
        self._rows: list[FoundTransaction] = []
        self._as_known = Marks()
        self._linked = Marks()
        """Of these, whose row named what it replaces."""

    def take(self, rows: Iterable[FoundTransaction], known: Iterable[Entry]) -> None:
        """Hold what is news in *rows*; *known* has every entry with the id of one that has posted."""
        named = {entry.source_id: entry for entry in known if entry.source_id}
        for row in rows:
            entry = named.get(row.source_id)
            if entry is not None and _is_as_known(row, entry):
                self._as_known.note(entry.transaction.id)
                if row.replaces_source_id is not None:
                    self._linked.note(entry.transaction.id)
            else:
                self._rows.append(row)

    def names(self) -> list[str]:
        """Return every id that what is held has or replaces."""
        return sorted(
            {name for row in self._rows for name in (row.source_id, row.replaces_source_id) if name}
        )

    def likely(self, named: Iterable[Entry], *, now: int) -> Likely:
        """Return which other entries than those *named* may matter."""
        ids = {entry.source_id for entry in named if entry.source_id}
        unnamed = [row for row in self._rows if row.source_id not in ids]
        return Likely(frozenset(map(said, unnamed)), may_be_since(unnamed, now))

    def settle(self, known: Collection[Entry], *, since: int, now: int) -> Settlement:
        """Return what the walk says of a ledger of which *known* has the named and the likely entries."""
        ids = [entry.transaction.id for entry in known]
        noted, linked = self._as_known.count(ids), self._linked.count(ids)
        again = [
            _shown(entry, is_linked=entry.transaction.id in linked)
            for entry in known
            if entry.transaction.id in noted
        ]
        return settle(known, [*self._rows, *again], since=since, now=now, shows_more=self._as_known.is_any)


def _is_as_known(row: FoundTransaction, entry: Entry) -> bool:
    """Tell whether a row posted as its entry is, and takes no other with it."""
    return (
        row.status == entry.transaction.status == "posted"
        and row.replaces_source_id in {None, entry.former_source_id}
        and changed(entry, row, refresh="", now=0) == entry
    )


def _shown(entry: Entry, *, is_linked: bool) -> FoundTransaction:
    """Return the row that showed an entry as it is."""
    told = entry.transaction
    return FoundTransaction(
        source_id=entry.source_id,
        replaces_source_id=entry.former_source_id if is_linked else None,
        amount=told.amount,
        currency=told.currency,
        description=told.description,
        status="posted",
        transacted_at=told.transacted_at,
        posted_at=told.status_transitions.posted_at,
    )
