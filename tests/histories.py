"""A bank as a model: what truly moved on an account, and what the bank shows of it at each look."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from hypothesis import strategies as st

from linkspan.objects import Transaction
from linkspan.server.core.found import FoundTransaction

DAY: Final = 24 * 60 * 60
NOON: Final = 1_790_000_000


def held(source_id: str = "h1", **changes: Any) -> FoundTransaction:
    """A pending payment of 12.50."""
    fields: dict[str, Any] = {
        "source_id": source_id,
        "replaces_source_id": None,
        "amount": -1250,
        "currency": "usd",
        "description": "COFFEE BAR",
        "status": "pending",
        "transacted_at": NOON,
        "posted_at": None,
    }
    return FoundTransaction(**(fields | changes))


def posted(source_id: str = "p1", **changes: Any) -> FoundTransaction:
    """The same payment, posted two days later."""
    return held(source_id, **({"status": "posted", "posted_at": NOON + 2 * DAY} | changes))


Fate = Literal["posts", "is dropped", "stays"]
Naming = Literal["keeps its id", "gets a new id with a link", "gets a new id"]


@dataclass(frozen=True)
class Movement:
    number: int
    amount: int
    made: int
    """On which look it is first there."""
    delay: int
    """How many looks it is pending for; nought when it is never."""
    fate: Fate
    naming: Naming

    def shown(self, look: int) -> FoundTransaction | None:
        """What the bank shows of it at a look."""
        name, age = f"a{self.number}", look - self.made
        at = NOON + self.made * 60
        if age < 0 or (self.fate == "is dropped" and age >= self.delay + 1):
            return None
        if self.fate != "posts" or age < self.delay:
            return held(name, amount=self.amount, transacted_at=at)
        link = name if self.naming == "gets a new id with a link" else None
        known = name if self.naming == "keeps its id" else f"b{self.number}"
        return posted(known, amount=self.amount, transacted_at=at, replaces_source_id=link)


@st.composite
def movements(draw: st.DrawFn) -> list[Movement]:
    namings = st.sampled_from(["keeps its id", "gets a new id with a link", "gets a new id"])
    made = []
    for number in range(draw(st.integers(1, 8))):
        naming: Any = draw(namings)
        fate: Any = draw(st.sampled_from(["posts", "is dropped", "stays"]))
        # When one of twins goes as another comes, nobody can tell that it is another, so those differ.
        is_followed = naming != "gets a new id" and fate != "is dropped"
        amount = -draw(st.integers(1, 2)) if is_followed else -(1000 + number)
        made.append(
            Movement(
                number=number,
                amount=amount,
                made=draw(st.integers(0, 4)),
                delay=draw(st.integers(0, 3)),
                fate=fate,
                naming=naming,
            )
        )
    return made


def expected(made: Iterable[Movement], looks: Sequence[int]) -> Counter[tuple[int, int, str]]:
    """What a ledger has after these looks, oldest first."""
    rows: Counter[tuple[int, int, str]] = Counter()
    telling = [look for look in looks if any(each.shown(look) for each in made)]
    for each in made:
        seen = [row.status for look in looks if (row := each.shown(look))]
        if seen:
            is_gone = each.shown(telling[-1]) is None
            state = "posted" if "posted" in seen else "void" if is_gone else "pending"
            rows[each.amount, NOON + each.made * 60, state] += 1
    return rows


def contents(told: Iterable[Transaction]) -> Counter[tuple[int, int, str]]:
    """What a ledger has, in the words of `expected`."""
    return Counter((each.amount, each.transacted_at, str(each.status)) for each in told)


@dataclass(frozen=True)
class Telling:
    """A history as a bank tells it: walk after walk, the rows of each in some order, some of them again."""

    made: list[Movement]
    looks: list[int]
    walks: list[tuple[int, list[FoundTransaction]]]
    """Each with the look it belongs to; a look may be told twice."""


@st.composite
def tellings(draw: st.DrawFn) -> Telling:
    made = draw(movements())
    looks = sorted(draw(st.sets(st.integers(0, 9), min_size=1)))
    walks = []
    for look in looks:
        rows = [row for each in made if (row := each.shown(look))]
        for _ in range(draw(st.integers(1, 2))):
            again = draw(st.lists(st.sampled_from(rows), max_size=3)) if rows else []
            walks.append((look, draw(st.permutations([*rows, *again]))))
    return Telling(made, looks, walks)
