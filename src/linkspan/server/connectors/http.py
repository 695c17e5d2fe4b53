"""How a connector asks a bank over HTTP, and what the status of an answer means."""

from http import HTTPStatus
from typing import Final, Protocol

from linkspan.server.connectors.failures import (
    ConnectorFailure,
    InstitutionBrokeProtocol,
    InstitutionTimeout,
    InstitutionUnavailable,
    RateLimited,
)
from linkspan.server.outbound.exchange import Request, Response

__all__ = ["Request", "Response", "Transport", "service_failure"]


class Transport(Protocol):
    """The only way a connector reaches the network."""

    async def send(self, request: Request) -> Response:
        """Send *request* once and return the whole answer.

        Raises `InstitutionTimeout`, `InstitutionUnavailable`,
        `InstitutionBrokeProtocol` (an answer too large or not HTTP) or
        `InstitutionMisconfigured` (an address that may not be called).
        """


# A bank that asks for a longer pause than a day means something else than a pause.
_RETRY_AFTER_SECONDS_MAX: Final = 86_400


def service_failure(response: Response, host: str) -> ConnectorFailure | None:
    """Return what the status says about the service as a whole, whatever was asked.

    Too many calls, a service that is down, and a redirect, which nobody may
    follow with credentials in hand (RFC 9700, section 4.12).
    """
    status = response.status
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimited(f"{host} asks for fewer calls", retry_after_seconds=_retry_after_seconds(response))
    if status == HTTPStatus.GATEWAY_TIMEOUT:
        return InstitutionTimeout(f"{host} did not get an answer from its own systems")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return InstitutionUnavailable(
            f"{host} answered {status}", retry_after_seconds=_retry_after_seconds(response)
        )
    if status < HTTPStatus.OK or HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return InstitutionBrokeProtocol(f"{host} answered {status}, which is not followed")
    return None


def _retry_after_seconds(response: Response) -> int | None:
    """Read ``Retry-After`` in seconds; the form with a date is rare and left unread."""
    text = response.headers.get("retry-after", "")
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(_RETRY_AFTER_SECONDS_MAX)):
        return None
    return min(int(text), _RETRY_AFTER_SECONDS_MAX)
