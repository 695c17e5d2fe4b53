"""Every route of the API, one file per resource."""

from typing import Final

from linkspan.server.api.routes import (
    accounts,
    authorizations,
    connected_accounts,
    customers,
    event_destinations,
    events,
    institutions,
    payment_intents,
    payment_methods,
    sessions,
    setup_intents,
    thin_events,
    tokens,
    transactions,
    triggers,
    webhook_endpoints,
)
from linkspan.server.api.routing import Route, as_previewed

ROUTES: Final = (
    *sessions.ROUTES,
    *accounts.ROUTES,
    *authorizations.ROUTES,
    *customers.ROUTES,
    *institutions.ROUTES,
    *transactions.ROUTES,
    *connected_accounts.ROUTES,
    *events.ROUTES,
    *triggers.ROUTES,
    *payment_methods.ROUTES,
    *payment_intents.ROUTES,
    *setup_intents.ROUTES,
    *tokens.ROUTES,
    *webhook_endpoints.ROUTES,
    *event_destinations.ROUTES,
    *thin_events.ROUTES,
)


def served(*, in_previews: bool) -> tuple[Route, ...]:
    """Return the routes that preview versions have, or those of all other versions."""
    if in_previews:
        return tuple(as_previewed(route) for route in ROUTES)
    return tuple(route for route in ROUTES if not route.is_preview)
