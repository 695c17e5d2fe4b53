"""Bank accounts that were typed in become PaymentMethods of a Customer, and cease to be."""

from typing import Any, Final

import pytest

from tests.api.conftest import KEY, OTHER_KEY, Answer, Server, assert_error, make_customer

METHODS: Final = "/v1/payment_methods"
TOKENS: Final = "/v1/tokens"
DIGITS: Final = "000123456789"
TYPED: Final = {
    "type": "us_bank_account",
    "us_bank_account[account_number]": DIGITS,
    "us_bank_account[routing_number]": "110000000",
    "us_bank_account[account_holder_type]": "individual",
    "billing_details[name]": "Jenny Rosen",
}


def make_method(server: Server, *, key: str = KEY, **params: str) -> dict[str, Any]:
    """A PaymentMethod of typed numbers, as the API answered it."""
    answer = server.post(METHODS, TYPED | params, key=key)
    assert answer.status == 200, answer.body
    method: dict[str, Any] = answer.json
    return method


def attach(server: Server, method: str, customer: str, *, key: str = KEY) -> Answer:
    answer = server.post(f"{METHODS}/{method}/attach", {"customer": customer}, key=key)
    server.clock.pass_(0.001)  # ids follow time, so what happens next is told after it
    return answer


def make_attached(server: Server, customer: str) -> str:
    """The id of a PaymentMethod of a Customer."""
    method: str = make_method(server)["id"]
    assert attach(server, method, customer).status == 200
    return method


def events(server: Server) -> list[dict[str, Any]]:
    """Every event about a PaymentMethod, oldest first."""
    docs = server.query("SELECT doc FROM events WHERE type LIKE 'payment_method.%' ORDER BY id")
    return [Answer(200, {}, doc).json for (doc,) in docs]


def without(name: str) -> dict[str, str]:
    return {key: value for key, value in TYPED.items() if key != name}


def test_typed_numbers_are_shown_by_their_last_digits_alone(server: Server) -> None:
    answer = server.post(METHODS, TYPED | {"metadata[order]": "1"})
    method = answer.json

    bank = method.pop("us_bank_account")
    assert method["id"].startswith("pm_")
    assert method | {"id": "", "created": 0} == {
        "id": "",
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": {
            "address": None,
            "email": None,
            "name": "Jenny Rosen",
            "phone": None,
            "tax_id": None,
        },
        "created": 0,
        "customer": None,
        "customer_account": None,
        "livemode": False,
        "metadata": {"order": "1"},
        "type": "us_bank_account",
    }
    assert bank | {"fingerprint": ""} == {
        "account_holder_type": "individual",
        "account_type": "checking",
        "bank_name": "STRIPE TEST BANK",
        "financial_connections_account": None,
        "fingerprint": "",
        "last4": "6789",
        "networks": {"preferred": "ach", "supported": ["ach"]},
        "routing_number": "110000000",
        "status_details": {},
    }
    assert server.get(f"{METHODS}/{method['id']}").body == answer.body
    assert DIGITS not in repr(server.query("SELECT * FROM payment_methods"))


@pytest.mark.parametrize(
    ("params", "error"),
    [
        (without("type"), {"param": "type", "code": "parameter_missing"}),
        (TYPED | {"type": "card"}, {"param": "type"}),
        (without("billing_details[name]"), {"param": "billing_details", "code": "parameter_missing"}),
        (
            without("billing_details[name]") | {"billing_details[email]": "a@b.example"},
            {"param": "billing_details[name]", "code": "parameter_missing"},
        ),
        (
            TYPED | {"billing_details[name]": ""},
            {"param": "billing_details[name]", "code": "parameter_invalid_empty"},
        ),
        (
            without("us_bank_account[routing_number]"),
            {"param": "us_bank_account[routing_number]", "code": "parameter_missing"},
        ),
        (
            without("us_bank_account[account_number]"),
            {"param": "us_bank_account[account_number]", "code": "parameter_missing"},
        ),
        (
            TYPED | {"us_bank_account[routing_number]": "110000001"},
            {"param": "us_bank_account[routing_number]", "code": "routing_number_invalid"},
        ),
        (
            TYPED | {"us_bank_account[account_number]": "123"},
            {"param": "us_bank_account[account_number]", "code": "account_number_invalid"},
        ),
        (
            TYPED | {"us_bank_account[financial_connections_account]": "fca_1"},
            {"param": "us_bank_account[account_number]", "code": "parameters_exclusive"},
        ),
        (
            {
                "type": "us_bank_account",
                "billing_details[name]": "Jenny Rosen",
                "us_bank_account[financial_connections_account]": "fca_unknown",
            },
            {"param": "us_bank_account[financial_connections_account]", "code": "resource_missing"},
        ),
        (
            TYPED | {"us_bank_account[account_holder_type]": "robot"},
            {"param": "us_bank_account[account_holder_type]"},
        ),
        (TYPED | {"billing_details[address]": "here"}, {"param": "billing_details[address]"}),
        (TYPED | {"card[number]": "4242"}, {"param": "card", "code": "parameter_unknown"}),
    ],
)
def test_what_cannot_be_paid_with_is_refused_by_the_name_of_the_parameter(
    server: Server, params: dict[str, str], error: dict[str, str]
) -> None:
    before = server.rows()

    answer = server.post(METHODS, params)

    assert_error(answer, 400, **error)
    assert server.rows() == before
    assert DIGITS.encode() not in answer.body + server.log.getvalue()


def test_a_payment_method_is_attached_listed_and_detached(server: Server, customer: str) -> None:
    method = make_method(server)

    attached = attach(server, method["id"], customer).json
    of_customer = server.get(f"/v1/customers/{customer}/payment_methods").json
    one = server.get(f"/v1/customers/{customer}/payment_methods/{method['id']}").json
    detached = server.post(f"{METHODS}/{method['id']}/detach").json

    assert attached == method | {"customer": customer}
    assert of_customer == {
        "object": "list",
        "data": [attached],
        "has_more": False,
        "url": f"/v1/customers/{customer}/payment_methods",
    }
    assert one == attached
    assert detached == method == server.get(f"{METHODS}/{method['id']}").json
    assert server.get(METHODS, {"customer": customer}).json["data"] == []
    told = [(event["type"], event["data"].get("previous_attributes")) for event in events(server)]
    assert told == [
        ("payment_method.attached", None),
        ("payment_method.detached", {"customer": customer}),
    ]


def test_an_account_used_as_a_customer_pays_like_one(server: Server, customer: str) -> None:
    account = server.post("/v1/accounts").json["id"]
    method, asked = make_method(server)["id"], {"customer_account": account}
    make_attached(server, customer)

    attached = server.post(f"{METHODS}/{method}/attach", asked).json
    server.clock.pass_(0.001)
    again = server.post(f"{METHODS}/{method}/attach", asked).json
    updated = server.post(f"{METHODS}/{method}", {"metadata[a]": "1"}).json
    listed = server.get(METHODS, asked).json["data"]
    taken = attach(server, method, customer)
    token = server.post(TOKENS, {"bank_account[payment_method]": method, "customer": account})
    detached = server.post(f"{METHODS}/{method}/detach").json

    assert (attached["customer"], attached["customer_account"]) == (None, account)
    assert again == attached
    assert listed == [updated]
    assert_error(taken, 400, code="payment_method_unexpected_state", param="payment_method")
    assert token.status == 200
    assert (detached["customer"], detached["customer_account"]) == (None, None)
    (told,) = [event for event in events(server) if event["type"] == "payment_method.detached"]
    assert told["data"]["previous_attributes"] == {"customer_account": account}


@pytest.mark.parametrize(
    ("params", "error"),
    [
        ({}, {"code": "parameter_missing", "param": "customer"}),
        ({"customer": ""}, {"code": "parameter_invalid_empty", "param": "customer"}),
        (
            {"customer": "cus_1", "customer_account": "acct_1"},
            {"code": "parameters_exclusive", "param": "customer_account"},
        ),
        ({"customer_account": "acct_1"}, {"code": "resource_missing", "param": "customer_account"}),
    ],
)
def test_who_pays_is_named_once_and_exists(
    server: Server, params: dict[str, str], error: dict[str, str]
) -> None:
    method = make_method(server)["id"]

    assert_error(server.post(f"{METHODS}/{method}/attach", params), 400, **error)


def test_nobody_was_an_account_used_as_a_customer_before_there_were_any(server: Server) -> None:
    method = make_method(server)["id"]
    asked = {"customer_account": server.post("/v1/accounts").json["id"]}

    attached = server.post(f"{METHODS}/{method}/attach", asked, stripe_version="2025-11-17.clover")
    listed = server.get(METHODS, asked, stripe_version="2025-11-17.clover")

    for refused in (attached, listed):
        assert_error(refused, 400, code="parameter_unknown", param="customer_account")


def test_attaching_again_to_the_same_customer_changes_nothing(server: Server, customer: str) -> None:
    method = make_attached(server, customer)

    again = attach(server, method, customer)

    assert (again.status, again.json["customer"]) == (200, customer)
    assert len(events(server)) == 1


def test_a_payment_method_has_one_customer_and_none_after_it(server: Server, customer: str) -> None:
    method, other = make_attached(server, customer), make_customer(server)

    taken = attach(server, method, other)
    server.post(f"{METHODS}/{method}/detach")
    spent = attach(server, method, customer)
    free = server.post(f"{METHODS}/{method}/detach")

    expected = {"code": "payment_method_unexpected_state", "param": "payment_method"}
    assert_error(taken, 400, message="The payment method you provided has already been attached", **expected)
    assert_error(spent, 400, message="This PaymentMethod was previously used", **expected)
    assert_error(free, 400, message="The payment method you provided is not attached", **expected)


def test_a_refused_attachment_is_kept_under_its_idempotency_key(server: Server, customer: str) -> None:
    method, other = make_attached(server, customer), make_customer(server)

    first, second = (
        server.post(f"{METHODS}/{method}/attach", {"customer": other}, idempotency_key="once")
        for _ in range(2)
    )

    assert (first.status, first.body) == (second.status, second.body)
    assert second.headers["idempotent-replayed"] == "true"


def test_an_update_changes_what_was_sent_and_leaves_the_rest(server: Server, customer: str) -> None:
    method = make_attached(server, customer)
    path = f"{METHODS}/{method}"
    before = server.get(path).json

    changed = server.post(
        path,
        {
            "billing_details[address][city]": "Ghent",
            "billing_details[email]": "j@example.com",
            "metadata[a]": "1",
            "us_bank_account[account_type]": "savings",
            "allow_redisplay": "always",
        },
    ).json
    server.clock.pass_(0.001)
    moved = server.post(path, {"billing_details[address][line1]": "Quay 1"}).json
    gone = server.post(path, {"billing_details[address]": ""}).json

    assert changed["billing_details"]["name"] == "Jenny Rosen"
    assert changed["billing_details"]["address"]["city"] == "Ghent"
    assert changed["us_bank_account"] == before["us_bank_account"] | {"account_type": "savings"}
    assert (changed["allow_redisplay"], changed["metadata"]) == ("always", {"a": "1"})
    assert moved["billing_details"]["address"]["city"] is None
    assert gone["billing_details"]["address"] is None
    updated = [event for event in events(server) if event["type"] == "payment_method.updated"]
    assert len(updated) == 3
    assert updated[0]["data"]["previous_attributes"]["billing_details"] == before["billing_details"]


def test_what_is_attached_to_nobody_is_not_updated(server: Server) -> None:
    method = make_method(server)

    answer = server.post(f"{METHODS}/{method['id']}", {"metadata[a]": "1"})

    assert_error(answer, 400, code="payment_method_unexpected_state", param="payment_method")


def test_the_name_of_who_is_billed_cannot_be_taken_away(server: Server, customer: str) -> None:
    method = make_attached(server, customer)

    answer = server.post(f"{METHODS}/{method}", {"billing_details[name]": ""})

    assert_error(answer, 400, code="parameter_invalid_empty", param="billing_details[name]")


@pytest.mark.parametrize("address", ["/v1/customers/{}/payment_methods", METHODS])
def test_a_list_walks_each_payment_method_once_in_both_directions(
    server: Server, customer: str, address: str
) -> None:
    made = [make_attached(server, customer) for _ in range(3)]
    path = address.format(customer)

    first = server.get(path, b"limit=2").json
    second = server.get(path, f"limit=2&starting_after={first['data'][-1]['id']}".encode()).json
    back = server.get(path, f"limit=2&ending_before={second['data'][0]['id']}".encode()).json

    assert [method["id"] for method in first["data"] + second["data"]] == made[::-1]
    assert (first["has_more"], second["has_more"]) == (True, False)
    assert back["data"] == first["data"]


def test_a_list_is_narrowed_by_type(server: Server, customer: str) -> None:
    method = make_attached(server, customer)

    def listed(kind: str) -> list[str]:
        rows = server.get(METHODS, {"customer": customer, "type": kind}).json["data"]
        return [row["id"] for row in rows]

    assert listed("us_bank_account") == [method]
    assert listed("card") == []
    assert_error(server.get(METHODS, {"type": "barter"}), 400, param="type")


def test_the_customer_of_a_payment_method_is_expanded(server: Server, customer: str) -> None:
    method = make_attached(server, customer)

    one = server.get(f"{METHODS}/{method}", {"expand[]": "customer"}).json
    (row,) = server.get(METHODS, {"customer": customer, "expand[]": "data.customer"}).json["data"]

    assert one["customer"] == row["customer"] == server.get(f"/v1/customers/{customer}").json


def test_a_deleted_customer_leaves_its_payment_methods_behind(server: Server, customer: str) -> None:
    methods = [make_attached(server, customer) for _ in range(2)]

    server.ask("DELETE", f"/v1/customers/{customer}")

    assert [server.get(f"{METHODS}/{method}").json["customer"] for method in methods] == [None, None]
    assert attach(server, methods[0], make_customer(server)).status == 400
    assert server.get(f"/v1/customers/{customer}/payment_methods").status == 404
    assert [event["type"] for event in events(server)][2:] == ["payment_method.detached"] * 2


def test_unknown_customers_are_refused_where_they_are_named(server: Server) -> None:
    method = make_method(server)["id"]

    in_path = server.get("/v1/customers/cus_unknown/payment_methods")
    of_one = server.get(f"/v1/customers/cus_unknown/payment_methods/{method}")
    in_list = server.get(METHODS, {"customer": "cus_unknown"})
    attached = attach(server, method, "cus_unknown")

    for answer, status in ((in_path, 404), (of_one, 404), (in_list, 400), (attached, 400)):
        assert_error(answer, status, code="resource_missing", param="customer", message="No such customer")


def test_a_payment_method_of_another_customer_is_not_there(server: Server, customer: str) -> None:
    method = make_attached(server, make_customer(server))

    answer = server.get(f"/v1/customers/{customer}/payment_methods/{method}")

    assert_error(answer, 404, code="resource_missing", param="payment_method", message="No such Payment")


@pytest.mark.parametrize(
    ("method", "path"), [("GET", ""), ("POST", ""), ("POST", "/attach"), ("POST", "/detach")]
)
def test_another_tenants_payment_method_and_an_unknown_one_read_the_same(
    server: Server, customer: str, method: str, path: str
) -> None:
    foreign = make_method(server, key=OTHER_KEY)["id"]
    params = {"customer": customer} if path == "/attach" else {}

    refused = server.ask(method, f"{METHODS}/{foreign}{path}", params)
    unknown = server.ask(method, f"{METHODS}/pm_unknown{path}", params)

    assert_error(refused, 404, code="resource_missing", param="payment_method", message="No such Payment")
    assert refused.anonymous.replace(foreign.encode(), b"pm_unknown") == unknown.anonymous


def test_a_token_copies_an_attached_payment_method_for_its_customer(server: Server, customer: str) -> None:
    method, other = make_attached(server, customer), make_customer(server)
    asked = {"bank_account[payment_method]": method}

    nobody = server.post(TOKENS, asked)
    wrong = server.post(TOKENS, asked | {"customer": other})
    token = server.post(TOKENS, asked | {"customer": customer}).json

    assert_error(nobody, 400, code="parameter_missing", param="customer")
    assert_error(wrong, 400, param="customer")
    bank = server.get(f"{METHODS}/{method}").json["us_bank_account"]
    assert token["bank_account"]["fingerprint"] == bank["fingerprint"]
    assert token["bank_account"]["account_holder_name"] == "Jenny Rosen"
    assert server.get(f"{METHODS}/{method}").json["customer"] == customer


def test_a_token_spends_a_payment_method_of_nobody(server: Server, customer: str) -> None:
    method = make_method(server)["id"]
    asked = {"bank_account[payment_method]": method}

    first, second = server.post(TOKENS, asked), server.post(TOKENS, asked)
    attached = attach(server, method, customer)

    assert first.json["bank_account"]["last4"] == "6789"
    for refused in (second, attached):
        assert_error(
            refused, 400, code="payment_method_unexpected_state", param="payment_method", message="This Pay"
        )
