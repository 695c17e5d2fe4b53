"""The institutions an operator configured, each with the connector that speaks with it."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from types import MappingProxyType
from typing import Any, Final, Self

import msgspec

from linkspan.server.connectors.base import Connector, InvalidSetting
from linkspan.server.connectors.http import Transport
from linkspan.server.connectors.line import Line
from linkspan.server.connectors.manifest import DescribedLimit
from linkspan.server.core.institution import Institution
from linkspan.server.core.listed import Listed, wrong_field
from linkspan.server.core.world import World

# Family to the class that speaks it, imported only when a server is put together:
# nothing but this table knows a concrete connector.
_FAMILIES: Final[Mapping[str, str]] = {
    "fdx": "linkspan.server.connectors.fdx.connector:FdxConnector",
    "ofx": "linkspan.server.connectors.ofx.connector:OfxConnector",
    "simplefin": "linkspan.server.connectors.simplefin.connector:SimplefinConnector",
}

_WEB_SITE: Final = re.compile(r"https://[A-Za-z0-9.-]+(:[0-9]+)?(/[!-;=?-\[\]_a-z~]*)?", re.ASCII)
# One screen of the modal; whoever looks for another bank types a letter more.
_SHOWN_MAX: Final = 24

_NEUTRAL_COLOR: Final = "#4B5563"

_DAY_SECONDS: Final = 24 * 60 * 60
# A year: a contract that counts over more than that is none that this server can keep.
_QUOTA_SECONDS_MAX: Final = 366 * _DAY_SECONDS


class InvalidInstitution(ValueError):
    """An institution's description cannot be used; the message names it and the field."""


class _Described(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of the file, before its rules are checked."""

    id: str
    name: str
    countries: tuple[str, ...]
    connector: str
    url: str | None = None
    color: str = _NEUTRAL_COLOR
    routing_numbers: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    logo: str | None = None
    takes_seconds: int | None = None
    featured: bool = True
    quota: tuple[DescribedLimit, ...] = ()
    settings: dict[str, str] = msgspec.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Institutions:
    """The institutions a server offers, in the operator's order."""

    entries: tuple[Institution, ...]

    @classmethod
    def of(cls, institutions: Iterable[Institution]) -> Self:
        """Offer *institutions* in this order."""
        return cls(tuple(institutions))

    def get(self, institution_id: str) -> Institution | None:
        """Return the institution with this id."""
        return next((entry for entry in self.entries if entry.id == institution_id), None)

    def all(self) -> tuple[Institution, ...]:
        """Return every institution, in the operator's order."""
        return self.entries

    def featured(self, *, country: str | None = None) -> tuple[Institution, ...]:
        """Return what is offered before anything was typed, in the operator's order."""
        offered = (
            entry
            for entry in self.entries
            if entry.featured and (country is None or country in entry.countries)
        )
        return tuple(offered)[:_SHOWN_MAX]


def connectors_over(transport: Transport, world: World) -> Mapping[str, Connector]:
    """Return every family of connectors by name, all of them speaking through *transport*."""
    found: dict[str, Connector] = {}
    line = Line(transport, world)
    for family, place in _FAMILIES.items():
        module, _, name = place.partition(":")
        build: Callable[[Line], Connector] = getattr(import_module(module), name)
        found[family] = build(line)
    return MappingProxyType(found)


def read_institutions(document: str, connectors: Mapping[str, Connector]) -> tuple[Institution, ...]:
    """Read a TOML document of ``[[institution]]`` tables, each with its ``[institution.settings]``."""
    try:
        tables = tomllib.loads(document)
    except tomllib.TOMLDecodeError as broken:
        raise InvalidInstitution(f"The institutions are not TOML: {broken}") from None
    unknown = sorted(tables.keys() - {"institution"})
    if unknown:
        raise InvalidInstitution(f"The institutions have an unknown table: {unknown[0]}")
    entries = tables.get("institution", [])
    if not isinstance(entries, list):
        raise InvalidInstitution("The institutions are not written as [[institution]]")
    return institutions_from(entries, connectors)


# Any: what a TOML or JSON document holds.
def institutions_from(
    entries: Iterable[Mapping[str, Any]], connectors: Mapping[str, Connector]
) -> tuple[Institution, ...]:
    """Return one institution for each of *entries*, settings checked by their connectors."""
    found: dict[str, Institution] = {}
    for number, entry in enumerate(entries, start=1):
        institution = _institution(entry, number)
        if institution.id in found:
            raise InvalidInstitution(f"{institution.id}: id is used twice")
        connector = connectors.get(institution.connector)
        if connector is None:
            raise InvalidInstitution(f"{institution.id}: connector must be one of {', '.join(connectors)}")
        institution = replace(institution, family_quota=connector.manifest.limits)
        try:
            connector.check(institution)
        except InvalidSetting as invalid:
            raise InvalidInstitution(str(invalid)) from invalid
        found[institution.id] = institution
    return tuple(found.values())


def _institution(entry: Mapping[str, Any], number: int) -> Institution:
    try:
        described = msgspec.convert(entry, _Described)
    except msgspec.ValidationError as invalid:
        raise InvalidInstitution(f"{entry.get('id', f'institution {number}')}: {invalid}") from None
    wrong = _wrong_field(described)
    if wrong is not None:
        raise InvalidInstitution(f"{described.id or f'institution {number}'}: {wrong}")
    fields = msgspec.structs.asdict(described)
    fields["quota"] = tuple(limit.limit() for limit in described.quota)
    return Institution(**{**fields, "settings": MappingProxyType(described.settings)})


def _wrong_field(described: _Described) -> str | None:
    """Say which field of *described* breaks its rule first."""
    rules = (
        (
            all(0 < limit.seconds <= _QUOTA_SECONDS_MAX for limit in described.quota),
            "quota must count over hours or days, a year at most",
        ),
        (described.url is None or _WEB_SITE.fullmatch(described.url), "url must be an https address"),
    )
    known = {name: getattr(described, name) for name in Listed.__struct_fields__ if hasattr(described, name)}
    if wrong := wrong_field(Listed(**known)):
        return " ".join(wrong)
    return next((reason for holds, reason in rules if not holds), None)
