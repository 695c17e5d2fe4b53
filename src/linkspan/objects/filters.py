"""Which accounts a Session may collect."""

from typing import ClassVar, Final, Literal, TypeAlias, get_args

from msgspec import UNSET, UnsetType

from linkspan.objects._base import ApiObject
from linkspan.objects._json import is_array
from linkspan.objects._open import Open
from linkspan.objects.dialects import Members, Spelling

FilterSubcategory: TypeAlias = Literal["checking", "credit_card", "line_of_credit", "mortgage", "savings"]
FILTER_SUBCATEGORIES: Final[tuple[FilterSubcategory, ...]] = get_args(FilterSubcategory)
PaymentMethodSupport: TypeAlias = Literal["all", "at_least_one", "none"]
PAYMENT_METHOD_SUPPORTS: Final[tuple[PaymentMethodSupport, ...]] = get_args(PaymentMethodSupport)


# Until 2026-09-30.endive the filter was a list of countries, of which only the
# first was ever honored. A list of one (or null) says no more than `country`;
# any other list stays in `extra` beside the country it meant.
def _country_from_countries(members: Members) -> Members:
    """Return *members* with ``country``; ``countries`` stays only where it says more."""
    if "countries" not in members:
        return members
    countries = members.pop("countries")
    if countries is None:
        first, says_more = None, False
    elif is_array(countries) and all(isinstance(country, str) for country in countries):
        first, says_more = countries[0] if countries else None, len(countries) != 1
    else:
        raise ValueError("`countries` is no array of text")
    if members.setdefault("country", first) != first:
        raise ValueError("`country` and `countries` disagree")
    return {**members, "countries": countries} if says_more else members


def _countries_from_country(members: Members) -> Members:
    """Return *members* with ``countries`` in the place of ``country``."""
    if "country" not in members:
        return members
    country = members.pop("country")
    members.setdefault("countries", None if country is None else [country])
    return members


class Filters(ApiObject, frozen=True, kw_only=True):
    """Restrictions on the accounts that can be linked in a Session."""

    in_2022_05: ClassVar[Spelling] = Spelling(
        values_up=_country_from_countries, values_down=_countries_from_country
    )
    """The one ``country`` was a list, ``countries``."""

    account_subcategories: tuple[Open[FilterSubcategory], ...] | UnsetType | None = UNSET
    """Subcategories that can be linked, text; null or absent when all can. Since 2024-09-30.acacia."""

    country: str | UnsetType | None = UNSET
    """Upper-case ISO 3166-1 alpha-2 code of the institutions' country; null or absent when none was asked
    for. Since 2026-08-26.dahlia, before and until 2026-09-30.endive as the list `countries`."""

    institution: str | UnsetType = UNSET
    """Id (``fcinst_…``) of the only institution offered; absent when any is, and outside of preview
    versions. Since 2026-01-28.preview."""

    require_payment_method_support: Open[PaymentMethodSupport] | UnsetType = UNSET
    """How many of the linked accounts must be usable for payments: ``all``, ``at_least_one`` or ``none``;
    absent from servers of earlier versions. Since 2026-07-29.dahlia."""

    @property
    def countries(self) -> tuple[str, ...]:
        """The countries as the list of earlier versions, of which only the first counts. Since 2022-05."""
        listed: tuple[str, ...] | None = self.extra.get("countries")
        if listed is not None:
            return listed
        return (self.country,) if isinstance(self.country, str) else ()
