"""What SimpleFIN calls the things a server tells, the same for protocol 1 and 2.

Names follow the standard, in snake case. Amounts stay the text they were sent
as, which is exact: nothing here turns one into a number. A field that servers
leave out is None.
"""

from typing import Annotated, Final, Literal

import msgspec

TEXT_LENGTH_MAX: Final = 4_096
"""More characters than a name, a description or a message has ever had."""
ACCOUNTS_MAX: Final = 1_000
"""Far beyond what one person holds at all their banks together."""

_YEAR_9999: Final = 253_402_300_799

Text = Annotated[str, msgspec.Meta(max_length=TEXT_LENGTH_MAX)]
Id = Annotated[str, msgspec.Meta(min_length=1, max_length=TEXT_LENGTH_MAX)]
# A "numeric string": exact, with at most 18 digits before the point and 12 behind it.
Amount = Annotated[str, msgspec.Meta(pattern=r"\A-?[0-9]{1,18}(\.[0-9]{1,12})?\Z", max_length=32)]
Timestamp = Annotated[int, msgspec.Meta(ge=0, le=_YEAR_9999)]

Version = Literal["1", "2"]


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Any object of SimpleFIN. Fields that this project does not read are ignored."""


class Organization(Record, frozen=True, kw_only=True, rename="kebab"):
    """Where an account of protocol 1 comes from; ``domain`` or ``name`` is there."""

    sfin_url: Text | None = None
    domain: Text | None = None
    name: Text | None = None
    url: Text | None = None
    id: Text | None = None


class Connection(Record, frozen=True, kw_only=True):
    """One person's way to one institution, which protocol 2 lists beside the accounts."""

    conn_id: Id
    name: Text
    org_id: Text | None = None
    org_url: Text | None = None
    sfin_url: Text | None = None


class Trouble(Record, frozen=True, kw_only=True):
    """One entry of ``errlist``: what went wrong, with the connection or account it is about.

    ``msg`` is the server's own text, meant for the person: hostile until it is shown as text.
    """

    code: Text
    msg: Text = ""
    conn_id: Text | None = None
    account_id: Text | None = None


class Transaction(Record, frozen=True, kw_only=True):
    """One movement; a positive amount is money in."""

    id: Id
    posted: Timestamp
    """Unix seconds; 0 may stand for not yet."""
    amount: Amount
    description: Text
    transacted_at: Timestamp | None = None
    pending: bool = False


class Account(Record, frozen=True, kw_only=True, rename="kebab"):
    """One account. The standard knows neither its type, nor its owners, nor its number."""

    id: Id
    name: Text
    currency: Id
    """An ISO 4217 code, or the address of a made-up currency, which is never to be called."""
    balance: Amount
    balance_date: Timestamp
    """When the balances became what they are, in Unix seconds."""
    available_balance: Amount | None = None
    """Left out where it is the same as ``balance``."""
    transactions: tuple[Transaction, ...] = ()
    org: Organization | None = None
    """Protocol 1."""
    conn_id: Id | None = msgspec.field(default=None, name="conn_id")
    """Protocol 2; unlike its neighbours it is written with an underscore."""


class AccountSet(Record, frozen=True, kw_only=True):
    """The answer to GET /accounts, partial where ``troubles`` says so."""

    version: Version
    accounts: Annotated[tuple[Account, ...], msgspec.Meta(max_length=ACCOUNTS_MAX)] = ()
    connections: Annotated[tuple[Connection, ...], msgspec.Meta(max_length=ACCOUNTS_MAX)] = ()
    troubles: Annotated[tuple[Trouble, ...], msgspec.Meta(max_length=ACCOUNTS_MAX)] = ()


class AccessUrl(msgspec.Struct, frozen=True, kw_only=True):
    """What a setup token is claimed for: the root of the resources, with Basic credentials.

    As good as the person's permission itself, so its ``repr`` shows nothing.
    """

    root: str
    """Without credentials and without a slash at the end."""
    username: str
    password: str

    def __repr__(self) -> str:
        """Show nothing."""
        return "AccessUrl(…)"
