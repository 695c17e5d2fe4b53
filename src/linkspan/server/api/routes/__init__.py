"""Every route of the API, one file per resource."""

from typing import Final

from linkspan.server.api.routes import accounts, connected_accounts, customers, events, sessions, transactions

ROUTES: Final = (
    *sessions.ROUTES,
    *accounts.ROUTES,
    *customers.ROUTES,
    *transactions.ROUTES,
    *connected_accounts.ROUTES,
    *events.ROUTES,
)
