"""The life of a linking attempt is its table, and nothing that is not in it."""

from itertools import product

import pytest

from linkspan.server.core.linking import MOVES, Fact, Step, next_step
from linkspan.server.core.moves import IllegalMove

NOT_IN_THE_TABLE = [pair for pair in product(Step, Fact) if pair not in MOVES]


@pytest.mark.parametrize(("step", "fact"), list(MOVES))
def test_a_move_of_the_table_is_made(step: Step, fact: Fact) -> None:
    assert next_step(step, fact) is MOVES[step, fact]


@pytest.mark.parametrize(("step", "fact"), NOT_IN_THE_TABLE)
def test_a_move_that_is_not_in_the_table_is_illegal(step: Step, fact: Fact) -> None:
    with pytest.raises(IllegalMove, match=rf"{fact.value} cannot happen in {step.value}"):
        next_step(step, fact)


def test_closed_has_no_way_out() -> None:
    assert not [fact for step, fact in MOVES if step is Step.CLOSED]


def test_every_step_but_closed_can_be_left() -> None:
    assert {step for step, fact in MOVES if fact is Fact.LEFT} == set(Step) - {Step.CLOSED}


def test_every_step_can_be_reached_from_the_first() -> None:
    reached, growing = {Step.BANK}, True
    while growing:
        found = {after for (before, _), after in MOVES.items() if before in reached}
        growing = not found <= reached
        reached |= found

    assert reached == set(Step)


def test_accounts_are_linked_only_after_they_were_shown() -> None:
    ways = {(before, fact) for (before, fact), after in MOVES.items() if after is Step.DONE}

    assert ways == {(Step.ACCOUNTS, Fact.ACCOUNTS_CHOSEN), (Step.MANUAL, Fact.NUMBERS_TYPED)}


def test_a_bank_is_asked_only_with_consent() -> None:
    ways = {(before, fact) for (before, fact), after in MOVES.items() if after is Step.LOGIN}
    forms = {before for (before, _), after in MOVES.items() if after is Step.LOGIN_FORM}

    assert ways == {(Step.CONSENT, Fact.CONSENT_GIVEN), (Step.ERROR, Fact.RETRIED)}
    assert forms == {Step.CONSENT, Step.ERROR, Step.LOGIN_FORM}
