"""Customers can be changed, found, walked through and deleted."""

from typing import Any

import pytest

from tests.api.conftest import OTHER_KEY, Answer, Server, make_customer, wanted_session

CUSTOMERS = "/v1/customers"


def events(server: Server) -> list[dict[str, Any]]:
    """Every event, oldest first."""
    docs = server.query("SELECT doc FROM events ORDER BY id")
    return [Answer(200, {}, doc).json for (doc,) in docs]


def test_an_update_changes_what_was_sent_and_leaves_the_rest(server: Server) -> None:
    made = server.post(CUSTOMERS, {"name": "Ada", "email": "ada@example.com", "metadata[plan]": "gold"}).json

    changed = server.post(f"{CUSTOMERS}/{made['id']}", {"name": "Ada L.", "phone": "1"}).json

    assert changed == made | {"name": "Ada L.", "phone": "1"}
    assert server.get(f"{CUSTOMERS}/{made['id']}").json == changed


@pytest.mark.parametrize(
    ("sent", "left"),
    [
        ({"metadata[b]": "2"}, {"a": "1", "b": "2"}),
        ({"metadata[a]": "3"}, {"a": "3"}),
        ({"metadata[a]": ""}, {}),
        ({"metadata": ""}, {}),
        ({"name": ""}, {"a": "1"}),
    ],
)
def test_metadata_is_merged_key_by_key(server: Server, sent: dict[str, str], left: dict[str, str]) -> None:
    made = server.post(CUSTOMERS, {"name": "Ada", "metadata[a]": "1"}).json

    changed = server.post(f"{CUSTOMERS}/{made['id']}", sent).json

    assert changed["metadata"] == left
    assert changed["name"] == (None if "name" in sent else "Ada")


def test_metadata_has_at_most_fifty_keys_after_the_merge(server: Server) -> None:
    made = server.post(CUSTOMERS, {f"metadata[{number}]": "x" for number in range(50)}).json

    refused = server.post(f"{CUSTOMERS}/{made['id']}", {"metadata[one more]": "x"})

    assert (refused.status, refused.error["param"]) == (400, "metadata")
    assert server.get(f"{CUSTOMERS}/{made['id']}").json == made


def test_an_update_tells_what_was_there_before(server: Server) -> None:
    made = server.post(CUSTOMERS, {"name": "Ada"}).json

    server.post(f"{CUSTOMERS}/{made['id']}", {"name": "Ada L."})
    server.post(f"{CUSTOMERS}/{made['id']}", {"name": "Ada L."})

    (updated,) = [event for event in events(server) if event["type"] == "customer.updated"]
    assert updated["data"]["previous_attributes"] == {"name": "Ada"}
    assert updated["data"]["object"]["name"] == "Ada L."


def test_a_deleted_customer_is_known_as_deleted_and_nothing_else_of_it(server: Server) -> None:
    made = server.post(CUSTOMERS, {"email": "ada@example.com"}).json
    gone = {"id": made["id"], "object": "customer", "deleted": True}

    assert server.ask("DELETE", f"{CUSTOMERS}/{made['id']}").json == gone
    assert server.get(f"{CUSTOMERS}/{made['id']}").json == gone
    assert server.get(f"{CUSTOMERS}/{made['id']}", stripe_version="2020-08-27").json == gone
    assert server.get(CUSTOMERS).json["data"] == []
    assert server.get(CUSTOMERS, b"email=ada@example.com").json["data"] == []
    (doc,) = server.query("SELECT doc FROM customers")[0]
    assert doc == b""


def test_a_deleted_customer_can_be_neither_changed_nor_linked_for(server: Server) -> None:
    customer = make_customer(server)
    server.ask("DELETE", f"{CUSTOMERS}/{customer}")

    changed = server.post(f"{CUSTOMERS}/{customer}", {"name": "Ada"})
    again = server.ask("DELETE", f"{CUSTOMERS}/{customer}")
    linked = server.post("/v1/financial_connections/sessions", wanted_session(customer))

    assert (changed.status, again.status, linked.status) == (404, 404, 400)
    assert linked.error["param"] == "account_holder[customer]"


def test_a_list_walks_each_customer_once_in_both_directions(server: Server) -> None:
    made = []
    for _ in range(5):
        server.clock.pass_(0.001)
        made.append(make_customer(server))

    first = server.get(CUSTOMERS, b"limit=2").json
    second = server.get(CUSTOMERS, f"limit=2&starting_after={first['data'][-1]['id']}".encode()).json
    back = server.get(CUSTOMERS, f"limit=2&ending_before={second['data'][0]['id']}".encode()).json

    shown = [customer["id"] for customer in first["data"] + second["data"]]
    assert shown == made[:0:-1]
    assert (first["has_more"], second["has_more"], back["has_more"]) == (True, True, False)
    assert back["data"] == first["data"]


def test_customers_are_found_by_their_present_address(server: Server) -> None:
    moved = server.post(CUSTOMERS, {"email": "old@example.com"}).json
    server.post(f"{CUSTOMERS}/{moved['id']}", {"email": "new@example.com"})
    make_customer(server)

    found = server.get(CUSTOMERS, b"email=new@example.com").json["data"]

    assert [customer["id"] for customer in found] == [moved["id"]]
    assert server.get(CUSTOMERS, b"email=old@example.com").json["data"] == []


@pytest.mark.parametrize(("method", "sent"), [("POST", {"name": "x"}), ("DELETE", {})])
def test_another_tenants_customer_cannot_be_touched(
    server: Server, method: str, sent: dict[str, str]
) -> None:
    foreign = make_customer(server, key=OTHER_KEY)
    unknown = server.ask(method, f"{CUSTOMERS}/cus_none", sent)

    answer = server.ask(method, f"{CUSTOMERS}/{foreign}", sent)

    assert answer.anonymous == unknown.anonymous.replace(b"cus_none", foreign.encode())
    assert answer.status == 404
    assert server.get(f"{CUSTOMERS}/{foreign}", key=OTHER_KEY).json["name"] == "Jenny Rosen"
    assert server.get(CUSTOMERS).json["data"] == []
