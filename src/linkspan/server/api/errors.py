"""The one table from a refusal to what a caller reads."""

from collections.abc import Mapping
from typing import Final

from linkspan.objects import ApiError, encode
from linkspan.server.core import refusals

_INVALID: Final = "invalid_request_error"

# HTTP status and wire type of every refusal; a class without a row of its own
# takes its parent's. A test walks the tree.
RENDERED: Final[Mapping[type[refusals.Refusal], tuple[int, str]]] = {
    refusals.BadParameter: (400, _INVALID),
    refusals.NoSuchObject: (404, _INVALID),
    refusals.NoSuchReference: (400, _INVALID),
    refusals.NoSuchRoute: (404, _INVALID),
    refusals.BodyTooLarge: (413, _INVALID),
    refusals.UnknownVersion: (400, _INVALID),
    refusals.NotAuthenticated: (401, _INVALID),
    refusals.LacksRight: (403, _INVALID),
    refusals.NoAccessToAccount: (403, _INVALID),
    refusals.PlatformRequired: (400, _INVALID),
    refusals.IdempotencyInUse: (409, "idempotency_error"),
    refusals.IdempotencyMismatch: (400, "idempotency_error"),
    refusals.AccountInactive: (400, _INVALID),
    refusals.NoSuccessfulTransactionRefresh: (400, _INVALID),
    refusals.SessionOver: (400, _INVALID),
    refusals.SessionExpired: (400, _INVALID),
    refusals.InvalidClientSecret: (401, _INVALID),
    refusals.WrongOrigin: (403, _INVALID),
    refusals.TooManyAttempts: (429, _INVALID),
    refusals.WayClosed: (410, _INVALID),
    refusals.StrayReturn: (400, _INVALID),
}


def render(refusal: refusals.Refusal) -> tuple[int, bytes]:
    """Return the status and body that tell a caller of *refusal*."""
    status, error_type = next(RENDERED[cls] for cls in type(refusal).__mro__ if cls in RENDERED)
    code = getattr(refusal, "specific_code", None) or refusal.code
    return status, _body(error_type, refusal.message, code=code, param=refusal.param or None)


def render_bug(request_id: str) -> tuple[int, bytes]:
    """Return the status and body of a mistake of ours."""
    message = f"An error occurred in Linkspan. Quote the request id {request_id} when you report it."
    return 500, _body("api_error", message, code=None, param=None)


def _body(error_type: str, message: str, *, code: str | None, param: str | None) -> bytes:
    error = ApiError(type=error_type, message=message, code=code, param=param)
    return b'{"error":' + encode(error) + b"}"
