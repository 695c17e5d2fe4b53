"""A token stands for a bank account without showing its digits."""

from typing import Any, Final

import pytest

from tests.api.conftest import KEY, OTHER_KEY, Server, assert_error

TOKENS: Final = "/v1/tokens"
DIGITS: Final = "000123456789"
NUMBERS: Final = {
    "bank_account[account_number]": DIGITS,
    "bank_account[country]": "US",
    "bank_account[routing_number]": "110000000",
}


def make_token(server: Server, *, key: str = KEY, **headers: str) -> dict[str, Any]:
    """A token, as the API answered it."""
    answer = server.post(TOKENS, NUMBERS, key=key, **headers)
    assert answer.status == 200, answer.body
    token: dict[str, Any] = answer.json
    return token


def without(name: str) -> dict[str, str]:
    return {key: value for key, value in NUMBERS.items() if key != f"bank_account[{name}]"}


def test_a_token_shows_its_bank_account_without_the_digits(server: Server) -> None:
    about = {
        "bank_account[account_holder_name]": "Jenny Rosen",
        "bank_account[account_holder_type]": "individual",
        "bank_account[currency]": "USD",
    }

    answer = server.post(TOKENS, NUMBERS | about)
    token = answer.json

    bank = token.pop("bank_account")
    assert token["id"].startswith("btok_")
    assert token | {"id": "", "created": 0} == {
        "id": "",
        "object": "token",
        "client_ip": None,
        "created": 0,
        "livemode": False,
        "type": "bank_account",
        "used": False,
    }
    assert bank | {"id": "", "fingerprint": ""} == {
        "id": "",
        "object": "bank_account",
        "account_holder_name": "Jenny Rosen",
        "account_holder_type": "individual",
        "account_type": None,
        "bank_name": "STRIPE TEST BANK",
        "country": "US",
        "currency": "usd",
        "fingerprint": "",
        "last4": "6789",
        "routing_number": "110000000",
        "status": "new",
    }
    assert len(bank["fingerprint"]) == 16
    assert server.get(f"{TOKENS}/{token['id']}").body == answer.body


def test_the_digits_are_nowhere_in_the_database_nor_in_the_log(server: Server) -> None:
    make_token(server, idempotency_key="once")
    server.post(TOKENS, NUMBERS | {"bank_account[routing_number]": "110000001"})

    kept = [*server.query("SELECT * FROM tokens"), *server.query("SELECT * FROM idempotency")]

    assert DIGITS not in repr(kept)
    assert DIGITS.encode() not in server.log.getvalue()


def test_equal_numbers_have_one_fingerprint_for_one_tenant_alone(server: Server) -> None:
    account = server.post("/v1/accounts").json["id"]

    first, second = make_token(server), make_token(server)
    foreign = make_token(server, key=OTHER_KEY)
    connected = make_token(server, stripe_account=account)
    other = server.post(TOKENS, NUMBERS | {"bank_account[account_number]": "000111111116"}).json

    prints = [token["bank_account"]["fingerprint"] for token in (first, second, foreign, connected, other)]
    assert prints[0] == prints[1]
    assert len(set(prints)) == 4


@pytest.mark.parametrize(
    ("params", "error"),
    [
        ({}, {"param": "bank_account", "code": "parameter_missing"}),
        (without("account_number"), {"param": "bank_account[account_number]", "code": "parameter_missing"}),
        (without("country"), {"param": "bank_account[country]", "code": "parameter_missing"}),
        (without("routing_number"), {"param": "bank_account[routing_number]", "code": "parameter_missing"}),
        (
            NUMBERS | {"bank_account[routing_number]": "12345"},
            {"param": "bank_account[routing_number]", "code": "routing_number_invalid"},
        ),
        (
            NUMBERS | {"bank_account[account_number]": "12x"},
            {"param": "bank_account[account_number]", "code": "account_number_invalid"},
        ),
        (
            NUMBERS | {"bank_account[account_number]": ""},
            {"param": "bank_account[account_number]", "code": "parameter_invalid_empty"},
        ),
        (
            NUMBERS | {"bank_account[country]": "Utopia"},
            {"param": "bank_account[country]", "code": "country_code_invalid"},
        ),
        (
            NUMBERS | {"bank_account[country]": "DE"},
            {"param": "bank_account[country]", "code": "country_unsupported"},
        ),
        (NUMBERS | {"bank_account[currency]": "xyz"}, {"param": "bank_account[currency]"}),
        (NUMBERS | {"bank_account[currency]": "eur"}, {"param": "bank_account[currency]"}),
        (NUMBERS | {"bank_account[account_type]": "futsu"}, {"param": "bank_account[account_type]"}),
        (NUMBERS | {"customer": "cus_1"}, {"param": "customer"}),
        ({"card[number]": "4242424242424242"}, {"param": "card", "code": "parameter_unknown"}),
        (
            NUMBERS | {"bank_account[payment_method]": "pm_1"},
            {"param": "bank_account[account_number]", "code": "parameters_exclusive"},
        ),
        (
            {"bank_account[payment_method]": "pm_unknown"},
            {"param": "bank_account[payment_method]", "code": "resource_missing"},
        ),
    ],
)
def test_a_token_that_cannot_be_is_refused_by_the_name_of_the_parameter(
    server: Server, params: dict[str, str], error: dict[str, str]
) -> None:
    before = server.rows()

    answer = server.post(TOKENS, params)

    assert_error(answer, 400, **error)
    assert server.rows() == before
    assert DIGITS.encode() not in answer.body


def test_another_tenants_token_and_an_unknown_one_read_the_same(server: Server) -> None:
    foreign = make_token(server, key=OTHER_KEY)["id"]

    refused = server.get(f"{TOKENS}/{foreign}")
    unknown = server.get(f"{TOKENS}/btok_unknown")

    assert_error(refused, 404, code="resource_missing", param="token", message="No such token")
    assert refused.anonymous.replace(foreign.encode(), b"btok_unknown") == unknown.anonymous
