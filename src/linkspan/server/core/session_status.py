"""The life of a Session as a table."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from linkspan.server.core.moves import follow


class SessionStatus(StrEnum):
    """How a Session stands, as preview versions show it."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class SessionFact(StrEnum):
    """What happened."""

    LINKED = "linked"
    LEFT = "left"
    GAVE_UP = "gave up"
    EXPIRED = "expired"
    HANDED_OVER = "handed over"


# A Session is one run of the flow: nothing follows its end. It was left by
# somebody who could have gone on; they gave up where their bank, or what they
# shared there, did not let them. A program that asks for an account's numbers by
# itself is handed whoever wants to type them.
MOVES: Final[Mapping[tuple[SessionStatus, SessionFact], SessionStatus]] = {
    (SessionStatus.PENDING, SessionFact.LINKED): SessionStatus.SUCCEEDED,
    (SessionStatus.PENDING, SessionFact.LEFT): SessionStatus.CANCELLED,
    (SessionStatus.PENDING, SessionFact.GAVE_UP): SessionStatus.FAILED,
    (SessionStatus.PENDING, SessionFact.EXPIRED): SessionStatus.CANCELLED,
    (SessionStatus.PENDING, SessionFact.HANDED_OVER): SessionStatus.CANCELLED,
}


def next_status(status: SessionStatus, fact: SessionFact) -> SessionStatus:
    """Return the status that follows *fact*."""
    return follow(MOVES, status, fact)
