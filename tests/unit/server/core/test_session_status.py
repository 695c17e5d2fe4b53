"""A Session ends once."""

from itertools import product

import pytest

from linkspan.server.core.moves import IllegalMove
from linkspan.server.core.session_status import MOVES, SessionFact, SessionStatus, next_status


def test_a_session_that_has_ended_stays_as_it_is() -> None:
    assert {status for status, _ in MOVES} == {SessionStatus.PENDING}


@pytest.mark.parametrize("pair", sorted(set(product(SessionStatus, SessionFact)) - set(MOVES)))
def test_what_the_table_does_not_have_cannot_happen(pair: tuple[SessionStatus, SessionFact]) -> None:
    with pytest.raises(IllegalMove):
        next_status(*pair)
