"""The OAuth 2.0 authorization-code client that redirect banks have in common."""

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final, Never
from urllib.parse import quote_plus, urlencode, urlsplit

import msgspec

from linkspan.server.connectors.base import Grant, SendToBank
from linkspan.server.connectors.failures import (
    AuthorizationRefused,
    ConnectorFailure,
    CredentialsRejected,
    InstitutionBrokeProtocol,
    InstitutionMisconfigured,
    InstitutionUnavailable,
    SignInDenied,
)
from linkspan.server.connectors.http import Request, Response, Transport, service_failure
from linkspan.server.connectors.tokens import TOKEN_ANSWER_BYTES_MAX, grant_of, read_token_answer, tokens_of

# 32 bytes make 43 characters, the length RFC 7636 (section 4.1) recommends.
_VERIFIER_BYTES: Final = 32
_CODE_LENGTH_MAX: Final = 4096
# Reading many accounts takes a while; a token must not run out on the way.
_RENEW_BEFORE_SECONDS: Final = 120

# RFC 6749, section 5.2: the codes that speak of our registration, not of the person's grant.
_OUR_FAULT: Final = frozenset({"invalid_client", "unauthorized_client", "unsupported_grant_type"})


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthSettings:
    """One registration of ours with one authorization server."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    revocation_endpoint: str | None
    client_id: str
    client_secret: str | None = field(repr=False)
    """None for a public client, which proves itself by PKCE alone."""
    scope: str
    is_issuer_promised: bool = True
    """Whether every answer names its issuer (RFC 9207). Say no only for a bank that cannot."""
    members: frozenset[str] = frozenset()
    """What else of a token answer is kept, by its name there."""


class _Kept(msgspec.Struct, frozen=True):
    """What must survive until the person returns."""

    issuer: str
    redirect_uri: str
    verifier: str


class _ErrorAnswer(msgspec.Struct, frozen=True):
    """RFC 6749, section 5.2."""

    error: str


def begin(
    settings: OAuthSettings, *, redirect_uri: str, state: str, random_bytes: Callable[[int], bytes]
) -> SendToBank:
    """Return where the person signs in, with a PKCE challenge of method S256."""
    verifier = _base64url(random_bytes(_VERIFIER_BYTES))
    query = urlencode(
        {
            "response_type": "code",
            "client_id": settings.client_id,
            "redirect_uri": redirect_uri,
            "scope": settings.scope,
            "state": state,
            "code_challenge": _base64url(hashlib.sha256(verifier.encode()).digest()),
            "code_challenge_method": "S256",
        }
    )
    # The endpoint may have a query of its own (RFC 6749, section 3.1).
    joint = "&" if urlsplit(settings.authorization_endpoint).query else "?"
    kept = _Kept(issuer=settings.issuer, redirect_uri=redirect_uri, verifier=verifier)
    return SendToBank(url=f"{settings.authorization_endpoint}{joint}{query}", kept=msgspec.json.encode(kept))


async def finish(
    settings: OAuthSettings,
    transport: Transport,
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
    code = _code_in(settings, answer)
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": remembered.verifier,
    }
    response = await _post(settings, transport, settings.token_endpoint, form)
    if response.status != HTTPStatus.OK:
        _refuse(response, settings.token_endpoint, otherwise=AuthorizationRefused)
    return grant_of(read_token_answer(response, settings.token_endpoint, now=now, members=settings.members))


async def renew(
    settings: OAuthSettings, transport: Transport, grant: Grant, *, now: float, is_refused: bool = False
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
    response = await _post(settings, transport, settings.token_endpoint, form)
    if response.status != HTTPStatus.OK:
        _refuse(response, settings.token_endpoint, otherwise=CredentialsRejected)
    renewed = read_token_answer(response, settings.token_endpoint, now=now, members=settings.members)
    # RFC 6749, section 6: without a new refresh token or scope the old ones stay.
    return grant_of(
        msgspec.structs.replace(
            renewed,
            refresh_token=renewed.refresh_token or tokens.refresh_token,
            scope=renewed.scope or tokens.scope,
            members={**tokens.members, **renewed.members},
        )
    )


async def revoke(settings: OAuthSettings, transport: Transport, grant: Grant) -> None:
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
    response = await _post(settings, transport, settings.revocation_endpoint, form)
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


async def _post(
    settings: OAuthSettings, transport: Transport, endpoint: str, form: Mapping[str, str]
) -> Response:
    """Send *form* with our client credentials, exactly once."""
    headers = {"accept": "application/json", "content-type": "application/x-www-form-urlencoded"}
    if settings.client_secret is None:
        form = {**form, "client_id": settings.client_id}
    else:
        headers["authorization"] = _basic(settings.client_id, settings.client_secret)
    body = urlencode(form).encode()
    return await transport.send(Request(method="POST", url=endpoint, headers=headers, body=body))


def _basic(client_id: str, client_secret: str) -> str:
    """Write client_secret_basic: both parts are form-urlencoded first (RFC 6749, section 2.3.1)."""
    pair = f"{quote_plus(client_id)}:{quote_plus(client_secret)}"
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


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


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
