"""Reads what a bank sends: an answer of Direct Connect, or a file a person downloaded."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Final

from linkspan.standards.malformed import MalformedField
from linkspan.standards.ofx.accounts import INFO_TAGS, read_account, required
from linkspan.standards.ofx.headers import read_header
from linkspan.standards.ofx.records import (
    AccountsTold,
    AnyAccount,
    AnyTold,
    Balance,
    Challenge,
    ChallengesTold,
    ListedAccount,
    Response,
    Statement,
    StatementTold,
    StatementTransaction,
    Status,
)
from linkspan.standards.ofx.tree import Element, read_tree
from linkspan.standards.ofx.values import read_amount, read_instant

# Message set, wrapper, statement: for each kind.
_STATEMENTS: Final = (
    ("BANKMSGSRSV1", "STMTTRNRS", "STMTRS"),
    ("CREDITCARDMSGSRSV1", "CCSTMTTRNRS", "CCSTMTRS"),
    ("INVSTMTMSGSRSV1", "INVSTMTTRNRS", "INVSTMTRS"),
)
_STATUS_CODE_DIGITS_MAX: Final = 6


def read_response(data: bytes) -> Response:
    """Read a document that a bank sends; for any bytes a `Response` or a `MalformedField`."""
    version, text = read_header(data)
    root = read_tree(text)
    sign_on = root.at("SIGNONMSGSRSV1", "SONRS")
    if sign_on is None:
        raise MalformedField("ofx", "SONRS", "", "missing")
    return Response(
        version=version,
        sign_on=_status(sign_on),
        server_at=_instant(sign_on, "DTSERVER"),
        organization=sign_on.value("FI", "ORG"),
        institution_id=sign_on.value("FI", "FID"),
        messages=tuple(_messages(root)),
    )


def _messages(root: Element) -> Iterator[AnyTold]:
    challenges = root.at("SIGNONMSGSRSV1", "MFACHALLENGETRNRS")
    if challenges is not None:
        asked = (challenges["MFACHALLENGERS"] or Element("")).all("MFACHALLENGE")
        yield ChallengesTold(
            transaction_uid=required(challenges, "TRNUID"),
            status=_status(challenges),
            challenges=tuple(
                Challenge(phrase_id=required(one, "MFAPHRASEID"), label=one.value("MFAPHRASELABEL"))
                for one in asked
            ),
        )
    for one in (root["SIGNUPMSGSRSV1"] or Element("")).all("ACCTINFOTRNRS"):
        told = (one["ACCTINFORS"] or Element("")).all("ACCTINFO")
        yield AccountsTold(
            transaction_uid=required(one, "TRNUID"),
            status=_status(one),
            accounts=tuple(account for info in told for account in _listed(info)),
        )
    for message_set, wrapper, tag in _STATEMENTS:
        for one in (root[message_set] or Element("")).all(wrapper):
            yield _told(one, tag)


def _listed(info: Element) -> Iterator[ListedAccount]:
    """Yield the accounts of one ACCTINFO, which may describe several."""
    for child in info.children:
        account = read_account(child) if child.tag in INFO_TAGS else None
        if account is not None:
            yield ListedAccount(
                account=account, description=info.value("DESC"), service_status=child.value("SVCSTATUS")
            )


def _told(wrapper: Element, tag: str) -> StatementTold:
    element = wrapper[tag]
    uid = wrapper.value("TRNUID") or "0"
    if element is None:
        return StatementTold(transaction_uid=uid, status=_status(wrapper))
    read = _investment if tag == "INVSTMTRS" else _statement
    statement = read(element)
    return StatementTold(
        transaction_uid=uid, status=_status(wrapper), account=statement.account, statement=statement
    )


def _statement(element: Element) -> Statement:
    rows = element["BANKTRANLIST"] or Element("")
    return Statement(
        currency=required(element, "CURDEF"),
        account=_account(element),
        ledger=_balance(element["LEDGERBAL"]),
        available=_balance(element["AVAILBAL"]),
        transactions=tuple(_transaction(row) for row in rows.all("STMTTRN")),
        start=_instant(rows, "DTSTART"),
        end=_instant(rows, "DTEND"),
    )


def _investment(element: Element) -> Statement:
    """Read a broker's statement: its worth is its cash with its positions, where each tells its value."""
    as_of = read_instant(required(element, "DTASOF"), "DTASOF")
    rows = element["INVTRANLIST"] or Element("")
    cash = element.value("INVBAL", "AVAILCASH")
    available = None if cash is None else Balance(amount=read_amount(cash, "AVAILCASH"), as_of=as_of)
    worth = _worth(element)
    ledger = None
    if available is not None and worth is not None:
        ledger = Balance(amount=available.amount + worth, as_of=as_of)
    return Statement(
        currency=required(element, "CURDEF"),
        account=_account(element),
        ledger=ledger,
        available=available,
        transactions=tuple(row for each in rows.children for row in _investment_rows(each)),
        start=_instant(rows, "DTSTART"),
        end=_instant(rows, "DTEND"),
    )


def _worth(element: Element) -> Decimal | None:
    """Return what all positions are worth together; none where one does not tell."""
    total = Decimal(0)
    for position in (element["INVPOSLIST"] or Element("")).children:
        value = position.value("INVPOS", "MKTVAL")
        if value is None:
            return None
        total += read_amount(value, "MKTVAL")
    return total


def _investment_rows(each: Element) -> Iterator[StatementTransaction]:
    if each.tag == "INVBANKTRAN":
        yield from (_transaction(row) for row in each.all("STMTTRN"))
        return
    trade = each["INVBUY"] or each["INVSELL"] or each
    told, total = trade["INVTRAN"], trade.value("TOTAL")
    if told is not None and total is not None:
        yield StatementTransaction(
            transaction_type=each.tag,
            posted_at=read_instant(required(told, "DTTRADE"), "DTTRADE"),
            amount=read_amount(total, "TOTAL"),
            fit_id=required(told, "FITID"),
            memo=told.value("MEMO"),
        )


def _transaction(row: Element) -> StatementTransaction:
    return StatementTransaction(
        transaction_type=row.value("TRNTYPE") or "OTHER",
        posted_at=read_instant(required(row, "DTPOSTED"), "DTPOSTED"),
        amount=read_amount(required(row, "TRNAMT"), "TRNAMT"),
        fit_id=required(row, "FITID"),
        user_at=_instant(row, "DTUSER"),
        name=row.value("NAME") or row.value("PAYEE", "NAME"),
        memo=row.value("MEMO"),
        corrects=row.value("CORRECTFITID"),
        correct_action=row.value("CORRECTACTION"),
    )


def _account(element: Element) -> AnyAccount:
    account = read_account(element)
    if account is None:
        raise MalformedField("ofx", element.tag, "", "names no account")
    return account


def _balance(element: Element | None) -> Balance | None:
    if element is None:
        return None
    return Balance(
        amount=read_amount(required(element, "BALAMT"), "BALAMT"),
        as_of=read_instant(required(element, "DTASOF"), "DTASOF"),
    )


def _status(element: Element) -> Status:
    status = element["STATUS"]
    code = "" if status is None else required(status, "CODE")
    if status is None or not (code.isascii() and code.isdigit()) or len(code) > _STATUS_CODE_DIGITS_MAX:
        raise MalformedField("ofx", f"{element.tag}.STATUS", code, "no code")
    severity = status.value("SEVERITY") or "INFO"
    return Status(code=int(code), severity=severity.upper(), message=status.value("MESSAGE"))


def _instant(element: Element, tag: str) -> datetime | None:
    text = element.value(tag)
    return None if text is None else read_instant(text, tag)
