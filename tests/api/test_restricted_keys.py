"""A restricted key does what it was given the right to do, and is told what it lacks."""

from dataclasses import replace

import pytest

from linkspan.server.api.app import Api
from linkspan.server.api.auth import AnyTestKey, Client
from linkspan.server.core.access import Access
from linkspan.server.core.rights import implied
from linkspan.server.telemetry.log import Log
from tests.api.conftest import KEY, Server, assert_error, wanted_session


class Restricted:
    """Every test key, with a few rights; each time it has to be looked up first."""

    def __init__(self, keys: AnyTestKey, rights: tuple[str, ...]) -> None:
        self._keys = keys
        self._rights = implied(rights)

    def known(self, _key: str, _client: Client) -> None:
        return None

    async def look_up(self, key: str, client: Client) -> Access:
        return replace(self._keys.known(key, client), rights=self._rights)


def restricted(server: Server, *rights: str) -> Server:
    """The same server, where keys have no more than *rights*."""
    keys = Restricted(AnyTestKey(server.context.digests), rights)
    return replace(server, api=Api(server.context, keys, Log(server.context.world, server.log)))


def test_a_right_to_read_reads(server: Server, customer: str) -> None:
    answer = restricted(server, "customer_read").get(f"/v1/customers/{customer}")

    assert answer.json["id"] == customer


def test_a_right_to_write_writes_and_reads(server: Server) -> None:
    writer = restricted(server, "customer_write")

    customer = writer.post("/v1/customers").json["id"]

    assert writer.get(f"/v1/customers/{customer}").json["id"] == customer


@pytest.mark.parametrize("rights", [(), ("customer_read",), ("financial_connections_session_write",)])
def test_without_the_right_nothing_is_done(server: Server, rights: tuple[str, ...]) -> None:
    before = server.rows()

    answer = restricted(server, *rights).post("/v1/customers", {"unknown": "1"})

    assert_error(answer, 403, code="more_permissions_required", message="Permission denied.")
    assert "Enabling \"Customers Write\" ('customer_write')" in answer.error["message"]
    assert f"on account '{server.scope().tenant}'" in answer.error["message"]
    assert KEY not in answer.error["message"]
    assert server.rows() == before


def test_what_is_expanded_takes_its_own_right(server: Server, customer: str) -> None:
    reader = restricted(server, "financial_connections_session_write")
    wanted = wanted_session(customer) | {"expand[0]": "account_holder.customer"}

    answer = reader.post("/v1/financial_connections/sessions", wanted)

    assert_error(answer, 403, code="more_permissions_required", message="Permission denied.")
    assert "('customer_read')" in answer.error["message"]


def test_an_address_that_is_not_served_needs_no_right(server: Server) -> None:
    assert restricted(server).get("/v1/charges").status == 404
