"""Setup tokens and access URLs: what a person pastes, and what it is claimed for."""

import base64
import re
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from linkspan.standards.malformed import MalformedField
from linkspan.standards.simplefin.records import AccessUrl

_LENGTH_MAX: Final = 4_096
# RFC 3986's characters of an address without user info, fragment, or anything two parsers could
# read differently.
_ADDRESS: Final = re.compile(
    r"https?://(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(:[0-9]{1,5})?(/[!$-.0-;=_a-z~/]*)?", re.IGNORECASE
)
_ACCESS: Final = re.compile(r"(?P<scheme>https?)://(?P<user>[^:@/\s]+):(?P<password>[^@/\s]+)@(?P<rest>\S+)")


def read_setup_token(text: str) -> str:
    """Return the claim URL inside a setup token.

    The token is the base64 of the URL; spaces and line breaks that a mail or a
    narrow page put into it are passed over, as is padding that was lost.
    """
    token = "".join(text.split())
    if not token or len(token) > _LENGTH_MAX:
        raise MalformedField("simplefin", "token", "", "empty or too long")
    padded = token.rstrip("=").replace("-", "+").replace("_", "/")
    padded += "=" * (-len(padded) % 4)
    try:
        url = base64.b64decode(padded, validate=True).decode("ascii").strip()
    except ValueError:  # not base64, or not ASCII within
        raise MalformedField("simplefin", "token", "", "not the base64 of an address") from None
    if _ADDRESS.fullmatch(url) is None:
        raise MalformedField("simplefin", "token", "", "not the base64 of an address")
    return url


def write_setup_token(claim_url: str) -> str:
    """Return the setup token of a claim URL."""
    return base64.b64encode(claim_url.encode("ascii")).decode("ascii")


def read_access_url(data: bytes) -> AccessUrl:
    """Read the answer to POST /claim/:token. What is wrong is named, and never shown."""
    try:
        found = _ACCESS.fullmatch(data[: _LENGTH_MAX + 1].decode("ascii").strip())
    except UnicodeDecodeError:
        found = None
    if found is None or len(data) > _LENGTH_MAX:
        raise MalformedField("simplefin", "access_url", "", "not an address with credentials")
    root = f"{found['scheme']}://{found['rest']}".rstrip("/")
    if _ADDRESS.fullmatch(root) is None:
        raise MalformedField("simplefin", "access_url", "", "not a plain address")
    return AccessUrl(root=root, username=unquote(found["user"]), password=unquote(found["password"]))


def write_access_url(access: AccessUrl) -> bytes:
    """Write an access URL, its credentials percent-encoded."""
    parts = urlsplit(access.root)
    username, password = quote(access.username, safe=""), quote(access.password, safe="")
    return f"{parts.scheme}://{username}:{password}@{parts.netloc}{parts.path}".encode("ascii")
