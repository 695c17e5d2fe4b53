"""A platform connects accounts, acts for them, and links bank accounts for them."""

from typing import Any, Final

import pytest

from tests.api.conftest import (
    KEY,
    OTHER_KEY,
    Answer,
    Server,
    assert_error,
    link_account,
    make_customer,
    wanted_session,
)

ACCOUNTS: Final = "/v1/accounts"
SESSIONS: Final = "/v1/financial_connections/sessions"
LINKED: Final = "/v1/financial_connections/accounts"


def connect(server: Server, *, key: str = KEY, **params: str) -> dict[str, Any]:
    """A connected account, as the API answered it."""
    answer = server.post(ACCOUNTS, params, key=key)
    assert answer.status == 200, answer.body
    account: dict[str, Any] = answer.json
    return account


def events(server: Server) -> list[dict[str, Any]]:
    """Every event, oldest first."""
    return [Answer(200, {}, doc).json for (doc,) in server.query("SELECT doc FROM events ORDER BY id")]


def for_account(account: str, **changes: str) -> dict[str, str]:
    """The parameters of a Session for a connected account."""
    holder = {"account_holder[type]": "account", "account_holder[account]": account}
    return {**holder, "permissions[0]": "balances", **changes}


def test_a_key_has_an_account_of_its_own(server: Server) -> None:
    own = server.get("/v1/account").json

    assert (own["id"], own["object"]) == (server.scope().tenant, "account")
    assert own["business_profile"]["name"] == "Rocket Rides"
    assert server.get(f"{ACCOUNTS}/{own['id']}").json == own


def test_a_connected_account_keeps_what_its_platform_says(server: Server) -> None:
    account = connect(
        server,
        type="express",
        country="GB",
        email="ada@example.com",
        business_type="company",
        **{
            "business_profile[name]": "Ada's Engines",
            "capabilities[transfers][requested]": "true",
            "capabilities[card_payments][requested]": "false",
            "metadata[order]": "1",
        },
    )

    assert account["business_profile"]["name"] == "Ada's Engines"
    assert account["capabilities"] == {"transfers": "active", "card_payments": "inactive"}
    assert (account["country"], account["default_currency"], account["type"]) == ("GB", "gbp", "express")
    assert account["controller"]["stripe_dashboard"] == {"type": "express"}
    assert account["metadata"] == {"order": "1"}
    assert server.get(f"{ACCOUNTS}/{account['id']}").json == account


def test_a_controller_says_more_than_a_type(server: Server) -> None:
    account = connect(server, **{"controller[stripe_dashboard][type]": "none"})

    assert account["type"] == "none"
    assert account["controller"] == {
        "fees": {"payer": "account"},
        "is_controller": True,
        "losses": {"payments": "stripe"},
        "requirement_collection": "stripe",
        "stripe_dashboard": {"type": "none"},
        "type": "application",
    }


@pytest.mark.parametrize(
    ("params", "error"),
    [
        ({"type": "none"}, {"param": "type"}),
        ({"country": "Utopia"}, {"param": "country", "code": "country_code_invalid"}),
        ({"country": ""}, {"param": "country", "code": "parameter_invalid_empty"}),
        ({"default_currency": "xyz"}, {"param": "default_currency"}),
        (
            {"type": "custom", "controller[losses][payments]": "stripe"},
            {"param": "controller", "code": "parameters_exclusive"},
        ),
        (
            {"controller[losses][payments]": ""},
            {"param": "controller[losses][payments]", "code": "parameter_invalid_empty"},
        ),
        (
            {"capabilities[transfers][requested]": "yes"},
            {"param": "capabilities[transfers][requested]"},
        ),
        (
            {"capabilities[Transfers][requested]": "true"},
            {"param": "capabilities[Transfers]", "code": "parameter_unknown"},
        ),
        ({"capabilities": "transfers"}, {"param": "capabilities"}),
        ({"individual[first_name]": "Ada"}, {"param": "individual", "code": "parameter_unknown"}),
    ],
)
def test_an_account_that_cannot_be_is_refused_by_the_name_of_the_parameter(
    server: Server, params: dict[str, str], error: dict[str, str]
) -> None:
    before = server.rows()

    answer = server.post(ACCOUNTS, params)

    assert_error(answer, 400, **error)
    assert server.rows() == before


def test_an_update_changes_what_was_sent_and_tells_the_account_of_it(server: Server) -> None:
    account = connect(server, email="ada@example.com", **{"business_profile[name]": "Ada's Engines"})
    path = f"{ACCOUNTS}/{account['id']}"

    changed = server.post(path, {"business_profile[url]": "https://ada.example", "metadata[a]": "1"}).json
    again = server.post(path, {"metadata[a]": "1"}).json

    assert changed["business_profile"]["name"] == "Ada's Engines"
    assert changed["business_profile"]["url"] == "https://ada.example"
    assert server.get(path).json == again == changed
    (updated,) = events(server)
    assert (updated["type"], updated["account"]) == ("account.updated", account["id"])
    assert updated["data"]["object"] == changed
    assert updated["data"]["previous_attributes"] == {
        "business_profile": account["business_profile"],
        "metadata": {},
    }


def test_a_list_walks_each_account_once_in_both_directions(server: Server) -> None:
    made = []
    for _ in range(3):
        server.clock.pass_(0.001)
        made.append(connect(server)["id"])

    first = server.get(ACCOUNTS, b"limit=2").json
    second = server.get(ACCOUNTS, f"limit=2&starting_after={first['data'][-1]['id']}".encode()).json
    back = server.get(ACCOUNTS, f"limit=2&ending_before={second['data'][0]['id']}".encode()).json

    assert [account["id"] for account in first["data"] + second["data"]] == made[::-1]
    assert (first["has_more"], second["has_more"]) == (True, False)
    assert back["data"] == first["data"]
    assert server.get(ACCOUNTS, key=OTHER_KEY).json["data"] == []


def test_what_is_made_for_an_account_belongs_to_it_alone(server: Server) -> None:
    account = connect(server)["id"]

    customer = server.post("/v1/customers", {"name": "Robin"}, stripe_account=account).json["id"]

    assert server.get(f"/v1/customers/{customer}", stripe_account=account).status == 200
    assert server.get(f"/v1/customers/{customer}").status == 404
    assert server.get("/v1/customers").json["data"] == []
    (created,) = events(server)
    assert (created["type"], created["account"]) == ("customer.created", account)
    assert server.lines()[0]["tenant"] == server.scope().tenant
    assert {line["tenant"] for line in server.lines()[1:3]} == {account}


def test_an_event_of_the_platform_itself_names_no_account(server: Server) -> None:
    make_customer(server)

    assert "account" not in events(server)[0]


def test_an_idempotency_key_is_the_accounts_own(server: Server) -> None:
    account = connect(server)["id"]

    own = server.post("/v1/customers", {"name": "Robin"}, idempotency_key="once")
    theirs = server.post("/v1/customers", {"name": "Robin"}, idempotency_key="once", stripe_account=account)

    assert own.json["id"] != theirs.json["id"]
    assert "idempotent-replayed" not in theirs.headers


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/customers"),
        ("POST", "/v1/customers"),
        ("GET", "/v1/account"),
        ("GET", "/v1/no_such_route"),
    ],
)
def test_an_account_the_key_may_not_act_for_and_one_that_is_not_read_the_same(
    server: Server, method: str, path: str
) -> None:
    foreign = connect(server, key=OTHER_KEY)["id"]
    before = server.rows()

    refused = server.ask(method, path, stripe_account=foreign)
    unknown = server.ask(method, path, stripe_account="acct_unknown")

    assert_error(refused, 403, code="account_invalid", message="The provided key 'sk_test_****")
    assert refused.anonymous.replace(foreign.encode(), b"acct_unknown") == unknown.anonymous
    assert refused.status == unknown.status
    assert server.rows() == before


def test_another_tenants_own_account_cannot_be_acted_for(server: Server) -> None:
    other = server.scope(OTHER_KEY).tenant

    assert server.get("/v1/customers", stripe_account=other).status == 403
    assert server.get("/v1/customers", stripe_account=server.scope().tenant).status == 200
    assert server.get("/v1/customers", stripe_account="acct_\0").status == 403


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_foreign_account_can_be_neither_read_nor_changed(server: Server, method: str) -> None:
    foreign = connect(server, key=OTHER_KEY)["id"]

    refused = server.ask(method, f"{ACCOUNTS}/{foreign}")
    unknown = server.ask(method, f"{ACCOUNTS}/acct_unknown")

    assert_error(refused, 403, code="account_invalid", message="The provided key does not have access")
    assert refused.anonymous.replace(foreign.encode(), b"acct_unknown") == unknown.anonymous


def test_a_connected_account_reads_itself_and_connects_none(server: Server) -> None:
    account = connect(server)

    own = server.get("/v1/account", stripe_account=account["id"]).json
    refused = server.post(ACCOUNTS, stripe_account=account["id"])
    named = server.post(f"{ACCOUNTS}/{account['id']}", {"email": "a@b.example"}, stripe_account=account["id"])

    assert own == account
    assert_error(refused, 400, code="platform_account_required")
    assert named.json == account | {"email": "a@b.example"}


def test_the_platforms_own_account_cannot_be_changed(server: Server) -> None:
    answer = server.post(f"{ACCOUNTS}/{server.scope().tenant}", {"email": "a@b.example"})

    assert_error(answer, 403, code="account_invalid")


def test_accounts_are_linked_for_a_connected_account_and_listed_by_it(server: Server) -> None:
    account = connect(server)

    session = server.post(SESSIONS, for_account(account["id"])).json
    link_account(server, customer=account["id"])
    listed = server.get(LINKED, {"account_holder[account]": account["id"]}).json["data"]

    assert session["account_holder"] == {"type": "account", "account": account["id"]}
    assert len(listed) == 1


def test_accounts_are_listed_by_an_account_used_as_a_customer_since_clover(server: Server) -> None:
    account = connect(server)
    linked = link_account(server, customer=account["id"])
    wanted = {"account_holder[customer_account]": account["id"]}

    listed = server.get(LINKED, wanted).json["data"]
    early = server.get(LINKED, wanted, stripe_version="2025-11-17.clover")

    assert [each["id"] for each in listed] == [linked.id]
    assert_error(early, 400, code="parameter_unknown", param="account_holder[customer_account]")


def test_the_account_of_a_holder_is_expanded(server: Server) -> None:
    account, own = connect(server), server.get("/v1/account").json
    wanted = {"expand[]": "account_holder.account"}

    connected = server.post(SESSIONS, for_account(account["id"], **wanted)).json
    platform = server.post(SESSIONS, for_account(own["id"], **wanted)).json
    acting = server.post(SESSIONS, for_account(account["id"], **wanted), stripe_account=account["id"]).json

    assert connected["account_holder"]["account"] == account
    assert platform["account_holder"]["account"] == own
    assert acting["account_holder"]["account"] == account


def test_a_foreign_account_can_be_no_holder(server: Server) -> None:
    foreign = connect(server, key=OTHER_KEY)["id"]

    linked = server.post(SESSIONS, for_account(foreign))
    listed = server.get(LINKED, {"account_holder[account]": foreign})

    for answer in (linked, listed):
        assert_error(
            answer,
            400,
            code="resource_missing",
            param="account_holder[account]",
            message=f"No such account: '{foreign}'",
        )


def test_a_connected_account_does_not_see_its_platforms_customers(server: Server) -> None:
    account, customer = connect(server)["id"], make_customer(server)

    answer = server.post(SESSIONS, wanted_session(customer), stripe_account=account)

    assert_error(answer, 400, code="resource_missing", param="account_holder[customer]", message="No such")


def test_accounts_are_written_alike_in_every_version(server: Server) -> None:
    account = connect(server)

    listed = server.get(ACCOUNTS, stripe_version="2020-08-27").json

    assert listed["data"] == [account]
