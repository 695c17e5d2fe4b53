"""The OAuth 2.0 authorization-code client that redirect banks have in common."""

import hashlib
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Final, Never
from urllib.parse import urlencode, urlsplit

import msgspec

from linkspan.server.connectors.base import Grant, SendToBank, SetOutLater
from linkspan.server.connectors.failures import (
    AuthorizationRefused,
    ConnectorFailure,
    CredentialsRejected,
    InstitutionBrokeProtocol,
    InstitutionMisconfigured,
    InstitutionUnavailable,
    SignInDenied,
)
from linkspan.server.connectors.http import Response, service_failure
from linkspan.server.connectors.jose import SigningKey, held_key, new_key, spelled, thumbprint
from linkspan.server.connectors.line import Line
from linkspan.server.connectors.registration import OAuthSettings, post
from linkspan.server.connectors.signed_answers import read_signed
from linkspan.server.connectors.tokens import (
    TOKEN_ANSWER_BYTES_MAX,
    Tokens,
    grant_of,
    read_token_answer,
    tokens_of,
)

# 32 bytes make 43 characters, the length RFC 7636 (section 4.1) recommends.
_VERIFIER_BYTES: Final = 32
# FIPS 186-5, A.2.1: more than the order of the curve has, so that no key is likelier than another.
_HELD_KEY_BYTES: Final = 40
_REQUEST_SECONDS: Final = 60
_CODE_LENGTH_MAX: Final = 4096
# Reading many accounts takes a while; a token must not run out on the way.
_RENEW_BEFORE_SECONDS: Final = 120

# RFC 6749, section 5.2: the codes that speak of our registration, not of the person's grant.
_OUR_FAULT: Final = frozenset({"invalid_client", "unauthorized_client", "unsupported_grant_type"})


class _Kept(msgspec.Struct, frozen=True):
    """What must survive until the person returns."""

    issuer: str
    redirect_uri: str
    verifier: str
    held: str | None = None
    """The key that tokens will be bound to."""


class _Pushed(msgspec.Struct, frozen=True):
    """RFC 9126, section 2.2."""

    request_uri: str


class _ErrorAnswer(msgspec.Struct, frozen=True):
    """RFC 6749, section 5.2."""

    error: str


def begin(
    settings: OAuthSettings, *, redirect_uri: str, state: str, random_bytes: Callable[[int], bytes]
) -> SendToBank | SetOutLater:
    """Return where the person signs in, with a PKCE challenge of method S256.

    A request that is pushed or signed is made when they leave (`set_out`).
    """
    verifier = spelled(random_bytes(_VERIFIER_BYTES))
    held = new_key(random_bytes(_HELD_KEY_BYTES)) if settings.binds_by_dpop else None
    remembered = _Kept(issuer=settings.issuer, redirect_uri=redirect_uri, verifier=verifier, held=held)
    kept = msgspec.json.encode(remembered)
    if settings.is_made_on_leaving:
        return SetOutLater(kept=kept)
    return SendToBank(url=_address(settings, _question(settings, remembered, state)), kept=kept)


async def set_out(settings: OAuthSettings, line: Line, *, state: str, kept: bytes) -> SendToBank:
    """Sign the request, push it to the bank, or both, and return where the person signs in."""
    question = _question(settings, msgspec.json.decode(kept, type=_Kept), state)
    if settings.signs_requests:
        question = _signed(settings, line, question)
    if settings.pushed_endpoint is not None:
        question = await _pushed(settings, line, settings.pushed_endpoint, question)
    return SendToBank(url=_address(settings, question), kept=kept)


async def finish(
    settings: OAuthSettings,
    line: Line,
    *,
    redirect_uri: str,
    kept: bytes,
    answer: Mapping[str, str],
    now: float,
) -> Grant:
    """Redeem the code in *answer*, with one token call that is never repeated."""
    remembered = msgspec.json.decode(kept, type=_Kept)
    if (remembered.issuer, remembered.redirect_uri) != (settings.issuer, redirect_uri):
        raise AuthorizationRefused("The answer belongs to another sign-in")
    if settings.answers_signed_by is not None:
        answer = await read_signed(settings, line, answer)
    code = _code_in(settings, answer)
    key = _held(remembered.held)
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": remembered.verifier,
    }
    response = await post(settings, line, settings.token_endpoint, form, key=key)
    if response.status != HTTPStatus.OK:
        _refuse(response, settings.token_endpoint, otherwise=AuthorizationRefused)
    return grant_of(_tokens(settings, response, remembered.held, now=now))


async def renew(
    settings: OAuthSettings, line: Line, grant: Grant, *, now: float, is_refused: bool = False
) -> Grant:
    """Return *grant* while it lasts and is not refused, otherwise the one that replaces it.

    The bank may have ended the old one by now (rotation), so the caller stores
    the new one before using it and never renews one grant twice at a time.
    """
    tokens = tokens_of(grant)
    is_young = tokens.expires_at is None or now < tokens.expires_at - _RENEW_BEFORE_SECONDS
    if is_young and not is_refused:
        return grant
    if tokens.refresh_token is None:
        raise CredentialsRejected("The grant is good no more and the bank gave nothing to renew it with")
    form = {"grant_type": "refresh_token", "refresh_token": tokens.refresh_token}
    response = await post(settings, line, settings.token_endpoint, form, key=_held(tokens.held))
    if response.status != HTTPStatus.OK:
        _refuse(response, settings.token_endpoint, otherwise=CredentialsRejected)
    renewed = _tokens(settings, response, tokens.held, now=now)
    # RFC 6749, section 6: without a new refresh token or scope the old ones stay.
    return grant_of(
        msgspec.structs.replace(
            renewed,
            refresh_token=renewed.refresh_token or tokens.refresh_token,
            scope=renewed.scope or tokens.scope,
            members={**tokens.members, **renewed.members},
        )
    )


async def revoke(settings: OAuthSettings, line: Line, grant: Grant) -> None:
    """End *grant* at the bank (RFC 7009), if the bank has a place to do so."""
    if settings.revocation_endpoint is None:
        return
    tokens = tokens_of(grant)
    form = (
        {"token": tokens.access_token, "token_type_hint": "access_token"}
        if tokens.refresh_token is None
        # Ending the refresh token ends its access tokens too (section 2.1).
        else {"token": tokens.refresh_token, "token_type_hint": "refresh_token"}
    )
    response = await post(settings, line, settings.revocation_endpoint, form, key=None)
    if response.status != HTTPStatus.OK:
        _refuse(response, settings.revocation_endpoint, otherwise=InstitutionBrokeProtocol)


def _code_in(settings: OAuthSettings, answer: Mapping[str, str]) -> str:
    """Return the code of an answer that is this issuer's and no error."""
    issuer = answer.get("iss")
    # Before anything else in the answer is believed, an error included (RFC 9207, section 2.4).
    if issuer is None and settings.is_issuer_promised:
        raise AuthorizationRefused("The answer does not name its issuer")
    if issuer is not None and issuer != settings.issuer:
        raise AuthorizationRefused("The answer comes from another issuer")
    code, error = answer.get("code"), answer.get("error")
    if error is not None and code is not None:
        raise AuthorizationRefused("The answer is both a code and an error")
    match error:
        case None:
            pass
        case "access_denied":
            raise SignInDenied("The person did not agree at the bank")
        case "temporarily_unavailable" | "server_error":
            raise InstitutionUnavailable(f"The bank could not ask the person: {error}")
        case _:
            raise AuthorizationRefused("The bank refused to ask the person")
    if not code or len(code) > _CODE_LENGTH_MAX:
        raise AuthorizationRefused("The answer has no usable code")
    return code


def _question(settings: OAuthSettings, kept: _Kept, state: str) -> dict[str, str]:
    """Return what the bank is asked for (RFC 6749, section 4.1.1; RFC 7636, section 4.3)."""
    question = {
        "response_type": "code",
        "client_id": settings.client_id,
        "redirect_uri": kept.redirect_uri,
        "scope": settings.scope,
        "state": state,
        "code_challenge": spelled(hashlib.sha256(kept.verifier.encode()).digest()),
        "code_challenge_method": "S256",
    }
    if settings.answers_signed_by is not None:
        question["response_mode"] = "jwt"
    if (key := _held(kept.held)) is not None:
        question["dpop_jkt"] = thumbprint(
            key
        )  # so that the code is bound to the key, too (RFC 9449, section 10)
    return question


def _signed(settings: OAuthSettings, line: Line, question: Mapping[str, str]) -> dict[str, str]:
    """Return *question* as a request object (RFC 9101, section 4)."""
    assert settings.key is not None  # noqa: S101 - settings without one are refused when they are read
    now = line.world.seconds()
    times = {"iat": now, "nbf": now, "exp": now + _REQUEST_SECONDS}
    claims = {**question, "iss": settings.client_id, "aud": settings.issuer, "jti": line.new_id(), **times}
    signed = settings.key.sign(claims, typ="oauth-authz-req+jwt")
    return {"client_id": settings.client_id, "request": signed}


async def _pushed(
    settings: OAuthSettings, line: Line, endpoint: str, question: Mapping[str, str]
) -> dict[str, str]:
    """Tell the bank of *question* and return what stands for it (RFC 9126, sections 2 and 4)."""
    response = await post(settings, line, endpoint, question, key=None)
    if response.status not in {HTTPStatus.CREATED, HTTPStatus.OK}:
        _refuse(response, endpoint, otherwise=AuthorizationRefused)
    try:
        pushed = msgspec.json.decode(response.body[:TOKEN_ANSWER_BYTES_MAX], type=_Pushed)
    except (msgspec.DecodeError, UnicodeDecodeError):
        host = urlsplit(endpoint).hostname or ""
        raise InstitutionBrokeProtocol(f"{host} took a request and did not name it") from None
    return {"client_id": settings.client_id, "request_uri": pushed.request_uri}


def _address(settings: OAuthSettings, question: Mapping[str, str]) -> str:
    # The endpoint may have a query of its own (RFC 6749, section 3.1).
    joint = "&" if urlsplit(settings.authorization_endpoint).query else "?"
    return f"{settings.authorization_endpoint}{joint}{urlencode(question)}"


def _tokens(settings: OAuthSettings, response: Response, held: str | None, *, now: float) -> Tokens:
    """Return the tokens in an answer, which have to be bound to the key that is *held*, if one is."""
    tokens = read_token_answer(
        response, settings.token_endpoint, now=now, members=settings.members, is_bound=held is not None
    )
    return msgspec.structs.replace(tokens, held=held)


def _held(text: str | None) -> SigningKey | None:
    return None if text is None else held_key(text)


def _refuse(response: Response, endpoint: str, *, otherwise: type[ConnectorFailure]) -> Never:
    """Raise what an answer other than 200 means; *otherwise* is what a spent grant means here."""
    host = urlsplit(endpoint).hostname or ""
    failure = service_failure(response, host)
    if failure is not None:
        raise failure
    try:
        code = msgspec.json.decode(response.body[:TOKEN_ANSWER_BYTES_MAX], type=_ErrorAnswer).error
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise InstitutionBrokeProtocol(f"{host} answered {response.status} without an OAuth error") from None
    if code in _OUR_FAULT:
        raise InstitutionMisconfigured(f"{host} does not accept our registration: {code}")
    if code == "temporarily_unavailable":
        raise InstitutionUnavailable(f"{host} is not available at the moment")
    raise otherwise(f"{host} does not accept the grant")
