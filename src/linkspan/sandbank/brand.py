"""What one of the banks is that the demonstration bank pretends to be."""

from dataclasses import dataclass
from typing import Final, Literal

from linkspan.sandbank.plans import Plan
from linkspan.standards.fdx.writer import Version

Standard = Literal["fdx", "ofx", "simplefin"]
Answer = Literal["as asked", "maintenance", "too many", "unheard of", "a web page"]
"""What the FDX resources of a bank answer with."""

Mark = Literal[
    "arch",
    "bars",
    "bell",
    "bridge",
    "crest",
    "dot",
    "flask",
    "leaf",
    "peak",
    "rings",
    "sail",
    "swirl",
    "tide",
    "wing",
]


@dataclass(frozen=True, slots=True)
class Scopes:
    """The OAuth scopes of a bank, which name them as they like."""

    accounts: str = "fdx:accountdetailed:read"
    customers: str = "fdx:customercontact:read"
    transactions: str = "fdx:transactions:read"

    def all(self) -> tuple[str, ...]:
        """Return every scope the bank knows."""
        return (self.accounts, self.customers, self.transactions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """What a bank does that a good one does not, each as it was seen over HTTP."""

    takes_anybody: bool = False
    """Whether any user name and any password let somebody in (OFX)."""
    has_keywords: bool = False
    """Whether what is typed says what is asked next (OFX)."""
    has_test_accounts: bool = False
    """Whether people hold the checking accounts of Stripe's test bank here."""
    has_locked_everybody: bool = False
    takes_no_answer: bool = False
    """Whether whatever was asked is answered too late (OFX)."""
    refuses_with: str | None = None
    """The error that the authorization endpoint answers at once (RFC 6749 section 4.1.2.1)."""
    signs_as: str | None = None
    """The brand it answers in the name of (RFC 9207)."""
    keeps_people: bool = False
    """Whether nobody who came to sign in is sent back."""
    mistakes_people: bool = False
    """Whether whoever comes a second time is taken for somebody else."""
    knows_no_client: bool = False
    answers: Answer = "as asked"
    pause_seconds: int = 0
    """How long it thinks before it lists accounts."""
    first_consent_seconds: int | None = None
    """After how long a person's first consent is taken back, whatever was promised."""
    renames_accounts: bool = False
    """Whether the ids of accounts are others with each consent."""
    has_spent_tokens: bool = False
    """Whether every setup token was claimed by somebody else (SimpleFIN)."""
    has_lapsed_plans: bool = False
    """Whether nobody has paid for the service (SimpleFIN)."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What an institution is there to show, for the page that lists them."""

    does: str
    program: str = ""
    """What a program sees of it, where accounts are linked."""
    reason: str | None = None
    """Why linking fails there, by the name that errors have for it."""


_GOOD: Final = Conduct()


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """One invented bank; ``color`` carries white text at 4.5 to 1 or better."""

    slug: str
    name: str
    tagline: str
    color: str
    mark: Mark
    countries: tuple[str, ...] = ("US",)
    aliases: tuple[str, ...] = ()
    featured: bool = True
    speaks: Standard = "fdx"
    version: Version = "6"
    # ABA prefixes 13 to 20 are assigned to nobody, so no number here is a real
    # bank's; 110000000 is the one that Stripe documents for tests.
    routing_number: str
    # The transit and institution numbers of accounts in Canadian dollars.
    transit_number: str = "99900123"
    # Banks that hide account numbers hand out substitutes to those who pay with them.
    has_tokenized_numbers: bool = False
    scopes: Scopes = Scopes()
    # A year is the longest that the CFPB's rule on open banking lets a consent last.
    consent_days: int = 365
    # Whether it says which consent a token came from, and shows the record of it; few banks do yet.
    has_consent_records: bool = False
    # Whether it does to its lists what banks were seen to do (`unsteady`).
    is_unsteady: bool = False
    conduct: Conduct = _GOOD
    # What everybody holds here, where it is not what they hold at every bank; none for an empty tuple.
    holds: tuple[Plan, ...] | None = None
    lesson: Lesson | None = None

    def issuer(self, base_url: str) -> str:
        """Return the name under which this bank issues tokens (RFC 8414)."""
        return f"{base_url}/{self.slug}"

    def fdx_url(self, base_url: str) -> str:
        """Return the address below which the FDX resources stand."""
        return f"{self.issuer(base_url)}/fdx/v{self.version}"

    def simplefin_url(self, base_url: str) -> str:
        """Return the root of the SimpleFIN resources."""
        return f"{self.issuer(base_url)}/simplefin"

    def ofx_url(self, base_url: str) -> str:
        """Return the address of the OFX server."""
        return f"{self.issuer(base_url)}/ofx"
