"""A customer of the merchant."""

from typing import Any, ClassVar, Literal

from msgspec import UNSET, UnsetType

from linkspan.objects._base import ApiObject
from linkspan.objects.frozen_map import FrozenMap


class Customer(ApiObject, frozen=True, kw_only=True, tag_field="object", tag="customer"):
    """Someone the merchant does business with, and for whom accounts may be linked.

    The fields that account linking uses are modeled; what billing adds is in ``extra``.
    """

    object: ClassVar[Literal["customer"]] = "customer"
    """Type of the object. Since 2022-05."""

    id: str
    """Identifier, ``cus_…``. Since 2022-05."""

    created: int
    """When the Customer was made, in Unix seconds. Since 2022-05."""

    livemode: bool
    """True in live mode, false in test mode. Since 2022-05."""

    address: FrozenMap[Any] | UnsetType | None = UNSET
    """Postal address (``line1``, ``city``, ``country`` …); null when not given, absent from some servers.
    Since 2022-05."""

    balance: int | UnsetType = UNSET
    """What the customer owes (positive) or is owed (negative) on the next invoice, in minor units; absent
    from servers without billing. Since 2022-05."""

    currency: str | UnsetType | None = UNSET
    """Lower-case ISO 4217 code of recurring charges; null when none was made, absent from some servers.
    Since 2022-05."""

    default_source: str | UnsetType | None = UNSET
    """Id of the default payment source; null when there is none, absent from some servers. Since 2022-05."""

    delinquent: bool | UnsetType | None = UNSET
    """True when the latest invoice is unpaid; null when unknown, absent from servers without billing.
    Since 2022-05."""

    description: str | UnsetType | None = UNSET
    """The merchant's own words about the customer; null when not given, absent from some servers. Since
    2022-05."""

    email: str | UnsetType | None = UNSET
    """E-mail address; null when not given, absent from some servers. Since 2022-05."""

    invoice_settings: FrozenMap[Any] | UnsetType = UNSET
    """How invoices are made by default (``footer``, ``default_payment_method`` …); absent from some servers.
    Since 2022-05."""

    metadata: FrozenMap[str] | UnsetType = UNSET
    """The merchant's own keys and values, both text; absent from some servers. Since 2022-05."""

    name: str | UnsetType | None = UNSET
    """Full name of the person or business; null when not given, absent from some servers. Since 2022-05."""

    phone: str | UnsetType | None = UNSET
    """Telephone number; null when not given, absent from some servers. Since 2022-05."""

    shipping: FrozenMap[Any] | UnsetType | None = UNSET
    """Where goods are sent (``name``, ``address`` …); null when not given, absent from some servers. Since
    2022-05."""
