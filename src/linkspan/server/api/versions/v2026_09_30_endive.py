"""2026-09-30.endive: one country instead of a list, and no default hidden in the holder's type."""

from typing import Any, Final

from linkspan.server.api.forms import Form
from linkspan.server.api.params import array_of, text
from linkspan.server.api.versions.parts import part, refuse, sessions_in

VERSION: Final = "2026-09-30.endive"
SUMMARY: Final = (
    "`filters.countries` of a Session is replaced by `filters.country`; a Session for a connected account "
    "no longer collects a single account unless `limits` says so."
)

_read_countries: Final = array_of(text)


def upgrade_request(route: str, form: Form) -> Form:
    """Name the first country, the only one that was ever honored, and spell out the old default."""
    if route != "sessions.create":
        return form
    refuse(part(form, "filters"), "country", within="filters")
    upgraded = {**form}
    if part(form, "account_holder").get("type") == "account" and "limits" not in form:
        upgraded["limits"] = {"accounts": "1"}
    filters = part(form, "filters")
    if "countries" in filters:
        countries = _read_countries(filters["countries"], "filters[countries]")
        others: Form = {name: value for name, value in filters.items() if name != "countries"}
        upgraded["filters"] = {**others, "country": countries[0] if countries else ""}
    return upgraded


def downgrade_answer(answer: dict[str, Any]) -> dict[str, Any]:
    """Show the country as the list it was."""
    for session in sessions_in(answer):
        filters = session.get("filters")
        if filters is not None:
            country = filters.pop("country", None)
            filters["countries"] = None if country is None else [country]
    return answer
