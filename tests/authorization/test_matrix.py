"""Every route, asked by everybody who may not, is refused, and by those who may, is served.

The routes come from the route table, so one that is added is asked as well.
"""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from linkspan.server.api.routes import ROUTES
from linkspan.server.api.routing import Route
from linkspan.server.core.api_key import Kind
from linkspan.server.core.rights import RESOURCES, RIGHTS, right_to
from tests.authorization.furnished import (
    Asking,
    Headers,
    House,
    Owned,
    Refused,
    bearer,
    names_something,
    templates,
)
from tests.link.wire import Answer


def those(routes: Iterable[Route]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("route", list(routes), ids=lambda route: route.name)


EVERY_ROUTE = those(ROUTES)
# The others make something out of nothing.
NAMING = those(route for route in ROUTES if route.method == "GET" or names_something(route))

LACKING = (403, "more_permissions_required")
NO_ACCESS = (403, "account_invalid")


def refusal(answer: Answer) -> Refused:
    error = answer.json()["error"]
    assert error["type"] == "invalid_request_error"
    return answer.status, error.get("code")


def strangers(house: House, route: Route) -> dict[str, tuple[Headers, Refused]]:
    """Who may not ask for what is ours: how each asks, and what each is told."""
    needed = {right_to(route.resource, method) for method in ("GET", "POST")}
    lacking = house.make_key(kind=Kind.RESTRICTED, rights=RIGHTS - needed)
    foreign = {"stripe-account": house.theirs.connected_account}
    of_test_mode = {"stripe-account": house.ours.connected_account}
    return {
        **house.strangers,
        "a key with every other right": (bearer(lacking), LACKING),
        "a key acting for their account": (bearer(house.ours.key, **foreign), NO_ACCESS),
        "a live key acting for a test account": (bearer(house.live.key, **of_test_mode), NO_ACCESS),
    }


@EVERY_ROUTE
def test_nobody_reaches_a_route_who_may_not(house: House, route: Route) -> None:
    asked_by = strangers(house, route)
    before = house.rows()

    for template in templates(route):
        asking = Asking.of(route, house.ours, template=template)
        told = {name: refusal(house.ask(asking, headers)) for name, (headers, _) in asked_by.items()}

        assert told == {name: expected for name, (_, expected) in asked_by.items()}
    assert house.rows() == before


@EVERY_ROUTE
def test_whoever_owns_a_thing_is_served(copied: House, route: Route) -> None:
    answer = copied.ask(Asking.of(route, copied.ours), bearer(copied.ours.key))

    assert answer.status == 200, f"tests/authorization/furnished.py must say how to ask: {answer.text}"


@EVERY_ROUTE
def test_the_right_to_a_route_is_enough(copied: House, route: Route) -> None:
    right = right_to(route.resource, route.method)
    key = copied.make_key(kind=Kind.RESTRICTED, rights=[right])

    answer = copied.ask(Asking.of(route, copied.ours), bearer(key))

    assert answer.status == 200, answer.text


@those(route for route in ROUTES if route.method != "GET")
def test_the_right_to_read_writes_nothing(house: House, route: Route) -> None:
    reader = house.make_key(kind=Kind.RESTRICTED, rights=[f"{RESOURCES[route.resource]}_read"])
    before = house.rows()

    answer = house.ask(Asking.of(route, house.ours), bearer(reader))

    assert refusal(answer) == LACKING
    assert f"('{RESOURCES[route.resource]}_write')" in answer.json()["error"]["message"]
    assert house.rows() == before


@NAMING
@pytest.mark.parametrize("owner", ["theirs", "live"])
def test_what_is_somebody_elses_is_as_if_it_were_not(house: House, route: Route, owner: str) -> None:
    foreign: Owned = getattr(house, owner)
    unknown = nobodys(foreign)
    before = house.rows()

    for template in templates(route):
        for_foreign = house.ask(Asking.of(route, foreign, template=template), bearer(house.ours.key))
        for_unknown = house.ask(Asking.of(route, unknown, template=template), bearer(house.ours.key))

        if for_foreign.status == 200:  # it names nothing, so what it shows is ours
            assert named_in(for_foreign, foreign) == []
            continue
        assert for_foreign.status == for_unknown.status
        assert for_foreign.status in {400, 403, 404}
        assert as_unknown(for_foreign, foreign, unknown) == for_unknown.anonymous
    assert house.rows() == before


@those(
    route
    for route in ROUTES
    if route.resource != "connected_accounts" and (route.method == "GET" or names_something(route))
)
def test_a_connected_account_does_not_see_what_is_its_platforms(house: House, route: Route) -> None:
    acting = bearer(house.ours.key, **{"stripe-account": house.ours.connected_account})
    # Its own name it may see.
    platforms = replace(house.ours, connected_account="acct_another")
    unknown = nobodys(platforms)
    before = house.rows()

    for_platforms = house.ask(Asking.of(route, platforms), acting)
    for_unknown = house.ask(Asking.of(route, unknown), acting)

    if for_platforms.status == 200:
        assert named_in(for_platforms, platforms) == []
        return
    assert for_platforms.status == for_unknown.status
    assert as_unknown(for_platforms, platforms, unknown) == for_unknown.anonymous
    assert house.rows() == before


def nobodys(owned: Owned) -> Owned:
    """Ids as long as those of *owned* that name nothing."""
    return replace(owned, **{name: f"{known[:-8]}{'0' * 8}" for name, known in owned.ids.items()})


def as_unknown(answer: Answer, foreign: Owned, unknown: Owned) -> bytes:
    """What was answered, with the ids of *unknown* in the place of those of *foreign*."""
    body = answer.anonymous
    for name, known in foreign.ids.items():
        body = body.replace(known.encode(), unknown.ids[name].encode())
    return body


def named_in(answer: Answer, foreign: Owned) -> list[str]:
    return [name for name, known in foreign.ids.items() if known in answer.text]
