"""A walk through a list meets each row that stays once, whatever others write meanwhile, on both stores."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, count, repeat
from typing import Any, Final, Protocol

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkspan.objects import StatusTransitions, Transaction
from linkspan.server.core.ids import new_id
from linkspan.server.core.ledger import Entry
from linkspan.server.store import accounts as account_rows
from linkspan.server.store import customers as customer_rows
from linkspan.server.store import transaction_refreshes as refresh_rows
from linkspan.server.store import transactions as transaction_rows
from linkspan.server.store.postgres import PostgresStore, bring_up
from tests.api.conftest import NOON, Server, done, link_account, make_server, named
from tests.postgres import Postgres

KEYS: Final = (f"sk_test_walk_{number}" for number in count())


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def walked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that the walks of this module share, each as a tenant of its own."""
    if request.param == "sqlite":
        made = make_server(tmp_path_factory.mktemp("walks") / "linkspan.db")
        yield made
        done(made.store.aclose())
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    with postgres.database("walks") as url:
        bring_up(url)
        made = make_server(store=PostgresStore(url))
        yield made
        done(made.store.aclose())


class Rows(Protocol):
    """A list of the API whose rows come and go."""

    server: Server
    key: str

    @property
    def path(self) -> str: ...
    async def add(self, times: Sequence[int]) -> list[str]:
        """Keep one row for each time, all at once; return their ids."""

    async def remove(self, row: str) -> None:
        """Take a row away as far as it can be."""

    def is_removed(self, row: str) -> bool: ...
    def place(self, row: str) -> Any:
        """Where a row stands: the greater, the earlier it is shown."""


@dataclass
class Customers:
    """Customers, all made in one microsecond, so that a new one may come anywhere."""

    server: Server
    key: str = field(default_factory=lambda: next(KEYS))
    removed: set[str] = field(default_factory=set)
    path: str = "/v1/customers?"

    async def add(self, times: Sequence[int]) -> list[str]:
        scope, ids = self.server.scope(self.key), [new_id("cus", self.server.context.world) for _ in times]

        async def insert(tx: Any) -> None:  # Any: the store's own transaction
            for one in ids:
                await customer_rows.insert(tx, scope, one, msgspec.json.encode({"id": one}))

        await self.server.store.write(insert)
        return ids

    async def remove(self, row: str) -> None:
        await self.server.store.write(lambda tx: customer_rows.delete(tx, self.server.scope(self.key), row))
        self.removed.add(row)

    def is_removed(self, row: str) -> bool:
        return row in self.removed

    def place(self, row: str) -> Any:
        return row


@dataclass
class Accounts(Customers):
    """Accounts, made in one microsecond as well; disconnected ones stay in their list."""

    path: str = "/v1/financial_connections/accounts?"

    async def add(self, times: Sequence[int]) -> list[str]:
        scope, ids = self.server.scope(self.key), [new_id("fca", self.server.context.world) for _ in times]

        async def insert(tx: Any) -> None:  # Any: as above
            for one in ids:
                doc = msgspec.json.encode({"id": one})
                await account_rows.insert(
                    tx,
                    scope,
                    one,
                    doc,
                    session="fcsess_1",
                    holder="cus_1",
                    authorization="fcauth_1",
                    status="active",
                    bank_details=b"",
                )

        await self.server.store.write(insert)
        return ids

    async def remove(self, row: str) -> None: ...


@dataclass
class Ledger:
    """The transactions of an account, many of them at the same second; the API never takes one away."""

    server: Server
    key: str = field(default_factory=lambda: next(KEYS))
    account: str = ""
    times: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.account = link_account(self.server, key=self.key).id
        scope, refresh = self.server.scope(self.key), f"fctxnref_{self.account}"

        async def succeed(tx: Any) -> None:  # Any: as above
            await refresh_rows.insert(tx, scope, refresh, account=self.account, started_at=int(NOON))
            await refresh_rows.succeed(tx, scope, refresh)

        done(self.server.store.write(succeed))

    @property
    def path(self) -> str:
        return f"/v1/financial_connections/transactions?account={self.account}&"

    async def add(self, times: Sequence[int]) -> list[str]:
        scope = self.server.scope(self.key)
        entries = [self._entry(int(NOON) + time) for time in times]
        for entry in entries:
            self.times[entry.transaction.id] = entry.transaction.transacted_at

        await self.server.store.write(lambda tx: transaction_rows.insert(tx, scope, entries))
        return [entry.transaction.id for entry in entries]

    def _entry(self, at: int) -> Entry:
        row = new_id("fctxn", self.server.context.world)
        transaction = Transaction(
            id=row,
            account=self.account,
            amount=-1,
            currency="usd",
            description="Ferry",
            livemode=False,
            status="pending",
            status_transitions=StatusTransitions(posted_at=None, void_at=None),
            transacted_at=at,
            transaction_refresh=f"fctxnref_{self.account}",
            updated=at,
        )
        return Entry(transaction=transaction, source_id=row)

    async def remove(self, row: str) -> None: ...

    def is_removed(self, _row: str) -> bool:
        return False

    def place(self, row: str) -> Any:
        return self.times[row], row


async def page(rows: Rows, limit: int, way: str, cursor: str | None) -> tuple[list[str], bool]:
    """The ids on a page, newest first, and whether more follow."""
    asked = f"{rows.path}limit={limit}" + ("" if cursor is None else f"&{way}={cursor}")
    path, _, query = asked.partition("?")
    answer = await rows.server.send("GET", path, query.encode(), named(rows.key))
    assert answer.status == 200, answer.body
    return [row["id"] for row in answer.json["data"]], answer.json["has_more"]


def following(rows: Rows, known: set[str], way: str, cursor: str | None) -> list[str]:
    """The rows behind the cursor in the direction walked, nearest first."""
    is_down = way == "starting_after"
    here = sorted((row for row in known if not rows.is_removed(row)), key=rows.place, reverse=is_down)
    if cursor is None:
        return here
    spot = rows.place(cursor)
    return [row for row in here if (rows.place(row) < spot if is_down else rows.place(row) > spot)]


CHURN: Final = st.lists(st.one_of(st.integers(0, 3), st.floats(0, 1, exclude_max=True)), max_size=4)


@pytest.mark.parametrize("kind", [Customers, Accounts, Ledger])
@pytest.mark.parametrize("way", ["starting_after", "ending_before"])
@given(
    staying=st.lists(st.integers(0, 3), min_size=1, max_size=20),
    limit=st.integers(1, 8),
    churn=st.lists(CHURN, max_size=8),
)
def test_each_page_is_what_follows_and_says_truly_whether_more_do(
    walked: Server,
    kind: Callable[[Server], Rows],
    way: str,
    staying: list[int],
    limit: int,
    churn: list[list[float]],
) -> None:
    rows = kind(walked)
    stay = done(rows.add(staying))
    fleeting = done(rows.add([0, 1, 2, 3]))
    known = {*stay, *fleeting}
    seen: list[str] = []
    cursor = None if way == "starting_after" else min(known, key=rows.place)
    begun_after, more = cursor, True

    for changes in chain(churn, repeat([])):
        behind = following(rows, known, way, cursor)
        found, more = done(page(rows, limit, way, cursor))
        walked_in_order = found if way == "starting_after" else found[::-1]
        assert walked_in_order == behind[:limit]
        assert more is (len(behind) > limit)
        seen += walked_in_order
        if not more:
            break
        cursor = seen[-1]
        for change in changes:  # a new row at a second, or the end of one of those that may go
            if isinstance(change, int):
                known.update(done(rows.add([change])))
            else:
                done(rows.remove(fleeting[int(change * len(fleeting))]))

    expected = sorted((row for row in stay if row != begun_after), key=rows.place)
    assert not more
    assert len(seen) == len(set(seen))
    assert [row for row in seen if row in stay] == (expected[::-1] if way == "starting_after" else expected)


async def walk(rows: Rows, limit: int, way: str, begin: str | None) -> list[str]:
    """Every row met from one end to the other, newest first."""
    seen: list[str] = []
    cursor, more = begin, True
    while more:
        found, more = await page(rows, limit, way, cursor)
        assert found or not more
        seen = seen + found if way == "starting_after" else found + seen
        cursor = seen[-1 if way == "starting_after" else 0] if seen else cursor
    return seen


async def churn(rows: Rows, writer: int) -> None:
    """Write rows among those that are walked, and take every other one away again."""
    for number in range(25):
        new = await rows.add([(writer + number) % 4] * 2)
        await rows.remove(new[0])


@pytest.mark.parametrize("kind", [Customers, Accounts, Ledger])
def test_walks_meet_what_stays_once_while_others_write(
    walked: Server, kind: Callable[[Server], Rows]
) -> None:
    rows = kind(walked)
    stay = sorted(done(rows.add([number // 100 for number in range(400)])), key=rows.place, reverse=True)

    async def together() -> list[list[str]]:
        down = [walk(rows, limit, "starting_after", None) for limit in (7, 23)]
        up = [walk(rows, limit, "ending_before", stay[-1]) for limit in (7, 23)]
        writers = [churn(rows, number) for number in range(4)]
        found = await asyncio.gather(*down, *up, *writers)
        return [each for each in found if each is not None]

    walks = done(together())

    for seen, expected in zip(walks, [stay, stay, stay[:-1], stay[:-1]], strict=True):
        assert len(seen) == len(set(seen))
        assert seen == sorted(seen, key=rows.place, reverse=True)
        assert [row for row in seen if row in set(stay)] == expected
