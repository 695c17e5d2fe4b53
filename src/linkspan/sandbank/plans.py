"""The accounts that people hold, the same kinds at every brand."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

Category = Literal["DEPOSIT_ACCOUNT", "LOC_ACCOUNT", "LOAN_ACCOUNT", "INVESTMENT_ACCOUNT"]
Owners = Literal["the person", "two", "a business", "untold", "unreadable"]
Payment = Literal["by number", "by stand-in", "by none", "untold"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an account is before a brand gives it a number.

    ``opening`` is the balance on the first of every month as its holder sees
    it: money kept is positive, money owed is negative. ``spread`` is how much
    more the same account may hold at another brand.
    """

    key: str
    product: str
    category: Category
    type: str
    habit: str
    opening: Decimal
    spread: Decimal = Decimal("0.00")
    nickname: str | None = None
    currency: str = "USD"
    status: str = "OPEN"
    credit_line: Decimal | None = None
    # Fixed where a test or the reader's trap needs it; else each brand has its own.
    number: str | None = None
    display: str | None = None
    # Whom the bank names as its owners, where it is asked.
    owners: Owners = "the person"
    # How money reaches it; None where the brand decides.
    payment: Payment | None = None
    # For how long after the consent its number moves money; None for as long as the consent lasts.
    number_seconds: int | None = None


HOUSEHOLD_CHECKING: Final = Plan(
    key="checking",
    product="Everyday Checking",
    nickname="Household",
    category="DEPOSIT_ACCOUNT",
    type="CHECKING",
    habit="household",
    opening=Decimal("4218.07"),
    spread=Decimal("2500.00"),
)
HOUSEHOLD_SAVINGS: Final = Plan(
    key="savings",
    product="Growth Savings",
    nickname="New roof",
    category="DEPOSIT_ACCOUNT",
    type="SAVINGS",
    habit="savings",
    opening=Decimal("18250.00"),
    spread=Decimal("9000.00"),
)
HOUSEHOLD_CARD: Final = Plan(
    key="card",
    product="Rewards Credit Card",
    category="LOC_ACCOUNT",
    type="CREDITCARD",
    habit="card",
    opening=Decimal("-642.18"),
    credit_line=Decimal("12000.00"),
)
HOUSEHOLD_MORTGAGE: Final = Plan(
    key="mortgage",
    product="Fixed-Rate Mortgage",
    nickname="418 Orchard Row",
    category="LOAN_ACCOUNT",
    type="MORTGAGE",
    habit="mortgage",
    opening=Decimal("-381204.55"),
)
HOUSEHOLD_BROKERAGE: Final = Plan(
    key="brokerage",
    product="Brokerage Account",
    category="INVESTMENT_ACCOUNT",
    type="BROKERAGEPRODUCT",
    habit="invest",
    opening=Decimal("61480.90"),
    spread=Decimal("40000.00"),
)
CLOSED_SAVINGS: Final = Plan(
    key="old-savings",
    product="First Savings",
    nickname="Before the move",
    category="DEPOSIT_ACCOUNT",
    type="SAVINGS",
    habit="quiet",
    opening=Decimal("0.00"),
    status="CLOSED",
)
FREELANCE_CHECKING: Final = Plan(
    key="checking",
    product="Everyday Checking",
    category="DEPOSIT_ACCOUNT",
    type="CHECKING",
    habit="freelance",
    opening=Decimal("2946.33"),
    spread=Decimal("1500.00"),
)
FREELANCE_SAVINGS: Final = Plan(
    key="savings",
    product="Rainy Day Savings",
    category="DEPOSIT_ACCOUNT",
    type="SAVINGS",
    habit="savings",
    opening=Decimal("7300.00"),
    # Not four digits: what a bank displays need not end in its number.
    display="x82B",
)
# Paid ahead of a trip by more than a month's spending takes away, so that the
# bank owes the holder: an FDX currentBalance below zero.
FREELANCE_CARD: Final = Plan(
    key="card",
    product="Travel Credit Card",
    category="LOC_ACCOUNT",
    type="CREDITCARD",
    habit="quiet",
    opening=Decimal("412.60"),
    credit_line=Decimal("5000.00"),
)
FREELANCE_LINE: Final = Plan(
    key="line",
    product="Personal Line of Credit",
    category="LOC_ACCOUNT",
    type="LINEOFCREDIT",
    habit="credit line",
    opening=Decimal("-3150.00"),
    credit_line=Decimal("8000.00"),
)
BUSINESS_CHECKING: Final = Plan(
    key="checking",
    product="Business Checking",
    nickname="Operations",
    category="DEPOSIT_ACCOUNT",
    type="CHECKING",
    habit="shop",
    opening=Decimal("26840.12"),
    spread=Decimal("8000.00"),
)
CANADIAN_OPERATING: Final = Plan(
    key="cad",
    product="Canadian Dollar Account",
    nickname="Vancouver stall",
    category="DEPOSIT_ACCOUNT",
    type="CHECKING",
    habit="shop",
    opening=Decimal("14022.75"),
    currency="CAD",
)
BUSINESS_CARD: Final = Plan(
    key="card",
    product="Business Charge Card",
    category="LOC_ACCOUNT",
    type="CHARGE",
    habit="card",
    opening=Decimal("-1904.40"),
    credit_line=Decimal("25000.00"),
)
BUSINESS_LINE: Final = Plan(
    key="line",
    product="Business Line of Credit",
    category="LOC_ACCOUNT",
    type="LINEOFCREDIT",
    habit="credit line",
    opening=Decimal("-12500.00"),
    credit_line=Decimal("50000.00"),
)
STUDENT_CHECKING: Final = Plan(
    key="checking",
    product="Campus Checking",
    category="DEPOSIT_ACCOUNT",
    type="CHECKING",
    habit="student",
    opening=Decimal("38.20"),
)
STUDENT_SAVINGS: Final = Plan(
    key="savings",
    product="First Savings",
    nickname="Guitar",
    category="DEPOSIT_ACCOUNT",
    type="SAVINGS",
    habit="savings",
    opening=Decimal("215.00"),
)


def _test_checking(key: str, product: str, number: str, opening: str, habit: str) -> Plan:
    return Plan(
        key=key,
        product=product,
        category="DEPOSIT_ACCOUNT",
        type="CHECKING",
        habit=habit,
        opening=Decimal(opening),
        number=number,
    )


# The account numbers that Stripe documents for manual tests: programs that were
# written against its test bank look for these last four digits.
TEST_CHECKING: Final = (
    _test_checking("success", "Success", "000123456789", "5000.00", "household"),
    _test_checking("failure", "Failure", "000111111116", "1200.00", "quiet"),
    _test_checking("insufficient-funds", "Insufficient Funds", "000222222227", "3.12", "quiet"),
)
