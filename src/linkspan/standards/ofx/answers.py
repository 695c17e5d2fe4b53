"""Writes what a bank sends."""

from datetime import datetime
from decimal import Decimal

from linkspan.standards.ofx.accounts import account_element, instant, made, optional
from linkspan.standards.ofx.headers import Version, is_xml, write_header
from linkspan.standards.ofx.records import (
    AccountsTold,
    AnyTold,
    Balance,
    BankAccount,
    CardAccount,
    ChallengesTold,
    InvestmentAccount,
    ListedAccount,
    Response,
    Statement,
    StatementTold,
    StatementTransaction,
    Status,
)
from linkspan.standards.ofx.tree import Element, write_tree
from linkspan.standards.ofx.values import write_amount, write_instant


def write_response(response: Response, *, version: Version) -> bytes:
    """Write a document of a bank, in the form of a version; ``server_at`` must be there."""
    if response.server_at is None:
        raise ValueError("server_at: a bank says what time it is")
    institution = made("FI", optional("ORG", response.organization), optional("FID", response.institution_id))
    sign_on = made(
        "SONRS",
        _status(response.sign_on),
        made("DTSERVER", write_instant(response.server_at)),
        made("LANGUAGE", "ENG"),
        institution if response.organization else None,
    )
    sets = {"SIGNONMSGSRSV1": made("SIGNONMSGSRSV1", sign_on)}
    for message in response.messages:
        name, element = _element(message, response.server_at)
        sets.setdefault(name, Element(name)).children.append(element)
    root = Element("OFX", children=list(sets.values()))
    text = write_header(version) + write_tree(root, is_xml=is_xml(version))
    return text.encode("utf-8" if is_xml(version) else "cp1252", "xmlcharrefreplace")


def _element(message: AnyTold, server_at: datetime) -> tuple[str, Element]:
    """Return the message set of an answer, and its wrapper."""
    head = (made("TRNUID", message.transaction_uid), _status(message.status))
    match message:
        case ChallengesTold():
            asked = [
                made(
                    "MFACHALLENGE",
                    made("MFAPHRASEID", one.phrase_id),
                    optional("MFAPHRASELABEL", one.label),
                )
                for one in message.challenges
            ]
            told = made("MFACHALLENGERS", *asked) if asked else None
            return "SIGNONMSGSRSV1", made("MFACHALLENGETRNRS", *head, told)
        case AccountsTold():
            listed = [_listed(one) for one in message.accounts]
            told = made("ACCTINFORS", made("DTACCTUP", write_instant(server_at)), *listed)
            return "SIGNUPMSGSRSV1", made("ACCTINFOTRNRS", *head, told if message.status.code == 0 else None)
        case StatementTold():
            return _statement_told(message, head)


def _listed(listed: ListedAccount) -> Element:
    account, status = account_element(listed.account), listed.service_status or ""
    flags = (made("SUPTXDL", "Y"), made("XFERSRC", "N"), made("XFERDEST", "N"), made("SVCSTATUS", status))
    if isinstance(listed.account, InvestmentAccount):
        rest = (made("USPRODUCTTYPE", "NORMAL"), made("CHECKING", "N"), made("SVCSTATUS", status))
        info = made("INVACCTINFO", account, *rest)
    else:
        tag = "BANKACCTINFO" if isinstance(listed.account, BankAccount) else "CCACCTINFO"
        info = made(tag, account, *flags)
    return made("ACCTINFO", optional("DESC", listed.description), info)


def _statement_told(told: StatementTold, head: tuple[Element, Element]) -> tuple[str, Element]:
    statement = told.statement
    match told.account:
        case CardAccount():
            inside = None if statement is None else _statement("CCSTMTRS", statement)
            return "CREDITCARDMSGSRSV1", made("CCSTMTTRNRS", *head, inside)
        case InvestmentAccount():
            inside = None if statement is None else _investment(statement)
            return "INVSTMTMSGSRSV1", made("INVSTMTTRNRS", *head, inside)
        case _:
            inside = None if statement is None else _statement("STMTRS", statement)
            return "BANKMSGSRSV1", made("STMTTRNRS", *head, inside)


def _statement(tag: str, statement: Statement) -> Element:
    return made(
        tag,
        made("CURDEF", statement.currency),
        account_element(statement.account),
        _rows("BANKTRANLIST", statement, [_transaction(row) for row in statement.transactions]),
        _balance("LEDGERBAL", statement.ledger),
        _balance("AVAILBAL", statement.available),
    )


def _investment(statement: Statement) -> Element:
    """Write a broker's statement: what is not cash is one position in a fund."""
    if statement.ledger is None or statement.available is None:
        raise ValueError("ledger, available: a broker's statement is written with both")
    as_of = made("DTASOF", write_instant(statement.ledger.as_of))
    rows = [
        made("INVBANKTRAN", _transaction(row), made("SUBACCTFUND", "CASH")) for row in statement.transactions
    ]
    held = statement.ledger.amount - statement.available.amount
    return made(
        "INVSTMTRS",
        as_of,
        made("CURDEF", statement.currency),
        account_element(statement.account),
        _rows("INVTRANLIST", statement, rows),
        made("INVPOSLIST", _position(held, statement.ledger.as_of)),
        made(
            "INVBAL",
            made("AVAILCASH", write_amount(statement.available.amount)),
            made("MARGINBALANCE", "0.00"),
            made("SHORTBALANCE", "0.00"),
        ),
    )


def _position(value: Decimal, as_of: datetime) -> Element:
    security = made("SECID", made("UNIQUEID", "000000000"), made("UNIQUEIDTYPE", "CUSIP"))
    held = made(
        "INVPOS",
        security,
        made("HELDINACCT", "CASH"),
        made("POSTYPE", "LONG"),
        made("UNITS", write_amount(value)),
        made("UNITPRICE", "1.00"),
        made("MKTVAL", write_amount(value)),
        made("DTPRICEASOF", write_instant(as_of)),
    )
    return made("POSMF", held)


def _rows(tag: str, statement: Statement, rows: list[Element]) -> Element | None:
    if statement.start is None or statement.end is None:
        return None
    start, end = write_instant(statement.start), write_instant(statement.end)
    return made(tag, made("DTSTART", start), made("DTEND", end), *rows)


def _transaction(row: StatementTransaction) -> Element:
    return made(
        "STMTTRN",
        made("TRNTYPE", row.transaction_type),
        made("DTPOSTED", write_instant(row.posted_at)),
        instant("DTUSER", row.user_at),
        made("TRNAMT", write_amount(row.amount)),
        made("FITID", row.fit_id),
        optional("CORRECTFITID", row.corrects),
        optional("CORRECTACTION", row.correct_action),
        optional("NAME", row.name),
        optional("MEMO", row.memo),
    )


def _balance(tag: str, balance: Balance | None) -> Element | None:
    if balance is None:
        return None
    return made(
        tag,
        made("BALAMT", write_amount(balance.amount)),
        made("DTASOF", write_instant(balance.as_of)),
    )


def _status(status: Status) -> Element:
    return made(
        "STATUS",
        made("CODE", str(status.code)),
        made("SEVERITY", status.severity),
        optional("MESSAGE", status.message),
    )
