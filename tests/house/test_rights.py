"""Every route belongs to a resource with rights, and to the matrix of who may ask for it."""

from dataclasses import fields

import pytest

from linkspan.server.api import expand
from linkspan.server.api.routes import ROUTES
from linkspan.server.api.routing import Route
from linkspan.server.core.rights import RESOURCES
from tests.authorization.furnished import Asking, Owned

A_TENANT = Owned(**{field.name: field.name for field in fields(Owned)})


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_a_route_belongs_to_a_resource_with_rights(route: Route) -> None:
    assert route.resource in RESOURCES, f"give {route.resource!r} a row in core/rights.py"


@pytest.mark.parametrize("path", sorted({path for route in ROUTES for path in route.expandable}))
def test_what_is_expanded_belongs_to_a_resource_with_rights(path: str) -> None:
    assert expand.resources((path,)) <= set(RESOURCES)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_the_matrix_knows_how_a_route_is_asked(route: Route) -> None:
    required = {name for name, param in route.params.items() if param.required}

    said = {name.partition("[")[0] for name, _ in Asking.of(route, A_TENANT).form}

    assert required <= said, f"say how in FORMS of tests/authorization/furnished.py: {required - said}"


def test_no_right_is_to_nothing() -> None:
    assert set(RESOURCES) == {route.resource for route in ROUTES}
