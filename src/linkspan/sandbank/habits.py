"""What people earn, spend and pay back, as tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Monthly:
    """A movement on the same day of every month; money in is positive."""

    day: int
    payee: str
    description: str
    low_cents: int
    high_cents: int


@dataclass(frozen=True, slots=True)
class Occasional:
    """A movement that falls on some days, ``percent`` of them on average.

    ``category`` is the merchant category code (ISO 18245). Card payments stay
    pending for a day or two; ``tip_percent`` is what the posting adds to the
    amount that was first held.
    """

    payees: tuple[str, ...]
    percent: int
    low_cents: int
    high_cents: int
    category: str
    is_card: bool = True
    tip_percent: int = 0


@dataclass(frozen=True, slots=True)
class Habit:
    """How an account lives, and what brings it back to where its month began.

    ``surplus`` and ``deficit`` describe the transfer on the last day that takes
    out what was gained or puts in what was spent. It keeps every balance
    believable for as long as the bank runs, and equal to its transactions.
    """

    monthly: tuple[Monthly, ...] = ()
    occasional: tuple[Occasional, ...] = ()
    surplus: str = "Transfer to savings"
    deficit: str = "Transfer from savings"


GROCERIES: Final = ("Greenrow Market", "Pellegrin Foods", "Corner Larder", "Two Rivers Grocery")
MEALS: Final = ("Thistle & Rye", "Noodle Harbor", "The Copper Pan", "Sparrow Coffee", "Casa Lumbre")
SHOPS: Final = ("Wren Hardware", "Paper Lantern Books", "Northlight Outfitters", "Bluebell Pharmacy")

HABITS: Final[Mapping[str, Habit]] = {
    "quiet": Habit(),
    "household": Habit(
        monthly=(
            Monthly(1, "Little Oaks Daycare", "LITTLE OAKS DAYCARE", -142_500, -142_500),
            Monthly(3, "Mortgage", "MORTGAGE PAYMENT", -184_320, -184_320),
            Monthly(5, "Valley Power & Light", "VALLEY POWER AUTOPAY", -14_200, -8_100),
            Monthly(9, "Fernway Internet", "FERNWAY INTERNET", -6_499, -6_499),
            Monthly(15, "Meridian Paper Co.", "MERIDIAN PAPER PAYROLL", 312_480, 312_480),
            Monthly(27, "St. Brendan Hospital", "ST BRENDAN HOSP PAYROLL", 268_815, 268_815),
        ),
        occasional=(
            Occasional(GROCERIES, 45, -16_800, -2_400, "5411"),
            Occasional(MEALS, 40, -6_400, -1_150, "5812", tip_percent=18),
            Occasional(("Fuel & Go", "Larkin Gas"), 20, -6_100, -2_900, "5541"),
            Occasional(SHOPS, 18, -9_900, -900, "5399"),
            Occasional(SHOPS, 4, 1_200, 6_900, "5399"),
            Occasional(("Transfer from a friend",), 5, 1_500, 8_000, "4829", is_card=False),
        ),
    ),
    "freelance": Habit(
        monthly=(
            Monthly(2, "Lindgren Properties", "LINDGREN PROPERTIES RENT", -139_000, -139_000),
            Monthly(11, "Studio Nine Collective", "STUDIO NINE DESK RENT", -24_000, -24_000),
            Monthly(20, "State Revenue", "QUARTERLY TAX SET ASIDE", -61_000, -48_000),
        ),
        occasional=(
            Occasional(
                ("Invoice Halden & Co.", "Invoice Brightwater", "Invoice Osprey Media"),
                18,
                42_000,
                186_000,
                "7311",
                is_card=False,
            ),
            Occasional(GROCERIES, 35, -9_100, -1_300, "5411"),
            Occasional(MEALS, 45, -3_800, -650, "5812", tip_percent=20),
            Occasional(("Typefoundry.example", "Cloudshed Hosting"), 10, -4_900, -900, "5817"),
        ),
    ),
    "shop": Habit(
        monthly=(
            Monthly(1, "Harbor Street Holdings", "HARBOR ST HOLDINGS LEASE", -460_000, -460_000),
            Monthly(14, "Payroll", "PAYROLL RUN", -684_000, -602_000),
            Monthly(28, "Payroll", "PAYROLL RUN", -684_000, -602_000),
            Monthly(21, "Shoreline Insurance", "SHORELINE INSURANCE", -38_900, -38_900),
        ),
        occasional=(
            Occasional(("Card takings",), 86, 41_000, 118_000, "5814", is_card=False),
            Occasional(("Cash deposit",), 20, 12_000, 46_000, "5814", is_card=False),
            Occasional(
                ("Highland Roasters", "Dairy Direct", "Paperworks Cups"), 30, -92_000, -14_000, "5149"
            ),
            Occasional(("Card refund to customer",), 6, -2_400, -400, "5814", is_card=False),
        ),
        surplus="Owner draw",
        deficit="Owner contribution",
    ),
    "student": Habit(
        monthly=(
            Monthly(3, "Okafor Family", "FAMILY ALLOWANCE", 65_000, 65_000),
            Monthly(10, "Campus Books", "CAMPUS BOOKS SHIFT PAY", 38_200, 51_700),
            Monthly(4, "Elm House", "ELM HOUSE ROOM", -72_000, -72_000),
        ),
        occasional=(
            Occasional(MEALS, 50, -2_100, -420, "5812", tip_percent=15),
            Occasional(("City Transit",), 60, -550, -275, "4111"),
            Occasional(GROCERIES, 20, -5_200, -900, "5411"),
        ),
        surplus="Transfer to Mom",
        deficit="Transfer from Mom",
    ),
    "savings": Habit(
        monthly=(
            Monthly(2, "Own transfer", "STANDING TRANSFER IN", 40_000, 40_000),
            Monthly(28, "Interest", "INTEREST PAID", 812, 2_145),
        ),
        occasional=(Occasional(("Own transfer",), 4, -30_000, -8_000, "4829", is_card=False),),
        surplus="Transfer to investments",
        deficit="Transfer from checking",
    ),
    "card": Habit(
        monthly=(Monthly(8, "Streamline TV", "STREAMLINE TV SUBSCRIPTION", -1_599, -1_599),),
        occasional=(
            Occasional(GROCERIES, 25, -12_300, -1_800, "5411"),
            Occasional(MEALS, 35, -9_600, -1_400, "5812", tip_percent=18),
            Occasional(SHOPS, 22, -18_900, -1_200, "5399"),
            Occasional(("Skyloft Air", "Innisfree Hotels"), 4, -48_000, -14_000, "4722"),
            Occasional(SHOPS, 5, 1_900, 12_900, "5399"),
        ),
        surplus="Credit balance refund",
        deficit="Payment - thank you",
    ),
    "credit line": Habit(
        monthly=(Monthly(16, "Interest", "INTEREST CHARGE", -3_120, -1_480),),
        occasional=(Occasional(("Draw to checking",), 3, -90_000, -20_000, "6012", is_card=False),),
        surplus="Credit balance refund",
        deficit="Payment received",
    ),
    # A loan is paid down, so nothing takes it back to where its month began.
    "mortgage": Habit(monthly=(Monthly(3, "Mortgage payment", "MORTGAGE PAYMENT", 184_320, 184_320),)),
    "invest": Habit(
        monthly=(
            Monthly(4, "Contribution", "MONTHLY CONTRIBUTION", 50_000, 50_000),
            Monthly(18, "Dividend", "DIVIDEND NORTHWARD INDEX", 3_300, 9_400),
        ),
        surplus="Purchase of Northward Index Fund",
        deficit="Sale of Northward Index Fund",
    ),
}
