"""How the API says that a request failed."""

from typing import Any, Final, Literal, TypeAlias, get_args

from linkspan.objects._base import ApiObject
from linkspan.objects._open import Open
from linkspan.objects.frozen_map import FrozenMap

ErrorType: TypeAlias = Literal["api_error", "card_error", "idempotency_error", "invalid_request_error"]
ERROR_TYPES: Final[tuple[ErrorType, ...]] = get_args(ErrorType)


class ApiError(ApiObject, frozen=True, kw_only=True):
    """An error as the wire carries it; what is null is left out, as in no other object."""

    type: Open[ErrorType]
    """Kind of the error. Since 2022-05."""

    message: str | None = None
    """What went wrong, for the developer; null when nothing is said. Since 2022-05."""

    code: str | None = None
    """Stable word for programs, such as ``resource_missing``; null when there is none. Since 2022-05."""

    param: str | None = None
    """The parameter at fault, in bracket notation; null when none is. Since 2022-05."""

    doc_url: str | None = None
    """Address of a page about ``code``; null when there is none. Since 2022-05."""

    request_log_url: str | None = None
    """Address of the request in the operator's log; null when there is none. Since 2022-05."""

    advice_code: str | None = None
    """What to do about a declined payment; null outside of payments. Since 2024-09-30.acacia."""

    charge: str | None = None
    """Id (``ch_…``) of the failed charge; null outside of payments. Since 2022-05."""

    decline_code: str | None = None
    """Why the issuer declined; null outside of payments. Since 2022-05."""

    network_advice_code: str | None = None
    """What the card network advises; null outside of payments. Since 2024-09-30.acacia."""

    network_decline_code: str | None = None
    """Why the card network declined; null outside of payments. Since 2024-09-30.acacia."""

    payment_intent: FrozenMap[Any] | None = None
    """The PaymentIntent concerned, as sent; null outside of payments. Since 2022-05."""

    payment_method: FrozenMap[Any] | None = None
    """The PaymentMethod concerned, as sent; null outside of payments. Since 2022-05."""

    payment_method_type: str | None = None
    """Kind of the PaymentMethod concerned; null outside of payments. Since 2022-05."""

    setup_intent: FrozenMap[Any] | None = None
    """The SetupIntent concerned, as sent; null outside of payments. Since 2022-05."""

    source: FrozenMap[Any] | None = None
    """The payment source concerned, as sent; null outside of payments. Since 2022-05."""

    user_message: str | None = None
    """What went wrong, for the end user; null when nothing is said. Since 2025-09-30.clover."""


class ErrorBody(ApiObject, frozen=True, kw_only=True):
    """The whole body of an answer that is not a success."""

    error: ApiError
    """What went wrong. Since 2022-05."""
