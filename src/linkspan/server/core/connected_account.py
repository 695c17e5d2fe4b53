"""What a platform may say of an account it connects."""

from collections.abc import Mapping
from typing import Any, Final

CONTROLLER_DEFAULTS: Final[Mapping[str, Any]] = {
    "fees": {"payer": "account"},
    "losses": {"payments": "stripe"},
    "requirement_collection": "stripe",
    "stripe_dashboard": {"type": "full"},
}

# What each deprecated `type` stands for (Stripe Connect, "Migrate to controller properties").
CONTROLLER_OF: Final[Mapping[str, Mapping[str, Any]]] = {
    "custom": {
        "fees": {"payer": "application_custom"},
        "losses": {"payments": "application"},
        "requirement_collection": "application",
        "stripe_dashboard": {"type": "none"},
    },
    "express": {
        "fees": {"payer": "application_express"},
        "losses": {"payments": "application"},
        "requirement_collection": "stripe",
        "stripe_dashboard": {"type": "express"},
    },
    "standard": CONTROLLER_DEFAULTS,
}

_EURO: Final = "AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK"
_CURRENCIES: Final[Mapping[str, str]] = {
    **dict.fromkeys(_EURO.split(), "eur"),
    "AU": "aud",
    "CA": "cad",
    "CH": "chf",
    "GB": "gbp",
    "JP": "jpy",
    "NZ": "nzd",
    "US": "usd",
}


def currency_of(country: str) -> str | None:
    """Return the money of a country, where it is known here."""
    return _CURRENCIES.get(country)
