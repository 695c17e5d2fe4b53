"""Writes the directory as the index that the modal fetches ahead and searches by itself."""

import gzip
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import msgspec

from linkspan.server.core.catalog import Catalog, Row
from linkspan.server.link.rows import NEUTRAL_COLOR

ROWS_MAX: Final = 10_000
"""As many as a browser searches by itself; the server looks through the rest."""

# Those of a few countries: each is a hundred kilobytes or two.
_KEPT_MAX: Final = 8
# Ten thousand rows take a tenth of a second at this level, and a fifth more at the next.
_LEVEL: Final = 6


class _Columns(msgspec.Struct, frozen=True):
    """The rows, a list for each field: what is alike stands together and packs well."""

    object: str
    has_more: bool
    """Whether the server knows rows that are not in it."""
    linkable: int
    """How many rows, from the first on, are of institutions that people can link at."""
    ids: list[str]
    names: list[str]
    aliases: list[str]
    """A line for each."""
    domains: list[str]
    numbers: list[str]
    places: list[str]
    colors: list[str]
    """Of the linkable rows only."""
    logos: list[int]
    """Which rows have one."""
    takes: list[tuple[int, int]]
    """Rows beside how many seconds linking there takes, where that is known."""


@dataclass(frozen=True, slots=True)
class Document:
    """An index as it is sent."""

    etag: str
    plain: bytes
    packed: bytes
    """The same in gzip (RFC 1952)."""


class Prefetched:
    """The index of each country that was asked for, made anew when the directory changes."""

    def __init__(self) -> None:
        self._of: Catalog | None = None
        self._documents: dict[tuple[str | None, str | None], Document] = {}

    def document(self, catalog: Catalog, *, country: str | None, only: str | None) -> Document:
        """Return the index of what serves *country*, or of one institution *only*; it may take a while."""
        if self._of is not catalog:
            self._of, self._documents = catalog, {}
        key = (country, only)
        if key not in self._documents:
            if len(self._documents) >= _KEPT_MAX:
                self._documents.clear()
            rows = [row for row in catalog.rows if _is_wanted(row, country, only)]
            self._documents[key] = _document(rows)
        return self._documents[key]


def _is_wanted(row: Row, country: str | None, only: str | None) -> bool:
    return only in {None, row.listed.id} and (country is None or country in row.listed.countries)


def _document(rows: list[Row]) -> Document:
    shown = rows[:ROWS_MAX]
    each = [row.listed for row in shown]
    linkable = sum(row.is_linkable for row in shown)
    columns = _Columns(
        object="linkspan.index",
        has_more=len(rows) > len(shown),
        linkable=linkable,
        ids=[one.id for one in each],
        names=[one.name for one in each],
        aliases=["\n".join(one.aliases) for one in each],
        domains=["\n".join(one.domains) for one in each],
        numbers=["\n".join(one.routing_numbers) for one in each],
        places=[one.place or "" for one in each],
        colors=[one.color or NEUTRAL_COLOR for one in each[:linkable]],
        logos=[place for place, one in enumerate(each) if one.logo],
        takes=[(place, one.takes_seconds) for place, one in enumerate(each) if one.takes_seconds],
    )
    plain = msgspec.json.encode(columns)
    etag = f'W/"{sha256(plain).hexdigest()[:20]}"'
    return Document(etag, plain, gzip.compress(plain, _LEVEL, mtime=0))
