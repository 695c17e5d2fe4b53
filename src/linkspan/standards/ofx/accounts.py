"""The three ways OFX names an account, read and written."""

from datetime import datetime
from typing import Final

from linkspan.standards.malformed import MalformedField
from linkspan.standards.ofx.records import AnyAccount, BankAccount, CardAccount, InvestmentAccount
from linkspan.standards.ofx.tree import Element
from linkspan.standards.ofx.values import write_instant

FROM_TAGS: Final = ("BANKACCTFROM", "CCACCTFROM", "INVACCTFROM")
INFO_TAGS: Final = ("BANKACCTINFO", "CCACCTINFO", "INVACCTINFO")


def required(element: Element, tag: str) -> str:
    """Return the text of a tag that must be there."""
    value = element.value(tag)
    if value is None:
        raise MalformedField("ofx", f"{element.tag}.{tag}", "", "missing")
    return value


def read_account(element: Element) -> AnyAccount | None:
    """Return the account that stands inside *element*, if one does."""
    tag = next((tag for tag in FROM_TAGS if element[tag] is not None), None)
    found = None if tag is None else element[tag]
    match found:
        case Element(tag="BANKACCTFROM"):
            return BankAccount(
                bank_id=required(found, "BANKID"),
                account_id=required(found, "ACCTID"),
                account_type=required(found, "ACCTTYPE").upper(),
            )
        case Element(tag="CCACCTFROM"):
            return CardAccount(account_id=required(found, "ACCTID"))
        case Element(tag="INVACCTFROM"):
            return InvestmentAccount(
                broker_id=required(found, "BROKERID"), account_id=required(found, "ACCTID")
            )
        case _:
            return None


def account_element(account: AnyAccount) -> Element:
    """Write an account."""
    match account:
        case BankAccount():
            return made(
                "BANKACCTFROM",
                made("BANKID", account.bank_id),
                made("ACCTID", account.account_id),
                made("ACCTTYPE", account.account_type),
            )
        case CardAccount():
            return made("CCACCTFROM", made("ACCTID", account.account_id))
        case InvestmentAccount():
            return made(
                "INVACCTFROM", made("BROKERID", account.broker_id), made("ACCTID", account.account_id)
            )


def made(tag: str, *inside: "Element | str | None") -> Element:
    """Return an element with what is inside; what is None is left out."""
    children = [each for each in inside if isinstance(each, Element)]
    text = "".join(each for each in inside if isinstance(each, str))
    return Element(tag, text, children)


def instant(tag: str, at: datetime | None) -> Element | None:
    """Return an element with an instant, or none where there is none."""
    return None if at is None else made(tag, write_instant(at))


def optional(tag: str, text: str | None) -> Element | None:
    """Return an element with a text, or none where there is none."""
    return None if text is None else made(tag, text)
