"""What a Financial Connections Session may ask for."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from linkspan.server.core.refusals import BadParameter

PERMISSIONS: Final = ("balances", "ownership", "payment_method", "transactions")
PREFETCHABLE: Final = ("balances", "ownership", "transactions")
ACCOUNT_SUBCATEGORIES: Final = ("checking", "credit_card", "line_of_credit", "mortgage", "savings")
PAYMENT_METHOD_SUPPORT: Final = ("all", "at_least_one", "none")

# Stripe does not publish how long a Session may be used; a day is long enough
# for a person to find their bank's password, short enough for a leaked secret.
LIFETIME_SECONDS: Final = 24 * 60 * 60

# RFC 3986 characters; backslashes, spaces and control characters, which browsers
# repair in ways of their own, are not among them.
_URL: Final = re.compile(r"[a-z][a-z0-9+.-]*:[!#-;=?-\[\]_a-z~%]+", re.IGNORECASE | re.ASCII)
_THIS_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "::1"})
# Schemes that a browser or a system carries out by itself, so that no app of the
# merchant's can be behind them (RFC 8252 section 7.1 wants one that is the app's own).
_NOT_APPS: Final = frozenset(
    {"about", "blob", "chrome", "data", "file", "filesystem", "ftp", "intent", "javascript"}
    | {"mailto", "sms", "tel", "vbscript", "view-source", "ws", "wss"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedFilters:
    """The kinds of accounts the caller would accept."""

    account_subcategories: tuple[str, ...] | None = None
    country: str | None = None
    require_payment_method_support: str = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedSession:
    """The parameters of `POST /v1/financial_connections/sessions`, decoded."""

    holder_type: str
    customer: str | None
    account: str | None
    permissions: tuple[str, ...]
    prefetch: tuple[str, ...] = ()
    filters: WantedFilters = WantedFilters()
    accounts_max: int | None = None
    manual_entry_mode: str = "disabled"
    return_url: str | None = None


def check(wanted: WantedSession) -> None:
    """Refuse what no Session may ask for, naming the parameter."""
    holder = "customer" if wanted.holder_type == "customer" else "account"
    other = "account" if holder == "customer" else "customer"
    if getattr(wanted, other) is not None:
        raise BadParameter(
            f"You may only specify `account_holder[{other}]` when `account_holder[type]` is `{other}`.",
            param=f"account_holder[{other}]",
        )
    if wanted.return_url is not None and not may_return_to(wanted.return_url):
        raise BadParameter(
            "Not a valid URL: `return_url` must be an https address, an http address of this machine, "
            "or one with a scheme of your app's own.",
            param="return_url",
            code="url_invalid",
        )
    for index, feature in enumerate(wanted.prefetch):
        if feature not in wanted.permissions:
            raise BadParameter(
                f"You may only prefetch `{feature}` when the `{feature}` permission is requested.",
                param=f"prefetch[{index}]",
            )


def may_return_to(url: str) -> bool:
    """Tell whether a person may be sent to *url* after they were at a bank."""
    if not _URL.fullmatch(url):
        return False
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if "@" in parts.netloc:
        return False
    match parts.scheme:
        case "https":
            return bool(host)
        case "http":
            return host in _THIS_MACHINE
        case scheme:
            return scheme not in _NOT_APPS
