"""A bank that does everything banks were seen to do, beside what a ledger of it must say.

The bank knows which of its rows are one movement; the ledger is told rows alone.
What a ledger must say follows from the movements and from which looks were told
whole, never from the ledger's own rules. Movements that nobody could tell apart
behave alike, so that it does not matter which of them is taken for which.
"""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from linkspan.server.core.found import FoundTransaction
from tests.histories import DAY, NOON, held, posted

LOOKS: Final = 7

Kind = Literal[
    "keeps its id",
    "gets an id that names the hold",
    "gets another id",
    "has no id",
    "is booked a few days later",
    "grows by a tip",
    "is dropped",
    "is dropped, and posts after all",
    "stays pending",
    "is posted at once",
    "is posted late",
    "is corrected",
    "is reversed",
]
KINDS: Final[tuple[Kind, ...]] = Kind.__args__  # type: ignore[attr-defined]  # what the alias holds
AT_ONCE: Final = frozenset({"is posted at once", "is posted late", "is corrected", "is reversed"})
# Whose words alone tell what they are; twins of them begin and end together.
BY_WORDS: Final = frozenset({"gets another id", "has no id", "is booked a few days later"})


@dataclass(frozen=True)
class Movement:
    """What truly happened, in looks at the bank."""

    number: int
    kind: Kind
    amount: int
    text: str
    at: int
    first: int
    """The look that shows it first."""
    change: int
    """The look at which it posts, goes or is corrected."""
    reissued: int
    """The look from which on what has posted has other ids; after the last one when it keeps them."""

    def rows(self, look: int) -> list[FoundTransaction]:
        """What the bank shows of it at a look."""
        if look < self.first:
            return []
        is_over = look >= self.change
        if self.kind in AT_ONCE:
            return self._settled(look, is_over=is_over)
        if not is_over or self.kind == "stays pending":
            return [self._hold()]
        if self.kind == "is dropped" or (
            self.kind == "is dropped, and posts after all" and look == self.change
        ):
            return []
        return [self._posted(look)]

    def _hold(self) -> FoundTransaction:
        name = "" if self.kind == "has no id" else f"h{self.number}"
        return held(name, amount=self.amount, description=self.text, transacted_at=self.at)

    def _settled(self, look: int, *, is_over: bool) -> list[FoundTransaction]:
        """What was never pending, before and after what becomes of it."""
        if self.kind == "is corrected":
            return [self._posted(look, amount=self.amount - 100 * is_over)]
        original = self._posted(look)
        if self.kind != "is reversed" or not is_over:
            return [original]
        # FDX fills the field that a posting has for its hold with what a reversal reverses.
        told: dict[str, Any] = {
            "amount": -self.amount,
            "description": "REVERSAL",
            "replaces_source_id": original.source_id,
        }
        return [original, self._named(look, f"r{self.number}", **told)]

    def _posted(self, look: int, **changes: Any) -> FoundTransaction:
        match self.kind:
            case "keeps its id":
                return self._named(look, f"h{self.number}", reissues=False, **changes)
            case "has no id":
                return self._named(look, "", reissues=False, **changes)
            case "gets an id that names the hold" | "is dropped, and posts after all":
                return self._named(look, f"p{self.number}", replaces_source_id=f"h{self.number}", **changes)
            case "grows by a tip":
                told = {"amount": self.amount - 25, "replaces_source_id": f"h{self.number}", **changes}
                return self._named(look, f"p{self.number}", **told)
            case "is booked a few days later":
                return self._named(look, f"p{self.number}", transacted_at=self.at + 3 * DAY, **changes)
            case _:
                return self._named(look, f"p{self.number}", **changes)

    def _named(self, look: int, name: str, *, reissues: bool = True, **changes: Any) -> FoundTransaction:
        known = f"{name}-again" if reissues and look >= self.reissued else name
        told = {"amount": self.amount, "description": self.text, "transacted_at": self.at, **changes}
        return posted(known, **told)


@dataclass(frozen=True)
class Answer:
    """What one walk of the bank comes to."""

    look: int
    pages: tuple[tuple[FoundTransaction, ...], ...]
    is_broken: bool = False
    """Whether it ends in a failure after these pages."""


@dataclass
class History:
    """Some movements, and the walks that tell of them."""

    seed: int
    movements: list[Movement] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)
    """How often what was done to the ledger."""

    def expected(self) -> Counter[tuple[int, int, str]]:
        """What the ledger says in the end: amounts, times, states."""
        whole = [answer.look for answer in self.answers if not answer.is_broken]
        telling = [look for look in whole if any(each.rows(look) for each in self.movements)]
        rows: Counter[tuple[int, int, str]] = Counter()
        for each in self.movements:
            rows.update(self._of(each, whole, telling))
        return rows

    def _of(
        self, each: Movement, whole: Sequence[int], telling: Sequence[int]
    ) -> Iterator[tuple[int, int, str]]:
        seen = [each.rows(look) for look in whole]
        first = [rows[0] for rows in seen if rows]
        if first:
            last = first[-1]
            is_gone = last.status == "pending" and not each.rows(telling[-1])
            yield last.amount, last.transacted_at or 0, "void" if is_gone else last.status
        beside = [rows[1] for rows in seen if len(rows) > 1]
        if beside:
            yield beside[-1].amount, beside[-1].transacted_at or 0, beside[-1].status


def history(seed: int) -> History:
    """Return a history that is the same for the same seed."""
    chance = random.Random(seed)
    made = History(seed)
    reissued = chance.choice((LOOKS + 9, LOOKS + 9, chance.randrange(1, LOOKS)))
    for number in range(0, chance.randrange(4, 20) * 2, 2):
        made.movements += _some(chance, number, reissued)
    for look in sorted(chance.sample(range(LOOKS), chance.randrange(2, LOOKS))):
        made.answers += _answers(chance, made, look)
    return made


def _some(chance: random.Random, number: int, reissued: int) -> list[Movement]:
    """One movement, or twins."""
    kind = chance.choice(KINDS)
    first = chance.randrange(LOOKS - 1)
    change = first + chance.randrange(1, 4)
    is_late = kind == "is posted late"
    one = Movement(
        number=number,
        kind=kind,
        amount=-chance.choice((1250, 990, 5, 12_000)) if kind not in BY_WORDS else -(20_000 + number),
        text="COFFEE BAR" if kind == "keeps its id" else f"SHOP {number}",
        at=NOON - (40 * DAY if is_late else chance.randrange(4) * DAY) + number * 60,
        first=first,
        change=change,
        # When id and amount change between two looks, nobody can tell what became of what.
        reissued=LOOKS + 9 if kind == "is corrected" else reissued,
    )
    if chance.random() < 0.3:
        twin = {name: getattr(one, name) for name in one.__dataclass_fields__}
        return [one, Movement(**(twin | {"number": number + 1}))]
    return [one]


def _answers(chance: random.Random, made: History, look: int) -> Iterator[Answer]:
    """How one look is told: perhaps broken off or with nothing before, perhaps again after."""
    rows = [row for each in made.movements for row in each.rows(look)]
    if chance.random() < 0.25:
        made.told["broken off"] += 1
        yield Answer(look, tuple(_paged(chance, chance.sample(rows, len(rows) // 2))), is_broken=True)
    if chance.random() < 0.25:
        made.told["empty"] += 1
        yield Answer(look, ())
    for _ in range(chance.choice((1, 1, 2))):
        made.told["whole"] += 1
        yield Answer(look, tuple(_paged(chance, _shifted(chance, rows))))


def _shifted(chance: random.Random, rows: list[FoundTransaction]) -> list[FoundTransaction]:
    """The rows in some order; those that have an id perhaps on two pages."""
    named = [row for row in rows if row.source_id]
    again = chance.sample(named, min(len(named), chance.randrange(4)))
    return chance.sample([*rows, *again], len(rows) + len(again))


def _paged(chance: random.Random, rows: list[FoundTransaction]) -> Iterator[tuple[FoundTransaction, ...]]:
    size = chance.randrange(1, 12)
    for first in range(0, len(rows), size):
        yield tuple(rows[first : first + size])
