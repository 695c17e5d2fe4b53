"""Every route can be described: what it does, what it takes, what it answers."""

import inspect

import pytest

from linkspan.server.api.params import Reader
from linkspan.server.api.routes import ROUTES
from linkspan.server.api.routing import Route

each_route = pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)


@each_route
def test_a_route_says_what_it_does(route: Route) -> None:
    doc = inspect.getdoc(route.run)

    assert doc, (
        f"{route.name}: give {route.run.__name__} a docstring; the description of the API is made of it"
    )
    assert doc.splitlines()[0].endswith("."), f"{route.name}: let its docstring begin with a sentence"


@each_route
def test_a_route_says_what_it_answers(route: Route) -> None:
    assert route.returns, (
        f"{route.name}: say what it answers, Route(…, returns=Account), a struct of linkspan.objects"
    )


@each_route
def test_a_parameter_says_what_it_takes(route: Route) -> None:
    for name, param in route.params.items():
        assert isinstance(param.read, Reader), (
            f"{route.name}: say what {name} takes, @reads(JSON Schema) above its reader"
        )


def test_no_two_routes_share_a_name() -> None:
    names = [route.name for route in ROUTES]

    assert sorted(names) == sorted(set(names))
