"""Makes of a text the plain words that people type for it; the modal does the same with the same table."""

import re
import unicodedata
from importlib import resources
from typing import Final

import msgspec


class _Table(msgspec.Struct, frozen=True):
    letters: dict[str, str]
    """What stands for letters that Unicode takes for whole, and for those of two other scripts."""
    abbreviations: dict[str, str]
    filler: frozenset[str]


_TABLE: Final = msgspec.json.decode(
    resources.files(__package__).joinpath("folding.json").read_bytes(), type=_Table
)
ABBREVIATIONS: Final = tuple((short, tuple(long.split())) for short, long in _TABLE.abbreviations.items())
"""Each short word beside the words it stands for."""
FILLER: Final = _TABLE.filler
"""Words that tell no bank from another."""

# Inside a word these are nothing: Moody's, with any apostrophe there is, U.S.
_DROPPED: Final = re.compile("['`.\u2019\u02bc]")
_WORD: Final = re.compile(r"[^\W_]+")
_ADDRESS: Final = re.compile(
    r"(?:https?://)?(?:www\.)?(?P<host>[a-z0-9-]+(?:\.[a-z0-9-]+)*\.?)(?::\d+)?(?:[/?#].*)?", re.DOTALL
)


def folded(text: str) -> str:
    """Return *text* without case, accents and width, in Latin letters where it was Cyrillic or Greek."""
    plain = unicodedata.normalize("NFKD", text).lower()
    return "".join(
        _TABLE.letters.get(letter, letter) for letter in plain if unicodedata.category(letter)[0] != "M"
    )


def words_of(text: str) -> tuple[str, ...]:
    """Split *text* into folded words; a stop or an apostrophe parts nothing, ``&`` is a word."""
    return tuple(_WORD.findall(_DROPPED.sub("", folded(text).replace("&", " and "))))


def host_of(text: str) -> str:
    """Return the host of an address, also of one typed without its scheme; empty where it is none."""
    address = _ADDRESS.fullmatch(text.strip().lower())
    return address["host"].rstrip(".") if address and "." in address["host"] else ""
