"""How a Session ended."""

from typing import Final, Literal, TypeAlias, get_args

from msgspec import UNSET, UnsetType

from linkspan.objects._base import ApiObject
from linkspan.objects._open import Open

SessionStatus: TypeAlias = Literal["cancelled", "failed", "pending", "succeeded"]
SESSION_STATUSES: Final[tuple[SessionStatus, ...]] = get_args(SessionStatus)
CancelReason: TypeAlias = Literal["custom_manual_entry", "other"]
CANCEL_REASONS: Final[tuple[CancelReason, ...]] = get_args(CancelReason)


class SessionCancelled(ApiObject, frozen=True, kw_only=True):
    """Why an end user left."""

    reason: Open[CancelReason]
    """``custom_manual_entry`` when they want to type their numbers, or ``other``. Since
    2026-01-28.preview."""


class SessionStatusDetails(ApiObject, frozen=True, kw_only=True):
    """More about a Session's ``status``."""

    cancelled: SessionCancelled | UnsetType = UNSET
    """Why it was cancelled; absent unless it was. Since 2026-01-28.preview."""
