"""The link room as one ASGI application."""

from starlette.applications import Starlette

from linkspan.server.link import assets, modal, tab
from linkspan.server.link.envelope import Envelope
from linkspan.server.operations.context import Context
from linkspan.server.telemetry.log import Log


def create_link(context: Context, log: Log, *, frame_ancestors: str) -> Envelope:
    """Return the application; *frame_ancestors* says which sites may embed the modal (CSP)."""
    routes = [*modal.routes(context), *tab.routes(context), *assets.routes(frame_ancestors)]
    return Envelope(Starlette(routes=routes), context.world, log)
