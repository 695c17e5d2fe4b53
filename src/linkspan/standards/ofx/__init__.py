"""The dialogue and the statements of OFX, 1.x in SGML and 2.x in XML."""

from linkspan.standards.malformed import MalformedField
from linkspan.standards.ofx.answers import write_response
from linkspan.standards.ofx.headers import VERSIONS, Version
from linkspan.standards.ofx.records import (
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
    Status,
)
from linkspan.standards.ofx.requests import read_request, write_request
from linkspan.standards.ofx.responses import read_response

__all__ = [
    "OK",
    "VERSIONS",
    "AccountInfoRequest",
    "AccountsTold",
    "AnyAccount",
    "Balance",
    "BankAccount",
    "CardAccount",
    "Challenge",
    "ChallengeAnswer",
    "ChallengeRequest",
    "ChallengesTold",
    "InvestmentAccount",
    "ListedAccount",
    "MalformedField",
    "Request",
    "Response",
    "SignOn",
    "Statement",
    "StatementRequest",
    "StatementTold",
    "StatementTransaction",
    "Status",
    "Version",
    "read_request",
    "read_response",
    "write_request",
    "write_response",
]
