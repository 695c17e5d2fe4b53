"""All institutions that people may search for: those they can link at, then the rest of the directory."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Self

from msgspec.structs import replace

from linkspan.server.core.folding import folded
from linkspan.server.core.listed import Listed
from linkspan.server.core.search import Index, Searched


@dataclass(frozen=True, slots=True)
class Row:
    """One institution, and whether people can link accounts there."""

    listed: Listed
    is_linkable: bool


@dataclass(frozen=True)
class Catalog:
    """Rows in the order that settles ties: the operator's, then the largest first."""

    rows: tuple[Row, ...]

    @classmethod
    def of(cls, configured: Sequence[Listed], directory: Iterable[Listed]) -> Self:
        """Put both together; what the directory knows of a configured one, the configured one is known by.

        They are the same where the id is, and where they share a web site or a
        routing number in one country.
        """
        known = {one.id: one for one in configured}
        by_mark = {mark: one.id for one in reversed(configured) for mark in _marks(one)}
        others = []
        for entry in directory:
            same = next(filter(None, (by_mark.get(mark) for mark in _marks(entry))), None)
            same = entry.id if entry.id in known else same
            if same is None:
                others.append(entry)
            else:
                known[same] = _joined(known[same], entry)
        others.sort(key=lambda one: (-one.size, folded(one.name), one.id))
        linkable = (Row(one, is_linkable=True) for one in known.values())
        return cls((*linkable, *(Row(one, is_linkable=False) for one in others)))

    @cached_property
    def index(self) -> Index:
        """The rows ready to be searched."""
        return Index(searched(row.listed) for row in self.rows)

    @cached_property
    def by_id(self) -> Mapping[str, Row]:
        """Each row by its id."""
        return MappingProxyType({row.listed.id: row for row in self.rows})

    def find(self, query: str, *, most: int, country: str | None = None) -> tuple[Row, ...]:
        """Return up to *most* rows that *query* may mean and that serve *country*, the likeliest first."""
        rows = self.rows

        def serves(place: int) -> bool:
            return country is None or country in rows[place].listed.countries

        return tuple(rows[place] for place in self.index.find(query, most=most, is_wanted=serves).rows)


def searched(listed: Listed) -> Searched:
    """Return what of an entry is searched."""
    return Searched(
        names=(listed.name, *listed.aliases), hosts=listed.domains, numbers=listed.routing_numbers
    )


def _marks(one: Listed) -> list[tuple[str, str]]:
    """Return what no two institutions share in a country."""
    return [(country, mark) for country in one.countries for mark in (*one.domains, *one.routing_numbers)]


def _joined(known: Listed, entry: Listed) -> Listed:
    names = dict.fromkeys((*known.aliases, entry.name, *entry.aliases))
    names.pop(known.name, None)
    return replace(
        known,
        aliases=tuple(names),
        domains=tuple(dict.fromkeys((*known.domains, *entry.domains))),
        routing_numbers=tuple(dict.fromkeys((*known.routing_numbers, *entry.routing_numbers))),
        place=known.place or entry.place,
        logo=known.logo or entry.logo,
        takes_seconds=known.takes_seconds or entry.takes_seconds,
    )
