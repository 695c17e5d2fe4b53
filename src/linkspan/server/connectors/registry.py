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
from linkspan.server.connectors.manifest import DescribedLimit
from linkspan.server.connectors.search import Entry, entry_of, rank, words_of
from linkspan.server.core.institution import Institution

# Family to the class that speaks it, imported only when a server is put together:
# nothing but this table knows a concrete connector.
_FAMILIES: Final[Mapping[str, str]] = {
    "fdx": "linkspan.server.connectors.fdx.connector:FdxConnector",
    "ofx": "linkspan.server.connectors.ofx.connector:OfxConnector",
    "simplefin": "linkspan.server.connectors.simplefin.connector:SimplefinConnector",
}

_ID: Final = re.compile(r"fcinst_[A-Za-z0-9_]{1,64}", re.ASCII)
_COUNTRY: Final = re.compile(r"[A-Z]{2}", re.ASCII)
_ROUTING_NUMBER: Final = re.compile(r"[0-9]{9}", re.ASCII)
_COLOR: Final = re.compile(r"#[0-9A-Fa-f]{6}", re.ASCII)
_WEB_SITE: Final = re.compile(r"https://[A-Za-z0-9.-]+(:[0-9]+)?(/[!-;=?-\[\]_a-z~]*)?", re.ASCII)
_NAME_LENGTH_MAX: Final = 120
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
    featured: bool = True
    quota: tuple[DescribedLimit, ...] = ()
    settings: dict[str, str] = msgspec.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Institutions:
    """The institutions a server offers, in the operator's order."""

    entries: tuple[Entry, ...]

    @classmethod
    def of(cls, institutions: Iterable[Institution]) -> Self:
        """Prepare *institutions* for being searched."""
        return cls(tuple(map(entry_of, institutions)))

    def get(self, institution_id: str) -> Institution | None:
        """Return the institution with this id."""
        found = (entry.institution for entry in self.entries if entry.institution.id == institution_id)
        return next(found, None)

    def all(self) -> tuple[Institution, ...]:
        """Return every institution, in the operator's order."""
        return tuple(entry.institution for entry in self.entries)

    def featured(self, *, country: str | None = None) -> tuple[Institution, ...]:
        """Return what is offered before anything was typed, in the operator's order."""
        offered = (entry.institution for entry in self._serving(country) if entry.institution.featured)
        return tuple(offered)[:_SHOWN_MAX]

    def find(self, query: str, *, country: str | None = None) -> tuple[Institution, ...]:
        """Return the institutions *query* may mean, the likeliest first.

        The same query always returns the same order, the operator's among
        equals. A query of nothing but spaces returns what is featured.
        """
        if not words_of(query):
            return self.featured(country=country)
        ranks = ((rank(entry, query), entry.institution) for entry in self._serving(country))
        fitting = [(fit, institution) for fit, institution in ranks if fit is not None]
        fitting.sort(key=lambda found: found[0])
        return tuple(institution for _, institution in fitting[:_SHOWN_MAX])

    def _serving(self, country: str | None) -> tuple[Entry, ...]:
        """Return the entries of those that serve people in *country*, or everywhere."""
        if country is None:
            return self.entries
        return tuple(entry for entry in self.entries if country in entry.institution.countries)


def connectors_over(transport: Transport) -> Mapping[str, Connector]:
    """Return every family of connectors by name, all of them speaking through *transport*."""
    found: dict[str, Connector] = {}
    for family, place in _FAMILIES.items():
        module, _, name = place.partition(":")
        build: Callable[[Transport], Connector] = getattr(import_module(module), name)
        found[family] = build(transport)
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
        (_ID.fullmatch(described.id), "id must be fcinst_ with letters and digits"),
        (0 < len(described.name.strip()) <= _NAME_LENGTH_MAX, "name must have 1 to 120 characters"),
        (described.countries, "countries must name at least one"),
        (all(map(_COUNTRY.fullmatch, described.countries)), "countries must be two capital letters each"),
        (_COLOR.fullmatch(described.color), "color must be written #RRGGBB"),
        (
            all(map(_ROUTING_NUMBER.fullmatch, described.routing_numbers)),
            "routing_numbers must have nine digits each",
        ),
        (
            all(0 < limit.seconds <= _QUOTA_SECONDS_MAX for limit in described.quota),
            "quota must count over hours or days, a year at most",
        ),
        (described.url is None or _WEB_SITE.fullmatch(described.url), "url must be an https address"),
    )
    return next((reason for holds, reason in rules if not holds), None)
