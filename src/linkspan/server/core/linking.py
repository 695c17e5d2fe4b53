"""The steps of one linking attempt as a table."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from linkspan.server.core.moves import follow


class Step(StrEnum):
    """What the end user must do next; the modal has one pane for each."""

    BANK = "bank"
    CONSENT = "consent"
    LOGIN = "login"
    LOGIN_FORM = "login_form"
    ACCOUNTS = "accounts"
    MANUAL = "manual"
    DONE = "done"
    ERROR = "error"
    CLOSED = "closed"


class Fact(StrEnum):
    """What happened."""

    BANK_CHOSEN = "bank_chosen"
    UNLINKABLE_CHOSEN = "unlinkable_chosen"
    CONSENT_GIVEN = "consent_given"
    FORM_ASKED = "form_asked"
    WENT_BACK = "went_back"
    STARTED_OVER = "started_over"
    ACCOUNTS_FOUND = "accounts_found"
    SIGN_IN_FAILED = "sign_in_failed"
    RETRIED = "retried"
    ACCOUNTS_CHOSEN = "accounts_chosen"
    TYPING_WANTED = "typing_wanted"
    NUMBERS_TYPED = "numbers_typed"
    HANDED_OVER = "handed_over"
    LEFT = "left"


# The whole life of an attempt. CLOSED has no way out on purpose: a Session is
# one run of the flow, and another run needs another Session. DONE waits for the
# page to take its result, so that a page reloaded just then still gets it.
# A person may come back late in a tab they had left open, so ACCOUNTS_FOUND is
# also taken in ERROR; after WENT_BACK the attempt itself is void, so it cannot
# reach BANK or CONSENT. Where the program chose the bank people start over
# instead of going back, since there is no other bank to choose. Which of LOGIN
# and LOGIN_FORM follows a consent or another try is the connector's to say; a
# bank that asks back, or does not take an answer, has the person stay on
# LOGIN_FORM with another form. A bank that people may find and not link at ends
# in ERROR, where they are told so. Who does not find their bank, or cannot sign in
# there, may type an account's numbers where the program lets them; a program that
# asks for them itself is handed the person instead.
MOVES: Final[Mapping[tuple[Step, Fact], Step]] = {
    (Step.BANK, Fact.BANK_CHOSEN): Step.CONSENT,
    (Step.BANK, Fact.UNLINKABLE_CHOSEN): Step.ERROR,
    (Step.BANK, Fact.TYPING_WANTED): Step.MANUAL,
    (Step.BANK, Fact.HANDED_OVER): Step.CLOSED,
    (Step.BANK, Fact.LEFT): Step.CLOSED,
    (Step.CONSENT, Fact.CONSENT_GIVEN): Step.LOGIN,
    (Step.CONSENT, Fact.FORM_ASKED): Step.LOGIN_FORM,
    (Step.CONSENT, Fact.WENT_BACK): Step.BANK,
    (Step.CONSENT, Fact.LEFT): Step.CLOSED,
    (Step.LOGIN, Fact.ACCOUNTS_FOUND): Step.ACCOUNTS,
    (Step.LOGIN, Fact.SIGN_IN_FAILED): Step.ERROR,
    (Step.LOGIN, Fact.WENT_BACK): Step.BANK,
    (Step.LOGIN, Fact.STARTED_OVER): Step.CONSENT,
    (Step.LOGIN, Fact.LEFT): Step.CLOSED,
    (Step.LOGIN_FORM, Fact.FORM_ASKED): Step.LOGIN_FORM,
    (Step.LOGIN_FORM, Fact.ACCOUNTS_FOUND): Step.ACCOUNTS,
    (Step.LOGIN_FORM, Fact.SIGN_IN_FAILED): Step.ERROR,
    (Step.LOGIN_FORM, Fact.WENT_BACK): Step.BANK,
    (Step.LOGIN_FORM, Fact.STARTED_OVER): Step.CONSENT,
    (Step.LOGIN_FORM, Fact.LEFT): Step.CLOSED,
    (Step.ACCOUNTS, Fact.ACCOUNTS_CHOSEN): Step.DONE,
    (Step.ACCOUNTS, Fact.WENT_BACK): Step.BANK,
    (Step.ACCOUNTS, Fact.STARTED_OVER): Step.CONSENT,
    (Step.ACCOUNTS, Fact.LEFT): Step.CLOSED,
    (Step.MANUAL, Fact.NUMBERS_TYPED): Step.DONE,
    (Step.MANUAL, Fact.WENT_BACK): Step.BANK,
    (Step.MANUAL, Fact.STARTED_OVER): Step.CONSENT,
    (Step.MANUAL, Fact.LEFT): Step.CLOSED,
    (Step.DONE, Fact.LEFT): Step.CLOSED,
    (Step.ERROR, Fact.ACCOUNTS_FOUND): Step.ACCOUNTS,
    (Step.ERROR, Fact.RETRIED): Step.LOGIN,
    (Step.ERROR, Fact.FORM_ASKED): Step.LOGIN_FORM,
    (Step.ERROR, Fact.WENT_BACK): Step.BANK,
    (Step.ERROR, Fact.STARTED_OVER): Step.CONSENT,
    (Step.ERROR, Fact.TYPING_WANTED): Step.MANUAL,
    (Step.ERROR, Fact.HANDED_OVER): Step.CLOSED,
    (Step.ERROR, Fact.LEFT): Step.CLOSED,
}


def next_step(step: Step, fact: Fact) -> Step:
    """Return the step that follows *fact*."""
    return follow(MOVES, step, fact)
