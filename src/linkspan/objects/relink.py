"""A Session that repairs what an end user linked before."""

from typing import Final, Literal, TypeAlias, get_args

from msgspec import UNSET, UnsetType

from linkspan.objects._base import ApiObject
from linkspan.objects._open import Open

RelinkFailureReason: TypeAlias = Literal["no_account", "no_authorization", "other"]
RELINK_FAILURE_REASONS: Final[tuple[RelinkFailureReason, ...]] = get_args(RelinkFailureReason)


class RelinkOptions(ApiObject, frozen=True, kw_only=True):
    """What a Session is to repair."""

    authorization: str
    """Id (``fcauth_…``) of the Authorization whose accounts are to work again. Since 2026-01-28.preview."""

    account: str | UnsetType | None = UNSET
    """Id (``fca_…``) of the only account to repair; null or absent when all are. Since
    2026-01-28.preview."""


class RelinkResult(ApiObject, frozen=True, kw_only=True):
    """What came of it."""

    account: str | None
    """Id (``fca_…``) of the account repaired; null unless one was asked for. Since 2026-01-28.preview."""

    authorization: str | None
    """Id (``fcauth_…``) of the Authorization repaired; null when none was. Since 2026-01-28.preview."""

    failure_reason: Open[RelinkFailureReason] | None
    """Why nothing was repaired: ``no_account`` or ``no_authorization`` when the end user shared something
    else, or ``other``; null when it was. Since 2026-01-28.preview."""
