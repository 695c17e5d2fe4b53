"""Draws the tables of core in docs/explanation/life-cycle.md; --check compares."""

import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Final, TypeVar

from linkspan.server.core import account, deactivation, features, intent, linking, refresh, session_status
from tools.generated import ROOT, keep

DOCUMENT: Final = ROOT / "docs" / "explanation" / "life-cycle.md"
_State = TypeVar("_State", bound=StrEnum | None)
_Fact = TypeVar("_Fact", bound=StrEnum)
_PLACE: Final = re.compile(r"<!-- (?P<name>[a-z]+) -->\n.*?<!-- end -->", re.DOTALL)


def diagram(moves: Mapping[tuple[_State, _Fact], StrEnum], *, first: StrEnum | None = None) -> str:
    """Return *moves* as a Mermaid state diagram; None in them is what is not there yet, or *first* begins."""
    arrows = [] if first is None else [f"[*] --> {first}"]
    arrows += [f"{before or '[*]'} --> {after}: {_words(fact)}" for (before, fact), after in moves.items()]
    leading_on: set[StrEnum | None] = {before for before, _ in moves}
    arrows += [f"{end} --> [*]" for end in sorted(set(moves.values()) - leading_on)]
    return "\n".join(["```mermaid", "stateDiagram-v2", *(f"    {arrow}" for arrow in arrows), "```"])


def table(head: Sequence[str], rows: Iterator[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _calls() -> str:
    statuses = list(account.AccountStatus)
    rows = (
        [
            f"`{call.name.lower()}`",
            *("yes" if call in account.ALLOWED[status] else "no" for status in statuses),
        ]
        for call in account.AccountCall
    )
    return table(["", *statuses], rows)


def _features() -> str:
    rows = (
        [
            f"`{name}`" + (" (previews)" if rule.is_preview else ""),
            ", ".join(f"`{permission}`" for permission in rule.permissions),
            _every_day(name),
            f"`{rule.refreshed}`",
        ]
        for name, rule in features.FEATURES.items()
    )
    return table(["Feature", "Permissions", "Every day", "Event"], rows)


def _every_day(feature: str) -> str:
    if feature in features.SUBSCRIBABLE:
        return "yes"
    return "in previews" if feature in features.SUBSCRIBABLE_IN_PREVIEWS else "no"


def _causes() -> str:
    rows = ([f"`{cause}`", f"`{action}`"] for cause, action in deactivation.ACTIONS.items())
    return table(["Cause", "Action"], rows)


DRAWN: Final[Mapping[str, Callable[[], str]]] = {
    "account": lambda: diagram(account.MOVES),
    "causes": _causes,
    "calls": _calls,
    "refresh": lambda: diagram(refresh.MOVES),
    "features": _features,
    "session": lambda: diagram(session_status.MOVES, first=session_status.SessionStatus.PENDING),
    "intent": lambda: diagram(intent.MOVES, first=intent.IntentStatus.REQUIRES_PAYMENT_METHOD),
    "linking": lambda: diagram(linking.MOVES, first=linking.Step.BANK),
}


def drawn(document: str) -> str:
    """Return *document* with what is drawn put between its marks."""
    return _PLACE.sub(
        lambda place: f"<!-- {place['name']} -->\n{DRAWN[place['name']]()}\n<!-- end -->", document
    )


def _words(fact: StrEnum) -> str:
    return fact.value.replace("_", " ")


if __name__ == "__main__":
    sys.exit(keep(DOCUMENT, drawn(DOCUMENT.read_text(encoding="utf-8")), "life_cycles"))
