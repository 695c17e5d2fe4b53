"""``/v1/financial_connections/institutions``, in preview versions."""

from typing import Final

from linkspan.objects import Institution, List
from linkspan.server.api.lists import PAGING, envelope, paging_of
from linkspan.server.api.routing import Asked, Route
from linkspan.server.operations import institutions
from linkspan.server.store.driver import Tx

_PATH: Final = "/v1/financial_connections/institutions"


async def list_(tx: Tx, asked: Asked) -> bytes:
    """List the Institutions that accounts can be linked at."""
    page = await institutions.list_(tx, asked.context, asked.caller.scope, paging_of(asked.values))
    return envelope(_PATH, page.docs, has_more=page.has_more)


async def retrieve(tx: Tx, asked: Asked) -> bytes:
    """Retrieve an Institution."""
    return await institutions.retrieve(tx, asked.context, asked.caller.scope, asked.path["institution"])


ROUTES: Final = (
    Route("institutions.list", "GET", _PATH, list_, PAGING, returns=List[Institution], is_preview=True),
    Route(
        "institutions.retrieve",
        "GET",
        f"{_PATH}/{{institution}}",
        retrieve,
        returns=Institution,
        is_preview=True,
    ),
)
