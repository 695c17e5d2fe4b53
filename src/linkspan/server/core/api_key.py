"""An API key as a server remembers it: everything but the key itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final, TypeAlias

from linkspan.server.core.access import Access
from linkspan.server.core.refusals import BadParameter
from linkspan.server.core.rights import RIGHTS, implied
from linkspan.server.core.scope import Scope

Network: TypeAlias = IPv4Network | IPv6Network


class Kind(StrEnum):
    """What a key is for."""

    SECRET = "secret"  # noqa: S105 - a word, not a secret
    RESTRICTED = "restricted"
    PUBLISHABLE = "publishable"


_PREFIXES: Final = {Kind.SECRET: "sk", Kind.RESTRICTED: "rk", Kind.PUBLISHABLE: "pk"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """Whose key it is, what it opens, from where and how long."""

    id: str
    scope: Scope
    kind: Kind
    hint: str
    """The key as it may be shown: its first letters and its last four."""
    name: str | None = None
    rights: frozenset[str] = frozenset()
    """What a restricted key was given; the other kinds have none to give."""
    addresses: tuple[Network, ...] = ()
    """Where it may be used from; anywhere when there are none."""
    origins: tuple[str, ...] = ()
    """The sites that may show the modal with a publishable key; none when there are none."""
    created: int
    expires_at: int | None = None
    revoked_at: int | None = None

    @property
    def access(self) -> Access:
        """What the key opens while it is good."""
        rights = implied(self.rights) if self.kind is Kind.RESTRICTED else None
        return Access(self.scope, self.id, rights)

    def is_over(self, now: float) -> bool:
        """Tell whether it was revoked, or its time has passed."""
        return self.revoked_at is not None or (self.expires_at is not None and self.expires_at <= now)

    def admits(self, address: str | None) -> bool:
        """Tell whether it may be used from *address*."""
        return not self.addresses or (address is not None and _is_within(address, self.addresses))


def prefix_of(kind: Kind, *, livemode: bool) -> str:
    """Return how keys of a kind and mode begin."""
    return f"{_PREFIXES[kind]}_{'live' if livemode else 'test'}"


def check_wanted(
    kind: Kind, rights: Iterable[str], addresses: Iterable[Network], origins: Iterable[str] = ()
) -> None:
    """Refuse a key that would mean something else than whoever asks for it thinks."""
    given = set(rights)
    if kind is Kind.RESTRICTED and not given:
        raise BadParameter("A restricted key needs at least one right.", param="rights")
    if kind is not Kind.RESTRICTED and given:
        raise BadParameter("Only a restricted key has rights.", param="rights")
    if given - RIGHTS:
        known = ", ".join(sorted(RIGHTS))
        raise BadParameter(f"No such right: {min(given - RIGHTS)}. There are {known}.", param="rights")
    if kind is Kind.PUBLISHABLE and any(addresses):
        raise BadParameter("A publishable key is used from any address.", param="addresses")
    if kind is not Kind.PUBLISHABLE and any(origins):
        raise BadParameter("Only a publishable key lists sites.", param="origins")


def _is_within(address: str, networks: tuple[Network, ...]) -> bool:
    try:
        caller = ip_address(address)
    except ValueError:  # what a proxy passed on is no address
        return False
    if isinstance(caller, IPv6Address) and caller.ipv4_mapped is not None:
        caller = caller.ipv4_mapped  # a socket that takes both calls an IPv4 caller so
    return any(caller in network for network in networks)
