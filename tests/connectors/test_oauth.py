"""The OAuth client against honest, broken and hostile authorization servers."""

import asyncio
import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote_plus, urlsplit

import msgspec
import pytest

from linkspan.server.connectors import oauth
from linkspan.server.connectors.base import Grant, SendToBank
from linkspan.server.connectors.failures import (
    AuthorizationRefused,
    ConnectorFailure,
    CredentialsRejected,
    InstitutionBrokeProtocol,
    InstitutionMisconfigured,
    InstitutionTimeout,
    InstitutionUnavailable,
    RateLimited,
    SignInDenied,
)
from linkspan.server.connectors.http import Request, Response
from linkspan.server.connectors.line import Line
from linkspan.server.connectors.registration import OAuthSettings
from linkspan.server.connectors.tokens import Tokens, grant_of, tokens_of
from linkspan.server.core.world import World

ISSUER = "https://bank.example"
CALLBACK = "https://linkspan.example/link/callback"
NOW = 1_790_000_000.5
SETTINGS = OAuthSettings(
    issuer=ISSUER,
    authorization_endpoint="https://bank.example/authorize",
    token_endpoint="https://bank.example/token",
    revocation_endpoint="https://bank.example/revoke",
    client_id="linkspan",
    client_secret="client-secret",
    scope="fdx:accountdetailed:read",
)
TOKENS = {"access_token": "at-1", "token_type": "Bearer", "expires_in": 600, "refresh_token": "rt-1"}


@dataclass
class Network:
    """Answers each request with the next of *answers* and remembers what was asked."""

    answers: list[Response | Exception]
    requests: list[Request] = field(default_factory=list)

    async def send(self, request: Request) -> Response:
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def said(body: object, status: int = 200, **headers: str) -> Response:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response(
        status=status, headers={name.replace("_", "-"): text for name, text in headers.items()}, body=data
    )


def line(network: Network) -> Line:
    return Line(network, World(lambda: NOW, bytes))


def begun(settings: OAuthSettings = SETTINGS, fill: bytes = b"\x01") -> SendToBank:
    sent = oauth.begin(settings, redirect_uri=CALLBACK, state="st/te", random_bytes=lambda size: fill * size)
    assert isinstance(sent, SendToBank)
    return sent


def finish(
    network: Network,
    answer: Mapping[str, str],
    settings: OAuthSettings = SETTINGS,
    kept: bytes | None = None,
    redirect_uri: str = CALLBACK,
) -> Grant:
    kept = begun(settings).kept if kept is None else kept
    return asyncio.run(
        oauth.finish(settings, line(network), redirect_uri=redirect_uri, kept=kept, answer=answer, now=NOW)
    )


GOOD = {"code": "c-1", "iss": ISSUER, "state": "st/te"}


def old_grant(**changes: Any) -> Grant:
    tokens = Tokens(access_token="at-0", refresh_token="rt-0", expires_at=int(NOW) + 60, scope="read")
    return grant_of(msgspec.structs.replace(tokens, **changes))


def test_the_person_is_sent_with_a_challenge_whose_verifier_stays_here() -> None:
    sent = begun()

    address, query = sent.url.split("?", 1)
    asked = {name: values for name, values in parse_qs(query).items() if name != "code_challenge"}
    verifier = msgspec.json.decode(sent.kept)["verifier"]
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    assert address == SETTINGS.authorization_endpoint
    assert parse_qs(query)["code_challenge"] == [digest]
    assert asked == {
        "response_type": ["code"],
        "client_id": ["linkspan"],
        "redirect_uri": [CALLBACK],
        "scope": ["fdx:accountdetailed:read"],
        "state": ["st/te"],
        "code_challenge_method": ["S256"],
    }
    assert len(verifier) == 43
    assert verifier not in sent.url + repr(sent)


def test_an_endpoint_with_a_query_keeps_it() -> None:
    settings = settings_with(authorization_endpoint="https://bank.example/authorize?brand=a")

    assert begun(settings).url.startswith("https://bank.example/authorize?brand=a&response_type=code&")


def settings_with(**changes: Any) -> OAuthSettings:
    fields = {name: getattr(SETTINGS, name) for name in SETTINGS.__slots__}
    return OAuthSettings(**{**fields, **changes})


def test_a_code_becomes_a_grant_with_one_token_call() -> None:
    network = Network([said({**TOKENS, "scope": "read"})])

    grant = finish(network, GOOD)

    (request,) = network.requests
    assert (request.method, request.url) == ("POST", SETTINGS.token_endpoint)
    assert dict(parse_qsl(request.body.decode())) == {
        "grant_type": "authorization_code",
        "code": "c-1",
        "redirect_uri": CALLBACK,
        "code_verifier": msgspec.json.decode(begun().kept)["verifier"],
    }
    assert msgspec.json.decode(grant) == {
        "access_token": "at-1",
        "refresh_token": "rt-1",
        "expires_at": 1_790_000_600,
        "scope": "read",
    }


def test_client_credentials_are_form_encoded_before_they_are_joined() -> None:
    network = Network([said(TOKENS)])

    finish(network, GOOD, settings_with(client_id="id:with colon", client_secret="s+c/r%e:t é"))

    scheme, _, encoded = network.requests[0].headers["authorization"].partition(" ")
    client_id, client_secret = base64.b64decode(encoded).decode().split(":")
    assert scheme == "Basic"
    assert (client_id, client_secret) == ("id%3Awith+colon", "s%2Bc%2Fr%25e%3At+%C3%A9")
    assert unquote_plus(client_secret) == "s+c/r%e:t é"


def test_a_public_client_names_itself_in_the_form() -> None:
    network = Network([said(TOKENS)])

    finish(network, GOOD, settings_with(client_secret=None))

    assert "authorization" not in network.requests[0].headers
    assert ("client_id", "linkspan") in parse_qsl(network.requests[0].body.decode())


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        ({"code": "c"}, AuthorizationRefused),
        ({"code": "c", "iss": ""}, AuthorizationRefused),
        ({"code": "c", "iss": "https://evil.example"}, AuthorizationRefused),
        ({"code": "c", "iss": ISSUER + "/"}, AuthorizationRefused),
        ({"code": "c", "iss": ISSUER.upper()}, AuthorizationRefused),
        ({"error": "access_denied", "iss": "https://evil.example"}, AuthorizationRefused),
        ({"error": "access_denied"}, AuthorizationRefused),
        ({"error": "access_denied", "iss": ISSUER}, SignInDenied),
        ({"error": "temporarily_unavailable", "iss": ISSUER}, InstitutionUnavailable),
        ({"error": "server_error", "iss": ISSUER}, InstitutionUnavailable),
        ({"error": "invalid_scope", "iss": ISSUER}, AuthorizationRefused),
        ({"error": "unauthorized_client", "iss": ISSUER}, AuthorizationRefused),
        ({"error": "", "iss": ISSUER}, AuthorizationRefused),
        ({"error": "access_denied", "code": "c", "iss": ISSUER}, AuthorizationRefused),
        ({"iss": ISSUER}, AuthorizationRefused),
        ({"code": "", "iss": ISSUER}, AuthorizationRefused),
        ({"code": "c" * 5000, "iss": ISSUER}, AuthorizationRefused),
        ({}, AuthorizationRefused),
    ],
)
def test_an_answer_that_is_not_a_code_of_this_issuer_asks_for_no_token(
    answer: dict[str, str], failure: type[ConnectorFailure]
) -> None:
    network = Network([])

    with pytest.raises(failure):
        finish(network, answer)

    assert network.requests == []


def test_what_a_hostile_answer_says_is_not_repeated() -> None:
    with pytest.raises(AuthorizationRefused) as caught:
        finish(Network([]), {"error": "x\r\nlog: y", "error_description": "z", "iss": ISSUER})

    assert "log" not in str(caught.value)


def test_an_issuer_is_checked_also_where_the_bank_does_not_promise_one() -> None:
    settings = settings_with(is_issuer_promised=False)

    with pytest.raises(AuthorizationRefused):
        finish(Network([]), {"code": "c", "iss": "https://evil.example"}, settings)
    assert finish(Network([said(TOKENS)]), {"code": "c"}, settings)


def test_an_answer_for_another_bank_is_refused() -> None:
    other = begun(settings_with(issuer="https://other.example")).kept
    network = Network([])

    with pytest.raises(AuthorizationRefused):
        finish(network, GOOD, kept=other)

    assert network.requests == []


def test_an_answer_at_another_callback_is_refused() -> None:
    network = Network([])

    with pytest.raises(AuthorizationRefused):
        finish(network, GOOD, redirect_uri="https://evil.example/callback")

    assert network.requests == []


@pytest.mark.parametrize(
    "failure", [InstitutionTimeout("slow"), InstitutionUnavailable("down"), InstitutionBrokeProtocol("flood")]
)
def test_the_token_call_is_sent_once_whatever_happens(failure: ConnectorFailure) -> None:
    network = Network([failure])

    with pytest.raises(type(failure)):
        finish(network, GOOD)

    assert len(network.requests) == 1


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (said({"error": "invalid_grant"}, 400), AuthorizationRefused),
        (said({"error": "invalid_request"}, 400), AuthorizationRefused),
        (said({"error": "invalid_client"}, 401), InstitutionMisconfigured),
        (said({"error": "unauthorized_client"}, 400), InstitutionMisconfigured),
        (said({"error": "temporarily_unavailable"}, 400), InstitutionUnavailable),
        (said(b"<html>", 400), InstitutionBrokeProtocol),
        (said({"error": 7}, 400), InstitutionBrokeProtocol),
        (said(b"\xff", 400), InstitutionBrokeProtocol),
        (said({}, 302, location="https://evil.example/"), InstitutionBrokeProtocol),
        (said({}, 307, location="https://evil.example/"), InstitutionBrokeProtocol),
        (said({}, 429), RateLimited),
        (said({}, 500), InstitutionUnavailable),
        (said({}, 503), InstitutionUnavailable),
        (said({}, 504), InstitutionTimeout),
        (said(TOKENS, 201), InstitutionBrokeProtocol),
    ],
)
def test_a_refused_code_is_a_failure_that_says_what_to_do(
    answer: Response, failure: type[ConnectorFailure]
) -> None:
    network = Network([answer])

    with pytest.raises(failure):
        finish(network, GOOD)

    assert len(network.requests) == 1


def test_a_pause_the_bank_asks_for_is_passed_on() -> None:
    with pytest.raises(RateLimited) as caught:
        finish(Network([said({}, 429, retry_after="30")]), GOOD)

    assert caught.value.retry_after_seconds == 30


@pytest.mark.parametrize("text", ["", "soon", "-1", "٣", "9" * 20, "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_a_pause_nobody_can_read_is_none(text: str) -> None:
    with pytest.raises(InstitutionUnavailable) as caught:
        finish(Network([said({}, 503, retry_after=text)]), GOOD)

    assert caught.value.retry_after_seconds is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"at"',
        b"{",
        b"\xff\xfe",
        b"access_token=at&token_type=bearer",
        {"access_token": "at"},
        {"token_type": "bearer"},
        {**TOKENS, "access_token": None},
        {**TOKENS, "access_token": ""},
        {**TOKENS, "access_token": ["at"]},
        {**TOKENS, "access_token": "a b"},
        {**TOKENS, "access_token": "a\r\nx: y"},
        {**TOKENS, "access_token": "é"},
        {**TOKENS, "refresh_token": ""},
        {**TOKENS, "refresh_token": "a\nb"},
        {**TOKENS, "token_type": "DPoP"},
        {**TOKENS, "token_type": ""},
        {**TOKENS, "expires_in": "600"},
        {**TOKENS, "expires_in": 0},
        {**TOKENS, "expires_in": -1},
        {**TOKENS, "expires_in": 1.5},
        {**TOKENS, "expires_in": True},
        {**TOKENS, "expires_in": 10**12},
        {**TOKENS, "scope": ["read"]},
        {**TOKENS, "padding": "x" * 70_000},
    ],
)
def test_a_token_answer_that_is_not_exactly_right_is_refused_without_showing_it(body: object) -> None:
    with pytest.raises(InstitutionBrokeProtocol) as caught:
        finish(Network([said(body)]), GOOD)

    assert "at-1" not in str(caught.value)
    assert "rt-1" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_bearer_token_is_known_in_any_case() -> None:
    assert finish(Network([said({**TOKENS, "token_type": "bEARER"})]), GOOD)


def test_a_grant_without_a_life_span_has_no_end() -> None:
    grant = finish(Network([said({"access_token": "at", "token_type": "bearer"})]), GOOD)

    assert tokens_of(grant) == Tokens(access_token="at", refresh_token=None, expires_at=None, scope=None)


def test_tokens_do_not_show_themselves() -> None:
    assert "at-0" not in repr(tokens_of(old_grant()))
    assert "client-secret" not in repr(SETTINGS)


def renew(network: Network, grant: Grant) -> Grant:
    return asyncio.run(oauth.renew(SETTINGS, line(network), grant, now=NOW))


@pytest.mark.parametrize("expires_at", [None, int(NOW) + 3600])
def test_a_grant_that_lasts_is_returned_as_it_is(expires_at: int | None) -> None:
    grant, network = old_grant(expires_at=expires_at), Network([])

    assert renew(network, grant) == grant
    assert network.requests == []


@pytest.mark.parametrize("expires_at", [None, int(NOW) + 3600])
def test_a_grant_the_bank_refused_is_renewed_before_its_time(expires_at: int | None) -> None:
    network = Network([said({"access_token": "at-2", "token_type": "bearer"})])

    renewed = asyncio.run(
        oauth.renew(SETTINGS, line(network), old_grant(expires_at=expires_at), now=NOW, is_refused=True)
    )

    assert tokens_of(renewed).access_token == "at-2"


def test_a_renewed_grant_carries_the_rotated_token() -> None:
    network = Network(
        [said({"access_token": "at-2", "token_type": "bearer", "expires_in": 5, "refresh_token": "rt-2"})]
    )

    renewed = tokens_of(renew(network, old_grant()))

    assert renewed == Tokens(
        access_token="at-2", refresh_token="rt-2", expires_at=1_790_000_005, scope="read"
    )
    assert dict(parse_qsl(network.requests[0].body.decode())) == {
        "grant_type": "refresh_token",
        "refresh_token": "rt-0",
    }


def test_a_refresh_token_that_is_not_rotated_stays() -> None:
    network = Network([said({"access_token": "at-2", "token_type": "bearer"})])

    assert tokens_of(renew(network, old_grant())).refresh_token == "rt-0"


@pytest.mark.parametrize("error", ["invalid_grant", "invalid_scope"])
def test_a_spent_refresh_token_asks_for_a_new_sign_in(error: str) -> None:
    network = Network([said({"error": error}, 400)])

    with pytest.raises(CredentialsRejected):
        renew(network, old_grant())

    assert len(network.requests) == 1


def test_an_expired_grant_without_a_refresh_token_asks_for_a_new_sign_in() -> None:
    network = Network([])

    with pytest.raises(CredentialsRejected):
        renew(network, old_grant(refresh_token=None))

    assert network.requests == []


def revoke(network: Network, grant: Grant, settings: OAuthSettings = SETTINGS) -> None:
    asyncio.run(oauth.revoke(settings, line(network), grant))


def test_ending_a_grant_revokes_its_refresh_token() -> None:
    network = Network([said(b"")])

    revoke(network, old_grant())

    (request,) = network.requests
    assert request.url == SETTINGS.revocation_endpoint
    assert request.headers["authorization"].startswith("Basic ")
    assert dict(parse_qsl(request.body.decode())) == {"token": "rt-0", "token_type_hint": "refresh_token"}


def test_ending_a_grant_without_a_refresh_token_revokes_its_access_token() -> None:
    network = Network([said(b"")])

    revoke(network, old_grant(refresh_token=None))

    assert dict(parse_qsl(network.requests[0].body.decode()))["token"] == "at-0"


def test_a_bank_without_revocation_is_left_alone() -> None:
    network = Network([])

    revoke(network, old_grant(), settings_with(revocation_endpoint=None))

    assert network.requests == []


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (said({}, 503), InstitutionUnavailable),
        (said({"error": "invalid_client"}, 401), InstitutionMisconfigured),
        (said({"error": "unsupported_token_type"}, 400), InstitutionBrokeProtocol),
    ],
)
def test_a_grant_that_was_not_ended_is_told(answer: Response, failure: type[ConnectorFailure]) -> None:
    with pytest.raises(failure):
        revoke(Network([answer]), old_grant())


def test_every_request_goes_to_the_configured_host() -> None:
    calls: list[Callable[[Network], object]] = [
        lambda network: finish(network, GOOD),
        lambda network: renew(network, old_grant()),
        lambda network: revoke(network, old_grant()),
    ]
    for call in calls:
        network = Network([said(TOKENS)])
        call(network)
        assert {urlsplit(request.url).hostname for request in network.requests} == {"bank.example"}
