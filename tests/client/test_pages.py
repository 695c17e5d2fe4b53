"""How lists are walked."""

import asyncio
from collections.abc import Callable
from typing import Any

from linkspan.client import Request, Response
from tests.client.conftest import Calls
from tests.client.wire import account, answered, form, page

Calling = Callable[..., Calls]

IDS = [f"fca_{number}" for number in range(7)]


def three_at_a_time(request: Request) -> Response:
    """Answer as the server does for a list of IDS."""
    asked = form(request)
    if "ending_before" in asked:
        before = IDS[: IDS.index(asked["ending_before"])]
        return answered(page(*map(account, before[-3:]), has_more=len(before) > 3))
    start = IDS.index(asked["starting_after"]) + 1 if "starting_after" in asked else 0
    after = IDS[start:]
    return answered(page(*map(account, after[:3]), has_more=len(after) > 3))


def walked(listed: Any) -> list[str]:
    """The ids that iterating over a page gives, in either client."""
    if hasattr(listed, "__iter__"):
        return [each.id for each in listed]

    async def walk() -> list[str]:
        return [each.id async for each in listed]

    return asyncio.run(walk())


def test_a_page_holds_its_own_elements(calling: Calling) -> None:
    calls = calling(three_at_a_time)

    first = calls.done(calls.client.accounts.list(limit=3))

    assert [each.id for each in first.data] == IDS[:3]
    assert first.has_more
    assert len(calls.sent) == 1


def test_iterating_walks_all_pages_with_the_first_calls_parameters(calling: Calling) -> None:
    calls = calling(three_at_a_time)

    listed = calls.done(calls.client.accounts.list(account_holder={"customer": "cus_1"}, limit=3))

    assert walked(listed) == IDS
    assert [form(each).get("starting_after") for each in calls.sent] == [None, "fca_2", "fca_5"]
    assert all(form(each)["account_holder[customer]"] == "cus_1" for each in calls.sent)


def test_a_page_can_be_walked_twice(calling: Calling) -> None:
    calls = calling(three_at_a_time)

    listed = calls.done(calls.client.accounts.list())

    assert walked(listed) == walked(listed)


def test_a_list_before_an_element_is_walked_backwards(calling: Calling) -> None:
    calls = calling(three_at_a_time)

    listed = calls.done(calls.client.accounts.list(ending_before="fca_6"))

    assert walked(listed) == IDS[:6][::-1]


def test_the_next_page_is_none_after_the_last(calling: Calling) -> None:
    calls = calling(three_at_a_time)
    first = calls.done(calls.client.accounts.list(starting_after="fca_2"))

    second = calls.done(first.next_page())

    assert [each.id for each in second.data] == ["fca_6"]
    assert calls.done(second.next_page()) is None


def test_an_empty_page_that_claims_more_ends_the_walk(calling: Calling) -> None:
    calls = calling(answered(page(has_more=True)))

    assert walked(calls.done(calls.client.accounts.list())) == []
    assert len(calls.sent) == 1
