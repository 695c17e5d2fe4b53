"""Words that were nearly typed: a letter added, lost, changed, or swapped with its neighbor."""

from collections.abc import Iterable
from typing import Final

# One slip in a word of four letters, two in one of eight: fewer letters are too easily another word.
_LETTERS_PER_SLIP: Final = 4
_SLIPS_MAX: Final = 2
_MEANT_MAX: Final = 12
_BITS: Final = 31


class Vocabulary:
    """Words behind a mark of one letter each, in the order that settles ties."""

    def __init__(self, marked: Iterable[str]) -> None:
        self._marked = [(each, _letters(each[1:])) for each in marked]

    def near(self, typed: str) -> list[tuple[int, str]]:
        """Return the words that *typed* begins but for a few slips, the fewest first, with their marks."""
        allowed = min(len(typed) // _LETTERS_PER_SLIP, _SLIPS_MAX)
        if allowed == 0:
            return []
        wanted = _letters(typed)
        near = []
        longest = len(typed) + allowed
        for place, (marked, letters) in enumerate(self._marked):
            # Each letter that the word has not got is a slip at least, first of all kinds, then one by one.
            if (wanted & ~letters).bit_count() > allowed:
                continue
            word = marked[1 : longest + 1]
            if sum(letter not in word for letter in typed) <= allowed:
                slips = slips_to_begin(typed, word, most=allowed)
                if slips <= allowed:
                    near.append((slips, place, marked))
        near.sort()
        return [(slips, marked) for slips, _, marked in near[:_MEANT_MAX]]


def slips_to_begin(typed: str, word: str, *, most: int) -> int:
    """Return the fewest slips after which *typed* begins *word* (optimal string alignment).

    Only what is not above *most* is exact.
    """
    before: list[int] = []
    row = list(range(len(word) + 1))
    for i, letter in enumerate(typed):
        following = [i + 1]
        for j, other in enumerate(word):
            best = min(row[j + 1] + 1, following[j] + 1, row[j] + (letter != other))
            if i and j and letter == word[j - 1] and typed[i - 1] == other:
                best = min(best, before[j - 1] + 1)
            following.append(best)
        before, row = row, following
        if min(row) > most:
            return most + 1
    return min(row)


def _letters(word: str) -> int:
    """Return a bit for each letter that is in *word*; a few share one."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) % _BITS)
    return bits
