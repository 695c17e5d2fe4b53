"""Says a Session's filters in the words of one API version."""

from __future__ import annotations

from typing import Final

from linkspan.client.params import FiltersParams

# Changelog of 2026-09-30.endive: filters[countries] gave way to filters[country].
_COUNTRY_SINCE: Final = "2026-09-30"


def filters_for(version: str, filters: FiltersParams) -> dict[str, object]:
    """Return *filters* as *version* spells them; refuse what it cannot say."""
    said: dict[str, object] = dict(filters)
    said.pop("country", None)
    said.pop("countries", None)
    countries = _countries(filters)
    # A version is its date and a name: 2026-10-28.endive, or 2022-11-15 alone.
    if version[:10] < _COUNTRY_SINCE:
        said["countries"] = countries
        return said
    if countries is not None and len(countries) > 1:
        raise ValueError(f"filters[countries]: API version {version} takes one country, got {countries}")
    said["country"] = countries[0] if countries else None
    return said


def _countries(filters: FiltersParams) -> list[str] | None:
    if "country" in filters and "countries" in filters:
        raise ValueError("filters[country]: give country or countries, not both")
    if "country" in filters:
        return [filters["country"]]
    countries = filters.get("countries")
    if isinstance(countries, str):
        # A str is a Sequence[str] to a type checker, and would be sent letter by letter.
        raise ValueError(f'filters[countries]: expected a list such as ["{countries}"]')  # noqa: TRY004 - the value is wrong for the API, as its other refusals
    return None if countries is None else list(countries)
