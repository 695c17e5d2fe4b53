"""What a Financial Connections Session may ask for."""

import re
from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct

from linkspan.server.core.features import PREFETCHED_AS, not_permitted
from linkspan.server.core.refusals import BadParameter, ExclusiveParameters, MissingParameter

PERMISSIONS: Final = ("balances", "ownership", "payment_method", "transactions")
PREFETCHABLE: Final = ("balances", "ownership", "transactions")
PREFETCHABLE_IN_PREVIEWS: Final = (*PREFETCHABLE, "inferred_balances")
ACCOUNT_SUBCATEGORIES: Final = ("checking", "credit_card", "line_of_credit", "mortgage", "savings")
PAYMENT_METHOD_SUPPORT: Final = ("all", "at_least_one", "none")

UI_MODES: Final = ("hosted", "modal")
DELIVERY_METHODS: Final = ("email", "url")
# Which parameter names a holder of which type.
_HOLDERS: Final[Mapping[str, str]] = {
    "account": "account",
    "customer": "customer",
    "customer_account": "customer",
}
_COUNTRY: Final = re.compile(r"[A-Z]{2}", re.ASCII)

# Stripe does not publish how long a Session may be used; a day is long enough
# for a person to find their bank's password, short enough for a leaked secret.
LIFETIME_SECONDS: Final = 24 * 60 * 60
# Who is there when it ends may go on for half an hour more, ten times (WCAG 2.2, criterion 2.2.1).
EXTENSION_SECONDS: Final = 30 * 60
EXTENSIONS_MAX: Final = 10

# RFC 3986 characters; backslashes, spaces and control characters, which browsers
# repair in ways of their own, are not among them.
_URL: Final = re.compile(r"[a-z][a-z0-9+.-]*:[!#-;=?-\[\]_a-z~%]+", re.IGNORECASE | re.ASCII)
# A host that says what it is: names of letters, digits and hyphens. Browsers decode and
# fold any other into one that looks different (WHATWG URL, host parsing).
_LABEL: Final = r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?"
_NAME: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\.?")
_NUMBER: Final = re.compile(r"0x[0-9a-f]*|[0-9]+")
_THIS_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "::1"})
# Schemes that a browser or a system carries out by itself, so that no app of the
# merchant's can be behind them (RFC 8252 section 7.1 wants one that is the app's own).
_NOT_APPS: Final = frozenset(
    {"about", "blob", "chrome", "data", "file", "filesystem", "ftp", "intent", "javascript"}
    | {"mailto", "sms", "tel", "vbscript", "view-source", "ws", "wss"}
)


class WantedFilters(Struct, frozen=True, kw_only=True):
    """The kinds of accounts the caller would accept."""

    account_subcategories: tuple[str, ...] | None = None
    country: str | None = None
    institution: str | None = None
    require_payment_method_support: str = "none"


class WantedHolder(Struct, frozen=True, kw_only=True):
    """Whom accounts would be collected for."""

    type: str
    account: str | None = None
    customer: str | None = None
    customer_account: str | None = None


class WantedPage(Struct, frozen=True, kw_only=True):
    """The page of the server's own that the end user would be sent to."""

    delivery_method: str | None = None
    return_url: str | None = None


class WantedRelink(Struct, frozen=True, kw_only=True):
    """What would be repaired: everything behind an authorization, or one account of it."""

    authorization: str
    account: str | None = None


class WantedSession(Struct, frozen=True, kw_only=True):
    """The parameters of `POST /v1/financial_connections/sessions`, decoded."""

    holder: WantedHolder | None
    """None where the authorization to repair says whose it is."""
    permissions: tuple[str, ...]
    prefetch: tuple[str, ...] = ()
    filters: WantedFilters = WantedFilters()
    accounts_max: int | None = None
    manual_entry_mode: str = "disabled"
    return_url: str | None = None
    page: WantedPage | None = None
    """None where the modal opens in the program's own page."""
    relink: WantedRelink | None = None


def check(wanted: WantedSession, *, livemode: bool) -> None:
    """Refuse what no Session may ask for, naming the parameter."""
    if wanted.holder is not None:
        _check_holder(wanted.holder)
    elif wanted.relink is None:
        raise MissingParameter("account_holder")
    if wanted.return_url is not None and not may_return_to(wanted.return_url):
        raise BadParameter(
            "Not a valid URL: `return_url` must be an https address, an http address of this machine, "
            "or one with a scheme of your app's own.",
            param="return_url",
            code="url_invalid",
        )
    country = wanted.filters.country
    if country is not None and not _COUNTRY.fullmatch(country):
        raise BadParameter(
            f"Country '{country[:20]}' is unknown. Try using a 2-character alphanumeric country code "
            "instead, such as 'US', 'EG', or 'GB'.",
            param="filters[country]",
        )
    for index, word in enumerate(wanted.prefetch):
        if (lacking := not_permitted(PREFETCHED_AS[word], wanted.permissions)) is not None:
            raise BadParameter(
                f"You may only prefetch `{word}` when the `{lacking}` permission is requested.",
                param=f"prefetch[{index}]",
            )
    if wanted.page is not None:
        _check_page(wanted.page, livemode=livemode, relinks=wanted.relink is not None)


def _check_holder(holder: WantedHolder) -> None:
    """Refuse a holder that is not exactly one of its type."""
    given = [name for name in _HOLDERS if getattr(holder, name) is not None]
    for name in given:
        if _HOLDERS[name] != holder.type:
            raise BadParameter(
                f"You may only specify `account_holder[{name}]` when `account_holder[type]` is "
                f"`{_HOLDERS[name]}`.",
                param=f"account_holder[{name}]",
            )
    if not given:
        raise MissingParameter(f"account_holder[{holder.type}]")
    if len(given) > 1:
        raise ExclusiveParameters(f"account_holder[{given[0]}]", f"account_holder[{given[1]}]")


def _check_page(page: WantedPage, *, livemode: bool, relinks: bool) -> None:
    """Refuse a page that cannot be delivered, or would lead its visitor where no page should."""
    if page.delivery_method is not None and not relinks:
        raise BadParameter(
            "You may only specify `hosted[delivery_method]` together with `relink_options`.",
            param="hosted[delivery_method]",
        )
    if page.delivery_method == "email":
        raise BadParameter(
            "This server writes no e-mail. Pass `hosted[delivery_method]=url`, and send the Session's `url` "
            "to your user yourself.",
            param="hosted[delivery_method]",
        )
    if page.return_url is not None and not may_be_redirected_to(page.return_url, livemode=livemode):
        raise BadParameter(
            "Not a valid URL: `hosted[return_url]` must be an https address, or in test mode an http address "
            "of this machine.",
            param="hosted[return_url]",
            code="url_invalid",
        )


def may_be_redirected_to(url: str, *, livemode: bool) -> bool:
    """Tell whether the page of a hosted Session may send its visitor to *url*."""
    scheme = url.partition(":")[0].lower()
    return may_return_to(url) and (scheme == "https" or (scheme == "http" and not livemode))


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
            return host is not None and _is_plain(host)
        case "http":
            return host in _THIS_MACHINE
        case scheme:
            return scheme not in _NOT_APPS


def _is_plain(host: str) -> bool:
    """Tell whether *host* is what a browser would make of it: a name, or an address in its usual spelling."""
    if ":" not in host and not _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]):
        return _NAME.fullmatch(host) is not None
    try:
        address = ip_address(host)
    except ValueError:
        return False
    is_mapped = isinstance(address, IPv6Address) and address.ipv4_mapped is not None
    return str(address) == host and not is_mapped
