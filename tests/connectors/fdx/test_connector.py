"""What is asked of an FDX bank, in which order, and what becomes of bad answers."""

import asyncio
import json
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from linkspan.server.connectors.base import Grant, InvalidSetting
from linkspan.server.connectors.failures import (
    ConnectorFailure,
    ConsentEnded,
    CredentialsRejected,
    InstitutionBrokeProtocol,
    InstitutionTimeout,
    InstitutionUnavailable,
    NotSupported,
    RateLimited,
)
from linkspan.server.connectors.fdx.connector import FdxConnector
from linkspan.server.connectors.http import Request, Response
from linkspan.server.connectors.line import Line
from linkspan.server.connectors.tokens import Tokens, grant_of, tokens_of
from linkspan.server.core.found import FoundAccount, FoundTransaction
from linkspan.server.core.institution import Institution
from linkspan.server.core.world import World
from tests.outbound.certificates import self_signed

NOW = 1_790_000_000.0
WORLD = World(lambda: NOW, bytes)
SETTINGS = {
    "issuer": "https://bank.example",
    "authorization_endpoint": "https://bank.example/authorize",
    "token_endpoint": "https://bank.example/token",
    "base_url": "https://api.bank.example/fdx/v6",
    "client_id": "linkspan",
    "client_secret": "hush",
    "scope": "accounts",
}
GRANT = grant_of(Tokens(access_token="at", refresh_token="rt", expires_at=None, scope=None))
CHECKING = {
    "accountId": "a 1/2",
    "accountCategory": "DEPOSIT_ACCOUNT",
    "accountType": "CHECKING",
    "accountNumberDisplay": "****1234",
    "currency": {"currencyCode": "USD"},
}
DETAIL = {**CHECKING, "currentBalance": 10, "balanceAsOf": "2026-09-21T14:13:20Z"}
ACH = {"bankId": "110000000", "identifier": "000123", "type": "US_ACH"}
A1 = "/accounts/a%201%2F2"


class Bank:
    """Answers each path from a table, as a transport; a callable sees the query."""

    def __init__(self, routes: dict[str, Any]) -> None:
        self.routes = routes
        self.asked: list[str] = []
        self.tokens: list[str] = []

    async def send(self, request: Request) -> Response:
        parts = urlsplit(request.url)
        path = parts.path.removeprefix("/fdx/v6")
        self.asked.append(path + (f"?{parts.query}" if parts.query else ""))
        self.tokens.append(request.headers.get("authorization", ""))
        answer = self.routes.get(path, refusal(404, 701))
        if callable(answer):
            answer = answer({name: values[0] for name, values in parse_qs(parts.query).items()})
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, Response) else said(answer)


def said(body: object, status: int = 200) -> Response:
    return Response(status=status, body=body if isinstance(body, bytes) else json.dumps(body).encode())


def refusal(status: int, code: int) -> Response:
    return said({"code": code, "message": "no"}, status)


def bank(**changes: Any) -> Bank:
    """A bank with one checking account; *changes* name a resource and replace its answer."""
    places = {
        "accounts": "/accounts",
        "detail": A1,
        "contact": f"{A1}/contact",
        "networks": f"{A1}/payment-networks",
        "transactions": f"{A1}/transactions",
    }
    routes: dict[str, Any] = {
        "/accounts": {"accounts": [CHECKING]},
        A1: DETAIL,
        f"{A1}/contact": {"holders": [{"name": {"first": "Ada", "last": "Lovelace"}}]},
        f"{A1}/payment-networks": {"paymentNetworks": [ACH]},
    }
    return Bank({**routes, **{places[name]: answer for name, answer in changes.items()}})


def institution(**changes: str) -> Institution:
    return Institution(
        id="fcinst_1",
        name="Bank",
        countries=("US",),
        connector="fdx",
        url=None,
        color="#000000",
        settings={**SETTINGS, **changes},
    )


def read(network: Bank, grant: Grant = GRANT) -> tuple[tuple[FoundAccount, ...], Grant]:
    return asyncio.run(FdxConnector(Line(network, WORLD)).accounts(institution(), grant, now=NOW))


def only(network: Bank) -> FoundAccount:
    (found,), _ = read(network)
    return found


def test_an_account_is_found_with_all_the_bank_gives() -> None:
    network = bank()

    found = only(network)

    assert (found.source_id, found.category, found.subcategory) == ("a 1/2", "cash", "checking")
    assert (found.last4, found.is_open, found.problems) == ("1234", True, ())
    assert found.balance is not None
    assert found.balance.current == {"usd": 1000}
    assert [owner.name for owner in found.owners] == ["Ada Lovelace"]
    assert [number.account_number for number in found.numbers] == ["000123"]
    assert set(network.tokens) == {"Bearer at"}
    assert network.asked == ["/accounts", A1, f"{A1}/payment-networks", f"{A1}/contact"]


def test_only_accounts_that_hold_money_are_asked_for_their_numbers() -> None:
    card = {**CHECKING, "accountCategory": "LOC_ACCOUNT", "accountType": "CREDITCARD"}
    network = bank(accounts={"accounts": [card]}, detail=card)

    assert only(network).numbers == ()
    assert f"{A1}/payment-networks" not in network.asked


@pytest.mark.parametrize(("cursor", "parameter"), [("nextPageKey", "pageKey"), ("nextOffset", "offset")])
def test_a_list_is_read_to_its_end_in_the_banks_order(cursor: str, parameter: str) -> None:
    ids = [f"a{number}" for number in range(7)]

    def page(query: dict[str, str]) -> dict[str, Any]:
        at = int(query.get(parameter, "0"))
        rows = [
            {**CHECKING, "accountId": ids[at]},
            *([{**CHECKING, "accountId": ids[at + 1]}] if at < 6 else []),
        ]
        return {"accounts": rows, "page": {cursor: str(at + 2)} if at < 6 else {}}

    found, _ = read(bank(accounts=page))

    assert [account.source_id for account in found] == ids


@pytest.mark.parametrize(
    "following",
    [lambda _: "same", lambda query: str(int(query.get("pageKey", "0")) + 1)],
    ids=["loop", "endless"],
)
def test_a_list_without_an_end_is_a_failure_and_not_a_shorter_list(
    following: Callable[[dict[str, str]], str],
) -> None:
    network = bank(accounts=lambda query: {"accounts": [], "page": {"nextPageKey": following(query)}})

    with pytest.raises(InstitutionBrokeProtocol):
        read(network)

    assert len(network.asked) <= 100


def test_an_account_listed_twice_is_one_account() -> None:
    network = bank(accounts={"accounts": [CHECKING, CHECKING]})

    assert len(read(network)[0]) == 1


@pytest.mark.parametrize("account_id", ["", ".", ".."])
def test_an_id_that_leads_to_another_place_is_not_asked_for(account_id: str) -> None:
    network = bank(accounts={"accounts": [{**CHECKING, "accountId": account_id}]})

    with pytest.raises(InstitutionBrokeProtocol):
        read(network)

    assert network.asked == ["/accounts"]


def test_a_person_without_accounts_has_none() -> None:
    assert read(bank(accounts={"accounts": []})) == ((), GRANT)


@pytest.mark.parametrize("resource", ["accounts", "detail", "contact", "networks"])
@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (said({}, 401), CredentialsRejected),
        (said({}, 429), RateLimited),
        (said({}, 500), InstitutionUnavailable),
        (said({}, 503), InstitutionUnavailable),
        (said({}, 302), InstitutionBrokeProtocol),
        (InstitutionTimeout("slow"), InstitutionTimeout),
    ],
)
def test_a_bank_that_fails_anywhere_fails_the_reading(
    resource: str, answer: object, failure: type[ConnectorFailure]
) -> None:
    with pytest.raises(failure):
        read(bank(**{resource: answer}))


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (refusal(403, 602), ConsentEnded),
        (refusal(404, 701), InstitutionBrokeProtocol),
        (said(b"<html>"), InstitutionBrokeProtocol),
        (said({"accounts": [{"accountId": 7}]}), InstitutionBrokeProtocol),
        (said({"accounts": None}), InstitutionBrokeProtocol),
    ],
)
def test_without_a_list_of_accounts_there_is_nothing_to_go_on_with(
    answer: Response, failure: type[ConnectorFailure]
) -> None:
    with pytest.raises(failure):
        read(bank(accounts=answer))


@pytest.mark.parametrize("status", [403, 404, 405, 501])
def test_what_a_bank_does_not_offer_is_left_empty(status: int) -> None:
    found = only(bank(contact=refusal(status, 500), networks=refusal(status, 500)))

    assert (found.owners, found.numbers, found.problems) == ((), (), ())


def test_what_cannot_be_read_is_named_and_the_rest_kept() -> None:
    found = only(
        bank(contact=said({"holders": "Ada"}), networks=said({"paymentNetworks": [{"bankId": 110}]}))
    )

    assert found.balance is not None
    assert (found.owners, found.numbers) == ((), ())
    assert found.problems == ("payment-networks: paymentNetworks[0].bankId", "contact: holders")


@pytest.mark.parametrize(
    "detail", [{**DETAIL, "currentBalance": "ten"}, {**DETAIL, "accountId": "another"}, b"nothing"]
)
def test_a_detail_that_cannot_be_used_leaves_what_the_list_said(detail: object) -> None:
    found = only(bank(detail=said(detail)))

    assert (found.source_id, found.last4, found.balance) == ("a 1/2", "1234", None)
    assert len(found.problems) == 1


def test_an_amount_that_would_be_rounded_is_named_and_not_shown() -> None:
    found = only(bank(detail={**DETAIL, "currentBalance": 77.777}))

    assert found.balance is None
    assert len(found.problems) == 1
    assert "77" not in found.problems[0]


@pytest.mark.parametrize(
    ("answer", "is_open"),
    [
        (refusal(409, 705), False),
        (refusal(403, 706), True),
        (refusal(404, 701), True),
        ({**DETAIL, "status": "CLOSED"}, False),
    ],
)
def test_a_closed_account_is_found_as_closed(answer: object, is_open: bool) -> None:  # noqa: FBT001 - a column of the table above
    assert only(bank(detail=answer)).is_open is is_open


def test_a_grant_about_to_expire_is_renewed_before_anything_is_read() -> None:
    network = bank()
    network.routes["/token"] = {
        "access_token": "at-2",
        "token_type": "bearer",
        "expires_in": 600,
        "refresh_token": "rt-2",
    }
    old = grant_of(Tokens(access_token="at", refresh_token="rt", expires_at=int(NOW), scope=None))

    _, renewed = read(network, old)

    assert tokens_of(renewed).refresh_token == "rt-2"
    assert network.asked[0] == "/token"
    assert set(network.tokens[1:]) == {"Bearer at-2"}


def movements(network: Bank, **settings: str) -> tuple[FoundTransaction, ...]:
    async def walk() -> tuple[FoundTransaction, ...]:
        pages = FdxConnector(Line(network, WORLD)).transactions(
            institution(**settings),
            GRANT,
            source_id="a 1/2",
            currency="USD",
            from_on=date(2026, 8, 1),
            to_on=date(2026, 8, 31),
        )
        return tuple([row async for page in pages for row in page])

    return asyncio.run(walk())


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("6", {"startDate": "2026-08-01", "endDate": "2026-08-31"}),
        ("5", {"startTime": "2026-08-01T00:00:00Z", "endTime": "2026-08-31T23:59:59Z"}),
    ],
)
def test_both_ends_of_the_time_asked_for_are_sent_on_every_page(
    version: str, expected: dict[str, str]
) -> None:
    queries: list[dict[str, str]] = []

    def page(query: dict[str, str]) -> dict[str, Any]:
        queries.append(query)
        return {"transactions": [], "page": {"nextOffset": "2"} if "offset" not in query else {}}

    movements(bank(transactions=page), version=version)

    assert queries == [expected, {**expected, "offset": "2"}]


def test_movements_are_read_with_their_signs() -> None:
    row = {"accountCategory": "DEPOSIT_ACCOUNT", "transactionId": "t", "status": "POSTED", "amount": 2.5}
    rows = [{**row, "debitCreditMemo": memo} for memo in ("DEBIT", "CREDIT", "MEMO")]

    found = movements(bank(transactions={"transactions": rows}))

    assert [movement.amount for movement in found] == [-250, 250]


@pytest.mark.parametrize("changes", [{"amount": -2.5}, {"amount": 0.125}, {"amount": "much"}])
def test_a_movement_that_cannot_be_read_fails_the_walk(changes: dict[str, Any]) -> None:
    row = {
        "accountCategory": "DEPOSIT_ACCOUNT",
        "transactionId": "t",
        "status": "POSTED",
        "amount": 2.5,
        "debitCreditMemo": "DEBIT",
    }

    with pytest.raises(InstitutionBrokeProtocol):
        movements(bank(transactions={"transactions": [row, {**row, **changes}]}))


def test_a_bank_without_movements_says_so() -> None:
    with pytest.raises(NotSupported):
        movements(bank(transactions=refusal(405, 500)))


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("issuer", ""),
        ("client_id", " "),
        ("scope", ""),
        ("base_url", ""),
        ("base_url", "api.bank.example"),
        ("base_url", "https://user@bank.example"),
        ("token_endpoint", "javascript:alert(1)"),
        ("authorization_endpoint", "https://bank.example/a b"),
        ("revocation_endpoint", "nowhere"),
        ("version", "7"),
        ("authorization_response_iss_parameter_supported", "no"),
        ("clientid", "misspelled"),
        ("token_endpoint_auth_method", "client_secret_jwt"),
        ("client_key", "no key"),
        ("require_signed_request_object", "yes"),
        ("dpop_bound_access_tokens", "1"),
        ("authorization_signed_response_alg", "none"),
        ("pushed_authorization_request_endpoint", "nowhere"),
        ("jwks_uri", "file:///etc/passwd"),
    ],
)
def test_a_setting_that_cannot_work_is_named(setting: str, value: str) -> None:
    with pytest.raises(InvalidSetting) as caught:
        FdxConnector(Line(Bank({}), WORLD)).check(institution(**{setting: value}))

    assert caught.value.setting == setting
    assert str(caught.value).startswith(f"fcinst_1: settings.{setting} ")


@pytest.mark.parametrize(
    ("settings", "lacking"),
    [
        ({"token_endpoint_auth_method": "private_key_jwt"}, "client_key"),
        ({"token_endpoint_auth_method": "tls_client_auth"}, "client_certificate"),
        ({"token_endpoint_auth_method": "client_secret_basic", "client_secret": ""}, "client_secret"),
        ({"require_signed_request_object": "true"}, "client_key"),
        ({"authorization_signed_response_alg": "ES256"}, "jwks_uri"),
        ({"client_certificate": "a certificate"}, "client_certificate_key"),
    ],
)
def test_what_a_proof_needs_and_is_not_there_is_named(settings: dict[str, str], lacking: str) -> None:
    with pytest.raises(InvalidSetting) as caught:
        FdxConnector(Line(Bank({}), WORLD)).check(institution(**settings))

    assert caught.value.setting == lacking


def test_a_key_of_another_certificate_is_named() -> None:
    (certificate, _), (_, key) = self_signed("linkspan.example"), self_signed("linkspan.example")
    settings = {"client_certificate": certificate.decode(), "client_certificate_key": key.decode()}

    with pytest.raises(InvalidSetting, match="is not the certificate's"):
        FdxConnector(Line(Bank({}), WORLD)).check(institution(**settings))


def test_settings_that_work_are_accepted_without_asking_anybody() -> None:
    network = Bank({})

    FdxConnector(Line(network, WORLD)).check(institution())

    assert network.asked == []


def test_credentials_of_an_institution_do_not_show_themselves() -> None:
    assert "hush" not in repr(institution())
