"""Reads the answers that a bank signs (JWT Secured Authorization Response Mode, JARM)."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from linkspan.server.connectors.failures import AuthorizationRefused, InstitutionBrokeProtocol
from linkspan.server.connectors.http import Request, service_failure
from linkspan.server.connectors.jose import BadSignature, checked, unchecked
from linkspan.server.connectors.line import Line
from linkspan.server.connectors.registration import OAuthSettings, line_to

_KEYS_BYTES_MAX: Final = 256 * 1024


def state_of(answer: Mapping[str, str]) -> str:
    """Return the ``state`` of an *answer*, of a signed one too, whose signature is still to be checked."""
    state = unchecked(answer["response"]).get("state") if "response" in answer else answer.get("state")
    return state if isinstance(state, str) else ""


async def read_signed(settings: OAuthSettings, line: Line, answer: Mapping[str, str]) -> dict[str, str]:
    """Return the parameters of a signed *answer*, or refuse one that is not (section 2.4)."""
    if "response" not in answer or settings.answers_signed_by is None:
        raise AuthorizationRefused("The answer is not signed")
    try:
        claims = checked(answer["response"], await _keys(settings, line), settings.answers_signed_by)
    except BadSignature as bad:
        raise AuthorizationRefused(f"The answer's signature is not good: {bad}") from None
    wrong = _wrong_claim(settings, claims, line.world.seconds())
    if wrong is not None:
        raise AuthorizationRefused(f"The answer has another {wrong}")
    return {name: value for name, value in claims.items() if isinstance(value, str)}


async def _keys(settings: OAuthSettings, line: Line) -> bytes:
    url = settings.jwks_uri or ""
    request = Request(method="GET", url=url, headers={"accept": "application/json"})
    response = await line_to(settings, line, None).send(request)
    failure = service_failure(response, request.host)
    if failure is not None:
        raise failure
    if response.status != HTTPStatus.OK or len(response.body) > _KEYS_BYTES_MAX:
        raise InstitutionBrokeProtocol(f"{request.host} does not show the keys it signs with")
    return response.body


def _wrong_claim(settings: OAuthSettings, claims: Mapping[str, Any], now: int) -> str | None:
    """Name the first claim that is not what section 2.4 asks for."""
    audience, ends_at = claims.get("aud"), claims.get("exp")
    if claims.get("iss") != settings.issuer:
        return "issuer"
    if settings.client_id not in (audience if isinstance(audience, list) else [audience]):
        return "audience"
    if not isinstance(ends_at, int) or isinstance(ends_at, bool) or ends_at <= now:
        return "end"
    return None
