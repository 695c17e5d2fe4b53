"""2026-09-30.endive: one country instead of a list, and no defaults hidden in the holder's type."""

from typing import Any, Final

from linkspan.server.api.forms import Form

VERSION: Final = "2026-09-30.endive"
SUMMARY: Final = (
    "`filters.countries` of a Session is replaced by `filters.country`; a Session for a connected account "
    "no longer collects a single account unless `limits` says so."
)


def upgrade_request(route: str, form: Form) -> Form:
    """Name the first country, the only one that was ever honored, and spell out the old default."""
    if route != "sessions.create":
        return form
    upgraded = dict(form)
    holder, filters = form.get("account_holder"), form.get("filters")
    if isinstance(holder, dict) and holder.get("type") == "account" and "limits" not in form:
        upgraded["limits"] = {"accounts": "1"}
    if isinstance(filters, dict):
        kept = {name: value for name, value in filters.items() if name != "countries"}
        countries = filters.get("countries")
        if isinstance(countries, dict) and countries and "country" not in kept:
            kept["country"] = next(iter(countries.values()))
        elif countries is not None and not isinstance(countries, dict) and countries != "":
            kept["countries"] = countries  # not an array: refused by its own name
        upgraded["filters"] = kept
    return upgraded


def downgrade(resource: dict[str, Any]) -> None:
    """Show the country as the list it was."""
    if resource["object"] != "financial_connections.session":
        return
    filters = resource.get("filters")
    if isinstance(filters, dict) and "country" in filters:
        country = filters.pop("country")
        filters["countries"] = None if country is None else [country]
