"""The life of a PaymentIntent or a SetupIntent as a table."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Literal, TypeAlias

from linkspan.server.core.moves import follow

Kind: TypeAlias = Literal["payment", "setup"]


class IntentStatus(StrEnum):
    """How an intent stands."""

    REQUIRES_PAYMENT_METHOD = "requires_payment_method"
    REQUIRES_CONFIRMATION = "requires_confirmation"
    REQUIRES_ACTION = "requires_action"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    CANCELED = "canceled"


class IntentFact(StrEnum):
    """What happened."""

    COLLECTED = "collected"
    TAKEN_AWAY = "taken_away"
    DEPOSITS_SENT = "deposits_sent"
    SUBMITTED = "submitted"
    DONE = "done"
    FAILED = "failed"
    CANCELED = "canceled"


_S: Final = IntentStatus
_F: Final = IntentFact

# SUCCEEDED and CANCELED have no way out. A bank account that is known to be its
# holder's goes from the confirmation on at once: a payment is submitted, a setup
# is done. One whose numbers were typed waits for its small deposits first.
# Another account may be collected as long as nothing was submitted.
MOVES: Final[Mapping[tuple[IntentStatus, IntentFact], IntentStatus]] = {
    (_S.REQUIRES_PAYMENT_METHOD, _F.COLLECTED): _S.REQUIRES_CONFIRMATION,
    (_S.REQUIRES_PAYMENT_METHOD, _F.CANCELED): _S.CANCELED,
    (_S.REQUIRES_CONFIRMATION, _F.COLLECTED): _S.REQUIRES_CONFIRMATION,
    (_S.REQUIRES_CONFIRMATION, _F.TAKEN_AWAY): _S.REQUIRES_PAYMENT_METHOD,
    (_S.REQUIRES_CONFIRMATION, _F.DEPOSITS_SENT): _S.REQUIRES_ACTION,
    (_S.REQUIRES_CONFIRMATION, _F.SUBMITTED): _S.PROCESSING,
    (_S.REQUIRES_CONFIRMATION, _F.DONE): _S.SUCCEEDED,
    (_S.REQUIRES_CONFIRMATION, _F.CANCELED): _S.CANCELED,
    (_S.REQUIRES_ACTION, _F.COLLECTED): _S.REQUIRES_CONFIRMATION,
    (_S.REQUIRES_ACTION, _F.SUBMITTED): _S.PROCESSING,
    (_S.REQUIRES_ACTION, _F.DONE): _S.SUCCEEDED,
    (_S.REQUIRES_ACTION, _F.FAILED): _S.REQUIRES_PAYMENT_METHOD,
    (_S.REQUIRES_ACTION, _F.CANCELED): _S.CANCELED,
    (_S.PROCESSING, _F.DONE): _S.SUCCEEDED,
    (_S.PROCESSING, _F.FAILED): _S.REQUIRES_PAYMENT_METHOD,
}


def next_status(status: IntentStatus, fact: IntentFact) -> IntentStatus:
    """Return the status that follows *fact*."""
    return follow(MOVES, status, fact)
