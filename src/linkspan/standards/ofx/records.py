"""What OFX calls the things that are asked and told, of either version.

Names follow the standard, written out; codes of tags stand beside them where
they say less. A field that banks leave out is None. Amounts are exact, and
instants have the zone the bank wrote, or none.
"""

from datetime import datetime
from decimal import Decimal

import msgspec

from linkspan.standards.ofx.headers import Version


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """Any aggregate of OFX. Tags that this project does not read are ignored."""


class Status(Record, frozen=True, kw_only=True):
    """How a request went (STATUS), inside an answer with HTTP 200."""

    code: int
    severity: str = "INFO"
    message: str | None = None
    """The bank's own text, meant for the person."""


OK = Status(code=0)


class ChallengeAnswer(Record, frozen=True, kw_only=True):
    """The person's answer to one question of the bank's (MFACHALLENGEA)."""

    phrase_id: str
    answer: str


class SignOn(Record, frozen=True, kw_only=True):
    """Who asks (SONRQ). Its ``repr`` shows no secret."""

    user_id: str
    password: str
    client_at: datetime
    app_id: str
    app_version: str
    organization: str | None = None
    institution_id: str | None = None
    client_uid: str | None = None
    """A name of this installation for one person, by which banks know it again (103, 203)."""
    challenge_answers: tuple[ChallengeAnswer, ...] = ()

    def __repr__(self) -> str:
        """Show nothing: every field but the dates is as good as a key."""
        return "SignOn(…)"


class BankAccount(Record, frozen=True, kw_only=True):
    """An account that holds money (BANKACCTFROM)."""

    bank_id: str
    account_id: str
    account_type: str
    """CHECKING, SAVINGS, MONEYMRKT, CREDITLINE or CD."""


class CardAccount(Record, frozen=True, kw_only=True):
    """A card (CCACCTFROM)."""

    account_id: str


class InvestmentAccount(Record, frozen=True, kw_only=True):
    """An account at a broker (INVACCTFROM)."""

    broker_id: str
    account_id: str


AnyAccount = BankAccount | CardAccount | InvestmentAccount


class ChallengeRequest(Record, frozen=True, kw_only=True):
    """Asks for the questions to answer (MFACHALLENGERQ)."""

    transaction_uid: str
    client_at: datetime


class AccountInfoRequest(Record, frozen=True, kw_only=True):
    """Asks for the accounts a person has (ACCTINFORQ)."""

    transaction_uid: str


class StatementRequest(Record, frozen=True, kw_only=True):
    """Asks for the statement of one account (STMTRQ, CCSTMTRQ, INVSTMTRQ)."""

    transaction_uid: str
    account: AnyAccount
    start: datetime | None = None
    end: datetime | None = None
    has_transactions: bool = True


AnyRequest = ChallengeRequest | AccountInfoRequest | StatementRequest


class Request(Record, frozen=True, kw_only=True):
    """One document that a program sends."""

    version: Version
    sign_on: SignOn
    messages: tuple[AnyRequest, ...]


class Challenge(Record, frozen=True, kw_only=True):
    """One question (MFACHALLENGE). ``label`` is the bank's own text."""

    phrase_id: str
    label: str | None


class ListedAccount(Record, frozen=True, kw_only=True):
    """One account a person has (ACCTINFO)."""

    account: AnyAccount
    description: str | None = None
    service_status: str | None = None
    """AVAIL, PEND or ACTIVE."""


class Balance(Record, frozen=True, kw_only=True):
    """An amount at a time (LEDGERBAL, AVAILBAL)."""

    amount: Decimal
    as_of: datetime


class StatementTransaction(Record, frozen=True, kw_only=True):
    """One movement (STMTTRN); a positive amount is money in."""

    transaction_type: str
    posted_at: datetime
    amount: Decimal
    fit_id: str
    """Unique within one account, says the standard."""
    user_at: datetime | None = None
    """When the person made it (DTUSER)."""
    name: str | None = None
    memo: str | None = None
    corrects: str | None = None
    """The ``fit_id`` of what it corrects (CORRECTFITID)."""
    correct_action: str | None = None


class Statement(Record, frozen=True, kw_only=True):
    """What an account holds and what moved on it (STMTRS, CCSTMTRS, INVSTMTRS)."""

    currency: str
    account: AnyAccount
    ledger: Balance | None
    """What is posted; of an account at a broker, cash and positions together."""
    available: Balance | None = None
    """Of a card this usually is the credit that is left; of an account at a broker, its cash."""
    transactions: tuple[StatementTransaction, ...] = ()
    start: datetime | None = None
    end: datetime | None = None


class ChallengesTold(Record, frozen=True, kw_only=True):
    """Answers `ChallengeRequest`."""

    transaction_uid: str
    status: Status
    challenges: tuple[Challenge, ...] = ()


class AccountsTold(Record, frozen=True, kw_only=True):
    """Answers `AccountInfoRequest`."""

    transaction_uid: str
    status: Status
    accounts: tuple[ListedAccount, ...] = ()


class StatementTold(Record, frozen=True, kw_only=True):
    """Answers `StatementRequest`; without a statement, ``status`` says why."""

    transaction_uid: str
    status: Status
    account: AnyAccount | None = None
    statement: Statement | None = None


AnyTold = ChallengesTold | AccountsTold | StatementTold


class Response(Record, frozen=True, kw_only=True):
    """One document that a bank sends."""

    version: str
    sign_on: Status
    server_at: datetime | None
    messages: tuple[AnyTold, ...] = ()
    organization: str | None = None
    institution_id: str | None = None
