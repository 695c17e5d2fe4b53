"""A business that uses the API: a platform's own, or one connected to it."""

from typing import Any, ClassVar, Final, Literal, TypeAlias, get_args

from msgspec import UNSET, UnsetType

from linkspan.objects._base import ApiObject
from linkspan.objects._open import Open
from linkspan.objects.frozen_map import FrozenMap

ConnectedAccountType: TypeAlias = Literal["custom", "express", "none", "standard"]
CONNECTED_ACCOUNT_TYPES: Final[tuple[ConnectedAccountType, ...]] = get_args(ConnectedAccountType)
BusinessType: TypeAlias = Literal["company", "government_entity", "individual", "non_profit"]
BUSINESS_TYPES: Final[tuple[BusinessType, ...]] = get_args(BusinessType)


class BusinessProfile(ApiObject, frozen=True, kw_only=True):
    """What a business tells its customers about itself."""

    mcc: str | UnsetType | None = UNSET
    """Merchant category code, four digits; null when not given, absent from some servers. Since 2022-05."""

    name: str | UnsetType | None = UNSET
    """The name its customers know; null when not given, absent from some servers. Since 2022-05."""

    product_description: str | UnsetType | None = UNSET
    """What it sells; null when not given, absent from some servers. Since 2022-05."""

    support_email: str | UnsetType | None = UNSET
    """E-mail address for its customers; null when not given, absent from some servers. Since 2022-05."""

    support_phone: str | UnsetType | None = UNSET
    """Telephone number for its customers; null when not given, absent from some servers. Since 2022-05."""

    support_url: str | UnsetType | None = UNSET
    """Web address for its customers; null when not given, absent from some servers. Since 2022-05."""

    url: str | UnsetType | None = UNSET
    """Its public web site; null when not given, absent from some servers. Since 2022-05."""


class ConnectedAccount(ApiObject, frozen=True, kw_only=True, tag_field="object", tag="account"):
    """A business: the one an API key belongs to, or one connected to that platform.

    What account linking uses is modeled; what payments and onboarding add is in
    ``extra``. The bank accounts people share are `Account` objects.
    """

    object: ClassVar[Literal["account"]] = "account"
    """Type of the object. Since 2022-05."""

    id: str
    """Identifier, ``acct_…``. Since 2022-05."""

    business_profile: BusinessProfile | UnsetType | None = UNSET
    """What it tells its customers about itself; null when nothing, absent from some servers. Since
    2022-05."""

    business_type: Open[BusinessType] | UnsetType | None = UNSET
    """Its legal kind; null when not given, absent from some servers. Since 2022-05."""

    capabilities: FrozenMap[str] | UnsetType = UNSET
    """What it asked to be able to do, and whether it is (``active``, ``inactive``, ``pending``); absent from
    the platform's own. Since 2022-05."""

    charges_enabled: bool | UnsetType = UNSET
    """True when it can take payments; absent from some servers. Since 2022-05."""

    controller: FrozenMap[Any] | UnsetType = UNSET
    """Who bears fees and losses, collects requirements and gives a dashboard; absent from the platform's
    own. Since 2022-05."""

    country: str | UnsetType | None = UNSET
    """Upper-case ISO 3166-1 code of where it is; null when unknown, absent from some servers. Since
    2022-05."""

    created: int | UnsetType = UNSET
    """When it was connected, in Unix seconds; absent from the platform's own. Since 2022-05."""

    default_currency: str | UnsetType | None = UNSET
    """Lower-case ISO 4217 code of its money; null when unknown, absent from some servers. Since 2022-05."""

    details_submitted: bool | UnsetType = UNSET
    """True when its onboarding is complete; absent from some servers. Since 2022-05."""

    email: str | UnsetType | None = UNSET
    """Its e-mail address; null when not given, absent from some servers. Since 2022-05."""

    metadata: FrozenMap[str] | UnsetType = UNSET
    """The platform's own keys and values, both text; absent from the platform's own. Since 2022-05."""

    payouts_enabled: bool | UnsetType = UNSET
    """True when its money can be paid out; absent from some servers. Since 2022-05."""

    type: Open[ConnectedAccountType] | UnsetType = UNSET
    """Kind of account; ``none`` when its ``controller`` says more; absent from some servers. Since
    2022-05."""
