"""What tests of programs get beside the completion: a clock, an inbox, and a reason when no server starts."""

from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from linkspan import Client
from linkspan.testing import DevelopmentServer, NothingCame, ServerDidNotStart, capturing, serving

DAY = 86_400


def test_time_passes_at_once(server: DevelopmentServer) -> None:
    before = server.now()

    assert server.advance(DAY) - before in range(DAY, DAY + 60)


def test_an_inbox_gives_each_event_once_and_by_type(client: Client) -> None:
    with capturing(client, "customer.created", "customer.deleted") as inbox:
        customer = client.customers.create(name="Jenny Rosen")
        client.customers.delete(customer.id)

        assert inbox.next("customer.deleted").type == "customer.deleted"
        assert inbox.next().type == "customer.created"
        with pytest.raises(NothingCame, match=r"These came: customer\.\w+, customer\.\w+"):
            inbox.next("customer.created", seconds=0)


def test_an_inbox_keeps_out_what_was_not_signed(client: Client) -> None:
    with capturing(client) as inbox:
        forged = Request(inbox.url, b'{"object": "event"}', {"stripe-signature": "t=1,v1=00"})
        with pytest.raises(HTTPError) as refused:
            urlopen(forged, timeout=10)
        refused.value.close()

        assert refused.value.code == 400
        assert inbox.events == ()


def test_no_endpoint_is_left_behind(client: Client) -> None:
    with capturing(client):
        assert client.event_destinations.list().data != ()

    assert list(client.event_destinations.list().data) == []


def test_a_server_that_does_not_start_says_why() -> None:
    with pytest.raises(ServerDidNotStart, match="--api-version"), serving("--api-version", "2001-01-01"):
        pass


def test_settings_of_whoever_runs_the_tests_stay_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKSPAN_DATABASE", "nonsense")

    with serving() as server:
        assert server.url.startswith("http://127.0.0.1:")
