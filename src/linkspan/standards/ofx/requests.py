"""Reads and writes what a program sends."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from linkspan.standards.malformed import MalformedField
from linkspan.standards.ofx.accounts import account_element, instant, made, optional, read_account, required
from linkspan.standards.ofx.headers import VERSIONS, Version, is_xml, read_header, write_header
from linkspan.standards.ofx.records import (
    AccountInfoRequest,
    AnyRequest,
    BankAccount,
    CardAccount,
    ChallengeAnswer,
    ChallengeRequest,
    InvestmentAccount,
    Request,
    SignOn,
    StatementRequest,
)
from linkspan.standards.ofx.tree import Element, read_tree, write_tree
from linkspan.standards.ofx.values import read_instant, write_instant

# Message set, wrapper, request: for each kind of statement.
_STATEMENTS: Final = (
    ("BANKMSGSRQV1", "STMTTRNRQ", "STMTRQ"),
    ("CREDITCARDMSGSRQV1", "CCSTMTTRNRQ", "CCSTMTRQ"),
    ("INVSTMTMSGSRQV1", "INVSTMTTRNRQ", "INVSTMTRQ"),
)
_LONG_AGO: Final = datetime(1990, 1, 1)  # noqa: DTZ001 - a date of the wire, before any change of an account


def read_request(data: bytes) -> Request:
    """Read a document that a program sends; only the versions this project speaks are taken."""
    version, text = read_header(data)
    known = next((one for one in VERSIONS if one == version), None)
    if known is None:
        raise MalformedField("ofx", "VERSION", version, "not a version that is spoken")
    root = read_tree(text)
    sign_on = root.at("SIGNONMSGSRQV1", "SONRQ")
    if sign_on is None:
        raise MalformedField("ofx", "SONRQ", "", "missing")
    return Request(version=known, sign_on=_sign_on(sign_on), messages=tuple(_messages(root)))


def _sign_on(element: Element) -> SignOn:
    return SignOn(
        user_id=required(element, "USERID"),
        password=required(element, "USERPASS"),
        client_at=read_instant(required(element, "DTCLIENT"), "DTCLIENT"),
        app_id=required(element, "APPID"),
        app_version=required(element, "APPVER"),
        organization=element.value("FI", "ORG"),
        institution_id=element.value("FI", "FID"),
        client_uid=element.value("CLIENTUID"),
        challenge_answers=tuple(
            ChallengeAnswer(phrase_id=required(one, "MFAPHRASEID"), answer=required(one, "MFAPHRASEA"))
            for one in element.all("MFACHALLENGEA")
        ),
    )


def _messages(root: Element) -> Iterator[AnyRequest]:
    asked = root.at("SIGNONMSGSRQV1", "MFACHALLENGETRNRQ")
    if asked is not None:
        at = asked.value("MFACHALLENGERQ", "DTCLIENT") or ""
        yield ChallengeRequest(
            transaction_uid=required(asked, "TRNUID"), client_at=read_instant(at, "DTCLIENT")
        )
    for one in (root["SIGNUPMSGSRQV1"] or Element("")).all("ACCTINFOTRNRQ"):
        yield AccountInfoRequest(transaction_uid=required(one, "TRNUID"))
    for message_set, wrapper, tag in _STATEMENTS:
        for one in (root[message_set] or Element("")).all(wrapper):
            yield _statement(one, tag)


def _statement(wrapper: Element, tag: str) -> StatementRequest:
    asked = wrapper[tag]
    account = None if asked is None else read_account(asked)
    if asked is None or account is None:
        raise MalformedField("ofx", tag, "", "names no account")
    included = asked["INCTRAN"]
    return StatementRequest(
        transaction_uid=required(wrapper, "TRNUID"),
        account=account,
        start=_instant(included, "DTSTART"),
        end=_instant(included, "DTEND"),
        has_transactions=included is not None and included.value("INCLUDE") == "Y",
    )


def _instant(element: Element | None, tag: str) -> datetime | None:
    text = None if element is None else element.value(tag)
    return None if text is None else read_instant(text, tag)


def write_request(request: Request) -> bytes:
    """Write a document for a bank, in the form of its version."""
    sign_on = made("SIGNONMSGSRQV1", _sign_on_element(request.sign_on, request.version))
    sets = {"SIGNONMSGSRQV1": sign_on}
    for message in request.messages:
        name, element = _element(message)
        sets.setdefault(name, Element(name)).children.append(element)
    root = Element("OFX", children=list(sets.values()))
    text = write_header(request.version) + write_tree(root, is_xml=is_xml(request.version))
    return text.encode("utf-8" if is_xml(request.version) else "cp1252", "xmlcharrefreplace")


def _sign_on_element(sign_on: SignOn, version: Version) -> Element:
    institution = made("FI", optional("ORG", sign_on.organization), optional("FID", sign_on.institution_id))
    answers = [
        made("MFACHALLENGEA", made("MFAPHRASEID", one.phrase_id), made("MFAPHRASEA", one.answer))
        for one in sign_on.challenge_answers
    ]
    # CLIENTUID and challenges came with 1.0.3; banks of 1.0.2 refuse tags they do not know.
    knows_challenges = version != "102"
    return made(
        "SONRQ",
        made("DTCLIENT", write_instant(sign_on.client_at)),
        made("USERID", sign_on.user_id),
        made("USERPASS", sign_on.password),
        made("LANGUAGE", "ENG"),
        institution if sign_on.organization else None,
        made("APPID", sign_on.app_id),
        made("APPVER", sign_on.app_version),
        optional("CLIENTUID", sign_on.client_uid if knows_challenges else None),
        *(answers if knows_challenges else ()),
    )


def _element(message: AnyRequest) -> tuple[str, Element]:
    """Return the message set of a request, and its wrapper."""
    uid = made("TRNUID", message.transaction_uid)
    match message:
        case ChallengeRequest():
            asked = made("MFACHALLENGERQ", made("DTCLIENT", write_instant(message.client_at)))
            return "SIGNONMSGSRQV1", made("MFACHALLENGETRNRQ", uid, asked)
        case AccountInfoRequest():
            asked = made("ACCTINFORQ", made("DTACCTUP", write_instant(_LONG_AGO)))
            return "SIGNUPMSGSRQV1", made("ACCTINFOTRNRQ", uid, asked)
        case StatementRequest():
            return _statement_element(message, uid)


def _statement_element(message: StatementRequest, uid: Element) -> tuple[str, Element]:
    included = made(
        "INCTRAN",
        instant("DTSTART", message.start),
        instant("DTEND", message.end),
        made("INCLUDE", "Y" if message.has_transactions else "N"),
    )
    account = account_element(message.account)
    match message.account:
        case BankAccount():
            message_set, wrapper, tag = _STATEMENTS[0]
            return message_set, made(wrapper, uid, made(tag, account, included))
        case CardAccount():
            message_set, wrapper, tag = _STATEMENTS[1]
            return message_set, made(wrapper, uid, made(tag, account, included))
        case InvestmentAccount():
            message_set, wrapper, tag = _STATEMENTS[2]
            rest = (made("INCOO", "N"), made("INCPOS", made("INCLUDE", "Y")), made("INCBAL", "Y"))
            return message_set, made(wrapper, uid, made(tag, account, included, *rest))
