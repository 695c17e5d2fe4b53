"""One address leads to one route, whatever else the table holds."""

import pytest

from linkspan.server.api.routing import Asked, Method, Route, Router
from linkspan.server.core.refusals import NoSuchRoute
from linkspan.server.store.driver import Tx


async def unused(_tx: Tx, _asked: Asked) -> bytes:
    return b""


def route(name: str, template: str, method: Method = "GET", legacy: str | None = None) -> Route:
    return Route(name, method, template, unused, legacy=legacy)


ROUTER = Router(
    [
        route("things.list", "/v1/things"),
        route("things.create", "/v1/things", "POST"),
        route("things.retrieve", "/v1/things/{thing}", legacy="/v1/old_things/{thing}"),
        route("things.search", "/v1/things/search"),
        route("parts.retrieve", "/v1/things/{thing}/parts/{part}"),
    ]
)


@pytest.mark.parametrize(
    ("method", "path", "name", "values"),
    [
        ("GET", "/v1/things", "things.list", {}),
        ("POST", "/v1/things", "things.create", {}),
        ("GET", "/v1/things/t_1", "things.retrieve", {"thing": "t_1"}),
        ("GET", "/v1/old_things/t_1", "things.retrieve", {"thing": "t_1"}),
        ("GET", "/v1/things/search", "things.search", {}),
        ("GET", "/v1/things/t_1/parts/p_2", "parts.retrieve", {"thing": "t_1", "part": "p_2"}),
        ("GET", "/v1/things/{thing}", "things.retrieve", {"thing": "{thing}"}),
    ],
)
def test_a_path_leads_to_its_route(method: str, path: str, name: str, values: dict[str, str]) -> None:
    found, placeholders = ROUTER.find(method, path)

    assert (found.name, placeholders) == (name, values)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "/v1/things"),
        ("GET", "/v1"),
        ("GET", "/v1/things/"),
        ("GET", "/v1/things/t_1/"),
        ("GET", "/v1/things//parts/p_2"),
        ("GET", "/v1/things/t_1/parts"),
        ("GET", "/v1/things/t_1/parts/p_2/more"),
        ("GET", "/v1/things/search/parts/p_2"),
        ("GET", "/v1/things/t\0"),
        ("GET", "v1/things"),
        ("GET", ""),
    ],
)
def test_any_other_path_leads_nowhere(method: str, path: str) -> None:
    with pytest.raises(NoSuchRoute):
        ROUTER.find(method, path)
