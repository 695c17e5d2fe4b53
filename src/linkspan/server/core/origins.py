"""The sites that may show the modal, as a policy spells them (CSP Level 3 section 2.3.1)."""

import re
from collections.abc import Iterable
from typing import Final

from linkspan.server.core.refusals import BadParameter

ANYWHERE: Final = ("*",)
# A browser on this machine; what it shows is nobody else's.
LOOPBACK: Final = tuple(
    f"{scheme}://{host}:*" for scheme in ("http", "https") for host in ("localhost", "127.0.0.1")
)
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_SITE: Final = re.compile(rf"(https?)://((?:\*\.)?{_LABEL}(?:\.{_LABEL})*)(?::([0-9]{{1,5}}|\*))?")
_HERE: Final = frozenset({"localhost", "127.0.0.1"})
_DEFAULT_PORTS: Final = {"http": "80", "https": "443"}


def read_site(text: str) -> str:
    """Return a site that may be listed: a scheme and a host, and a port where it is not the usual one.

    ``*.`` before a host stands for every name below it. Only this machine may
    do without TLS, and there alone ``:*`` stands for any port.
    """
    match = _SITE.fullmatch(text.removesuffix("/").lower())
    if match is None:
        raise BadParameter(
            f"'{text}' is no site: write one as https://shop.example or https://*.shop.example",
            param="origins",
        )
    scheme, host, port = match.groups()
    if host not in _HERE and scheme != "https":
        raise BadParameter(f"'{text}' must begin with https://", param="origins")
    if host not in _HERE and port == "*":
        raise BadParameter(f"'{text}' must name its port", param="origins")
    usual = port is None or port == _DEFAULT_PORTS[scheme]
    return f"{scheme}://{host}" if usual else f"{scheme}://{host}:{port}"


def is_listed(origin: str, sites: Iterable[str]) -> bool:
    """Tell whether *origin*, as a browser serializes it, is one of *sites*."""
    return any(_pattern(site).fullmatch(origin) for site in sites)


def _pattern(site: str) -> re.Pattern[str]:
    if site in ANYWHERE:
        return re.compile(".*", re.DOTALL)
    host = re.escape(site).replace(r"://\*\.", rf"://(?:{_LABEL}\.)+").replace(r":\*", r"(?::[0-9]{1,5})?")
    return re.compile(host)
