"""The link room as one ASGI application."""

from starlette.routing import Router
from starlette.types import Receive, Scope, Send

from linkspan.server.core.refusals import NoSuchRoute
from linkspan.server.link import assets, deposits, modal, tab
from linkspan.server.link.assets import OriginsOf
from linkspan.server.link.collecting import CheckKey
from linkspan.server.link.envelope import Envelope
from linkspan.server.link.languages import Languages
from linkspan.server.operations.context import Context
from linkspan.server.telemetry.log import Log


def create_link(
    context: Context, log: Log, *, check_key: CheckKey, origins_of: OriginsOf, languages: Languages
) -> Envelope:
    """Return the application.

    *check_key* refuses publishable keys that may not open a Session;
    *origins_of* says which sites may embed the modal with a key, *languages* what it says.
    """
    routes = [
        *modal.routes(context, check_key, languages),
        *tab.routes(context, languages),
        *deposits.routes(context, languages),
        *assets.routes(origins_of, languages),
    ]
    # A bare router: the application around it would answer a refusal with a 500 of its own.
    router = Router(routes, redirect_slashes=False, default=_nowhere)
    return Envelope(router, context.world, log, context.metrics)


async def _nowhere(scope: Scope, _receive: Receive, _send: Send) -> None:
    raise NoSuchRoute(scope["method"], scope["path"])
