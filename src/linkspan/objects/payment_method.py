"""What a customer can pay with."""

from typing import ClassVar, Final, Literal, TypeAlias, get_args

from msgspec import UNSET, UnsetType

from linkspan.objects._base import ApiObject
from linkspan.objects._open import Open
from linkspan.objects.customer import Customer
from linkspan.objects.frozen_map import FrozenMap
from linkspan.objects.us_bank_account import UsBankAccount

AllowRedisplay: TypeAlias = Literal["always", "limited", "unspecified"]
ALLOW_REDISPLAYS: Final[tuple[AllowRedisplay, ...]] = get_args(AllowRedisplay)


class BillingAddress(ApiObject, frozen=True, kw_only=True):
    """Where bills go."""

    city: str | None
    """City, town or village; null when not given. Since 2022-05."""

    country: str | None
    """Upper-case ISO 3166-1 code; null when not given. Since 2022-05."""

    line1: str | None
    """Street and number, or a company's name; null when not given. Since 2022-05."""

    line2: str | None
    """Apartment, suite or building; null when not given. Since 2022-05."""

    postal_code: str | None
    """ZIP or postal code; null when not given. Since 2022-05."""

    state: str | None
    """State, province or region; null when not given. Since 2022-05."""


class BillingDetails(ApiObject, frozen=True, kw_only=True):
    """Who is billed."""

    address: BillingAddress | None
    """Where bills go; null when not given. Since 2022-05."""

    email: str | None
    """E-mail address; null when not given. Since 2022-05."""

    name: str | None
    """Full name; null when not given. Since 2022-05."""

    phone: str | None
    """Telephone number; null when not given. Since 2022-05."""

    tax_id: str | UnsetType | None = UNSET
    """Taxpayer's number; null when not given, absent from earlier versions. Since 2025-04-30.basil."""


class PaymentMethod(ApiObject, frozen=True, kw_only=True, tag_field="object", tag="payment_method"):
    """A PaymentMethod, made from a linked account or from numbers, to be attached to a Customer.

    Bank accounts in the US are modeled; the details of other kinds are in ``extra``.
    """

    object: ClassVar[Literal["payment_method"]] = "payment_method"
    """Type of the object. Since 2022-05."""

    id: str
    """Identifier, ``pm_…``. Since 2022-05."""

    billing_details: BillingDetails
    """Who is billed. Since 2022-05."""

    created: int
    """When it was made, in Unix seconds. Since 2022-05."""

    customer: str | Customer | None
    """Id (``cus_…``) of the Customer it is attached to, or the Customer itself when expanded; null when it
    is attached to none. Since 2022-05."""

    livemode: bool
    """True in live mode, false in test mode. Since 2022-05."""

    type: str
    """Its kind, such as ``us_bank_account``; the field of that name says more. Since 2022-05."""

    allow_redisplay: Open[AllowRedisplay] | UnsetType | None = UNSET
    """Whether the customer may be offered it again; null when unknown, absent from earlier versions. Since
    2024-06-20."""

    customer_account: str | UnsetType | None = UNSET
    """Id (``acct_…``) of an Account used as a customer; null or absent unless it is attached to one. Since
    2025-12-15.clover."""

    metadata: FrozenMap[str] | UnsetType | None = UNSET
    """The merchant's own keys and values, both text; null or absent from some servers. Since 2022-05."""

    us_bank_account: UsBankAccount | UnsetType = UNSET
    """The bank account; absent unless that is its ``type``. Since 2022-05."""
