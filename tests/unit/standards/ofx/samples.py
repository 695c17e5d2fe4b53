"""Documents of a bank and of a program, with one of everything."""

from datetime import UTC, datetime
from decimal import Decimal

from linkspan.standards.ofx import (
    OK,
    AccountInfoRequest,
    AccountsTold,
    AnyAccount,
    Balance,
    BankAccount,
    CardAccount,
    Challenge,
    ChallengeAnswer,
    ChallengeRequest,
    ChallengesTold,
    InvestmentAccount,
    ListedAccount,
    Request,
    Response,
    SignOn,
    Statement,
    StatementRequest,
    StatementTold,
    StatementTransaction,
    Version,
)

NOW = datetime(2026, 9, 21, 14, 0, tzinfo=UTC)
CHECKING = BankAccount(bank_id="130110006", account_id="000123456789", account_type="CHECKING")
CARD = CardAccount(account_id="4111222233334444")
BROKERAGE = InvestmentAccount(broker_id="ferrydesk.example", account_id="77001")
ACCOUNTS: tuple[AnyAccount, ...] = (CHECKING, CARD, BROKERAGE)


def statement(account: AnyAccount) -> StatementTold:
    """A statement with one movement whose text is a trap."""
    row = StatementTransaction(
        transaction_type="DEBIT",
        posted_at=NOW,
        amount=Decimal("-12.340"),
        fit_id="post-1",
        user_at=NOW,
        name="AT&T <Café>",
        memo="100 % &amp;",
    )
    told = Statement(
        currency="USD",
        account=account,
        ledger=Balance(amount=Decimal("100.10"), as_of=NOW),
        available=Balance(amount=Decimal("90.00"), as_of=NOW),
        transactions=(row,),
        start=NOW,
        end=NOW,
    )
    return StatementTold(transaction_uid="2", status=OK, account=account, statement=told)


def response(version: Version) -> Response:
    """What a bank says, as far as the version knows it."""
    listed = tuple(ListedAccount(account=one, service_status="ACTIVE") for one in ACCOUNTS)
    challenges = ChallengesTold(
        transaction_uid="0", status=OK, challenges=(Challenge(phrase_id="MFA2", label="City?"),)
    )
    return Response(
        version=version,
        sign_on=OK,
        server_at=NOW,
        organization="SANDBANK",
        institution_id="1301",
        messages=(
            *(() if version == "102" else (challenges,)),
            AccountsTold(transaction_uid="1", status=OK, accounts=listed),
            *(statement(account) for account in ACCOUNTS),
        ),
    )


def request(version: Version) -> Request:
    """What a program asks, as far as the version knows it."""
    is_old = version == "102"
    answers = (ChallengeAnswer(phrase_id="MFA2", answer="Lyme & Axe"),)
    return Request(
        version=version,
        sign_on=SignOn(
            user_id="avery",
            password="a&b<c>é",
            client_at=NOW,
            app_id="LNKSP",
            app_version="0100",
            organization="SANDBANK",
            institution_id="1301",
            client_uid=None if is_old else "0f" * 16,
            challenge_answers=() if is_old else answers,
        ),
        messages=(
            *(() if is_old else (ChallengeRequest(transaction_uid="c", client_at=NOW),)),
            AccountInfoRequest(transaction_uid="a"),
            StatementRequest(transaction_uid="1", account=CHECKING, start=NOW, end=NOW),
            StatementRequest(transaction_uid="2", account=CARD, has_transactions=False),
            StatementRequest(transaction_uid="3", account=BROKERAGE),
        ),
    )
