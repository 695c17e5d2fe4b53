"""PaymentIntents and SetupIntents take a bank account, verify it and come to an end; no money moves."""

from typing import Any, Final

import pytest

from linkspan.server.operations import confirmations
from tests.api.conftest import KEY, OTHER_KEY, Answer, Server, assert_error, done, make_customer
from tests.api.test_payment_methods import DIGITS, TYPED, make_method

PAYMENTS: Final = "/v1/payment_intents"
SETUPS: Final = "/v1/setup_intents"
PRICE: Final = {"amount": "5000", "currency": "usd"}
BOTH: Final = pytest.mark.parametrize("kind", ["payment", "setup"])
DATA: Final = {
    "payment_method_data[type]": "us_bank_account",
    "payment_method_data[billing_details][name]": "Jenny Rosen",
    "payment_method_data[us_bank_account][account_holder_type]": "individual",
    "payment_method_data[us_bank_account][account_number]": DIGITS,
    "payment_method_data[us_bank_account][routing_number]": "110000000",
}
AMOUNTS: Final = {"amounts[0]": "32", "amounts[1]": "45"}
CODE: Final = {"descriptor_code": "SM11AA"}


def path_of(kind: str) -> str:
    return PAYMENTS if kind == "payment" else SETUPS


def make_intent(server: Server, kind: str = "payment", **params: str) -> dict[str, Any]:
    """An intent, as the API answered it."""
    form = (PRICE if kind == "payment" else {}) | params
    answer = server.post(path_of(kind), form)
    assert answer.status == 200, answer.body
    server.clock.pass_(0.001)  # ids follow time, so what happens next is told after it
    intent: dict[str, Any] = answer.json
    return intent


def act(server: Server, intent: dict[str, Any], what: str, /, **params: str) -> Answer:
    """Do something with an intent."""
    answer = server.post(f"/v1/{intent['object']}s/{intent['id']}/{what}", params)
    server.clock.pass_(0.001)
    return answer


def read(server: Server, intent: dict[str, Any]) -> dict[str, Any]:
    now: dict[str, Any] = server.get(f"/v1/{intent['object']}s/{intent['id']}").json
    return now


def settled(server: Server, intent: dict[str, Any], seconds: float = 3) -> dict[str, Any]:
    """An intent after its time has passed."""
    server.clock.pass_(seconds)
    done(confirmations.settle(server.context))
    return read(server, intent)


def told(server: Server) -> list[str]:
    """The types of what was told of intents, oldest first."""
    rows = server.query("SELECT type FROM events WHERE type LIKE '%_intent.%' ORDER BY id")
    return [row[0] for row in rows]


def awaiting(server: Server, kind: str = "payment") -> dict[str, Any]:
    """An intent that waits for its holder to tell of deposits."""
    intent = make_intent(server, kind, payment_method=make_method(server)["id"])
    answer = act(server, intent, "confirm")
    assert answer.json["status"] == "requires_action", answer.body
    waiting: dict[str, Any] = answer.json
    return waiting


@BOTH
def test_an_intent_is_created_without_anything_to_pay_with(server: Server, kind: str) -> None:
    intent = make_intent(server, kind)

    assert intent["status"] == "requires_payment_method"
    assert intent["payment_method_types"] == ["us_bank_account"]
    assert intent["payment_method_options"] == {"us_bank_account": {"verification_method": "automatic"}}
    assert intent["client_secret"].startswith(f"{intent['id']}_secret_")
    assert read(server, intent) == intent
    assert told(server) == [f"{kind}_intent.created"]


@BOTH
def test_an_event_does_not_tell_a_client_secret(server: Server, kind: str) -> None:
    intent = make_intent(server, kind)

    (doc,) = server.query("SELECT doc FROM events WHERE type LIKE '%_intent.created'")[0]

    assert Answer(200, {}, doc).json["data"]["object"] == intent | {"client_secret": None}
    assert intent["client_secret"] not in repr(server.query("SELECT * FROM intents"))


def test_typed_numbers_are_kept_from_whoever_reads_rows_and_events(server: Server) -> None:
    answer = server.post(PAYMENTS, PRICE | DATA | {"confirm": "true"})

    assert answer.json["status"] == "requires_action"
    for table in ("intents", "payment_methods", "events", "idempotency"):
        assert DIGITS not in repr(server.query(f"SELECT * FROM {table}"))
    assert DIGITS not in server.log.getvalue().decode()


@BOTH
@pytest.mark.parametrize("answer", [AMOUNTS, {"amounts[0]": "45", "amounts[1]": "32"}, CODE])
def test_typed_numbers_wait_for_their_deposits(server: Server, kind: str, answer: dict[str, str]) -> None:
    intent = awaiting(server, kind)

    action = intent["next_action"]["verify_with_microdeposits"]
    assert action["arrival_date"] > server.clock.now
    assert action["hosted_verification_url"].startswith("http://127.0.0.1/link/deposits/")
    after = act(server, intent, "verify_microdeposits", **answer).json

    assert after["next_action"] is None
    assert after["status"] == ("processing" if kind == "payment" else "succeeded")
    ended = settled(server, intent)
    assert ended["status"] == "succeeded"
    past = {"payment": ["created", "requires_action", "processing", "succeeded"]}
    names = past.get(kind, ["created", "requires_action", "succeeded"])
    assert told(server) == [f"{kind}_intent.{name}" for name in names]


def test_a_payment_that_succeeds_has_received_what_it_asked_for(server: Server) -> None:
    intent = make_intent(server, payment_method="pm_usBankAccount_success", confirm="true")

    assert (intent["status"], intent["amount_received"]) == ("processing", 0)
    assert settled(server, intent)["amount_received"] == 5000


def test_what_is_verified_once_pays_again_at_once(server: Server) -> None:
    intent = awaiting(server)
    act(server, intent, "verify_microdeposits", **CODE)

    again = make_intent(server, payment_method=intent["payment_method"], confirm="true")

    assert again["status"] == "processing"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("accountClosed", "account_closed"),
        ("riskLevelHighest", "payment_intent_payment_attempt_failed"),
        ("noAccount", "no_account"),
        ("insufficientFunds", "insufficient_funds"),
        ("debitNotAuthorized", "debit_not_authorized"),
        ("invalidCurrency", "invalid_currency"),
        ("weeklyLimitExceeded", "charge_exceeds_weekly_limit"),
    ],
)
def test_a_payment_from_a_test_account_fails_as_its_number_says(server: Server, name: str, code: str) -> None:
    intent = make_intent(server, payment_method=f"pm_usBankAccount_{name}", confirm="true")
    assert intent["status"] == "processing"

    ended = settled(server, intent)

    assert (ended["status"], ended["payment_method"]) == ("requires_payment_method", None)
    error = ended["last_payment_error"]
    assert (error["type"], error["code"]) == ("invalid_request_error", code)
    assert error["payment_method"]["id"] == intent["payment_method"]
    assert told(server)[-1] == "payment_intent.payment_failed"


def test_a_deactivated_stand_in_fails(server: Server) -> None:
    method = make_method(server, **{"us_bank_account[account_number]": "000888888885"})["id"]
    intent = make_intent(server, payment_method=method, confirm="true")
    act(server, intent, "verify_microdeposits", **CODE)

    assert settled(server, intent)["last_payment_error"]["code"] == "tokenized_account_number_deactivated"


@pytest.mark.parametrize("name", ["dispute", "success"])
def test_a_payment_that_would_be_disputed_succeeds_first(server: Server, name: str) -> None:
    intent = make_intent(server, payment_method=f"pm_usBankAccount_{name}", confirm="true")

    assert settled(server, intent)["status"] == "succeeded"


def test_a_payment_that_never_ends_stays_under_way(server: Server) -> None:
    intent = make_intent(server, payment_method="pm_usBankAccount_processing", confirm="true")

    assert settled(server, intent, seconds=10**7)["status"] == "processing"


@BOTH
def test_deposits_that_cannot_be_sent_fail(server: Server, kind: str) -> None:
    intent = make_intent(server, kind, payment_method="pm_usBankAccount_failMicrodeposits", confirm="true")
    assert intent["status"] == "requires_action"

    ended = settled(server, intent)

    field = f"last_{kind}_error"
    assert ended[field]["code"] == "payment_method_microdeposit_failed"
    assert ended["status"] == "requires_payment_method"


@BOTH
@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"amounts[0]": "10", "amounts[1]": "11"}, "attempts_exceeded"),
        ({"descriptor_code": "SM33CC"}, "attempts_exceeded"),
        ({"amounts[0]": "40", "amounts[1]": "41"}, "timeout"),
        ({"descriptor_code": "SM44DD"}, "timeout"),
    ],
)
def test_some_answers_end_the_verification(
    server: Server, kind: str, answer: dict[str, str], code: str
) -> None:
    intent = awaiting(server, kind)

    refused = act(server, intent, "verify_microdeposits", **answer)

    code = f"payment_method_microdeposit_verification_{code}"
    assert_error(refused, 400, code=code)
    ended = read(server, intent)
    assert (ended["status"], ended["next_action"]) == ("requires_payment_method", None)
    assert ended[f"last_{kind}_error"]["code"] == code
    assert told(server)[-1] == f"{kind}_intent.{'payment' if kind == 'payment' else 'setup'}_failed"


@pytest.mark.parametrize(
    ("answer", "tries", "mismatch"),
    [
        ({"amounts[0]": "1", "amounts[1]": "1"}, 10, "amounts_mismatch"),
        ({"descriptor_code": "SMXXXX"}, 3, "descriptor_code_mismatch"),
    ],
)
def test_wrong_answers_are_counted(server: Server, answer: dict[str, str], tries: int, mismatch: str) -> None:
    intent = awaiting(server)
    prefix = "payment_method_microdeposit_verification"

    codes = [act(server, intent, "verify_microdeposits", **answer).error["code"] for _ in range(tries)]

    assert codes == [f"{prefix}_{mismatch}"] * (tries - 1) + [f"{prefix}_attempts_exceeded"]
    assert read(server, intent)["status"] == "requires_payment_method"


def test_a_wrong_answer_that_is_sent_again_with_its_key_counts_once(server: Server) -> None:
    intent = awaiting(server)
    path = f"{PAYMENTS}/{intent['id']}/verify_microdeposits"

    first = server.post(path, {"descriptor_code": "SMXXXX"}, idempotency_key="once")
    second = server.post(path, {"descriptor_code": "SMXXXX"}, idempotency_key="once")

    assert (second.status, second.body) == (400, first.body)
    assert server.query("SELECT tries FROM intents") == [(1,)]


def test_deposits_that_nobody_tells_of_come_to_nothing(server: Server) -> None:
    intent = awaiting(server)

    assert settled(server, intent, seconds=9 * 86_400)["status"] == "requires_action"
    ended = settled(server, intent, seconds=86_401)

    assert ended["last_payment_error"]["code"] == "payment_method_microdeposit_verification_timeout"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({}, {"param": "amounts", "code": "parameter_missing"}),
        (AMOUNTS | CODE, {"param": "descriptor_code", "code": "parameters_exclusive"}),
        ({"amounts[0]": "32"}, {"param": "amounts"}),
        ({"amounts[0]": "32", "amounts[1]": "100"}, {"param": "amounts"}),
        ({"amounts[0]": "-1", "amounts[1]": "32"}, {"param": "amounts"}),
        (
            {"amounts[0]": "x", "amounts[1]": "32"},
            {"param": "amounts[0]", "code": "parameter_invalid_integer"},
        ),
    ],
)
def test_an_answer_that_is_none_does_not_count(
    server: Server, answer: dict[str, str], expected: dict[str, str]
) -> None:
    intent = awaiting(server)
    invalid = {"code": "payment_method_microdeposit_verification_amounts_invalid"}

    assert_error(act(server, intent, "verify_microdeposits", **answer), 400, **(invalid | expected))
    assert server.query("SELECT tries FROM intents") == [(0,)]


def test_what_is_verified_is_not_asked_about_again(server: Server) -> None:
    intent = make_intent(server, payment_method="pm_usBankAccount_success", confirm="true")

    refused = act(server, intent, "verify_microdeposits", **CODE)

    assert_error(refused, 400, code="payment_method_bank_account_already_verified")


@BOTH
def test_an_intent_of_nothing_cannot_be_confirmed(server: Server, kind: str) -> None:
    refused = act(server, make_intent(server, kind), "confirm")

    assert_error(refused, 400, code=f"{kind}_intent_unexpected_state", message="You cannot confirm this")


@BOTH
def test_an_intent_is_canceled_for_good(server: Server, kind: str) -> None:
    intent = make_intent(server, kind)

    canceled = act(server, intent, "cancel", cancellation_reason="abandoned").json

    assert (canceled["status"], canceled["cancellation_reason"]) == ("canceled", "abandoned")
    assert told(server)[-1] == f"{kind}_intent.canceled"
    for what, params in (("cancel", {}), ("confirm", {"payment_method": "pm_usBankAccount_success"})):
        assert_error(act(server, intent, what, **params), 400, code=f"{kind}_intent_unexpected_state")


def test_a_payment_under_way_cannot_be_canceled(server: Server) -> None:
    intent = make_intent(server, payment_method="pm_usBankAccount_success", confirm="true")

    assert_error(act(server, intent, "cancel"), 400, code="payment_intent_unexpected_state")


def test_a_setup_keeps_what_it_verified_for_its_customer(server: Server) -> None:
    customer = make_customer(server)

    intent = make_intent(
        server, "setup", customer=customer, payment_method="pm_usBankAccount_success", confirm="true"
    )

    assert intent["status"] == "succeeded"
    method = server.get(f"/v1/payment_methods/{intent['payment_method']}").json
    assert method["customer"] == customer


def test_a_payment_keeps_what_it_is_paid_with_when_it_is_asked_to(server: Server) -> None:
    customer = make_customer(server)
    params = {"customer": customer, "payment_method": "pm_usBankAccount_success", "confirm": "true"}

    once = make_intent(server, **params)
    kept = make_intent(server, **params, setup_future_usage="off_session")

    def owner(intent: dict[str, Any]) -> str | None:
        found: str | None = server.get(f"/v1/payment_methods/{intent['payment_method']}").json["customer"]
        return found

    assert (owner(once), owner(kept)) == (None, customer)


def test_what_belongs_to_somebody_else_pays_nothing(server: Server) -> None:
    ours, theirs = make_customer(server), make_customer(server)
    method = make_method(server)["id"]
    server.post(f"/v1/payment_methods/{method}/attach", {"customer": theirs})

    for params in ({}, {"customer": ours}):
        refused = server.post(PAYMENTS, PRICE | params | {"payment_method": method})
        assert_error(refused, 400, param="payment_method", message="The payment method supplied belongs to")
    assert server.post(PAYMENTS, PRICE | {"customer": theirs, "payment_method": method}).status == 200


@BOTH
def test_an_update_changes_what_is_named(server: Server, kind: str) -> None:
    intent = make_intent(server, kind, **{"metadata[order]": "1"})
    method = make_method(server)["id"]

    server.post(f"{path_of(kind)}/{intent['id']}", {"payment_method": method, "metadata[ride]": "7"})

    after = read(server, intent)
    assert after == intent | {
        "metadata": {"order": "1", "ride": "7"},
        "payment_method": method,
        "status": "requires_confirmation",
    }


def test_what_is_under_way_keeps_its_amount(server: Server) -> None:
    intent = make_intent(server, payment_method="pm_usBankAccount_processing", confirm="true")
    path = f"{PAYMENTS}/{intent['id']}"

    assert_error(server.post(path, {"amount": "1"}), 400, code="payment_intent_unexpected_state")
    assert server.post(path, {"description": "A ride"}).json["description"] == "A ride"


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"amount": ""}, {"param": "amount", "code": "parameter_invalid_empty"}),
        ({"amount": "0"}, {"param": "amount", "code": "parameter_invalid_integer"}),
        ({"currency": "eur"}, {"param": "currency"}),
        ({"allowed_payment_method_types[]": "card"}, {"param": "allowed_payment_method_types[0]"}),
        ({"customer": "cus_none"}, {"param": "customer", "code": "resource_missing"}),
        ({"payment_method": "pm_none"}, {"param": "payment_method", "code": "resource_missing"}),
        (
            DATA | {"payment_method_data[us_bank_account][routing_number]": "110000001"},
            {
                "param": "payment_method_data[us_bank_account][routing_number]",
                "code": "routing_number_invalid",
            },
        ),
        (
            {"payment_method_options[us_bank_account][financial_connections][permissions][]": "balances"},
            {"param": "payment_method_options[us_bank_account][financial_connections][permissions]"},
        ),
    ],
)
def test_a_payment_that_cannot_be_is_refused_by_name(
    server: Server, params: dict[str, str], expected: dict[str, str]
) -> None:
    before = server.rows()

    assert_error(server.post(PAYMENTS, PRICE | params), 400, **expected)
    assert server.rows() == before


def test_where_an_account_has_to_be_linked_typed_numbers_are_refused(server: Server) -> None:
    wanted = {"payment_method_options[us_bank_account][verification_method]": "instant"}

    refused = server.post(PAYMENTS, PRICE | DATA | wanted)

    assert_error(refused, 400, param="payment_method")


@BOTH
def test_intents_are_listed_newest_first_and_by_customer(server: Server, kind: str) -> None:
    customer = make_customer(server)
    first = make_intent(server, kind, customer=customer)
    second = make_intent(server, kind)
    make_intent(server, "setup" if kind == "payment" else "payment")

    assert server.get(path_of(kind)).json["data"] == [second, first]
    assert server.get(path_of(kind), {"customer": customer}).json["data"] == [first]
    assert server.get(path_of(kind), {"starting_after": second["id"]}).json["data"] == [first]


def test_what_is_paid_with_is_expanded(server: Server) -> None:
    method = make_method(server)
    intent = make_intent(server, payment_method=method["id"])

    shown = server.get(f"{PAYMENTS}/{intent['id']}", {"expand[]": "payment_method"}).json

    assert shown == intent | {"payment_method": method}


def test_a_page_reads_and_confirms_what_it_has_the_secret_of(server: Server) -> None:
    intent = make_intent(server, **{"metadata[order]": "1"}, payment_method="pm_usBankAccount_success")
    secret = {"client_secret": intent["client_secret"]}
    path = f"{PAYMENTS}/{intent['id']}"

    seen = server.get(path, secret, key="pk_test_shop").json
    confirmed = server.post(f"{path}/confirm", secret, key="pk_test_shop").json

    assert seen["client_secret"] == intent["client_secret"]
    assert {"customer", "metadata", "transfer_data"}.isdisjoint(seen)
    assert confirmed["status"] == "processing"


@pytest.mark.parametrize("what", ["", "/confirm", "/verify_microdeposits"])
def test_a_page_reaches_nothing_else(server: Server, what: str) -> None:
    intent, other = make_intent(server), make_intent(server)
    method = "POST" if what else "GET"
    path = f"{PAYMENTS}/{intent['id']}{what}"
    of_another = {"client_secret": other["client_secret"]}
    guessed = {"client_secret": intent["client_secret"][:-1] + "_"}

    for params in (of_another, guessed):
        assert server.ask(method, path, params, key="pk_test_shop").status == 401
        assert_error(server.ask(method, path, params), 400, param="client_secret", message="The client")
    assert server.ask(method, path, key="pk_test_shop").error["code"] == "secret_key_required"
    mine = {"client_secret": intent["client_secret"]}
    for elsewhere in (f"{PAYMENTS}/{intent['id']}/cancel", PAYMENTS):
        assert server.post(elsewhere, mine, key="pk_test_shop").error["code"] == "secret_key_required"


def test_an_intent_of_another_tenant_is_none(server: Server) -> None:
    intent = make_intent(server)

    for path in (f"{PAYMENTS}/{intent['id']}", f"{SETUPS}/{intent['id']}"):
        key = OTHER_KEY if path.startswith(PAYMENTS) else KEY
        assert_error(server.get(path, key=key), 404, code="resource_missing", param="intent")


def test_a_version_before_endive_names_the_kinds_it_takes(server: Server) -> None:
    form = PRICE | {"payment_method_types[]": "us_bank_account"}

    then = server.post(PAYMENTS, form, stripe_version="2026-08-26.dahlia").json

    assert "allowed_payment_method_types" not in then
    assert read(server, then)["allowed_payment_method_types"] == ["us_bank_account"]
    assert server.post(PAYMENTS, form).error["code"] == "parameter_unknown"


def test_what_is_typed_is_the_same_for_an_intent_as_for_itself(server: Server) -> None:
    typed = server.post("/v1/payment_methods", TYPED).json["us_bank_account"]
    intent = make_intent(server, **DATA)

    made = server.get(f"/v1/payment_methods/{intent['payment_method']}").json["us_bank_account"]

    assert made == typed
