"""Fills an account's ledger for the first time, page by page as its bank sends them.

Half a year of a busy account does not fit into memory ten times over, and there
is nothing yet that it must be compared with: a page needs to know only what the
walk itself has written of the same names. Until a refresh has succeeded no list
shows any of it, so a walk that breaks off has changed nothing that anybody saw;
the next one begins by taking away what it left.
"""

from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import Final

from linkspan.server.core.found import FoundTransaction
from linkspan.server.core.ledger import Entry, settle_page
from linkspan.server.core.seen import Seen
from linkspan.server.operations.context import Context
from linkspan.server.operations.ledger_writes import ROWS_A_WRITE, Lease, Subject, moves_of
from linkspan.server.operations.walks import Days, Page, walk
from linkspan.server.store import transactions as transaction_rows
from linkspan.server.store.driver import Tx

# A row that goes costs less than one that comes.
_ROWS_A_DELETION: Final = 500


async def fill(context: Context, subject: Subject, lease: Lease, days: Days) -> bool:
    """Walk the bank and write down what it shows as it shows it; false when there is no bank."""
    return await walk(context, subject.origin, days, partial(_take, context, subject, lease)) or False


async def _take(context: Context, subject: Subject, lease: Lease, pages: AsyncIterator[Page]) -> bool:
    """Write down a walk from its beginning to its end."""
    scope, account = subject.scope, subject.account
    while await lease.write(
        lambda tx: transaction_rows.forget_some(tx, scope, account, limit=_ROWS_A_DELETION)
    ):
        pass
    seen = Seen()
    async for page in pages:
        # However long a bank makes its pages, what is held at a time is bounded.
        for first in range(0, len(page), ROWS_A_WRITE):
            rows = page[first : first + ROWS_A_WRITE]
            again = _again(seen, rows)
            written = (
                await context.store.read(partial(_written, subject=subject, names=again)) if again else ()
            )
            await lease.make(list(moves_of(context, subject, settle_page(written, rows))))
    return True


def _again(seen: Seen, rows: Sequence[FoundTransaction]) -> list[str]:
    """Return the names that rows before these may have named as well."""
    names = dict.fromkeys(name for row in rows for name in (row.source_id, row.replaces_source_id) if name)
    return [name for name in names if seen.note(name)]


async def _written(tx: Tx, *, subject: Subject, names: Sequence[str]) -> list[Entry]:
    entries = await transaction_rows.known_by_source(tx, subject.scope, subject.account, names)
    return list({entry.transaction.id: entry for entry in entries}.values())
