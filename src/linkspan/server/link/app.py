"""The link room as one ASGI application."""

import structlog
from starlette.applications import Starlette

from linkspan.server.link import assets, modal, tab
from linkspan.server.link.envelope import Envelope
from linkspan.server.operations.context import Context


def create_link(
    context: Context, log: structlog.typing.FilteringBoundLogger, *, frame_ancestors: str
) -> Envelope:
    """Return the application; *frame_ancestors* says which sites may embed the modal (CSP)."""
    routes = [*modal.routes(context), *tab.routes(context), *assets.routes(frame_ancestors)]
    return Envelope(Starlette(routes=routes), context.world, log)
