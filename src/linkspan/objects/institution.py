"""A place where end users keep accounts."""

from typing import ClassVar, Final, Literal, TypeAlias, get_args

from linkspan.objects._base import ApiObject
from linkspan.objects._open import Open

InstitutionStatus: TypeAlias = Literal["active", "degraded", "inactive"]
INSTITUTION_STATUSES: Final[tuple[InstitutionStatus, ...]] = get_args(InstitutionStatus)


class InstitutionFeature(ApiObject, frozen=True, kw_only=True):
    """One kind of data an institution may give."""

    supported: bool
    """Whether it gives it. Since 2026-01-28.preview."""


class InstitutionFeatures(ApiObject, frozen=True, kw_only=True):
    """Which data an institution gives, permission by permission."""

    balances: InstitutionFeature
    """What is in an account. Since 2026-01-28.preview."""

    ownership: InstitutionFeature
    """Who owns an account. Since 2026-01-28.preview."""

    payment_method: InstitutionFeature
    """The numbers that money reaches an account with. Since 2026-01-28.preview."""

    transactions: InstitutionFeature
    """What went in and out of an account. Since 2026-01-28.preview."""


class Institution(
    ApiObject, frozen=True, kw_only=True, tag_field="object", tag="financial_connections.institution"
):
    """A bank, union or broker that accounts can be linked at; only preview versions know it."""

    object: ClassVar[Literal["financial_connections.institution"]] = "financial_connections.institution"
    """Type of the object. Since 2026-01-28.preview."""

    id: str
    """Identifier, ``fcinst_…``. Since 2026-01-28.preview."""

    countries: tuple[str, ...]
    """Upper-case ISO 3166-1 alpha-2 codes of where it serves people. Since 2026-01-28.preview."""

    features: InstitutionFeatures
    """Which data it gives. Since 2026-01-28.preview."""

    livemode: bool
    """True in live mode, false in test mode. Since 2026-01-28.preview."""

    name: str
    """What people call it. Since 2026-01-28.preview."""

    routing_numbers: tuple[str, ...]
    """Routing numbers it is known by, text; there may be more, and another may share them. Since
    2026-01-28.preview."""

    status: Open[InstitutionStatus]
    """``active``, ``degraded`` while linking there often fails, or ``inactive``. Since
    2026-01-28.preview."""

    url: str | None
    """Its web site; null when none is known. Since 2026-01-28.preview."""
