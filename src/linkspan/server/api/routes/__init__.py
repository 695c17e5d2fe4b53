"""Every route of the API, one file per resource."""

from typing import Final

from linkspan.server.api.routes import (
    accounts,
    authorizations,
    connected_accounts,
    customers,
    events,
    institutions,
    payment_methods,
    sessions,
    tokens,
    transactions,
)

ROUTES: Final = (
    *sessions.ROUTES,
    *accounts.ROUTES,
    *authorizations.ROUTES,
    *customers.ROUTES,
    *institutions.ROUTES,
    *transactions.ROUTES,
    *connected_accounts.ROUTES,
    *events.ROUTES,
    *payment_methods.ROUTES,
    *tokens.ROUTES,
)
