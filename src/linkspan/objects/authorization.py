"""The standing permission at one institution."""

from typing import ClassVar, Final, Literal, TypeAlias, get_args

from msgspec import UNSET, UnsetType

from linkspan.objects._base import ApiObject
from linkspan.objects._open import Open
from linkspan.objects.account_holder import AccountHolder
from linkspan.objects.institution import Institution
from linkspan.objects.status_details import DeactivationAction

AuthorizationStatus: TypeAlias = Literal["active", "disconnected", "inactive"]
AUTHORIZATION_STATUSES: Final[tuple[AuthorizationStatus, ...]] = get_args(AuthorizationStatus)


class AuthorizationActive(ApiObject, frozen=True, kw_only=True):
    """An active authorization's expected end."""

    action: Open[DeactivationAction]
    """What the holder can do before it: ``none`` or ``relink_required``. Since 2026-07-29.dahlia."""

    expected_deactivation_date: int | UnsetType = UNSET
    """When it is expected to become inactive, in Unix seconds; absent when that is not known. Since
    2026-07-29.dahlia."""


class AuthorizationInactive(ApiObject, frozen=True, kw_only=True):
    """An inactive authorization's way back."""

    action: Open[DeactivationAction]
    """What the holder can do: ``none`` or ``relink_required``. Since 2026-07-29.dahlia."""


class AuthorizationStatusDetails(ApiObject, frozen=True, kw_only=True):
    """More about an Authorization's ``status``."""

    active: AuthorizationActive | UnsetType | None = UNSET
    """The expected end; null or absent unless the authorization is active. Since 2026-07-29.dahlia."""

    inactive: AuthorizationInactive | UnsetType | None = UNSET
    """The way back; null or absent unless the authorization is inactive. Since 2026-07-29.dahlia."""


class Authorization(
    ApiObject, frozen=True, kw_only=True, tag_field="object", tag="financial_connections.authorization"
):
    """One set of credentials at an institution, behind a group of Accounts."""

    object: ClassVar[Literal["financial_connections.authorization"]] = "financial_connections.authorization"
    """Type of the object. Since 2026-07-29.dahlia."""

    id: str
    """Identifier, ``fcauth_…``. Since 2026-07-29.dahlia."""

    institution_name: str
    """Name of the institution. Since 2026-07-29.dahlia."""

    livemode: bool
    """True in live mode, false in test mode. Since 2026-07-29.dahlia."""

    status: Open[AuthorizationStatus]
    """``active`` or ``inactive``; in preview versions also ``disconnected``. Since 2026-07-29.dahlia."""

    status_details: AuthorizationStatusDetails
    """More about ``status``. Since 2026-07-29.dahlia."""

    account_holder: AccountHolder | UnsetType | None = UNSET
    """Whom its accounts were linked for; null when that is gone, absent outside of preview versions. Since
    2026-01-28.preview."""

    institution: str | Institution | UnsetType | None = UNSET
    """Id (``fcinst_…``) of the institution, or the institution itself when expanded; null when it
    is not known, absent outside of preview versions. Since 2026-01-28.preview."""
