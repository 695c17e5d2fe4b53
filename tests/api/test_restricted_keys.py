"""A restricted key does what it was given the right to do, and is told what it lacks."""

import pytest

from linkspan.server.core.api_key import Kind
from tests.api.conftest import Server, assert_error, make_customer, wanted_session
from tests.api.keys import OURS, keyed, make_key


@pytest.fixture
def ours(server: Server) -> Server:
    """A server that takes the keys in its store."""
    return keyed(server)


def restricted(server: Server, *rights: str) -> str:
    return make_key(server, OURS, Kind.RESTRICTED, rights=rights).text


@pytest.fixture
def customer(ours: Server) -> str:
    """The id of a Customer."""
    return make_customer(ours, key=make_key(ours).text)


def test_a_right_to_read_reads(ours: Server, customer: str) -> None:
    answer = ours.get(f"/v1/customers/{customer}", key=restricted(ours, "customer_read"))

    assert answer.json["id"] == customer


def test_a_right_to_write_writes_and_reads(ours: Server) -> None:
    writer = restricted(ours, "customer_write")

    made = ours.post("/v1/customers", key=writer).json["id"]

    assert ours.get(f"/v1/customers/{made}", key=writer).json["id"] == made


@pytest.mark.parametrize("right", ["customer_read", "financial_connections_session_write"])
def test_without_the_right_nothing_is_done(ours: Server, right: str) -> None:
    key = restricted(ours, right)
    before = ours.rows()

    answer = ours.post("/v1/customers", {"unknown": "1"}, key=key)

    assert_error(answer, 403, code="more_permissions_required", message="Permission denied.")
    assert "Enabling \"Customers Write\" ('customer_write')" in answer.error["message"]
    assert f"on account '{OURS.tenant}'" in answer.error["message"]
    assert key not in answer.error["message"]
    assert ours.rows() == before


def test_what_is_expanded_takes_its_own_right(ours: Server, customer: str) -> None:
    wanted = wanted_session(customer) | {"expand[0]": "account_holder.customer"}

    answer = ours.post(
        "/v1/financial_connections/sessions",
        wanted,
        key=restricted(ours, "financial_connections_session_write"),
    )

    assert_error(answer, 403, code="more_permissions_required", message="Permission denied.")
    assert "('customer_read')" in answer.error["message"]


def test_an_address_that_is_not_served_needs_no_right(ours: Server) -> None:
    assert ours.get("/v1/charges", key=restricted(ours, "customer_read")).status == 404
