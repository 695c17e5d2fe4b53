"""An owner of a bank account."""

from typing import ClassVar, Literal

from msgspec import UNSET, UnsetType

from linkspan.objects._base import ApiObject
from linkspan.objects.dialects import Spelling


class AccountOwner(
    ApiObject, frozen=True, kw_only=True, tag_field="object", tag="financial_connections.account_owner"
):
    """One person or business that owns an Account, as the institution knows them."""

    in_2022_05: ClassVar[Spelling] = Spelling(name="linked_account_owner")
    """The object had another name."""

    object: ClassVar[Literal["financial_connections.account_owner"]] = "financial_connections.account_owner"
    """Type of the object. Since 2022-05."""

    id: str
    """Identifier, ``fcaown_…``. Since 2022-05."""

    name: str
    """Full name. Since 2022-05."""

    ownership: str
    """Id (``fcaowns_…``) of the AccountOwnership this owner belongs to. Since 2022-05."""

    email: str | None
    """E-mail address; null when the institution gives none. Since 2022-05."""

    phone: str | None
    """Telephone number as the institution writes it; null when it gives none. Since 2022-05."""

    raw_address: str | None
    """Postal address as the institution writes it; null when it gives none. Since 2022-05."""

    refreshed_at: int | UnsetType | None = UNSET
    """When the refresh that wrote this owner took place, in Unix seconds; null when unknown, absent from
    some servers. Since 2022-05."""
