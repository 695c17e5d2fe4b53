"""Gathers what came of asking banks until it is written down, so that busy ones cost few commits."""

from dataclasses import dataclass, field
from typing import Final, TypeAlias

from linkspan.server.core.health import Outcomes
from linkspan.server.core.scope import Scope

# How often a bank that is well is written down; a failure, and answers until it has healed, at once.
_PAUSE_SECONDS: Final = 30

_NOTHING: Final = Outcomes()

Of: TypeAlias = tuple[Scope, str]


@dataclass(slots=True)
class _Kept:
    outcomes: Outcomes = _NOTHING
    due_seconds: float = 0.0
    is_ill: bool = False
    is_being_written: bool = False


@dataclass(slots=True)
class Pending:
    """What one process has yet to write down: at most half a minute of answers, lost where it dies."""

    _kept: dict[Of, _Kept] = field(default_factory=dict)

    def add(self, of: Of, outcomes: Outcomes, *, now: float) -> bool:
        """Add what came of asking a bank; tell whether somebody has to write it down now."""
        kept = self._kept.setdefault(of, _Kept())
        kept.outcomes += outcomes
        if outcomes.failed or kept.is_ill:
            kept.due_seconds = now
        return now >= kept.due_seconds and not kept.is_being_written

    def take(self, of: Of, *, now: float) -> Outcomes | None:
        """Return what is to be written down; none once all of it is."""
        kept = self._kept[of]
        outcomes, kept.outcomes = kept.outcomes, _NOTHING
        kept.is_being_written = outcomes != _NOTHING
        kept.due_seconds = now + _PAUSE_SECONDS
        return outcomes if kept.is_being_written else None

    def note_state(self, of: Of, *, is_ill: bool) -> None:
        """Note what was learnt from what has been written down."""
        self._kept[of].is_ill = is_ill

    def give_back(self, of: Of, outcomes: Outcomes) -> None:
        """Keep what could not be written down for the next time."""
        kept = self._kept[of]
        kept.outcomes, kept.is_being_written = outcomes + kept.outcomes, False
