"""Finds the institution a person means by what they typed."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from linkspan.server.core.institution import Institution

# Longer than any bank's name; keeps the comparison below quadratic in nothing a stranger sends.
_QUERY_LENGTH_MAX: Final = 80
_WORD: Final = re.compile(r"\w+")
_ADDRESS_DECORATION: Final = re.compile(r"^(https?://)?(www\.)?|[/?#].*$")
# One slip in a word of four letters, two in one of eight: fewer letters are too easily another word.
_LETTERS_PER_TYPO: Final = 4
_TYPOS_MAX: Final = 2


@dataclass(frozen=True, slots=True)
class Entry:
    """An institution as it is searched."""

    institution: Institution
    names: tuple[tuple[str, ...], ...]
    """The words of its name, then of each alias."""
    domain: str


def entry_of(institution: Institution) -> Entry:
    """Prepare *institution* for being searched."""
    names = (institution.name, *institution.aliases)
    return Entry(
        institution=institution,
        names=tuple(words for words in map(words_of, names) if words),
        domain=_domain(institution.url or ""),
    )


def rank(entry: Entry, query: str) -> int | None:
    """Return how well *query* fits, 0 being best, or None.

    Name, aliases, initials and web address are searched; a slip of the finger
    is forgiven when nothing fits better. A query without a word fits nothing.
    """
    query = query[:_QUERY_LENGTH_MAX]
    words, domain = words_of(query), _domain(query)
    if not words:
        return None
    typed = "".join(words)
    rules = (
        any(words == name for name in entry.names) or (domain != "" and domain == entry.domain),
        any("".join(name).startswith(typed) for name in entry.names),
        any(_begin_words(words, name) for name in entry.names),
        any(_initials(name).startswith(typed) for name in entry.names if len(name) > 1),
        len(domain) > 1 and entry.domain.startswith(domain),
        any(typed in "".join(name) for name in entry.names),
        any(_nearly_begin_words(words, name) for name in entry.names),
    )
    return next((rank for rank, holds in enumerate(rules) if holds), None)


def _begin_words(typed: tuple[str, ...], name: tuple[str, ...]) -> bool:
    """Whether every typed word begins some word of the name."""
    return all(any(word.startswith(part) for word in name) for part in typed)


def _nearly_begin_words(typed: tuple[str, ...], name: tuple[str, ...]) -> bool:
    return all(any(_nearly_begins(part, word) for word in name) for part in typed)


def _nearly_begins(part: str, word: str) -> bool:
    """Whether *part* begins *word* but for a few slips."""
    allowed = min(len(part) // _LETTERS_PER_TYPO, _TYPOS_MAX)
    if len(part) > len(word) + allowed:
        return False
    beginnings = {word[: len(part) + change] for change in range(-allowed, allowed + 1)}
    return any(_slips(part, beginning) <= allowed for beginning in beginnings)


def _slips(left: str, right: str) -> int:
    """Count the letters added, lost, changed or swapped with a neighbor between two words."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left):
        following = [i + 1]
        for j, b in enumerate(right):
            best = min(row[j + 1] + 1, following[j] + 1, row[j] + (a != b))
            if i and j and a == right[j - 1] and left[i - 1] == b:
                best = min(best, before[j - 1] + 1)
            following.append(best)
        before, row = row, following
    return row[-1]


def _initials(name: tuple[str, ...]) -> str:
    return "".join(word[0] for word in name)


def words_of(text: str) -> tuple[str, ...]:
    """Split *text* into words without case or accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return tuple(_WORD.findall("".join(letter for letter in plain if not unicodedata.combining(letter))))


def _domain(text: str) -> str:
    """Return the host of an address, also of one typed without its scheme."""
    bare = _ADDRESS_DECORATION.sub("", text.strip().casefold())
    return urlsplit(f"//{bare}").hostname or "" if bare.isascii() and "[" not in bare else ""
