"""2026-09-30.endive: one country instead of a list, and no default hidden in the holder's type."""

from typing import Final

from linkspan.server.api.forms import Form
from linkspan.server.api.params import Param, array_of, one_of, text
from linkspan.server.api.versions.change import PAYMENT_INTENT, SESSION, SETUP_INTENT, Change, Members
from linkspan.server.api.versions.parts import part
from linkspan.server.core.session_defaults import BEFORE_ENDIVE, SINCE_ENDIVE

_countries: Final = array_of(text)
_INTENTS: Final = (
    *("payment_intents.create", "payment_intents.update"),
    *("setup_intents.create", "setup_intents.update"),
)
_TYPES: Final = "payment_method_types"


def _up(route: str, form: Form) -> Form:
    """Spell out what a Session or an intent of the time before means."""
    if route in _INTENTS and _TYPES in form:
        others: Form = {name: value for name, value in form.items() if name != _TYPES}
        return {**others, f"allowed_{_TYPES}": form[_TYPES]}
    return _up_session(form) if route == "sessions.create" else form


def _up_session(form: Form) -> Form:
    """Name the first country, the only one that was ever honored, and spell out the old default."""
    upgraded = {**form}
    then = BEFORE_ENDIVE.get(str(part(form, "account_holder").get("type")), SINCE_ENDIVE)
    if then.accounts_max is not None and "limits" not in form:
        upgraded["limits"] = {"accounts": str(then.accounts_max)}
    filters = part(form, "filters")
    if "countries" in filters:
        countries = _countries(filters["countries"], "filters[countries]")
        others: Form = {name: value for name, value in filters.items() if name != "countries"}
        upgraded["filters"] = {**others, "country": countries[0] if countries else ""}
    return upgraded


def _down(session: Members) -> Members:
    """Show the country as a list, too."""
    filters = session.get("filters")
    if filters is not None:
        country = filters.get("country")
        filters["countries"] = None if country is None else [country]
    return session


_ABOUT: Final = "Upper-case ISO 3166-1 alpha-2 codes of the institutions' countries; only the first counts."

CHANGE: Final = Change(
    version="2026-09-30.endive",
    summary=(
        "`filters.countries` of a Session is replaced by `filters.country`; a Session for a connected "
        "account no longer collects a single account unless `limits` says so; intents are limited by "
        "`allowed_payment_method_types` instead of `payment_method_types`."
    ),
    parameters={
        "sessions.create": ("filters[country]",),
        **dict.fromkeys(_INTENTS, (f"allowed_{_TYPES}",)),
    },
    fields={
        PAYMENT_INTENT: (f"allowed_{_TYPES}", "managed_payments", "payment_record"),
        SETUP_INTENT: (f"allowed_{_TYPES}",),
    },
    ended_parameters={
        "sessions.create": {"filters[countries]": Param(_countries, about=_ABOUT)},
        **{route: {_TYPES: Param(array_of(one_of("us_bank_account")))} for route in _INTENTS},
    },
    ended_fields={
        SESSION: {
            "filters.countries": {
                "anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "null"}],
                "description": f"{_ABOUT} Null when none was asked for.",
            }
        }
    },
    up=_up,
    down={SESSION: _down},
)
