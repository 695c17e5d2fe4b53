"""An intent ends once, and what ends a payment does not begin it."""

from itertools import product

import pytest

from linkspan.server.core.intent import MOVES, IntentFact, IntentStatus, next_status
from linkspan.server.core.moves import IllegalMove


def test_an_intent_that_has_ended_stays_as_it_is() -> None:
    assert {IntentStatus.SUCCEEDED, IntentStatus.CANCELED}.isdisjoint({status for status, _ in MOVES})


@pytest.mark.parametrize("pair", sorted(set(product(IntentStatus, IntentFact)) - set(MOVES)))
def test_what_the_table_does_not_have_cannot_happen(pair: tuple[IntentStatus, IntentFact]) -> None:
    with pytest.raises(IllegalMove):
        next_status(*pair)
