"""``/v1/setup_intents``, for bank accounts in the US."""

from typing import Final

from linkspan.objects import FUTURE_USAGES, SETUP_CANCELLATION_REASONS, List, SetupIntent
from linkspan.server.api.params import Param, Params, one_of
from linkspan.server.api.routes import intent_params
from linkspan.server.api.routes.intent_params import (
    AGREED,
    CLIENT_SECRET,
    COMMON,
    CONFIRM,
    CONFIRMS,
    EXPANDABLE,
    LIST,
    VERIFY,
)
from linkspan.server.api.routing import Asked, Route
from linkspan.server.core.refusals import Refusal
from linkspan.server.store.driver import Tx

_PATH: Final = "/v1/setup_intents"
_ONE: Final = f"{_PATH}/{{setup_intent}}"

_CREATE: Final[Params] = {**COMMON, **AGREED, **CONFIRMS, "usage": Param(one_of(*FUTURE_USAGES))}
_UPDATE: Final[Params] = COMMON
_CONFIRM: Final[Params] = CONFIRM
_CANCEL: Final[Params] = {"cancellation_reason": Param(one_of(*SETUP_CANCELLATION_REASONS))}


async def create(tx: Tx, asked: Asked) -> bytes:
    """Create a SetupIntent."""
    return await intent_params.create(tx, asked, "setup")


async def retrieve(tx: Tx, asked: Asked) -> bytes:
    """Retrieve a SetupIntent."""
    return await intent_params.retrieve(tx, asked, "setup")


async def update(tx: Tx, asked: Asked) -> bytes:
    """Update a SetupIntent."""
    return await intent_params.update(tx, asked, "setup")


async def confirm(tx: Tx, asked: Asked) -> bytes:
    """Confirm a SetupIntent."""
    return await intent_params.confirm(tx, asked, "setup")


async def cancel(tx: Tx, asked: Asked) -> bytes:
    """Cancel a SetupIntent."""
    return await intent_params.cancel(tx, asked, "setup")


async def verify_microdeposits(tx: Tx, asked: Asked) -> bytes | Refusal:
    """Verify the small deposits of a SetupIntent."""
    return await intent_params.verify_microdeposits(tx, asked, "setup")


async def list_(tx: Tx, asked: Asked) -> bytes:
    """List SetupIntents, all or a Customer's."""
    return await intent_params.list_(tx, asked, "setup")


ROUTES: Final = (
    Route("setup_intents.create", "POST", _PATH, create, _CREATE, EXPANDABLE, returns=SetupIntent),
    Route("setup_intents.list", "GET", _PATH, list_, LIST, EXPANDABLE, returns=List[SetupIntent]),
    Route(
        "setup_intents.retrieve",
        "GET",
        _ONE,
        retrieve,
        CLIENT_SECRET,
        EXPANDABLE,
        returns=SetupIntent,
        opens_to_pages=True,
    ),
    Route("setup_intents.update", "POST", _ONE, update, _UPDATE, EXPANDABLE, returns=SetupIntent),
    Route(
        "setup_intents.confirm",
        "POST",
        f"{_ONE}/confirm",
        confirm,
        _CONFIRM,
        EXPANDABLE,
        returns=SetupIntent,
        opens_to_pages=True,
    ),
    Route("setup_intents.cancel", "POST", f"{_ONE}/cancel", cancel, _CANCEL, EXPANDABLE, returns=SetupIntent),
    Route(
        "setup_intents.verify_microdeposits",
        "POST",
        f"{_ONE}/verify_microdeposits",
        verify_microdeposits,
        VERIFY,
        EXPANDABLE,
        returns=SetupIntent,
        opens_to_pages=True,
    ),
)
