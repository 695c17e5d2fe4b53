"""A page costs what is on it, wherever it begins and however many rows there are."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import pytest

from linkspan.objects import StatusTransitions, Transaction
from linkspan.server.core.ledger import Entry
from linkspan.server.store import accounts, customers, events, transaction_refreshes, transactions
from linkspan.server.store.driver import Tx
from linkspan.server.store.events import Written
from linkspan.server.store.sqlite import SqliteStore, open_store
from linkspan.server.store.transactions import Only, Spot
from tests.store.conftest import OURS, run

FEW, MANY = 400, 8_000
LIMIT: Final = 20
Page = Callable[[Tx, int], Awaitable[Sequence[object]]]


def an_entry(number: int) -> Entry:
    """One of ten transactions of the same second."""
    at = number // 10
    transaction = Transaction(
        id=f"fctxn_{number:06}",
        account="fca_1",
        amount=-1,
        currency="usd",
        description="Ferry",
        livemode=False,
        status="posted",
        status_transitions=StatusTransitions(posted_at=at, void_at=None),
        transacted_at=at,
        transaction_refresh="fctxnref_1",
        updated=at,
    )
    return Entry(transaction=transaction, source_id=f"source-{number}")


def grown(rows: int) -> SqliteStore:
    """A database with *rows* rows in each list."""
    store = open_store(None)
    an_event = Written(b"{}", None, None)

    async def grow(tx: Tx) -> None:
        await transaction_refreshes.insert(tx, OURS, "fctxnref_1", account="fca_1", started_at=1)
        await transactions.insert(tx, OURS, [an_entry(number) for number in range(rows)])
        for number in range(rows):
            await events.insert(
                tx,
                OURS,
                f"evt_{number:06}",
                "customer.created",
                an_event,
                about="cus_1",
                created=number,
                is_listed=True,
            )
            await customers.insert(tx, OURS, f"cus_{number:06}", b"{}", email="zoe@example.com")
            await accounts.insert(
                tx,
                OURS,
                f"fca_{number:06}",
                b"{}",
                session="fcsess_1",
                holder="cus_1",
                authorization="fcauth_1",
                status="active",
                bank_details=b"",
            )

    run(store.write(grow))
    run(store.write(lambda tx: events.give_numbers(tx, OURS, limit=rows)))
    return store


@pytest.fixture(scope="module")
def sizes() -> tuple[SqliteStore, SqliteStore]:
    """The same lists, grown twenty times as long."""
    return grown(FEW), grown(MANY)


def steps(store: SqliteStore, page: Page, rows: int) -> int:
    """How many instructions SQLite's machine takes for a page out of the middle."""
    count = 0

    def tick() -> int:
        nonlocal count
        count += 1
        return 0

    run(store.read(lambda tx: page(tx, rows // 2)))  # compiled before it is counted
    store.writer.set_progress_handler(tick, 1)
    found = run(store.read(lambda tx: page(tx, rows // 2)))
    store.writer.set_progress_handler(None, 1)
    assert len(found) == LIMIT
    return count


def a_spot(number: int) -> Spot:
    return Spot(number // 10, f"fctxn_{number:06}")


ALL: Final = Only(account="fca_1")
EVER: Final = events.Only(first=0, last=MANY)
CREATED: Final = events.Only(first=0, last=MANY, types=["customer.created"])
WINDOW: Final = Only(account="fca_1", first=1, last=MANY)

PAGES: Final[dict[str, Page]] = {
    "transactions after": lambda tx, n: transactions.page(tx, OURS, ALL, limit=LIMIT, after=a_spot(n)),
    "transactions before": lambda tx, n: transactions.page(tx, OURS, ALL, limit=LIMIT, before=a_spot(n)),
    "transactions of a time after": lambda tx, n: transactions.page(
        tx, OURS, WINDOW, limit=LIMIT, after=a_spot(n)
    ),
    "transactions of a time before": lambda tx, n: transactions.page(
        tx, OURS, WINDOW, limit=LIMIT, before=a_spot(n)
    ),
    "events after": lambda tx, n: events.page(tx, OURS, EVER, limit=LIMIT, after=n),
    "events before": lambda tx, n: events.page(tx, OURS, EVER, limit=LIMIT, before=n),
    "events of a type after": lambda tx, n: events.page(tx, OURS, CREATED, limit=LIMIT, after=n),
    "customers after": lambda tx, n: customers.page(tx, OURS, email=None, limit=LIMIT, after=f"cus_{n:06}"),
    "customers of an address before": lambda tx, n: customers.page(
        tx, OURS, email="zoe@example.com", limit=LIMIT, before=f"cus_{n:06}"
    ),
    "accounts after": lambda tx, n: accounts.page(tx, OURS, None, limit=LIMIT, after=f"fca_{n:06}"),
    "accounts of a session after": lambda tx, n: accounts.page(
        tx, OURS, ("session", "fcsess_1"), limit=LIMIT, after=f"fca_{n:06}"
    ),
    "accounts of a holder before": lambda tx, n: accounts.page(
        tx, OURS, ("holder", "cus_1"), limit=LIMIT, before=f"fca_{n:06}"
    ),
}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_a_page_out_of_many_costs_what_one_out_of_few_does(
    sizes: tuple[SqliteStore, SqliteStore], page: Page
) -> None:
    few, many = sizes

    assert steps(many, page, MANY) <= 1.2 * steps(few, page, FEW)
