"""Which addresses the server may call on somebody's behalf."""

import ipaddress
import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Final, Self
from urllib.parse import urlsplit

from linkspan.server.outbound.failures import Refused

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# RFC 3986 characters that an https address of ours may have. Everything that two
# parsers could read differently (backslash, user info, fragment, spaces, control
# and non-ASCII characters) is left out.
_ADDRESS: Final = re.compile(
    r"https?://(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(:[0-9]{1,5})?([/?][!$-;=?-\[\]_a-z~]*)?",
    re.IGNORECASE | re.ASCII,
)
# A last label of digits would be read as a number by some resolvers (127.1,
# 0x7f.1, 2130706433), so only canonical IP literals may end in one.
_NAME: Final = re.compile(r"(?!-)[a-z0-9-]+(\.[a-z0-9-]+)*\.?", re.IGNORECASE | re.ASCII)
_NUMERIC_END: Final = re.compile(r"(^|\.)(0x[0-9a-f]*|[0-9]+)\.?$", re.IGNORECASE | re.ASCII)
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
# IANA's registries of special-purpose addresses, written out: what the standard
# library counts as global changes from one Python to the next.
_SPECIAL_IPV4: Final = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",
            "100.64.0.0/10",  # behind a carrier's NAT; Alibaba Cloud's metadata
            "127.0.0.0/8",
            "168.63.129.16/32",  # Azure's platform, though the address looks public
            "169.254.0.0/16",  # link-local; the metadata of most clouds
            "172.16.0.0/12",
            "192.0.0.0/24",  # protocol assignments; Oracle Cloud's metadata
            "192.0.2.0/24",  # documentation
            "192.88.99.0/24",  # 6to4 relays, no more
            "192.168.0.0/16",
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, and broadcast
        ),
    )
)
_GLOBAL_IPV6: Final = IPv6Network("2000::/3")
_SPECIAL_IPV6: Final = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # protocol assignments, Teredo among them
            "2001:db8::/32",  # documentation
            "3fff::/20",  # documentation
        ),
    )
)
# The middle of an address whose end is the IPv4 address of its host (ISATAP, RFC 5214, section 6.1).
_ISATAP: Final = frozenset({0x0000_5EFE, 0x0200_5EFE})
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where a request goes, taken apart once so that check and dial agree."""

    scheme: str
    host: str
    port: int

    @property
    def literal(self) -> Address | None:
        """The address itself, when the host is one."""
        try:
            return ipaddress.ip_address(self.host)
        except ValueError:
            return None

    @property
    def loopback(self) -> Address | None:
        """The address of the machine itself, when the host is its name (RFC 6761, section 6.3)."""
        name = self.host.removesuffix(".")
        is_own = name == "localhost" or name.endswith(".localhost")
        return ipaddress.ip_address("127.0.0.1") if is_own else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Egress:
    """Public addresses over https, beside what the operator allows by name.

    An allowed host or network may be private and may be called without TLS:
    the test bank on this machine, a gateway in the same data center.
    """

    hosts: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()

    @classmethod
    def allowing(cls, *entries: str) -> Self:
        """Read an operator's list of host names, addresses and CIDR blocks."""
        hosts: set[str] = set()
        networks: list[Network] = []
        for entry in entries:
            try:
                networks.append(ipaddress.ip_network(entry))
            except ValueError:
                if _NAME.fullmatch(entry) is None or _NUMERIC_END.search(entry):
                    raise ValueError(f"{entry!r} is neither a host name nor a network") from None
                hosts.add(entry.lower())
        return cls(hosts=frozenset(hosts), networks=tuple(networks))

    @property
    def allows_anything(self) -> bool:
        """Whether the operator allows more than public addresses."""
        return bool(self.hosts or self.networks)

    def check(self, destination: Destination, address: Address) -> None:
        """Refuse *address*, to which the host of *destination* resolved, unless it may be called."""
        if destination.host in self.hosts or any(address in network for network in self.networks):
            return
        if destination.scheme != "https":
            raise Refused(f"{destination.host} may only be called over https")
        if not _is_public(address):
            raise Refused(f"{destination.host} is at an address that is not public")


def destination_of(url: str) -> Destination:
    """Take *url* apart, or refuse one that two parsers could read differently."""
    if _ADDRESS.fullmatch(url) is None:
        raise Refused("An address is not a plain http or https URL")
    try:
        parts = urlsplit(url)
        scheme, host = parts.scheme.lower(), (parts.hostname or "").lower()
        port = _DEFAULT_PORTS[scheme] if parts.port is None else parts.port
    except ValueError:
        raise Refused("An address has a host or a port that cannot be") from None
    destination = Destination(scheme=scheme, host=host, port=port)
    is_name = _NAME.fullmatch(host) is not None and _NUMERIC_END.search(host) is None
    if destination.literal is None and not is_name:
        raise Refused("An address has no usable host")
    return destination


def _is_public(address: Address) -> bool:
    return not any(_is_special(each) for each in _inside(address))


def _is_special(address: Address) -> bool:
    if isinstance(address, IPv4Address):
        return any(address in network for network in _SPECIAL_IPV4)
    return address not in _GLOBAL_IPV6 or any(address in network for network in _SPECIAL_IPV6)


def _inside(address: Address) -> tuple[Address, ...]:
    """Return *address* with the IPv4 address that a transition scheme would deliver it to."""
    if isinstance(address, IPv4Address):
        return (address,)
    if address.ipv4_mapped is not None:
        return (address.ipv4_mapped,)
    if address.sixtofour is not None:
        return (address, address.sixtofour)
    at_the_end = IPv4Address(int(address) & 0xFFFF_FFFF)
    if address in _NAT64:
        return (at_the_end,)
    if int(address) >> 32 & 0xFFFF_FFFF in _ISATAP:
        return (address, at_the_end)
    return (address,)
