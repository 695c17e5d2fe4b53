"""What a connector found at a bank, in our words."""

from dataclasses import dataclass, field
from typing import Literal

from linkspan.objects import Balance, FrozenMap

Category = Literal["cash", "credit", "investment", "other"]
Subcategory = Literal["checking", "savings", "mortgage", "line_of_credit", "credit_card", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundNumber:
    """The digits with which money reaches an account; secret, so never in a ``repr``."""

    routing_number: str = field(repr=False)
    account_number: str = field(repr=False)
    tokenized: bool
    """Whether the bank gave a stand-in that works for us alone."""
    expires_at: int | None = None
    """When a stand-in is expected to end, in Unix seconds; None where nobody tells."""
    is_dead: bool = False
    """Whether a stand-in moves no money any more, as the bank says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundOwner:
    """One holder of an account; contact details only where they are surely this holder's."""

    name: str
    email: str | None
    phone: str | None
    raw_address: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundAccount:
    """One account at the bank, before anybody chose to link it."""

    source_id: str
    """The bank's own id, unique within one grant."""
    is_id_unique: bool = False
    """Whether the institution gives the id to no other account, of whichever person."""
    category: Category
    subcategory: Subcategory
    is_kind_told: bool = True
    """Whether the bank says of what kind the account is; where it does not, the end user is asked."""
    display_name: str | None
    last4: str | None
    """Exactly four digits, or nothing."""
    is_open: bool
    balance: Balance | None
    available: FrozenMap[int] | None = None
    """What the bank calls available of an account of a kind it does not tell: on a card it is credit left.
    In minor units by lower-case ISO 4217 code."""
    numbers: tuple[FoundNumber, ...]
    owners: tuple[FoundOwner, ...]
    are_numbers_told: bool = True
    """Whether the bank says by which numbers money reaches the account, be it that there are none."""
    currency: str | None = None
    """Lower-case ISO 4217 code of what moves on the account, where the bank tells."""
    access_ends_at: int | None = None
    """When the person's permission to read it ends, in Unix seconds, where the bank tells."""
    is_whole: bool = True
    """Whether the account itself was read, and not only a list that shows it."""
    problems: tuple[str, ...] = ()
    """What the bank sent that could not be read, by field and never by content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundTransaction:
    """One movement on an account, with its sign: positive is money in."""

    source_id: str
    """The bank's own id. A posting has another one than the pending row it replaces."""
    replaces_source_id: str | None
    """The pending row this posting replaces, where the bank says so."""
    amount: int
    currency: str
    description: str | None
    status: Literal["pending", "posted"]
    transacted_at: int | None
    posted_at: int | None
