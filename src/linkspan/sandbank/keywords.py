"""Sign-ons at banks that let anybody in, where what is typed says what is asked next."""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from linkspan.sandbank.brand import Conduct
from linkspan.sandbank.people import PEOPLE, Person
from linkspan.sandbank.sign_ons import Verdict
from linkspan.standards.ofx import Challenge

_Who = tuple[str, str, str]

# OFX asks in words and has them answered in words: there is nothing to pick from.
_QUESTIONS: Final[Mapping[str, Challenge]] = {
    "options": Challenge(
        phrase_id="SBOPTIONS",
        label="Where may we send a code? Answer 1 for the telephone that ends in 0134, 2 for your e-mail.",
    ),
    "mfa": Challenge(phrase_id="SBCODE", label="The code we sent you (any will do)"),
    "confirm_mfa": Challenge(phrase_id="SBCONFIRM", label="Approve this in our app, then answer yes"),
    "security_question": Challenge(phrase_id="MFA19", label="In what town were you born? (Any will do.)"),
}


class Keywords:
    """Who was asked what, kept in memory for as long as the bank runs."""

    def __init__(self) -> None:
        self._known: set[_Who] = set()
        self._asked: dict[_Who, tuple[Challenge, ...]] = {}

    def judge(self, conduct: Conduct, who: _Who, password: str, *, answers: Collection[str]) -> Verdict:
        """Let *who* in, by brand, user name and installation, or say what keeps them out."""
        if conduct.has_locked_everybody:
            return "locked"
        if who in self._known:
            return "in"
        if answers:
            return self._answered(conduct, who, answers)
        if who in self._asked:
            return "ask"
        typed = (who[1], password)
        if conduct.has_keywords and (verdict := _stopped(typed, "wrong")) is not None:
            return verdict
        asked = _QUESTIONS if conduct.takes_no_answer else typed if conduct.has_keywords else ()
        return self._ask(who, asked)

    def questions(self, who: _Who) -> tuple[Challenge, ...]:
        """Return what *who* is asked."""
        return self._asked.get(who, ())

    def _answered(self, conduct: Conduct, who: _Who, answers: Collection[str]) -> Verdict:
        if who not in self._asked or conduct.takes_no_answer:
            return "answer_wrong"
        if (verdict := _stopped(answers, "answer_wrong")) is not None:
            return verdict
        return self._ask(who, answers)

    def _ask(self, who: _Who, typed: Iterable[str]) -> Verdict:
        """Ask what the words that were typed stand for; without any, there is nothing to ask."""
        words = {word.strip().lower() for word in typed}
        questions = tuple(question for word, question in _QUESTIONS.items() if word in words)
        if questions:
            self._asked[who] = questions
            return "ask"
        self._asked.pop(who, None)
        self._known.add(who)
        return "in"


def person_called(username: str) -> Person:
    """Return whoever bears a user name, or the first of the people where nobody does."""
    return PEOPLE.get(username.strip().lower(), next(iter(PEOPLE.values())))


def _stopped(typed: Collection[str], is_incorrect: Verdict) -> Verdict | None:
    words = {word.strip().lower() for word in typed}
    if "error" in words:
        return "failed"
    return is_incorrect if "incorrect" in words else None
