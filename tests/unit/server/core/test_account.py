"""The life of an Account is its tables, and nothing that is not in them."""

from itertools import product

import pytest

from linkspan.objects import ACCOUNT_STATUSES
from linkspan.server.core.account import ALLOWED, MOVES, AccountCall, AccountFact, AccountStatus, next_status
from linkspan.server.core.moves import IllegalMove

STATUSES = (None, *AccountStatus)
NOT_IN_THE_TABLE = [pair for pair in product(STATUSES, AccountFact) if pair not in MOVES]


@pytest.mark.parametrize(("status", "fact"), list(MOVES))
def test_a_move_of_the_table_is_made(status: AccountStatus | None, fact: AccountFact) -> None:
    assert next_status(status, fact) is MOVES[status, fact]


@pytest.mark.parametrize(("status", "fact"), NOT_IN_THE_TABLE)
def test_a_move_that_is_not_in_the_table_is_illegal(status: AccountStatus | None, fact: AccountFact) -> None:
    with pytest.raises(IllegalMove, match=rf"{fact.value} cannot happen in"):
        next_status(status, fact)


def test_the_statuses_are_those_of_the_object() -> None:
    assert set(AccountStatus) == set(ACCOUNT_STATUSES)


def test_disconnected_has_no_way_out() -> None:
    assert not [fact for status, fact in MOVES if status is AccountStatus.DISCONNECTED]


def test_every_status_can_be_ended() -> None:
    ended = {status for status, fact in MOVES if fact is AccountFact.DISCONNECTED}

    assert ended == set(AccountStatus) - {AccountStatus.DISCONNECTED}


def test_nothing_new_is_read_of_an_account_that_is_not_active() -> None:
    reading = {AccountCall.REFRESH, AccountCall.SUBSCRIBE}

    assert ALLOWED.keys() == set(AccountStatus)
    assert [status for status in ALLOWED if ALLOWED[status] & reading] == [AccountStatus.ACTIVE]
