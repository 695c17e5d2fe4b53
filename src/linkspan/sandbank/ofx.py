"""A bank's OFX server: one address that every document is posted to."""

from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from linkspan.sandbank.accounts import HeldAccount, accounts_of
from linkspan.sandbank.bank import Bank, bank_of, brand_of
from linkspan.sandbank.brand import Brand
from linkspan.sandbank.keywords import person_called
from linkspan.sandbank.ofx_statements import account_of, listed, statement
from linkspan.sandbank.sign_ons import CITY, Verdict
from linkspan.standards.ofx import (
    OK,
    AccountInfoRequest,
    AccountsTold,
    Challenge,
    ChallengeRequest,
    ChallengesTold,
    MalformedField,
    SignOn,
    StatementRequest,
    StatementTold,
    Status,
    Version,
    read_request,
    write_response,
)
from linkspan.standards.ofx import Request as Document
from linkspan.standards.ofx import Response as Answer
from linkspan.standards.ofx.records import AnyRequest, AnyTold

_BYTES_MAX: Final = 256 * 1024
_HEADERS: Final = {"content-type": "application/x-ofx", "cache-control": "no-store"}
# OFX 2.2, appendix A.
_STATUS: Final[Mapping[Verdict, Status]] = {
    "in": OK,
    "wrong": Status(code=15500, severity="ERROR", message="Sign-on invalid"),
    "locked": Status(code=15502, severity="ERROR", message="Sign-on locked for a quarter of an hour"),
    "ask": Status(code=3000, severity="ERROR", message="We do not know this program yet"),
    "answer_wrong": Status(code=3001, severity="ERROR", message="That is not what we have on file"),
    "failed": Status(code=2000, severity="ERROR", message="Something went wrong on our side"),
}
_NO_ACCOUNT: Final = Status(code=2003, severity="ERROR", message="Account not found")
_REFUSED: Final = Status(code=15500, severity="ERROR")


async def answer(request: Request) -> Response:
    """Answer one document; what cannot be read is no OFX, and gets no OFX back."""
    bank, brand = bank_of(request), brand_of(request, "ofx")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _BYTES_MAX:
            return Response("Too large", 413)
    try:
        document = read_request(body)
    except MalformedField:
        return Response("Not OFX", 400)
    verdict = _judged(bank, brand, document)
    said = Answer(
        version=document.version,
        sign_on=_STATUS[verdict],
        server_at=bank.time(),
        organization=brand.slug.upper(),
        institution_id=brand.routing_number,
        messages=tuple(_told(bank, brand, document, verdict)),
    )
    return Response(write_response(said, version=document.version), headers=_HEADERS)


def _judged(bank: Bank, brand: Brand, document: Document) -> Verdict:
    sign_on = document.sign_on
    answers = {one.phrase_id: one.answer for one in sign_on.challenge_answers}
    if _is_open_to_all(brand):
        who = _who(brand, document)
        return bank.keywords.judge(brand.conduct, who, sign_on.password, answers=answers.values())
    return bank.sign_ons.judge(
        brand.slug,
        sign_on.user_id,
        sign_on.password,
        installation=_installation(sign_on, document.version),
        answers=answers,
    )


def _is_open_to_all(brand: Brand) -> bool:
    """Tell whether nobody needs to be known to get in, or to be kept out."""
    return brand.conduct.takes_anybody or brand.conduct.has_locked_everybody


def _who(brand: Brand, document: Document) -> tuple[str, str, str]:
    installation = _installation(document.sign_on, document.version)
    return brand.slug, document.sign_on.user_id, installation or ""


def _installation(sign_on: SignOn, version: Version) -> str | None:
    """Return the name of an installation; 1.0.2 has no such name, and no challenges."""
    return None if version == "102" else sign_on.client_uid


def _told(bank: Bank, brand: Brand, document: Document, verdict: Verdict) -> list[AnyTold]:
    """Answer each message: all of them for whoever is in, the questions for whoever is asked."""
    username = document.sign_on.user_id
    found: list[AnyTold] = []
    for message in document.messages:
        if isinstance(message, ChallengeRequest):
            found.append(_challenges(bank, brand, document, message, verdict))
        elif verdict == "in":
            held = accounts_of(person_called(username), brand, bank.seed)
            found.append(_of_accounts(bank, held, message))
    return found


def _challenges(
    bank: Bank, brand: Brand, document: Document, message: ChallengeRequest, verdict: Verdict
) -> ChallengesTold:
    username, installation = document.sign_on.user_id, _installation(document.sign_on, document.version)
    if verdict not in {"in", "ask"} or installation is None:
        return ChallengesTold(transaction_uid=message.transaction_uid, status=_REFUSED)
    if _is_open_to_all(brand):
        questions = bank.keywords.questions(_who(brand, document))
        return ChallengesTold(transaction_uid=message.transaction_uid, status=OK, challenges=questions)
    bank.sign_ons.ask(brand.slug, username, installation)
    code = bank.sign_ons.code(brand.slug, username)
    return ChallengesTold(
        transaction_uid=message.transaction_uid,
        status=OK,
        challenges=(
            Challenge(phrase_id="MFA19", label=f"In what town were you born? (Say {CITY}.)"),
            Challenge(phrase_id="FDCODE", label=f"The code we sent you (it is {code})"),
            Challenge(phrase_id="MFA107", label=None),
        ),
    )


def _of_accounts(bank: Bank, held: tuple[HeldAccount, ...], message: AnyRequest) -> AnyTold:
    uid = message.transaction_uid
    if isinstance(message, AccountInfoRequest):
        shown = (listed(each) for each in held)
        accounts = tuple(one for one in shown if one is not None)
        return AccountsTold(transaction_uid=uid, status=OK, accounts=accounts)
    assert isinstance(message, StatementRequest)  # noqa: S101 - challenges were answered before
    asked = next((each for each in held if account_of(each) == message.account), None)
    if asked is None or listed(asked) is None:
        return StatementTold(transaction_uid=uid, status=_NO_ACCOUNT, account=message.account)
    told = statement(asked, message, bank.time())
    return StatementTold(transaction_uid=uid, status=OK, account=message.account, statement=told)
