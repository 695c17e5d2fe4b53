"""Finds the institutions a person means by what they typed, by the rules of docs/reference/search.md.

The modal has the same in TypeScript (modal/app/directory/), and both read one list
of queries with what is to be found first (contract/search/).

All that is searched stands in one text, a line for each name, so that a search
is a few look-ups in it and never a walk through the rows: ``joined name``, tab,
``initials``, then the addresses and numbers each behind a mark of its own, then
each word behind a space.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from linkspan.server.core.bank_number import is_routing_number
from linkspan.server.core.folding import ABBREVIATIONS, FILLER, host_of, words_of
from linkspan.server.core.slips import Vocabulary

# Longer than any bank's name; keeps what a stranger sends from costing more than a name does.
_QUERY_LENGTH_MAX: Final = 80
_ROUTING_DIGITS: Final = 9
_INITIALS_MIN: Final = 2
_INSIDE_MIN: Final = 3
_NUMBER: Final = re.compile(r"[0-9]{4,9}")
_GAPS: Final = re.compile(r"[\s-]")

_LINE, _TAB, _ADDRESS_MARK, _NUMBER_MARK = "\n", "\t", "\v", "\f"


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """One row as it is searched: names, hosts of web sites, routing numbers."""

    names: Sequence[str]
    hosts: Sequence[str] = ()
    numbers: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """The places of the rows that fit, the likeliest first, and how many were looked at for that."""

    rows: tuple[int, ...]
    looked_at: int


@dataclass(frozen=True, slots=True)
class _Query:
    words: tuple[str, ...]
    joined: str
    host: str
    typed: str
    """Without spaces: the beginning of an address, perhaps."""
    number: str


class Index:
    """Rows ready to be searched; among equals the one that was given first comes first."""

    def __init__(self, rows: Iterable[Searched]) -> None:
        lines: list[str] = []
        self._row_of_line: list[int] = []
        for place, row in enumerate(rows):
            of_row = list(_lines(row))
            lines += of_row
            self._row_of_line += [place] * len(of_row)
        self._starts: list[int] = []
        at = 0
        for line in lines:
            self._starts.append(at)
            at += len(line) + 1
        self._text = "".join(f"{_LINE}{line}" for line in lines) + _LINE

    def find(self, query: str, *, most: int, is_wanted: Callable[[int], bool] = lambda _: True) -> Found:
        """Return up to *most* of the rows that *query* may mean and that are wanted.

        The same query always finds the same. One without a word finds nothing.
        """
        asked = _asked(query)
        found: dict[int, None] = {}
        looked_at = 0
        if not asked.joined:
            return Found((), 0)
        for ranked in (self._fitting(asked), self._nearly(asked)):
            for row in ranked:
                looked_at += 1
                if row not in found and is_wanted(row):
                    found[row] = None
                if len(found) == most:
                    return Found(tuple(found), looked_at)
            if found:  # a slip is forgiven where nothing fits without one
                break
        return Found(tuple(found), looked_at)

    def _fitting(self, asked: _Query) -> Iterator[int]:
        """Yield the rows that fit letter by letter, stage by stage."""
        joined, words = asked.joined, asked.words
        if asked.number:
            yield from self._with(_NUMBER_MARK + asked.number)
        yield from self._with(f"{_LINE}{joined}{_TAB}")
        if asked.host:
            yield from self._with(_ADDRESS_MARK + asked.host, is_whole=True)
        yield from self._with(_LINE + joined)
        yield from self._with_words(words)
        if len(joined) >= _INITIALS_MIN:
            yield from self._with(_TAB + joined)
            yield from self._with(_ADDRESS_MARK + (asked.host or asked.typed))
        if len(joined) >= _INSIDE_MIN:
            yield from self._with(joined)
        telling = tuple(word for word in words if word not in FILLER)
        if telling and telling != words:
            yield from self._with_words(telling)

    def _nearly(self, asked: _Query) -> Iterator[int]:
        """Yield the rows that fit but for a few slips, those with the fewest first."""
        telling = tuple(word for word in asked.words if word not in FILLER)
        for words in dict.fromkeys((asked.words, telling)):
            meant = [self._meant(word) for word in words]
            if meant and all(meant):
                slips = {row: count for count, row in sorted(self._combined(meant), reverse=True)}
                yield from sorted(slips, key=lambda row: (slips[row], row))

    def _meant(self, word: str) -> list[tuple[int, str]]:
        """Return what *word* may stand for, each with its mark and the slips that it takes."""
        if f" {word}" in self._text:
            return [(0, f" {word}")]
        return self._vocabulary.near(word)

    def _combined(self, meant: list[list[tuple[int, str]]]) -> Iterator[tuple[int, int]]:
        """Yield slips and row of each line that has something of every word."""
        rarest = min(range(len(meant)), key=lambda place: (-len(meant[place][0][1]), place))
        others = [each for place, each in enumerate(meant) if place != rarest]
        for slips, part in meant[rarest]:
            for start, end in self._lines_with(part):
                line = self._text[start : end + 1]
                more = [next((s for s, other in each if other in line), None) for each in others]
                if None not in more:
                    yield slips + sum(s for s in more if s is not None), self._row_at(start)

    def _with_words(self, words: tuple[str, ...]) -> Iterator[int]:
        """Yield the rows in a name of which every one of *words* begins some word."""
        longest = max(words, key=len)
        others = [f" {word}" for word in words if word != longest]
        for start, end in self._lines_with(f" {longest}"):
            if all(self._text.find(other, start, end) >= 0 for other in others):
                yield self._row_at(start)

    def _with(self, part: str, *, is_whole: bool = False) -> Iterator[int]:
        for start, _ in self._lines_with(part, is_whole=is_whole):
            yield self._row_at(start)

    def _lines_with(self, part: str, *, is_whole: bool = False) -> Iterator[tuple[int, int]]:
        """Yield where each line with *part* begins and ends."""
        at = self._text.find(part)
        while at >= 0:
            if not is_whole or not _is_of_host(self._text[at + len(part)]):
                end = self._text.find(_LINE, at + 1)
                yield self._text.rfind(_LINE, 0, at + 1), end
                at = self._text.find(part, end)
            else:
                at = self._text.find(part, at + 1)

    def _row_at(self, start: int) -> int:
        return self._row_of_line[bisect_right(self._starts, start) - 1]

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        """Every word and every joined name, made when the first slip is looked for."""
        marked: dict[str, None] = {}
        for line in self._text[1:-1].split(_LINE):
            name, _, rest = line.partition(_TAB)
            _, *words = rest.split(" ")
            for word in words:
                marked[f" {word}"] = None
            if name not in words:
                marked[f"{_LINE}{name}"] = None
        return Vocabulary(marked)


def _lines(row: Searched) -> Iterator[str]:
    """Yield a line for each name; addresses and numbers stand in the first one."""
    marked = [_ADDRESS_MARK + host for host in row.hosts] + [_NUMBER_MARK + each for each in row.numbers]
    seen: set[str] = set()
    for name in row.names:
        words = words_of(name)
        joined = "".join(words)
        if joined and joined not in seen:
            seen.add(joined)
            initials = "".join(word[0] for word in words) if len(words) > 1 else ""
            parts = "".join(f" {word}" for word in (*words, *_also(words)))
            yield f"{joined}{_TAB}{initials}{''.join(marked)}{parts}"
            marked = []


def _also(words: tuple[str, ...]) -> Iterator[str]:
    """Yield the short words for what stands in a name, and the long ones for what is short in it."""
    line = f" {' '.join(words)} "
    for short, long in ABBREVIATIONS:
        if f" {' '.join(long)} " in line:
            yield short
        if f" {short} " in line:
            yield from long


def is_wrong_number(query: str) -> bool:
    """Tell whether *query* is nine digits, the last of which does not fit the others."""
    number = _GAPS.sub("", query)
    return (
        len(number) == _ROUTING_DIGITS and bool(_NUMBER.fullmatch(number)) and not is_routing_number(number)
    )


def _asked(query: str) -> _Query:
    query = query[:_QUERY_LENGTH_MAX]
    words, number = words_of(query), _GAPS.sub("", query)
    return _Query(
        words=words,
        joined="".join(words),
        host=host_of(query),
        typed="".join(query.lower().split()),
        number=number if _NUMBER.fullmatch(number) else "",
    )


def _is_of_host(letter: str) -> bool:
    return letter.isalnum() or letter in "-."
