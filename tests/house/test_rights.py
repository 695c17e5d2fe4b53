"""Every route belongs to a resource that a restricted key can be given a right to."""

import pytest

from linkspan.server.api import expand
from linkspan.server.api.routes import ROUTES
from linkspan.server.api.routing import Route
from linkspan.server.core.rights import RESOURCES


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_a_route_belongs_to_a_resource_with_rights(route: Route) -> None:
    assert route.resource in RESOURCES, f"give {route.resource!r} a row in core/rights.py"


@pytest.mark.parametrize("path", sorted({path for route in ROUTES for path in route.expandable}))
def test_what_is_expanded_belongs_to_a_resource_with_rights(path: str) -> None:
    assert expand.resources((path,)) <= set(RESOURCES)


def test_no_right_is_to_nothing() -> None:
    assert set(RESOURCES) == {route.resource for route in ROUTES}
