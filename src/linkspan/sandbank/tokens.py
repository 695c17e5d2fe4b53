"""The token and revocation endpoints."""

import base64
import hmac
import re
from typing import Any, Final
from urllib.parse import unquote_plus

from starlette.datastructures import ImmutableMultiDict
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from linkspan.sandbank.bank import Bank, bank_of, brand_of
from linkspan.sandbank.brand import Brand
from linkspan.sandbank.clients import Client
from linkspan.sandbank.forms import UnreadableForm, read_form
from linkspan.sandbank.register import ACCESS_SECONDS, InvalidGrant, Issued

# RFC 7636 section 4.1.
_VERIFIER: Final = re.compile(r"[A-Za-z0-9._~-]{43,128}")
# Tokens must not stay in any cache (RFC 6749 section 5.1).
_NO_STORE: Final = {"cache-control": "no-store", "pragma": "no-cache"}


class _TokenError(Exception):
    """A refusal in the words of RFC 6749 section 5.2."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error = error
        self.status = status


async def token(request: Request) -> Response:
    """Exchange a code or a refresh token for a new pair of tokens."""
    bank, brand = bank_of(request), brand_of(request)
    try:
        client, form = await _authenticated(request, bank)
        issued = _exchanged(bank, brand, client, form)
    except _TokenError as refused:
        return _refusal(refused, brand)
    except InvalidGrant as refused:
        return _refusal(_TokenError("invalid_grant", str(refused)), brand)
    consent = {"fdxConsentId": issued.consent_id} if brand.has_consent_records else {}
    return JSONResponse(
        {
            "access_token": issued.access_token,
            "token_type": "Bearer",
            "expires_in": ACCESS_SECONDS,
            "refresh_token": issued.refresh_token,
            "scope": " ".join(sorted(issued.scopes)),
            **consent,
        },
        headers=_NO_STORE,
    )


async def revoke(request: Request) -> Response:
    """End everything that came from one consent (RFC 7009); once or ten times is alike."""
    bank, brand = bank_of(request), brand_of(request)
    try:
        client, form = await _authenticated(request, bank)
        bank.register.revoke(_required(form, "token"), brand=brand.slug, client_id=client.id)
    except _TokenError as refused:
        return _refusal(refused, brand)
    except InvalidGrant as refused:
        return _refusal(_TokenError("invalid_grant", str(refused)), brand)
    return Response(status_code=200, headers=_NO_STORE)


def _exchanged(bank: Bank, brand: Brand, client: Client, form: ImmutableMultiDict[str, str]) -> Issued:
    if brand.conduct.knows_no_client:
        raise _TokenError("invalid_client", "the client is not known", 401)
    match _required(form, "grant_type"):
        case "authorization_code":
            verifier = _required(form, "code_verifier")
            if not _VERIFIER.fullmatch(verifier):
                raise _TokenError("invalid_request", "code_verifier is not 43 to 128 unreserved characters")
            return bank.register.redeem(
                _required(form, "code"),
                brand=brand.slug,
                client_id=client.id,
                redirect_uri=_required(form, "redirect_uri"),
                verifier=verifier,
            )
        case "refresh_token":
            return bank.register.refresh(
                _required(form, "refresh_token"), brand=brand.slug, client_id=client.id
            )
        case _:
            raise _TokenError(
                "unsupported_grant_type", "grant_type must be authorization_code or refresh_token"
            )


async def _authenticated(request: Request, bank: Bank) -> tuple[Client, ImmutableMultiDict[str, str]]:
    """Return the client, proven by its secret, with the form it sent."""
    try:
        form = await read_form(request)
    except UnreadableForm as refused:
        raise _TokenError("invalid_request", str(refused)) from None
    if len(form.multi_items()) != len(form):
        raise _TokenError("invalid_request", "a parameter is given more than once")
    if "client_secret" in form:
        # One way of authentication is offered, and a secret in a body ends up in logs.
        raise _TokenError("invalid_request", "client_secret belongs in the Authorization header")
    client_id, secret = _basic(request.headers.get("authorization", ""))
    client = bank.clients.get(client_id)
    expected = client.secret if client is not None else ""
    if not hmac.compare_digest(secret.encode(), expected.encode()) or client is None:
        raise _TokenError("invalid_client", "the client is not known, or its secret is wrong", 401)
    if form.get("client_id", client.id) != client.id:
        raise _TokenError("invalid_request", "client_id is not the authenticated client")
    return client, form


def _basic(header: str) -> tuple[str, str]:
    """Split an Authorization header; both halves are form-encoded (RFC 6749 section 2.3.1)."""
    scheme, _, value = header.partition(" ")
    try:
        decoded = base64.b64decode(value.strip(), validate=True).decode()
    except ValueError:
        decoded = ""
    client_id, colon, secret = decoded.partition(":")
    if scheme.lower() != "basic" or not colon:
        raise _TokenError("invalid_client", "the Authorization header must be Basic", 401)
    return unquote_plus(client_id), unquote_plus(secret)


def _required(form: ImmutableMultiDict[str, str], name: str) -> str:
    value = form.get(name)
    if not value:
        raise _TokenError("invalid_request", f"{name} is missing")
    return str(value)


def _refusal(refused: _TokenError, brand: Brand) -> Response:
    body: dict[str, Any] = {"error": refused.error, "error_description": str(refused)}
    headers = dict(_NO_STORE)
    if refused.status == 401:  # noqa: PLR2004 - an HTTP status reads best as its number
        headers["www-authenticate"] = f'Basic realm="{brand.slug}"'
    return JSONResponse(body, status_code=refused.status, headers=headers)
