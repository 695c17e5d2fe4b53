"""A walk of which only the news is held says of a ledger what the whole of it would."""

from collections.abc import Sequence
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkspan.server.core.found import FoundTransaction
from linkspan.server.core.ledger import REACH_SECONDS, Settlement
from linkspan.server.core.news import News
from tests.histories import DAY, NOON, Telling, held, posted, tellings
from tests.unit.server.core.test_ledger import Ledger

Walks = Sequence[Sequence[FoundTransaction]]


class Streamed(Ledger):
    """A ledger whose walks are taken page by page."""

    def __init__(self, page: int = 2) -> None:
        super().__init__()
        self.page = page
        self.held = 0

    def settled(self, found: Sequence[FoundTransaction], *, since: int, now: int) -> Settlement:
        news, rows = News(), self.rows.values()
        for first in range(0, len(found), self.page):
            page = found[first : first + self.page]
            names = {row.source_id for row in page if row.status == "posted"}
            news.take(page, [each for each in rows if each.source_id in names])
        names = set(news.names())
        named = [each for each in rows if names & {each.source_id, each.former_source_id}]
        likely = news.likely(named, now=now)
        earliest = since - REACH_SECONDS
        if likely.since is not None:
            earliest = max(earliest, likely.since)
        others = [
            each
            for each in rows
            if each not in named
            and likely.includes(each)
            and (each.transaction.status == "pending" or each.transaction.transacted_at >= earliest)
        ]
        self.held = len(news.names())
        return news.settle([*named, *others], since=since, now=now)


@given(history=tellings(), page=st.integers(1, 4))
def test_any_history_ends_as_one_whose_walks_are_held_whole(history: Telling, page: int) -> None:
    whole, streamed = Ledger(), Streamed(page)

    for _, rows in history.walks:
        whole.walk(*rows)
        streamed.walk(*rows)

        assert streamed.rows == whole.rows


LATER: Final = posted("p1", transacted_at=NOON + 3 * DAY, posted_at=NOON + 4 * DAY)


@pytest.mark.parametrize(
    "walks",
    [
        ([held()], [posted(replaces_source_id="h1")], [held(), posted(replaces_source_id="h1")]),
        ([held()], [posted()], [posted(), held()]),
        ([posted()], [posted(), posted(description="COFFEE BAR 2")], [posted()]),
        ([posted()], [posted(amount=-1300), posted()], [posted(amount=-1300), posted()]),
        ([posted("p1")], [posted("p1"), posted("p2")], [posted("p2"), posted("p3")]),
        ([posted("p1"), posted("p2")], [posted("q1"), posted("p2")], [posted("q1"), posted("q2")]),
        ([posted()], [posted(), posted("r1", amount=1250, replaces_source_id="p1")]),
        ([posted("")], [posted(""), posted("")], [posted("")]),
        ([held("h1"), posted()], [posted()], [posted(), posted("p2", replaces_source_id="h1")]),
        ([LATER], [posted("p2")], [posted("p2"), LATER]),
        ([held()], [], [posted()]),
    ],
    ids=[
        "a hold beside its posting",
        "a hold beside what it was taken for",
        "two readings of a posting",
        "a correction and an older reading",
        "a twin of what is known",
        "a twin with a new id",
        "a reversal",
        "rows without ids",
        "a hold that is gone beside what is known",
        "another day",
        "an empty walk",
    ],
)
@pytest.mark.parametrize("is_backwards", [False, True])
def test_what_banks_were_seen_to_do_ends_as_when_walks_are_held_whole(
    walks: Walks, *, is_backwards: bool
) -> None:
    whole, streamed = Ledger(), Streamed(1)

    for walk in walks:
        rows = walk[::-1] if is_backwards else walk
        whole.walk(*rows)
        streamed.walk(*rows)

        assert streamed.rows == whole.rows


def test_of_what_is_known_nothing_is_held() -> None:
    known = [posted(f"p{n}", amount=-n - 1, replaces_source_id=f"h{n}") for n in range(50)]
    ledger = Streamed()
    ledger.walk(*known)

    ledger.walk(*known, held("h99", amount=-999))

    assert ledger.held == 1
    assert len(ledger.rows) == 51


def test_a_walk_that_shows_only_what_is_known_voids_the_hold_it_lacks() -> None:
    ledger = Streamed().walk(posted(), held("h9", amount=-1))

    ledger.walk(posted())

    assert sorted(ledger.states) == ["posted", "void"]
