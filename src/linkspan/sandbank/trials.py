"""The institutions that are there to show one thing each, most of them a failure, as a table."""

from dataclasses import replace
from decimal import Decimal
from typing import Final

from linkspan.sandbank.brand import Brand, Conduct, Lesson
from linkspan.sandbank.plans import (
    CLOSED_SAVINGS,
    FREELANCE_CHECKING,
    HOUSEHOLD_CHECKING,
    HOUSEHOLD_SAVINGS,
    STUDENT_CHECKING,
    Owners,
    Payment,
    Plan,
)

MINUTE: Final = 60
_COLOR: Final = "#48506b"


def _trial(
    slug: str,
    name: str,
    routing_number: str,
    lesson: Lesson,
    conduct: Conduct,
    *,
    holds: tuple[Plan, ...] | None = None,
    aliases: tuple[str, ...] = (),
) -> Brand:
    return Brand(
        slug=slug,
        name=name,
        tagline="A demonstration of what may happen.",
        color=_COLOR,
        mark="flask",
        aliases=aliases,
        featured=False,
        routing_number=routing_number,
        conduct=conduct,
        holds=holds,
        lesson=lesson,
    )


def _owned(key: str, product: str, owners: Owners) -> Plan:
    return replace(FREELANCE_CHECKING, key=key, product=product, owners=owners)


def _paid(key: str, product: str, payment: Payment, *, seconds: int | None = None) -> Plan:
    return replace(STUDENT_CHECKING, key=key, product=product, payment=payment, number_seconds=seconds)


_AS_GOOD: Final = Conduct()

# What Stripe's test institutions do, under the names Stripe gives them.
_STRIPES: Final = (
    replace(
        _trial(
            "test-non-oauth",
            "Test (Non-OAuth)",
            "140000009",
            Lesson("lets anybody in by any user name and password", "the accounts of Test (OAuth)"),
            Conduct(takes_anybody=True, has_test_accounts=True),
            aliases=("Test Institution",),
        ),
        speaks="ofx",
    ),
    replace(
        _trial(
            "bank-non-oauth",
            "Bank (Non-OAuth)",
            "140010002",
            Lesson(
                "lets anybody in; `options`, `mfa`, `confirm_mfa` or `security_question`, typed as the "
                "password or as an answer, is what it asks for next, `incorrect` is not taken, `error` "
                "ends the sign-in",
                "accounts, or the error `institution_unavailable_unplanned` after `error`",
            ),
            Conduct(takes_anybody=True, has_keywords=True),
            aliases=("Sandbox Bank (Non-OAuth)",),
        ),
        speaks="ofx",
    ),
    _trial(
        "ownership-accounts",
        "Ownership Accounts",
        "140020005",
        Lesson(
            "names the owners of each account in another way",
            "one owner, two, a business, none; of the last account what was sent is no record of owners",
        ),
        _AS_GOOD,
        holds=(
            _owned("one", "One Owner", "the person"),
            _owned("two", "Two Owners", "two"),
            _owned("business", "A Business", "a business"),
            _owned("untold", "No Owner Told", "untold"),
            _owned("unreadable", "Unreadable Owners", "unreadable"),
        ),
    ),
    _trial(
        "invalid-payment-accounts",
        "Invalid Payment Accounts",
        "140030008",
        Lesson(
            "has no way to pay from any account",
            "empty `supported_payment_method_types`; where payments are required, the error",
            reason="none_payable",
        ),
        _AS_GOOD,
        holds=(
            _paid("no-ach", "No ACH", "by none"),
            replace(
                HOUSEHOLD_SAVINGS, key="no-ach-savings", product="Savings Without ACH", payment="by none"
            ),
        ),
    ),
    _trial(
        "down-scheduled",
        "Down (Scheduled)",
        "140040001",
        Lesson("is closed for maintenance, and says until when", reason="bank_maintenance"),
        Conduct(answers="maintenance"),
        aliases=("Down Bank (scheduled)",),
    ),
    _trial(
        "down-unscheduled",
        "Down (Unscheduled)",
        "140050004",
        Lesson("sends everybody back at once: it cannot ask them now", reason="bank_down"),
        Conduct(refuses_with="temporarily_unavailable"),
        aliases=("Down Bank (unscheduled)",),
    ),
    _trial(
        "down-error",
        "Down (Error)",
        "140060007",
        Lesson("answers with an error that nobody has heard of", reason="bank_unreadable"),
        Conduct(answers="unheard of"),
        aliases=("Down Bank (error)",),
    ),
    replace(
        _trial(
            "tokenized-account-number",
            "Tokenized Account Number",
            "140070000",
            Lesson(
                "gives stand-ins for numbers: one that is dead, one that ends in thirty days, one that is "
                "dead a minute later",
                "`account_numbers` with the status `deactivated`; `upcoming_account_number_expiry`; "
                "`account_numbers_updated` at the first refresh after a minute",
            ),
            _AS_GOOD,
            holds=(
                _paid("expired", "Expired", "by stand-in", seconds=0),
                _paid("eventually", "Eventually Expiring", "by stand-in"),
                _paid("immediately", "Immediately Expiring", "by stand-in", seconds=MINUTE),
            ),
        ),
        consent_days=30,
        has_consent_records=True,
    ),
    _trial(
        "inactive-accounts",
        "Inactive Accounts",
        "140080003",
        Lesson(
            "takes a person's first consent back after a minute, and keeps to the next ones",
            "accounts that are `inactive` from the first refresh after that on, and work again once relinked",
        ),
        Conduct(first_consent_seconds=MINUTE),
    ),
    replace(
        _trial(
            "immediately-requires-reauthentication",
            "Immediately Requires Reauthentication",
            "140090006",
            Lesson(
                "takes a person's first consent back after a minute, and keeps to the next ones for a day",
                "as above, and an `expected_deactivation_date` a day ahead",
            ),
            Conduct(first_consent_seconds=MINUTE),
        ),
        consent_days=1,
        has_consent_records=True,
    ),
    replace(
        _trial(
            "eventually-requires-reauthentication",
            "Eventually Requires Reauthentication",
            "140100006",
            Lesson(
                "lets a consent last thirty days",
                "`upcoming_deactivation` of account and authorization; `inactive` after thirty days",
            ),
            _AS_GOOD,
        ),
        consent_days=30,
        has_consent_records=True,
    ),
)

# What else may happen on the way to an account.
_MORE: Final = (
    _trial(
        "slow-bank",
        "Slow Bank",
        "140110009",
        Lesson("thinks for six seconds before it lists accounts", "accounts, later"),
        Conduct(pause_seconds=6),
    ),
    _trial(
        "silent-bank",
        "Silent Bank",
        "140120002",
        Lesson("takes longer to list accounts than anybody waits", reason="bank_timeout"),
        Conduct(pause_seconds=10 * MINUTE),
    ),
    _trial(
        "busy-bank",
        "Busy Bank",
        "140130005",
        Lesson("answers every question with 429, and asks to wait a minute", reason="bank_busy"),
        Conduct(answers="too many"),
    ),
    _trial(
        "broken-protocol",
        "Broken Protocol",
        "140140008",
        Lesson("answers with its home page where accounts were asked for", reason="bank_unreadable"),
        Conduct(answers="a web page"),
    ),
    _trial(
        "unknown-program",
        "Unknown Program",
        "140150001",
        Lesson("does not know the program that presents a code", reason="bank_misconfigured"),
        Conduct(knows_no_client=True),
    ),
    _trial(
        "consent-denied",
        "Consent Denied",
        "140160004",
        Lesson("says that the person did not agree, whoever it is", reason="login_denied"),
        Conduct(refuses_with="access_denied"),
    ),
    _trial(
        "another-issuer",
        "Another Issuer",
        "140170007",
        Lesson("answers in the name of another bank, as in a mix-up attack", reason="login_refused"),
        Conduct(signs_as="bank-oauth"),
    ),
    _trial(
        "dead-end",
        "Dead End",
        "140180000",
        Lesson("sends nobody back; the modal goes on waiting, and offers to open it again", "nothing"),
        Conduct(keeps_people=True),
    ),
    _trial(
        "wrong-user",
        "Wrong User",
        "140190003",
        Lesson(
            "takes whoever comes a second time for somebody else",
            "accounts; the error when they are to be linked again",
            reason="other_accounts",
        ),
        Conduct(mistakes_people=True),
    ),
    replace(
        _trial(
            "locked-account",
            "Locked Account",
            "140200003",
            Lesson("has locked everybody out", reason="account_locked"),
            Conduct(has_locked_everybody=True),
        ),
        speaks="ofx",
    ),
    replace(
        _trial(
            "expired-challenge",
            "Expired Challenge",
            "140210006",
            Lesson("asks back, and has every answer come too late", reason="too_many_tries"),
            Conduct(takes_anybody=True, takes_no_answer=True),
        ),
        speaks="ofx",
    ),
    _trial(
        "zero-accounts",
        "Zero Accounts",
        "140220009",
        Lesson("lists no account", reason="no_accounts"),
        _AS_GOOD,
        holds=(),
    ),
    _trial(
        "none-eligible",
        "None Eligible",
        "140230002",
        Lesson("lists accounts that were closed long ago", reason="none_eligible"),
        _AS_GOOD,
        holds=(
            replace(CLOSED_SAVINGS, key="closed-savings"),
            replace(CLOSED_SAVINGS, key="closed-checking", product="First Checking", type="CHECKING"),
        ),
    ),
    _trial(
        "number-unavailable",
        "Number Unavailable",
        "140240005",
        Lesson(
            "does not give the numbers of its accounts",
            "accounts without `account_numbers`; where payments are required, the error",
            reason="numbers_unavailable",
        ),
        _AS_GOOD,
        holds=(_paid("checking", "Campus Checking", "untold"),),
    ),
    _trial(
        "duplicate-link",
        "Duplicate Link",
        "140250008",
        Lesson("gives accounts other ids with each sign-in", "the Accounts there are, and no second ones"),
        Conduct(renames_accounts=True),
    ),
    replace(
        _trial(
            "consent-that-ends",
            "Consent That Ends",
            "140260001",
            Lesson(
                "lets a consent last one day",
                "`expected_deactivation_date` a day ahead, and accounts that are `inactive` after it",
            ),
            _AS_GOOD,
            holds=(replace(HOUSEHOLD_CHECKING, opening=Decimal("901.15")),),
        ),
        consent_days=1,
        has_consent_records=True,
    ),
    replace(
        _trial(
            "used-token",
            "Used Token",
            "140270004",
            Lesson("gives setup tokens that somebody else was quicker to claim", reason="token_spent"),
            Conduct(has_spent_tokens=True),
        ),
        speaks="simplefin",
    ),
    replace(
        _trial(
            "lapsed-plan",
            "Lapsed Plan",
            "140280007",
            Lesson("wants its service paid for before it answers", reason="plan_lapsed"),
            Conduct(has_lapsed_plans=True),
        ),
        speaks="simplefin",
    ),
)

TRIALS: Final = (*_STRIPES, *_MORE)
