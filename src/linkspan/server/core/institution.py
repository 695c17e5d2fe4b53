"""An institution a person can link accounts at."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from linkspan.server.core.quota import Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Institution:
    """A bank, union or broker as the operator configured it.

    ``settings`` belongs to the connector named by ``connector``, which alone
    knows its keys. It holds credentials, so neither ``repr`` nor ``hash`` reads it.
    """

    id: str
    """``fcinst_…``."""
    name: str
    """What people call it."""
    countries: tuple[str, ...]
    """ISO 3166-1 alpha-2 codes in upper case, such as ``("US",)``."""
    connector: str
    """The connector family that speaks with it, such as ``"fdx"``."""
    url: str | None
    """Its public web site."""
    color: str
    """The brand color of its monogram, ``#RRGGBB``."""
    routing_numbers: tuple[str, ...] = ()
    """Routing numbers it is known by; there may be more."""
    aliases: tuple[str, ...] = ()
    """Other names people search for."""
    domains: tuple[str, ...] = ()
    """The hosts of its web sites besides that of ``url``."""
    logo: str | None = None
    """A small picture as a ``data:`` URL; a monogram stands where there is none."""
    takes_seconds: int | None = None
    """How long linking usually takes a person, where the operator knows."""
    featured: bool = True
    """Whether it is offered before anything was searched."""
    quota: tuple[Limit, ...] = ()
    """How often it may be asked, all of these at once; empty where the operator knows of no limit."""
    family_quota: tuple[Limit, ...] = ()
    """What every institution of its family allows in live mode, unless ``quota`` says otherwise."""
    settings: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)
    """Addresses and credentials for its connector."""
