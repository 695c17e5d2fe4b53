"""The people who bank with every brand."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from linkspan.sandbank.plans import (
    BUSINESS_CARD,
    BUSINESS_CHECKING,
    BUSINESS_LINE,
    CANADIAN_OPERATING,
    CLOSED_SAVINGS,
    FREELANCE_CARD,
    FREELANCE_CHECKING,
    FREELANCE_LINE,
    FREELANCE_SAVINGS,
    HOUSEHOLD_BROKERAGE,
    HOUSEHOLD_CARD,
    HOUSEHOLD_CHECKING,
    HOUSEHOLD_MORTGAGE,
    HOUSEHOLD_SAVINGS,
    STUDENT_CHECKING,
    STUDENT_SAVINGS,
    Plan,
)
from linkspan.standards.fdx import (
    AccountContact,
    AccountHolder,
    BusinessCustomer,
    CustomerName,
    DeliveryAddress,
    TelephoneNumber,
)

# Everybody's, printed on the sign-in page: nothing here is worth a secret.
PASSWORD: Final = "ferry-crossing"  # noqa: S105 - shown to every visitor


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One who can sign in, with what the bank knows of them."""

    username: str
    full_name: str
    about: str
    contact: AccountContact
    plans: tuple[Plan, ...]


def _telephone(kind: str, number: str) -> TelephoneNumber:
    # 555-01xx is reserved for fiction (ATIS-0300115).
    return TelephoneNumber(type=kind, country="1", number=number)


_AVERY = Person(
    username="avery",
    full_name="Avery & Jordan Ellis",
    about="A household: joint accounts, a card, a mortgage",
    contact=AccountContact(
        # Two holders, three telephones, two addresses, and nothing that says whose
        # is whose: banks send it like this.
        holders=(
            AccountHolder(
                relationship="PRIMARY_JOINT", type="CONSUMER", name=CustomerName(first="Avery", last="Ellis")
            ),
            AccountHolder(
                relationship="SECONDARY_JOINT",
                type="CONSUMER",
                name=CustomerName(first="Jordan", middle="M.", last="Ellis"),
            ),
        ),
        emails=("jordan.ellis@mail.example", "avery.ellis@mail.example"),
        telephones=(
            _telephone("HOME", "4155550134"),
            _telephone("CELL", "4155550171"),
            _telephone("CELL", "6285550109"),
        ),
        addresses=(
            DeliveryAddress(
                line1="418 Orchard Row",
                line2="Apartment 6",
                city="San Francisco",
                region="CA",
                postal_code="94110",
                country="US",
                type="HOME",
            ),
            DeliveryAddress(
                line1="P.O. Box 2210",
                city="Sausalito",
                region="CA",
                postal_code="94966",
                country="US",
                type="MAILING",
            ),
        ),
    ),
    plans=(
        HOUSEHOLD_CHECKING,
        HOUSEHOLD_SAVINGS,
        HOUSEHOLD_CARD,
        HOUSEHOLD_MORTGAGE,
        HOUSEHOLD_BROKERAGE,
        CLOSED_SAVINGS,
    ),
)
_NOOR = Person(
    username="noor",
    full_name="Noor Haddad",
    about="A freelancer: uneven income, a card paid in advance",
    contact=AccountContact(
        holders=(
            AccountHolder(
                relationship="SOLE_OWNER", type="CONSUMER", name=CustomerName(first="Noor", last="Haddad")
            ),
        ),
        emails=("noor@haddadstudio.example",),
        telephones=(_telephone("CELL", "3125550188"),),
        addresses=(
            DeliveryAddress(
                line1="77 Lindgren Street",
                city="Chicago",
                region="IL",
                postal_code="60622",
                country="US",
                type="HOME",
            ),
        ),
    ),
    plans=(FREELANCE_CHECKING, FREELANCE_SAVINGS, FREELANCE_CARD, FREELANCE_LINE),
)
_HARBOR_FINCH = Person(
    username="harborfinch",
    full_name="Harbor & Finch Coffee LLC",
    about="A business: two currencies, payroll, a credit line",
    contact=AccountContact(
        holders=(
            AccountHolder(
                relationship="BUSINESS",
                type="BUSINESS",
                business_customer=BusinessCustomer(name="Harbor & Finch Coffee LLC"),
            ),
        ),
        emails=("accounts@harborfinch.example",),
        telephones=(_telephone("BUSINESS", "2065550142"),),
        addresses=(
            DeliveryAddress(
                line1="12 Harbor Street",
                city="Seattle",
                region="WA",
                postal_code="98101",
                country="US",
                type="BUSINESS",
            ),
        ),
    ),
    plans=(BUSINESS_CHECKING, CANADIAN_OPERATING, BUSINESS_CARD, BUSINESS_LINE),
)
_SAM = Person(
    username="sam",
    full_name="Samuel Okafor-Reyes",
    about="A student: small sums, often overdrawn",
    contact=AccountContact(
        holders=(
            AccountHolder(
                relationship="SOLE_OWNER",
                type="CONSUMER",
                name=CustomerName(first="Samuel", last="Okafor-Reyes", suffix="Jr."),
            ),
        ),
        emails=("sam.okafor@campus.example", "sammo@mail.example"),
        telephones=(_telephone("CELL", "6175550163"),),
        addresses=(
            DeliveryAddress(
                line1="Elm House, Room 214",
                city="Cambridge",
                region="MA",
                postal_code="02139",
                country="US",
                type="HOME",
            ),
        ),
    ),
    plans=(STUDENT_CHECKING, STUDENT_SAVINGS),
)

PEOPLE: Final[Mapping[str, Person]] = {
    person.username: person for person in (_AVERY, _NOOR, _HARBOR_FINCH, _SAM)
}
