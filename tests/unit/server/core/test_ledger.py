"""Whatever a bank shows, in whatever pieces, the ledger has each movement once."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkspan.server.core.found import FoundTransaction
from linkspan.server.core.ledger import EDGE_SECONDS, Entry, Settlement, changed, entered, settle, voided
from tests.histories import (
    DAY,
    NOON,
    Movement,
    Telling,
    contents,
    expected,
    held,
    movements,
    posted,
    tellings,
)

LONG_AGO: Final = NOON - 45 * DAY


class Ledger:
    """Rows in memory, kept by the rules alone."""

    def __init__(self) -> None:
        self.rows: dict[str, Entry] = {}
        self._ids = count()
        self._refreshes = count()

    def walk(self, *found: FoundTransaction, now: int = NOON, since: int = LONG_AGO) -> "Ledger":
        refresh = f"fctxnref_{next(self._refreshes):03}"
        settled = self.settled(found, since=since, now=now)
        for entry, row in settled.change:
            self._keep(changed(entry, row, refresh=refresh, now=now))
        for row in settled.insert:
            transaction_id = f"fctxn_{next(self._ids):03}"
            self._keep(
                entered(
                    row,
                    transaction_id=transaction_id,
                    account="fca_1",
                    livemode=False,
                    refresh=refresh,
                    now=now,
                )
            )
        for entry in settled.void:
            self._keep(voided(entry, refresh=refresh, now=now))
        return self

    def settled(self, found: Sequence[FoundTransaction], *, since: int, now: int) -> Settlement:
        """What a walk says, held as a whole."""
        return settle(self.rows.values(), found, since=since, now=now)

    def _keep(self, entry: Entry) -> None:
        self.rows[entry.transaction.id] = entry

    @property
    def states(self) -> list[str]:
        return [str(entry.transaction.status) for entry in self.rows.values()]

    @property
    def refreshes(self) -> list[str]:
        return [entry.transaction.transaction_refresh for entry in self.rows.values()]


def test_a_row_is_known_again_by_the_banks_id() -> None:
    ledger = Ledger().walk(held()).walk(held(amount=-1400, description="COFFEE BAR TIP"))

    (row,) = ledger.rows.values()
    assert (row.transaction.amount, row.transaction.description) == (-1400, "COFFEE BAR TIP")
    assert row.transaction.transaction_refresh == "fctxnref_001"


def test_a_row_that_did_not_change_keeps_its_refresh() -> None:
    ledger = Ledger().walk(held(), posted()).walk(held(), posted(), now=NOON + DAY)

    assert ledger.refreshes == ["fctxnref_000"] * 2


@pytest.mark.parametrize(
    "posting",
    [
        posted("h1"),
        posted("p1", replaces_source_id="h1", amount=-1500, description="POS 0042"),
        posted("p1"),
        posted("p1", description="  Coffee-Bar. "),
        posted("p1", transacted_at=NOON + 3 * DAY),
        posted(""),
    ],
    ids=["by id", "by link", "by words", "by words in another dress", "days later", "without an id"],
)
def test_a_hold_posts_in_place(posting: FoundTransaction) -> None:
    ledger = Ledger().walk(held()).walk(posting, now=NOON + 3 * DAY)

    (row,) = ledger.rows.values()
    assert row.transaction.id == "fctxn_000"
    assert row.transaction.status == "posted"
    assert row.transaction.status_transitions.posted_at == NOON + 2 * DAY


@pytest.mark.parametrize(
    "other",
    [
        posted(amount=-1251),
        posted(amount=1250),
        posted(currency="cad"),
        posted(description="TEA BAR"),
        posted(transacted_at=NOON + 8 * DAY),
        posted(transacted_at=NOON - 2 * DAY),
        posted(amount=1250, replaces_source_id="h1"),
    ],
    ids=["amount", "direction", "currency", "text", "too late", "too early", "a reversal"],
)
def test_another_movement_is_another_row(other: FoundTransaction) -> None:
    ledger = Ledger().walk(held()).walk(other, now=NOON + 9 * DAY)

    assert ledger.states == ["void", "posted"]


def test_a_row_whose_id_is_still_shown_is_never_taken_for_another() -> None:
    ledger = Ledger().walk(held("h1")).walk(held("h1"), posted("p1"))

    assert ledger.states == ["pending", "posted"]


def test_a_reversal_leaves_what_it_reverses() -> None:
    ledger = (
        Ledger().walk(posted("p1")).walk(posted("p1"), posted("r1", amount=1250, replaces_source_id="p1"))
    )

    assert Counter(entry.transaction.amount for entry in ledger.rows.values()) == {-1250: 1, 1250: 1}


def test_a_correction_with_the_same_sign_leaves_what_was_posted() -> None:
    ledger = Ledger().walk(posted("p1")).walk(posted("p1"), posted("p2", replaces_source_id="p1"))

    assert ledger.states == ["posted", "posted"]


def test_a_hold_posted_in_two_parts_is_two_rows() -> None:
    parts = [posted(name, amount=-600, replaces_source_id="h1") for name in ("p1", "p2")]

    ledger = Ledger().walk(held()).walk(*parts).walk(*reversed(parts))

    assert ledger.states == ["posted", "posted"]
    assert [entry.source_id for entry in ledger.rows.values()] == ["p1", "p2"]


def test_twins_survive_holds_postings_and_new_ids() -> None:
    ledger = Ledger().walk(held("h1"), held("h2")).walk(posted("p1"), posted("p2"))
    ledger.walk(posted("q1"), posted("q2")).walk(posted("q2"), posted("q1"), posted("q3"))

    assert ledger.states == ["posted"] * 3
    assert {entry.source_id for entry in ledger.rows.values()} == {"q1", "q2", "q3"}


def test_twins_without_ids_survive() -> None:
    ledger = Ledger().walk(held(""), held("")).walk(posted(""), posted("")).walk(posted(""), posted(""))

    assert ledger.states == ["posted"] * 2


def test_a_posting_is_given_the_hold_of_its_own_time() -> None:
    first, second = held("h1"), held("h2", transacted_at=NOON + 60)

    ledger = Ledger().walk(first, second).walk(posted("p2", transacted_at=NOON + 60))

    assert ledger.states == ["void", "posted"]


def test_a_whole_history_with_new_ids_is_still_one_history() -> None:
    before = [posted(f"a{n}", amount=-n, transacted_at=NOON - n * DAY) for n in range(1, 30)]
    after = [replace(row, source_id=f"b{n}") for n, row in enumerate(before)]

    ledger = Ledger().walk(*before).walk(*after)

    assert len(ledger.rows) == len(before)
    assert ledger.refreshes == ["fctxnref_000"] * len(before)


def test_what_is_posted_stays_posted_when_an_older_moment_is_shown() -> None:
    ledger = Ledger().walk(held()).walk(posted(replaces_source_id="h1")).walk(held()).walk(held("p1"))

    assert ledger.states == ["posted"]
    assert ledger.refreshes == ["fctxnref_001"]


def test_a_posted_row_that_is_no_longer_shown_stays() -> None:
    assert Ledger().walk(posted(), held()).walk(held()).states == ["pending", "posted"]


def test_a_hold_that_should_be_shown_and_is_not_is_void() -> None:
    ledger = Ledger().walk(held()).walk(posted("p9", amount=-1), now=NOON + DAY)

    (void, _) = ledger.rows.values()
    assert void.transaction.status == "void"
    assert void.transaction.status_transitions.void_at == NOON + DAY
    assert void.transaction.transaction_refresh == "fctxnref_001"


def test_a_walk_that_shows_nothing_voids_nothing() -> None:
    ledger = Ledger().walk(held(), posted("p9", amount=-1)).walk()

    assert ledger.states == ["pending", "posted"]
    assert ledger.refreshes == ["fctxnref_000"] * 2


@pytest.mark.parametrize(("made_at", "state"), [(LONG_AGO, "void"), (LONG_AGO - 1, "pending")])
def test_a_hold_at_the_edge_of_the_walk_or_before_it_is_left_alone(made_at: int, state: str) -> None:
    ledger = Ledger().walk(held(transacted_at=made_at), since=LONG_AGO - DAY).walk(posted("p9", amount=-1))

    assert ledger.states == [state, "posted"]


def test_a_row_made_before_the_walk_and_posted_in_it_is_known_under_another_id() -> None:
    before = posted("p1", transacted_at=NOON - 3 * DAY, posted_at=NOON + DAY)

    ledger = Ledger().walk(before).walk(replace(before, source_id="q1"), since=NOON + DAY)

    assert [entry.source_id for entry in ledger.rows.values()] == ["q1"]


def test_a_hold_that_was_void_is_taken_up_when_the_bank_shows_it_again() -> None:
    ledger = Ledger().walk(held()).walk(posted("p9", amount=-1)).walk(held(), posted("p9", amount=-1))

    assert ledger.states == ["pending", "posted"]
    assert ledger.rows["fctxn_000"].transaction.status_transitions.void_at is None


def test_a_posting_that_came_after_its_hold_was_dropped_is_still_the_same_purchase() -> None:
    ledger = Ledger().walk(held()).walk(posted("p9", amount=-1)).walk(posted(), posted("p9", amount=-1))

    assert ledger.states == ["posted", "posted"]


def test_a_row_shown_before_and_after_it_posted_is_shown_once() -> None:
    ledger = Ledger().walk(held("h1"), posted("p1", replaces_source_id="h1"), held("h2"), posted("h2"))

    assert ledger.states == ["posted", "posted"]


def test_a_row_without_a_date_is_of_the_day_it_was_first_seen() -> None:
    undated = held(transacted_at=None, description=None)

    ledger = Ledger().walk(undated, now=NOON).walk(undated, now=NOON + DAY)

    (row,) = ledger.rows.values()
    assert (row.transaction.transacted_at, row.transaction.description) == (NOON, "")


@given(tellings())
def test_a_history_in_any_pieces_order_and_repetition_is_one_ledger(history: Telling) -> None:
    ledger = Ledger()

    for look, rows in history.walks:
        ledger.walk(*rows, now=NOON + 3600 + look)

    told = [entry.transaction for entry in ledger.rows.values()]
    assert contents(told) == expected(history.made, history.looks)


@given(made=movements(), looks=st.lists(st.integers(0, 9), min_size=1, max_size=12))
def test_what_was_posted_is_never_pending_again_in_whatever_order_moments_are_shown(
    made: list[Movement], looks: list[int]
) -> None:
    ledger, settled = Ledger(), set[str]()
    for look in looks:
        ledger.walk(*[row for one in made if (row := one.shown(look))], now=NOON + 3600)
        now_posted = {known for known, entry in ledger.rows.items() if entry.transaction.status == "posted"}
        assert settled <= now_posted
        settled = now_posted


def test_the_edge_is_a_whole_day() -> None:
    assert EDGE_SECONDS == DAY
