"""The one table from a refusal to what a caller reads."""

from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from linkspan.objects import ApiError, ErrorBody, encode
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
    refusals.RateLimited: (429, _INVALID),
    refusals.NoAccessToAccount: (403, _INVALID),
    refusals.PlatformRequired: (400, _INVALID),
    refusals.TooManyWebhookEndpoints: (400, _INVALID),
    refusals.IdempotencyInUse: (409, "idempotency_error"),
    refusals.IdempotencyMismatch: (400, "idempotency_error"),
    refusals.AccountInactive: (400, _INVALID),
    refusals.AccountNumbersUnavailable: (400, _INVALID),
    refusals.UnexpectedPaymentMethodState: (400, _INVALID),
    refusals.UnexpectedPaymentIntentState: (400, _INVALID),
    refusals.UnexpectedSetupIntentState: (400, _INVALID),
    refusals.MovesNoMoney: (400, _INVALID),
    refusals.DepositsRefused: (400, _INVALID),
    refusals.NoSuccessfulTransactionRefresh: (400, _INVALID),
    refusals.SessionOver: (400, _INVALID),
    refusals.SessionExpired: (400, _INVALID),
    refusals.InvalidClientSecret: (401, _INVALID),
    refusals.WrongOrigin: (403, _INVALID),
    refusals.UnlistedOrigin: (403, _INVALID),
    refusals.TooManyAttempts: (429, _INVALID),
    refusals.WayClosed: (410, _INVALID),
    refusals.StrayReturn: (400, _INVALID),
}

# What only the modal is answered, never a method of the API.
OF_THE_MODAL: Final[frozenset[type[refusals.Refusal]]] = frozenset(
    {
        refusals.SessionOver,
        refusals.SessionExpired,
        refusals.InvalidClientSecret,
        refusals.WrongOrigin,
        refusals.UnlistedOrigin,
        refusals.TooManyAttempts,
        refusals.WayClosed,
        refusals.StrayReturn,
    }
)

# Where the pages about a code and about a request are, below the server's address.
CODE_PAGE: Final = "/docs/errors#{code}"
REQUEST_PAGE: Final = "/docs/requests/{request}"


def row_of(cls: type[refusals.Refusal]) -> tuple[int, str]:
    """Return the status and type of a refusal: its own row, or its parent's."""
    return next(RENDERED[parent] for parent in cls.__mro__ if parent in RENDERED)


def render(
    refusal: refusals.Refusal, *, server: str | None = None, request_id: str = ""
) -> tuple[int, bytes]:
    """Return the status and body that tell a caller of *refusal*.

    With the address of the *server* the body says where its pages about the
    code and about the request are; an end user's browser is not sent there.
    """
    status, error_type = row_of(type(refusal))
    code = getattr(refusal, "specific_code", None) or refusal.code
    error = ApiError(type=error_type, message=refusal.message, code=code, param=refusal.param or None)
    return status, _body(error, server, request_id)


def render_bug(request_id: str, *, server: str | None = None) -> tuple[int, bytes]:
    """Return the status and body of a mistake of ours."""
    message = f"An error occurred in Linkspan. Quote the request id {request_id} when you report it."
    return 500, _body(ApiError(type="api_error", message=message), server, request_id)


def _body(error: ApiError, server: str | None, request_id: str) -> bytes:
    if server is not None:
        error = replace(
            error,
            doc_url=error.code and server + CODE_PAGE.format(code=error.code),
            request_log_url=server + REQUEST_PAGE.format(request=request_id),
        )
    return encode(ErrorBody(error=error))
