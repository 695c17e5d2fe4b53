"""Reads FOICU.txt of the NCUA's quarterly call report data: every federally insured credit union.

Columns are those of FOICUDES.txt beside it (https://ncua.gov/analysis, "Call
Report Quarterly Data"): CU_NUMBER, CU_NAME, CU_TYPE, CITY, STATE and, since
2010, Peer_Group. Names are without "Credit Union", and mostly in capitals.
"""

import re
from collections.abc import Mapping
from typing import Final, TextIO

from linkspan.server.core.folding import words_of
from linkspan.server.core.listed import Listed
from linkspan.server.operations.directories.entries import Entry, Reading, Unreadable, taken
from linkspan.server.operations.directories.tables import read_rows

_NEEDED: Final = ("cu_number", "cu_name", "cu_type")
_COLUMNS: Final = {"name": "CU_NAME", "aliases": "CU_NAME", "place": "CITY"}
# CU_TYPE: 1 is chartered by the NCUA, 2 by a state and insured by the NCUA, 3 by a state.
_KINDS: Final = {"1": "Federal Credit Union", "2": "Credit Union", "3": "Credit Union"}
# The least assets of each Peer_Group, in thousands of dollars.
_ASSETS: Final = {"1": 0, "2": 2_000, "3": 10_000, "4": 50_000, "5": 100_000, "6": 500_000}
_SAID_ALREADY: Final = frozenset({"cu", "fcu", "union"})
_SMALL: Final = frozenset({"and", "at", "by", "de", "for", "in", "of", "on", "the", "to"})
# Of three letters, these are words; the others are initials.
_WORDS_OF_THREE: Final = frozenset(
    {"air", "all", "bay", "big", "can", "del", "dow", "eye", "fox", "gas", "gulf", "ink", "key", "las", "los"}
    | {"new", "oak", "oil", "old", "one", "our", "red", "sea", "sky", "sun", "tri", "two", "way", "you"}
)


def read(file: TextIO) -> Reading:
    """Yield every credit union."""
    for place, fields in read_rows(file, needed=_NEEDED):
        try:
            yield Entry(place, _union(place, fields))
        except Unreadable as unreadable:
            yield unreadable


def _union(place: str, fields: Mapping[str, str]) -> Listed:
    number, kind = fields["cu_number"], fields["cu_type"]
    if not re.fullmatch(r"[0-9]{1,8}", number):
        raise Unreadable(place, "CU_NUMBER", "must be a charter number")
    if kind not in _KINDS:
        raise Unreadable(place, "CU_TYPE", "must be 1, 2 or 3")
    bare = _cased(fields["cu_name"])
    ends_so = words_of(bare)[-1:]
    is_whole = bool(ends_so) and ends_so[0] in _SAID_ALREADY
    listed = Listed(
        id=f"fcinst_ncua_{int(number)}",
        name=bare if is_whole or not bare else f"{bare} {_KINDS[kind]}",
        place=", ".join(filter(None, (_cased(fields.get("city", "")), fields.get("state", "").upper())))
        or None,
        size=_ASSETS.get(fields.get("peer_group", ""), 0),
    )
    return taken(place, listed, _COLUMNS)


def _cased(text: str) -> str:
    """Write what is all in capitals as people do; what is not stays as it is."""
    words = text.split()
    if not text.isupper():
        return " ".join(words)
    return " ".join(_word(word, is_first=place == 0) for place, word in enumerate(words))


def _word(word: str, *, is_first: bool) -> str:
    bare = word.lower()
    if bare in _SMALL:
        return bare.capitalize() if is_first else bare
    is_short = len(word.strip("'&.-")) <= 3 and bare not in _WORDS_OF_THREE  # noqa: PLR2004 - see above
    has_vowel = re.search(r"[aeiouy]", bare) is not None
    if is_short or not has_vowel or "." in word:
        return word
    return re.sub(r"(?<![a-z'])[a-z]", lambda letter: letter[0].upper(), bare)
