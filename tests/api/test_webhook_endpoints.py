"""Where a program is told of events: made, shown, changed and deleted as at Stripe."""

import pytest

from linkspan.server.outbound.egress import Egress
from tests.api.conftest import OTHER_KEY, Answer, Server, assert_error, make_server

URL = "https://shop.example/webhooks"
ONE = {"url": URL, "enabled_events[0]": "financial_connections.account.created"}


def create(server: Server, **changes: str) -> Answer:
    return server.post("/v1/webhook_endpoints", ONE | changes)


def made(server: Server, **changes: str) -> str:
    answer = create(server, **changes)
    assert answer.status == 200, answer.body
    known_as: str = answer.json["id"]
    return known_as


def test_a_new_endpoint_is_shown_with_its_secret_this_once(server: Server) -> None:
    created = create(server, description="Ours", **{"metadata[team]": "linking"}).json

    assert created == {
        "id": created["id"],
        "object": "webhook_endpoint",
        "api_version": None,
        "application": None,
        "created": int(server.clock.now),
        "description": "Ours",
        "enabled_events": ["financial_connections.account.created"],
        "livemode": False,
        "metadata": {"team": "linking"},
        "secret": created["secret"],
        "status": "enabled",
        "url": URL,
    }
    assert created["id"].startswith("we_")
    assert created["secret"].startswith("whsec_")
    shown = server.get(f"/v1/webhook_endpoints/{created['id']}").json
    assert shown == {name: value for name, value in created.items() if name != "secret"}


def test_the_secret_is_nowhere_in_the_store_as_it_is(server: Server) -> None:
    secret = create(server).json["secret"].encode()

    rows = server.query("SELECT secret, doc FROM webhook_endpoints")

    assert not any(secret in bytes(column) for row in rows for column in row)


def test_a_repeated_request_gets_the_same_secret(server: Server) -> None:
    first, second = (server.post("/v1/webhook_endpoints", ONE, idempotency_key="once").json for _ in range(2))

    assert first == second


def test_an_endpoint_changes_and_keeps_the_rest(server: Server) -> None:
    endpoint = made(server, description="Ours", **{"metadata[team]": "linking", "metadata[tier]": "1"})

    changed = server.post(
        f"/v1/webhook_endpoints/{endpoint}",
        {
            "url": "https://shop.example/other",
            "enabled_events[0]": "*",
            "disabled": "true",
            "description": "",
            "metadata[tier]": "",
        },
    ).json

    assert (changed["url"], changed["enabled_events"]) == ("https://shop.example/other", ["*"])
    assert (changed["status"], changed["description"]) == ("disabled", None)
    assert changed["metadata"] == {"team": "linking"}
    assert "secret" not in changed
    assert server.post(f"/v1/webhook_endpoints/{endpoint}", {"disabled": "false"}).json["status"] == "enabled"
    assert server.get(f"/v1/webhook_endpoints/{endpoint}").json == changed | {"status": "enabled"}


def test_a_deleted_endpoint_is_gone(server: Server) -> None:
    endpoint = made(server)

    deleted = server.ask("DELETE", f"/v1/webhook_endpoints/{endpoint}")

    assert deleted.json == {"id": endpoint, "object": "webhook_endpoint", "deleted": True}
    assert server.get("/v1/webhook_endpoints").json["data"] == []
    for answer in (
        server.get(f"/v1/webhook_endpoints/{endpoint}"),
        server.post(f"/v1/webhook_endpoints/{endpoint}", {"url": URL}),
        server.ask("DELETE", f"/v1/webhook_endpoints/{endpoint}"),
    ):
        assert_error(
            answer,
            404,
            param="webhook_endpoint",
            code="resource_missing",
            message=f"No such webhook endpoint: '{endpoint}'",
        )


def test_endpoints_are_listed_newest_first_page_by_page(server: Server) -> None:
    made_ones = []
    for _ in range(3):
        made_ones.append(made(server))
        server.clock.pass_(1)

    first = server.get("/v1/webhook_endpoints", {"limit": "2"}).json
    rest = server.get("/v1/webhook_endpoints", {"starting_after": first["data"][-1]["id"]}).json

    assert [one["id"] for one in (*first["data"], *rest["data"])] == made_ones[::-1]
    assert (first["has_more"], rest["has_more"], first["url"]) == (True, False, "/v1/webhook_endpoints")


def test_sixteen_endpoints_are_the_most(server: Server) -> None:
    for _ in range(16):
        made(server)

    assert_error(create(server), 400, message="You have reached the maximum of 16 test webhook endpoints.")
    assert server.post("/v1/webhook_endpoints", ONE, key=OTHER_KEY).status == 200


def test_an_endpoint_of_another_tenant_is_unknown(server: Server) -> None:
    endpoint = made(server)

    assert server.get("/v1/webhook_endpoints", key=OTHER_KEY).json["data"] == []
    assert server.get(f"/v1/webhook_endpoints/{endpoint}", key=OTHER_KEY).status == 404
    assert server.ask("DELETE", f"/v1/webhook_endpoints/{endpoint}", key=OTHER_KEY).status == 404
    answer = server.get("/v1/webhook_endpoints", {"starting_after": endpoint}, key=OTHER_KEY)
    assert_error(answer, 400, param="starting_after", code="resource_missing")


@pytest.mark.parametrize(
    "url",
    [
        "shop.example/webhooks",
        "ftp://shop.example/",
        "http://shop.example/",
        "https://user:password@shop.example/",
        "https://shop.example/#part",
        "https://shop.example\\@127.0.0.1/",
        "https://localhost/",
        "https://api.localhost./",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://shop.example:99999/",
    ],
)
def test_an_address_that_leads_nowhere_public_is_refused(server: Server, url: str) -> None:
    endpoint = made(server)
    expected = {"param": "url", "code": "url_invalid", "message": "Invalid URL"}

    assert_error(create(server, url=url), 400, **expected)
    assert_error(server.post(f"/v1/webhook_endpoints/{endpoint}", {"url": url}), 400, **expected)


@pytest.mark.parametrize("url", ["http://127.0.0.1:4242/webhooks", "http://localhost:4242/", "http://shop/"])
def test_an_operator_may_allow_addresses_of_the_machine(url: str) -> None:
    server = make_server(egress=Egress.allowing("127.0.0.0/8"))

    assert create(server, url=url).json["url"] == url


@pytest.mark.parametrize(
    "event_type",
    [
        "*",
        "financial_connections.account.refreshed_balance",
        "financial_connections.session.updated",
        "customer.created",
        "payment_intent.succeeded",
    ],
)
def test_what_stripe_tells_of_can_be_asked_for(server: Server, event_type: str) -> None:
    assert create(server, **{"enabled_events[0]": event_type}).json["enabled_events"] == [event_type]


@pytest.mark.parametrize(
    "event_type",
    ["financial_connections.acount.created", "financial_connections.*", "customer", "a|b.c", "A.B", "x..y"],
)
def test_a_type_nobody_can_mean_is_refused(server: Server, event_type: str) -> None:
    answer = create(server, **{"enabled_events[0]": event_type})

    assert_error(
        answer, 400, param="enabled_events[0]", message="Invalid enabled_events[0]: must be one of *"
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"api_version": "2019-01-01"}, {"param": "api_version", "message": "Invalid Stripe API version"}),
        ({"secret": "whsec_mine"}, {"param": "secret", "code": "parameter_unknown"}),
        ({"disabled": "true"}, {"param": "disabled", "code": "parameter_unknown"}),
        ({"connect": "perhaps"}, {"param": "connect"}),
        ({"url": ""}, {"param": "url", "code": "parameter_invalid_empty"}),
    ],
)
def test_a_bad_parameter_is_named(server: Server, changes: dict[str, str], expected: dict[str, str]) -> None:
    answer = create(server, **changes)

    assert answer.status == 400
    assert {name: answer.error.get(name) for name in expected if name != "message"} == {
        name: value for name, value in expected.items() if name != "message"
    }
    assert answer.error["message"].startswith(expected.get("message", ""))


@pytest.mark.parametrize("name", ["url", "enabled_events"])
def test_address_and_types_are_needed(server: Server, name: str) -> None:
    given = {key: value for key, value in ONE.items() if not key.startswith(name)}

    answer = server.post("/v1/webhook_endpoints", given)

    assert_error(answer, 400, param=name, code="parameter_missing", message="Missing required param")


def test_an_endpoint_cannot_be_left_without_types(server: Server) -> None:
    answer = server.post(f"/v1/webhook_endpoints/{made(server)}", {"enabled_events": ""})

    assert_error(answer, 400, param="enabled_events")


def test_a_rolled_secret_is_shown_once_more(server: Server) -> None:
    created = create(server).json

    rolled = server.post(f"/v1/webhook_endpoints/{created['id']}/roll_secret", {"overlap": "60"}).json

    assert rolled["secret"] != created["secret"]
    assert rolled | {"secret": ""} == created | {"secret": ""}


@pytest.mark.parametrize("overlap", ["-1", "86401", "soon"])
def test_an_overlap_is_a_day_at_most(server: Server, overlap: str) -> None:
    answer = server.post(f"/v1/webhook_endpoints/{made(server)}/roll_secret", {"overlap": overlap})

    assert_error(answer, 400, param="overlap", code="parameter_invalid_integer")
