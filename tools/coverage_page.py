"""Writes docs/reference/coverage.md from the route table: what of Stripe's API is served, and what is not.

`python -m tools.coverage_page` rewrites the page; with --check it changes
nothing, and fails when what is there is not what it would write.
"""

import inspect
import re
import sys
from collections.abc import Iterator
from typing import Final

from linkspan.server.api.description.texts import summary
from linkspan.server.api.routes import ROUTES
from linkspan.server.api.routing import Route
from linkspan.server.api.versions.published import PREVIEWS, PUBLISHED
from tools.generated import ROOT, keep

PAGE: Final = ROOT / "docs/reference/coverage.md"
OPENING: Final = f"""\
<!-- Written by tools/coverage_page.py from server/api/routes: change a route there, then run it. -->

# Coverage

Every method below is served in all versions from {PUBLISHED[0]} to {PUBLISHED[-1]} and in the previews from
{PREVIEWS[0]} to {PREVIEWS[-1]}, or only in the previews where that is said.
Parameters and fields are those of the version of the request: see [Versions](versions.md), and `/docs` of a
running server.
Anything else answers 404, as Stripe's server does for an address that it does not know.
"""
_FC: Final = "/v1/financial_connections"
# What Stripe serves of Financial Connections (its published description of the
# API, version 2026-10-28.endive, and the preview's), and the objects around it
# that a program which links accounts is likely to meet.
STRIPES: Final = (
    ("POST", f"{_FC}/sessions"),
    ("GET", f"{_FC}/sessions/{{}}"),
    ("GET", f"{_FC}/accounts"),
    ("GET", f"{_FC}/accounts/{{}}"),
    ("POST", f"{_FC}/accounts/{{}}/disconnect"),
    ("POST", f"{_FC}/accounts/{{}}/refresh"),
    ("POST", f"{_FC}/accounts/{{}}/subscribe"),
    ("POST", f"{_FC}/accounts/{{}}/unsubscribe"),
    ("GET", f"{_FC}/accounts/{{}}/owners"),
    ("GET", f"{_FC}/accounts/{{}}/inferred_balances"),
    ("GET", f"{_FC}/transactions"),
    ("GET", f"{_FC}/transactions/{{}}"),
    ("GET", f"{_FC}/authorizations/{{}}"),
    ("GET", f"{_FC}/institutions"),
    ("GET", f"{_FC}/institutions/{{}}"),
    ("POST", "/v1/link_account_sessions"),
    ("GET", "/v1/link_account_sessions/{}"),
    ("GET", "/v1/linked_accounts"),
    ("GET", "/v1/linked_accounts/{}"),
    ("POST", "/v1/linked_accounts/{}/disconnect"),
    ("POST", "/v1/linked_accounts/{}/refresh"),
    ("GET", "/v1/linked_accounts/{}/owners"),
    ("GET", "/v1/events"),
    ("GET", "/v1/events/{}"),
    ("GET", "/v2/core/events"),
    ("GET", "/v2/core/events/{}"),
    ("POST", "/v2/core/event_destinations"),
    ("GET", "/v2/core/event_destinations"),
    ("GET", "/v2/core/event_destinations/{}"),
    ("POST", "/v2/core/event_destinations/{}"),
    ("DELETE", "/v2/core/event_destinations/{}"),
    ("POST", "/v2/core/event_destinations/{}/disable"),
    ("POST", "/v2/core/event_destinations/{}/enable"),
    ("POST", "/v2/core/event_destinations/{}/ping"),
    ("POST", "/v1/webhook_endpoints"),
    ("GET", "/v1/webhook_endpoints"),
    ("GET", "/v1/webhook_endpoints/{}"),
    ("POST", "/v1/webhook_endpoints/{}"),
    ("DELETE", "/v1/webhook_endpoints/{}"),
    ("POST", "/v1/payment_intents"),
    ("POST", "/v1/setup_intents"),
)
_PLACEHOLDER: Final = re.compile(r"\{[^}]*\}")


def page() -> str:
    """Return the page as it should be."""
    return "\n".join([OPENING, *_served(), *_missing()])


def addresses() -> set[tuple[str, str]]:
    """Return method and address of everything that is served, placeholders without names."""
    return {
        (route.method, _PLACEHOLDER.sub("{}", template)) for route in ROUTES for template in _templates(route)
    }


def _templates(route: Route) -> Iterator[str]:
    yield route.template
    if route.legacy is not None:
        yield route.legacy


def _served() -> Iterator[str]:
    for resource in dict.fromkeys(route.resource for route in ROUTES):
        yield from (f"## {resource.replace('_', ' ').capitalize()}", "", "| | | |", "|---|---|---|")
        yield from (_row(route) for route in ROUTES if route.resource == resource)
        yield ""


def _row(route: Route) -> str:
    text = summary(inspect.getdoc(route.run))
    if route.is_preview:
        text += "; only in previews"
    if route.legacy is not None:
        text += f"; also at `{route.legacy}`"
    return f"| `{route.method}` | `{route.template}` | {text} |"


def _missing() -> Iterator[str]:
    missing = [
        f"`{method} {_PLACEHOLDER.sub('{id}', path)}`"
        for method, path in STRIPES
        if (method, path) not in addresses()
    ]
    yield from ("## Not served", "", "Of what Stripe has for programs that link accounts:", "")
    yield from (f"- {each}" for each in missing)
    yield ""


if __name__ == "__main__":
    sys.exit(keep(PAGE, page(), "coverage_page"))
