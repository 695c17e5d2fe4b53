"""An id is replaced by its object where, and only where, the caller asks."""

import msgspec
import pytest

from tests.api.conftest import KEY, OTHER_KEY, Server, link_account, make_customer, make_session, show_account

SESSIONS = "/v1/financial_connections/sessions"
ACCOUNTS = "/v1/financial_connections/accounts"


def test_the_customer_of_a_session_is_expanded(server: Server, customer: str) -> None:
    session = make_session(server, customer)

    answer = server.get(f"{SESSIONS}/{session['id']}", {"expand[]": "account_holder.customer"}).json

    assert answer["account_holder"]["customer"] == server.get(f"/v1/customers/{customer}").json
    assert answer | {"account_holder": session["account_holder"]} == session


def test_a_session_is_expanded_as_it_is_created(server: Server, customer: str) -> None:
    session = make_session(server, customer, expand__0="account_holder.customer")

    assert session["account_holder"]["customer"]["id"] == customer


def test_the_ownership_of_an_account_is_expanded(server: Server) -> None:
    account = link_account(server, is_owned=True)

    answer = server.get(f"{ACCOUNTS}/{account.id}", {"expand[0]": "ownership"}).json

    assert answer["ownership"]["id"] == account.ownership
    assert answer["ownership"]["object"] == "financial_connections.account_ownership"
    assert [owner["name"] for owner in answer["ownership"]["owners"]["data"]] == ["Jenny Rosen"]


def test_every_row_of_a_list_is_expanded(server: Server, customer: str) -> None:
    link_account(server, customer=customer, is_owned=True)
    link_account(server, customer=customer)

    query = b"expand[]=data.ownership&expand[]=data.account_holder.customer"
    rows = server.get(ACCOUNTS, query).json["data"]

    assert {row["account_holder"]["customer"]["id"] for row in rows} == {customer}
    assert sorted(row["ownership"] is None for row in rows) == [False, True]


def test_the_accounts_of_a_session_are_expanded(server: Server, customer: str) -> None:
    session_id = make_session(server, customer)["id"]
    account = link_account(server, session=session_id, is_owned=True)
    show_account(server, session_id, account)

    session = server.get(f"{SESSIONS}/{session_id}", {"expand[]": "accounts.data.ownership"}).json

    assert session["accounts"]["data"][0]["ownership"]["id"] == account.ownership


def test_what_is_null_or_gone_stays_as_it_is(server: Server) -> None:
    account = link_account(server, customer="cus_gone")

    answer = server.get(
        f"{ACCOUNTS}/{account.id}", b"expand[]=ownership&expand[]=account_holder.customer"
    ).json

    assert answer["ownership"] is None
    assert answer["account_holder"]["customer"] == "cus_gone"


def test_a_foreign_object_is_never_expanded(server: Server) -> None:
    foreign = make_customer(server, key=OTHER_KEY)
    account = link_account(server, key=KEY, customer=foreign)

    answer = server.get(f"{ACCOUNTS}/{account.id}", {"expand[]": "account_holder.customer"}).json

    assert answer["account_holder"]["customer"] == foreign


@pytest.mark.parametrize(
    "path", ["", "id", "ownership.owners", "account_holder", "data.ownership", "__class__"]
)
def test_what_cannot_be_expanded_is_refused_by_its_place(server: Server, path: str) -> None:
    account = link_account(server)

    answer = server.get(f"{ACCOUNTS}/{account.id}", {"expand[]": path})

    assert (answer.status, answer.error["param"]) == (400, "expand[0]")


def test_expanding_nothing_leaves_the_bytes_as_they_are(server: Server) -> None:
    account = link_account(server)
    path = f"{ACCOUNTS}/{account.id}"

    assert server.get(path, {"expand": ""}).body == server.get(path).body


def test_an_expanded_disconnection_is_not_kept_expanded(server: Server, customer: str) -> None:
    account = link_account(server, customer=customer)
    path = f"{ACCOUNTS}/{account.id}"

    expanded = server.post(f"{path}/disconnect", {"expand[]": "account_holder.customer"}).json

    assert expanded["account_holder"]["customer"]["id"] == customer
    assert server.get(path).json["account_holder"]["customer"] == customer
    assert msgspec.json.decode(server.get(path).body)["status"] == "disconnected"
