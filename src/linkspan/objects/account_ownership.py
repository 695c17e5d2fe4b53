"""The owners of a bank account at one moment."""

from typing import ClassVar, Literal

from linkspan.objects._base import ApiObject
from linkspan.objects.account_owner import AccountOwner
from linkspan.objects.dialects import Spelling
from linkspan.objects.list import List


class AccountOwnership(
    ApiObject, frozen=True, kw_only=True, tag_field="object", tag="financial_connections.account_ownership"
):
    """A snapshot of an Account's owners; a refresh that finds others makes another one."""

    in_2022_05: ClassVar[Spelling] = Spelling(name="linked_account_ownership")
    """The object had another name."""

    object: ClassVar[Literal["financial_connections.account_ownership"]] = (
        "financial_connections.account_ownership"
    )
    """Type of the object. Since 2022-05."""

    id: str
    """Identifier, ``fcaowns_…``. Since 2022-05."""

    created: int
    """When the snapshot was made, in Unix seconds. Since 2022-05."""

    owners: List[AccountOwner]
    """The owners; the list's ``url`` carries this ownership's id as a query. Since 2022-05."""
