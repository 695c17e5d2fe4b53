"""One HTTP exchange as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Identity:
    """A certificate and its private key, shown to servers that ask who calls (RFC 8705)."""

    pem: bytes = field(repr=False)
    """The key, the certificate, and those between it and its root."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Request:
    """What is asked. Its ``repr`` names the host and nothing that may be secret."""

    method: Literal["GET", "POST"]
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    identity: Identity | None = None
    """Who calls, where that is shown by a certificate."""

    def __repr__(self) -> str:
        """Leave out the path too: some banks put account numbers in it."""
        return f"Request({self.method} {self.host})"

    @property
    def host(self) -> str:
        """The host asked, the one part of the address that messages may name."""
        return urlsplit(self.url).hostname or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What was answered, a redirect included: none is ever followed."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """By lower-case name; where a name is repeated, the first."""
    body: bytes = field(default=b"", repr=False)


class Outbound(Protocol):
    """A way out of the server."""

    async def send(self, request: Request) -> Response:
        """Send *request* once and return the answer, or raise an `OutboundFailure`."""
        ...
