"""Whether an end user may type an account's numbers instead of signing in."""

from typing import Final, Literal, TypeAlias, get_args

from msgspec import UNSET, UnsetType

from linkspan.objects._base import ApiObject
from linkspan.objects._open import Open

ManualEntryMode: TypeAlias = Literal["automatic", "custom", "disabled"]
MANUAL_ENTRY_MODES: Final[tuple[ManualEntryMode, ...]] = get_args(ManualEntryMode)


class ManualEntry(ApiObject, frozen=True, kw_only=True):
    """How a Session offers manual entry of account details."""

    mode: Open[ManualEntryMode] | UnsetType = UNSET
    """``automatic`` or ``disabled``, in preview versions also ``custom``; absent when the server decides.
    Since 2026-07-29.dahlia."""
