"""A walk through a list meets each row once, whichever way it goes."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.api.conftest import KEY, OTHER_KEY, Server, done, link_account, make_server, make_session

ACCOUNTS = "/v1/financial_connections/accounts"


def link_many(server: Server, count: int, **changes: Any) -> list[str]:
    """Link accounts a second apart; return their ids, newest first."""
    linked = []
    for _ in range(count):
        server.clock.pass_(1)
        linked.append(link_account(server, **changes).id)
    return linked[::-1]


def page(server: Server, **params: str) -> tuple[list[str], bool]:
    """The ids on a page, and whether more follow."""
    answer = server.get(ACCOUNTS, params)
    assert answer.status == 200, answer.body
    return [account["id"] for account in answer.json["data"]], answer.json["has_more"]


def test_a_page_has_ten_rows_unless_more_or_fewer_are_asked_for(server: Server) -> None:
    ids = link_many(server, 11)

    assert page(server) == (ids[:10], True)
    assert page(server, limit="3") == (ids[:3], True)
    assert page(server, limit="11") == (ids, False)
    assert page(server, limit="100") == (ids, False)


def test_an_empty_limit_is_the_default(server: Server) -> None:
    ids = link_many(server, 11)

    assert page(server, limit="") == (ids[:10], True)


def test_a_page_that_is_just_full_is_the_last(server: Server) -> None:
    ids = link_many(server, 10)

    assert page(server) == (ids, False)


def test_the_page_before_a_row_ends_with_its_neighbor(server: Server) -> None:
    ids = link_many(server, 6)

    assert page(server, ending_before=ids[4], limit="2") == (ids[2:4], True)
    assert page(server, ending_before=ids[2], limit="2") == (ids[:2], False)
    assert page(server, ending_before=ids[0], limit="2") == ([], False)


def test_nothing_follows_the_oldest_row(server: Server) -> None:
    ids = link_many(server, 3)

    assert page(server, starting_after=ids[-1]) == ([], False)


@settings(max_examples=20)
@given(count=st.integers(0, 12), limit=st.integers(1, 13))
def test_both_walks_meet_each_row_once_and_in_order(count: int, limit: int) -> None:
    server = make_server()
    ids = link_many(server, count)

    forward, more = page(server, limit=str(limit))
    while more:
        found, more = page(server, limit=str(limit), starting_after=forward[-1])
        assert found
        forward += found
    backward: list[str] = ids[-1:]
    more = len(ids) > 1
    while more:
        found, more = page(server, limit=str(limit), ending_before=backward[0])
        assert found
        backward = found + backward

    assert forward == backward == ids
    done(server.store.aclose())


@settings(max_examples=20)
@given(arriving=st.lists(st.integers(0, 3), max_size=8), limit=st.integers(1, 4))
def test_a_walk_meets_each_row_that_was_there_once_while_others_arrive(
    arriving: list[int], limit: int
) -> None:
    server = make_server()
    ids = link_many(server, 9)

    walked, more = page(server, limit=str(limit))
    for new in [*arriving, *[0] * 9]:
        link_many(server, new)
        if more:
            found, more = page(server, limit=str(limit), starting_after=walked[-1])
            walked += found

    assert not more
    assert walked == ids
    done(server.store.aclose())


def test_a_walk_by_session_meets_no_others(server: Server, customer: str) -> None:
    session = make_session(server, customer)["id"]
    wanted = [link_many(server, 1, session=session)[0] for _ in range(4) if link_many(server, 1)][::-1]

    first, more = page(server, session=session, limit="3")
    second, is_over = page(server, session=session, limit="3", starting_after=first[-1])

    assert (first + second, more, is_over) == (wanted, True, False)
    assert page(server, session=session, ending_before=wanted[-1], limit="2") == (wanted[1:3], True)


def test_a_walk_by_holder_meets_no_others(server: Server, customer: str) -> None:
    wanted = [link_many(server, 1, customer=customer)[0] for _ in range(4) if link_many(server, 1)][::-1]

    found, more = page(server, **{"account_holder[customer]": customer, "limit": "3"})

    assert (found, more) == (wanted[:3], True)


def test_a_list_shows_nobody_elses_rows(server: Server) -> None:
    ours = link_account(server, key=KEY).id
    theirs = link_account(server, key=OTHER_KEY).id

    assert [account["id"] for account in server.get(ACCOUNTS).json["data"]] == [ours]
    assert [account["id"] for account in server.get(ACCOUNTS, key=OTHER_KEY).json["data"]] == [theirs]


def test_disconnected_accounts_stay_in_the_list(server: Server) -> None:
    account = link_account(server)
    server.post(f"{ACCOUNTS}/{account.id}/disconnect")

    (listed,) = server.get(ACCOUNTS).json["data"]

    assert (listed["id"], listed["status"]) == (account.id, "disconnected")


@pytest.mark.parametrize("params", [{}, {"limit": "1"}])
def test_a_list_of_nothing_is_empty(server: Server, params: dict[str, str]) -> None:
    assert page(server, **params) == ([], False)
