"""What a bank asks a program to prove is proved each time, and what it proves in return is looked at."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from linkspan.server.connectors import oauth
from linkspan.server.connectors.base import Grant, SetOutLater
from linkspan.server.connectors.failures import (
    AuthorizationRefused,
    ConnectorFailure,
    InstitutionBrokeProtocol,
    InstitutionMisconfigured,
    InstitutionUnavailable,
)
from linkspan.server.connectors.http import Response
from linkspan.server.connectors.jose import SigningKey, unchecked
from linkspan.server.connectors.line import Line
from linkspan.server.connectors.registration import OAuthSettings
from linkspan.server.connectors.signed_answers import state_of
from linkspan.server.connectors.tokens import tokens_of
from linkspan.server.core.world import World
from tests.connectors.test_oauth import CALLBACK, GOOD, ISSUER, NOW, SETTINGS, TOKENS, Network, said

KEY = SigningKey(ec.generate_private_key(ec.SECP256R1()), "ours")
BANKS = SigningKey(ec.generate_private_key(ec.SECP256R1()), "the bank's")
JWKS = said({"keys": [{**BANKS.public, "kid": "the bank's"}]})
DPOP = replace(SETTINGS, binds_by_dpop=True)
PUSHED = replace(SETTINGS, pushed_endpoint="https://bank.example/par")
SIGNED = replace(SETTINGS, answers_signed_by="ES256", jwks_uri="https://bank.example/jwks")
BOUND = {**TOKENS, "token_type": "DPoP"}
ANSWER = {
    "iss": ISSUER,
    "aud": "linkspan",
    "exp": int(NOW) + 60,
    "code": "c-1",
    "state": "st/te",
}


class Drawn:
    """Bytes that differ each time."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, size: int) -> bytes:
        self.count += 1
        return bytes([self.count]) * size


def line(network: Network) -> Line:
    return Line(network, World(lambda: NOW, Drawn()))


def kept(settings: OAuthSettings) -> bytes:
    return oauth.begin(
        settings, redirect_uri=CALLBACK, state="st/te", random_bytes=lambda size: b"\x01" * size
    ).kept


def finish(network: Network, settings: OAuthSettings, answer: Mapping[str, str]) -> Grant:
    return asyncio.run(
        oauth.finish(
            settings, line(network), redirect_uri=CALLBACK, kept=kept(settings), answer=answer, now=NOW
        )
    )


def proof(network: Network, place: int) -> dict[str, Any]:
    return unchecked(network.requests[place].headers["dpop"])


def test_a_nonce_is_taken_up_once_and_remembered() -> None:
    challenge = said({"error": "use_dpop_nonce"}, 400, dpop_nonce="n-1")
    network = Network([challenge, said(BOUND), said(BOUND)])
    way = line(network)
    grant = asyncio.run(oauth.finish(DPOP, way, redirect_uri=CALLBACK, kept=kept(DPOP), answer=GOOD, now=NOW))
    asyncio.run(oauth.renew(DPOP, way, grant, now=NOW, is_refused=True))

    assert [proof(network, place).get("nonce") for place in range(3)] == [None, "n-1", "n-1"]
    assert len({proof(network, place)["jti"] for place in range(3)}) == 3
    assert proof(network, 1)["htu"] == SETTINGS.token_endpoint


def test_a_server_that_never_has_enough_nonces_is_asked_twice() -> None:
    challenge = said({"error": "use_dpop_nonce"}, 400, dpop_nonce="n-1")

    with pytest.raises(AuthorizationRefused):
        finish(Network([challenge, challenge]), DPOP, GOOD)


def test_another_refusal_is_not_repeated() -> None:
    refused = said({"error": "invalid_grant"}, 400, dpop_nonce="n-1")

    with pytest.raises(AuthorizationRefused):
        finish(Network([refused]), DPOP, GOOD)


def test_a_token_that_was_to_be_bound_and_is_not_is_refused() -> None:
    with pytest.raises(InstitutionBrokeProtocol, match="token_type"):
        finish(Network([said(TOKENS)]), DPOP, GOOD)


def test_a_bound_token_that_nobody_asked_for_is_refused() -> None:
    with pytest.raises(InstitutionBrokeProtocol, match="token_type"):
        finish(Network([said(BOUND)]), SETTINGS, GOOD)


def test_each_sign_in_has_a_key_of_its_own_and_the_grant_keeps_it() -> None:
    first, second = (tokens_of(finish(Network([said(BOUND)]), DPOP, GOOD)).held for _ in range(2))
    other = oauth.begin(DPOP, redirect_uri=CALLBACK, state="s", random_bytes=lambda size: b"\x02" * size)

    assert first == second == msgspec.json.decode(kept(DPOP))["held"]
    assert msgspec.json.decode(other.kept)["held"] != first


def test_an_assertion_is_made_anew_for_each_request() -> None:
    settings = replace(DPOP, auth_method="private_key_jwt", key=KEY, client_secret=None)
    challenge = said({"error": "use_dpop_nonce"}, 400, dpop_nonce="n-1")
    network = Network([challenge, said(BOUND)])
    finish(network, settings, GOOD)

    claims = [
        unchecked(parse_qs(request.body.decode())["client_assertion"][0]) for request in network.requests
    ]
    assert claims[0]["jti"] != claims[1]["jti"]
    assert {claim["aud"] for claim in claims} == {ISSUER}
    assert all("client_secret" not in request.body.decode() for request in network.requests)


def test_what_is_pushed_is_not_in_the_address() -> None:
    network = Network([said({"request_uri": "urn:r:1", "expires_in": 60}, 201)])
    sent = asyncio.run(oauth.set_out(PUSHED, line(network), state="st/te", kept=kept(PUSHED)))

    assert parse_qs(urlsplit(sent.url).query) == {"client_id": ["linkspan"], "request_uri": ["urn:r:1"]}
    assert parse_qs(network.requests[0].body.decode())["state"] == ["st/te"]


def test_nothing_is_asked_before_the_person_leaves() -> None:
    begun = oauth.begin(PUSHED, redirect_uri=CALLBACK, state="s", random_bytes=bytes)

    assert isinstance(begun, SetOutLater)


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (said({"error": "invalid_request"}, 400), AuthorizationRefused),
        (said({"error": "invalid_client"}, 401), InstitutionMisconfigured),
        (said(b"", 503), InstitutionUnavailable),
        (said({"expires_in": 60}, 201), InstitutionBrokeProtocol),
        (said(b"<html>", 201), InstitutionBrokeProtocol),
        (said(b"", 302, location="https://elsewhere.example"), InstitutionBrokeProtocol),
    ],
)
def test_a_request_that_the_bank_does_not_take_is_a_failure(
    answer: Response, failure: type[ConnectorFailure]
) -> None:
    with pytest.raises(failure):
        asyncio.run(oauth.set_out(PUSHED, line(Network([answer])), state="s", kept=kept(PUSHED)))


def test_a_signed_request_says_for_whom_and_until_when() -> None:
    settings = replace(SETTINGS, signs_requests=True, key=KEY)
    sent = asyncio.run(oauth.set_out(settings, line(Network([])), state="st/te", kept=kept(settings)))

    claims = unchecked(parse_qs(urlsplit(sent.url).query)["request"][0])
    assert (claims["iss"], claims["aud"], claims["state"]) == ("linkspan", ISSUER, "st/te")
    assert claims["exp"] - claims["nbf"] == 60
    assert set(parse_qs(urlsplit(sent.url).query)) == {"client_id", "request"}


def test_a_signed_answer_is_taken() -> None:
    network = Network([JWKS, said(TOKENS)])

    assert finish(network, SIGNED, {"response": BANKS.sign(ANSWER)})


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://other.example"},
        {"aud": "somebody-else"},
        {"aud": ["somebody-else"]},
        {"exp": int(NOW)},
        {"exp": "later"},
        {"exp": True},
        {"code": None},
        {"error": "server_error"},
    ],
)
def test_an_answer_with_another_claim_is_refused(claims: dict[str, Any]) -> None:
    network = Network([JWKS])

    with pytest.raises(AuthorizationRefused):
        finish(network, SIGNED, {"response": BANKS.sign({**ANSWER, **claims})})
    assert len(network.requests) == 1  # no code is redeemed


@pytest.mark.parametrize(
    "answer",
    [
        {"response": KEY.sign(ANSWER)},
        {"response": BANKS.sign(ANSWER).rpartition(".")[0] + "."},
        {"response": "x"},
        {"response": ""},
        {**GOOD, "response": KEY.sign(ANSWER)},
    ],
)
def test_an_answer_that_the_bank_did_not_sign_is_refused(answer: dict[str, str]) -> None:
    with pytest.raises(AuthorizationRefused):
        finish(Network([JWKS]), SIGNED, answer)


def test_a_plain_answer_is_refused_where_a_signed_one_was_agreed_on() -> None:
    network = Network([])

    with pytest.raises(AuthorizationRefused):
        finish(network, SIGNED, GOOD)
    assert network.requests == []


def test_a_signed_answer_is_refused_where_none_was_agreed_on() -> None:
    with pytest.raises(AuthorizationRefused):
        finish(Network([]), SETTINGS, {"response": BANKS.sign(ANSWER)})


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (said(b"", 500), InstitutionUnavailable),
        (said(b"", 404), InstitutionBrokeProtocol),
        (said(b"x" * 300_000), InstitutionBrokeProtocol),
        (said(b"<html>"), AuthorizationRefused),
    ],
)
def test_keys_that_cannot_be_had_are_a_failure(answer: Response, failure: type[ConnectorFailure]) -> None:
    with pytest.raises(failure):
        finish(Network([answer]), SIGNED, {"response": BANKS.sign(ANSWER)})


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ({"state": "s"}, "s"),
        ({}, ""),
        ({"response": BANKS.sign({"state": "s"})}, "s"),
        ({"response": BANKS.sign({"state": 1})}, ""),
        ({"response": json.dumps({"state": "s"})}, ""),
        ({"response": "", "state": "s"}, ""),
    ],
)
def test_an_answer_belongs_to_the_state_it_names(answer: dict[str, str], state: str) -> None:
    assert state_of(answer) == state
