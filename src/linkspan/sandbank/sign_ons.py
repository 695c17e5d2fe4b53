"""Who may sign on by password: tries, locks, and the installations that a person has answered for."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from linkspan.sandbank.dice import Dice
from linkspan.sandbank.people import PASSWORD, PEOPLE

WRONG_MAX: Final = 3
"""Wrong passwords in a row after which nobody is let in."""
LOCKED_SECONDS: Final = 15 * 60
CODE_SECONDS: Final = 5 * 60
CITY: Final = "Lyme"
"""Where everybody at this bank was born, so that anybody can try."""

Verdict = Literal["in", "wrong", "locked", "ask", "answer_wrong", "failed"]


@dataclass(slots=True)
class _Tries:
    wrong: int = 0
    locked_until: int = 0


class SignOns:
    """Kept in memory for as long as the bank runs."""

    def __init__(self, now: Callable[[], float], seed: str) -> None:
        self._now = now
        self._dice = Dice(seed)
        self._tries: dict[tuple[str, str], _Tries] = {}
        self._known: set[tuple[str, str, str]] = set()
        self._asked_at: dict[tuple[str, str, str], int] = {}

    def judge(
        self, brand: str, username: str, password: str, *, installation: str | None, answers: dict[str, str]
    ) -> Verdict:
        """Let somebody in, or say what keeps them out.

        An installation that names itself is asked for once and known from then
        on; one that does not cannot be asked.
        """
        tries = self._tries.setdefault((brand, username), _Tries())
        if tries.locked_until > self._now():
            return "locked"
        is_right = hmac.compare_digest(password.encode(), PASSWORD.encode())
        if username not in PEOPLE or not is_right:
            return self._wrong(tries)
        tries.wrong = 0
        who = (brand, username, installation or "")
        if installation is None or who in self._known:
            return "in"
        if not answers:
            return "ask"
        return self._answered(who, answers)

    def _answered(self, who: tuple[str, str, str], answers: dict[str, str]) -> Verdict:
        asked_at = self._asked_at.pop(who, None)
        is_late = asked_at is None or self._now() >= asked_at + CODE_SECONDS
        is_right = answers.get("MFA19", "").strip().lower() == CITY.lower()
        if is_late or not is_right or answers.get("FDCODE") != self.code(who[0], who[1]):
            return "answer_wrong"
        self._known.add(who)
        return "in"

    def ask(self, brand: str, username: str, installation: str) -> None:
        """Note that the questions were asked."""
        self._asked_at[brand, username, installation] = int(self._now())

    def code(self, brand: str, username: str) -> str:
        """Return the code that the bank sends a person, always the same."""
        return self._dice.at(brand, username, "code").digits(6, "code")

    def _wrong(self, tries: _Tries) -> Verdict:
        tries.wrong += 1
        if tries.wrong >= WRONG_MAX:
            tries.wrong, tries.locked_until = 0, int(self._now()) + LOCKED_SECONDS
        return "wrong"
