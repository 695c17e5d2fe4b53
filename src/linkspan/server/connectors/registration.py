"""One registration of ours with an authorization server, and how it proves who asks."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias
from urllib.parse import quote_plus, urlencode

from linkspan.server.connectors.http import Request, Response, Transport
from linkspan.server.connectors.jose import Algorithm, SigningKey
from linkspan.server.connectors.line import Line, ProvingLine
from linkspan.server.outbound.exchange import Identity

AuthMethod: TypeAlias = Literal[
    "none", "client_secret_basic", "private_key_jwt", "tls_client_auth", "self_signed_tls_client_auth"
]
"""The words of RFC 7591, section 2, and RFC 8705, section 2."""

BY_CERTIFICATE: Final[frozenset[AuthMethod]] = frozenset({"tls_client_auth", "self_signed_tls_client_auth"})
_ASSERTION_SECONDS: Final = 60
_ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthSettings:
    """What the bank knows us by, and which of OAuth's protections it asks for."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    revocation_endpoint: str | None
    client_id: str
    client_secret: str | None = field(repr=False)
    """None for a client that proves itself in another way, or by PKCE alone."""
    scope: str
    is_issuer_promised: bool = True
    """Whether every answer names its issuer (RFC 9207). Say no only for a bank that cannot."""
    members: frozenset[str] = frozenset()
    """What else of a token answer is kept, by its name there."""
    auth_method: AuthMethod | None = None
    """How the client proves itself; by its secret, if it has one, unless it is said."""
    key: SigningKey | None = field(default=None, repr=False)
    """What client assertions and requests are signed with."""
    identity: Identity | None = field(default=None, repr=False)
    """The certificate that is shown to every server of the bank's."""
    pushed_endpoint: str | None = None
    """Where requests are pushed first (RFC 9126); none where they travel in the browser's address."""
    signs_requests: bool = False
    """Whether requests are signed (RFC 9101)."""
    binds_by_dpop: bool = False
    """Whether tokens are good only with a key that each sign-in has for itself (RFC 9449)."""
    answers_signed_by: Algorithm | None = None
    """How answers are signed (JARM, section 2); none where they are not."""
    jwks_uri: str | None = None
    """Where the keys are that sign answers."""

    @property
    def is_made_on_leaving(self) -> bool:
        """Whether a person's way is made when they leave: what is pushed or signed is good for a minute."""
        return self.pushed_endpoint is not None or self.signs_requests


def line_to(settings: OAuthSettings, line: Line, key: SigningKey | None) -> Transport:
    """Return the way to the bank's servers with the proofs they ask for; tokens are bound to *key*."""
    if key is None and settings.identity is None:
        return line
    return ProvingLine(line, key=key, identity=settings.identity)


async def post(
    settings: OAuthSettings, line: Line, endpoint: str, form: Mapping[str, str], *, key: SigningKey | None
) -> Response:
    """Send *form* with our client credentials, so that it is taken once at most."""
    return await ProvingLine(line, key, settings.identity).send_made(
        lambda: _request(settings, line, endpoint, form)
    )


def _request(settings: OAuthSettings, line: Line, endpoint: str, form: Mapping[str, str]) -> Request:
    """Return *form* as it is sent, this once: an assertion is good for one request."""
    headers = {"accept": "application/json", "content-type": "application/x-www-form-urlencoded"}
    match settings.auth_method or ("none" if settings.client_secret is None else "client_secret_basic"):
        case "client_secret_basic":
            headers["authorization"] = _basic(settings.client_id, settings.client_secret or "")
        case "private_key_jwt":
            form = {**form, **_assertion(settings, line)}
        case _:
            form = {**form, "client_id": settings.client_id}
    return Request(method="POST", url=endpoint, headers=headers, body=urlencode(form).encode())


def _assertion(settings: OAuthSettings, line: Line) -> dict[str, str]:
    """Return what proves us by a key (RFC 7523, section 2.2), for the issuer alone (FAPI 2.0, 5.3.3.1)."""
    assert settings.key is not None  # noqa: S101 - settings without one are refused when they are read
    now = line.world.seconds()
    claims = {
        "iss": settings.client_id,
        "sub": settings.client_id,
        "aud": settings.issuer,
        "jti": line.new_id(),
        "iat": now,
        "exp": now + _ASSERTION_SECONDS,
    }
    return {
        "client_id": settings.client_id,
        "client_assertion_type": _ASSERTION_TYPE,
        "client_assertion": settings.key.sign(claims, typ="JWT"),
    }


def _basic(client_id: str, client_secret: str) -> str:
    """Write client_secret_basic: both parts are form-urlencoded first (RFC 6749, section 2.3.1)."""
    pair = f"{quote_plus(client_id)}:{quote_plus(client_secret)}"
    return f"Basic {base64.b64encode(pair.encode()).decode()}"
