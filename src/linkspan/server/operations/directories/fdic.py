"""Reads what the FDIC's BankFind Suite answers of insured banks, as JSON or as CSV.

Fields are those of ``https://api.fdic.gov/banks/institutions``
(https://api.fdic.gov/banks/docs, "Institution"): CERT, NAME, CITY, STALP,
WEBADDR, ACTIVE, ASSET in thousands of dollars, and trade names TE01N529 to
TE06N529. JSON has each bank under ``data`` in an element of the list ``data``.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, TextIO

from linkspan.server.core.listed import Listed
from linkspan.server.operations.directories.entries import Entry, Reading, Unreadable, domains_of, taken
from linkspan.server.operations.directories.json_lists import read_list
from linkspan.server.operations.directories.tables import read_rows

_NEEDED: Final = ("cert", "name")
# What a field of ours is called in these files.
_COLUMNS: Final = {"name": "NAME", "aliases": "TE01N529", "place": "CITY", "size": "ASSET"}
_TRADE_NAMES: Final = tuple(f"te{number:02}n529" for number in range(1, 7))
# What the law adds to a name and nobody says.
_LEGAL_END: Final = re.compile(r",? (?:national (?:banking )?association|n\.? ?a\.?)$", re.IGNORECASE)


def read(file: TextIO) -> Reading:
    """Yield the banks that are in business; those that are not are as good as not in the file."""
    for place, fields in _rows(file):
        if fields.get("active", "1") in {"0", "false"}:
            continue
        try:
            yield Entry(place, _bank(place, fields))
        except Unreadable as unreadable:
            yield unreadable


def _rows(file: TextIO) -> Iterator[tuple[str, Mapping[str, str]]]:
    first = file.read(1)
    file.seek(0)
    if first != "{":
        return read_rows(file, needed=_NEEDED)
    elements = (element for name, element in read_list(file, "data") if name == "data")
    return ((f"entry {number}", _fields(number, element)) for number, element in enumerate(elements, 1))


def _fields(number: int, element: Any) -> Mapping[str, str]:  # Any: an element of a JSON list
    fields = element.get("data", element) if isinstance(element, dict) else None
    if not isinstance(fields, dict):
        raise Unreadable(f"entry {number}", "", "is not an object")
    return {name.lower(): "" if value is None else str(value).strip() for name, value in fields.items()}


def _bank(place: str, fields: Mapping[str, str]) -> Listed:
    cert, full = fields.get("cert", ""), " ".join(fields.get("name", "").split())
    if not re.fullmatch(r"[0-9]{1,6}", cert):
        raise Unreadable(place, "CERT", "must be a certificate number")
    assets = fields.get("asset", "").replace(",", "")
    if assets and not re.fullmatch(r"[0-9]{1,15}(?:\.0+)?", assets):
        raise Unreadable(place, "ASSET", "must be a number of thousands of dollars")
    name = _LEGAL_END.sub("", full)
    names = dict.fromkeys(filter(None, (full, *(fields.get(each, "") for each in _TRADE_NAMES))))
    names.pop(name, None)
    city, state = fields.get("city", ""), fields.get("stalp", "")
    listed = Listed(
        id=f"fcinst_fdic_{cert}",
        name=name,
        aliases=tuple(names),
        domains=domains_of(fields.get("webaddr", "")),
        place=", ".join(filter(None, (city, state))) or None,
        size=int(assets.partition(".")[0] or 0),
    )
    return taken(place, listed, _COLUMNS)
