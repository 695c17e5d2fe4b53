"""A bridge's SimpleFIN resources: the page that gives a token, the claim, the accounts."""

import base64
import re
from datetime import datetime, timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from linkspan.sandbank.accounts import accounts_of, as_instant
from linkspan.sandbank.bank import Bank, bank_of, brand_of
from linkspan.sandbank.brand import Brand
from linkspan.sandbank.forms import UnreadableForm, read_form
from linkspan.sandbank.pages import create_token_page, problem_page, token_page
from linkspan.sandbank.people import PEOPLE
from linkspan.sandbank.simplefin_statements import DAYS_MAX, Question, account_set
from linkspan.sandbank.visits import proven
from linkspan.standards.simplefin import AccessUrl
from linkspan.standards.simplefin.tokens import write_access_url, write_setup_token
from linkspan.standards.simplefin.writer import write_account_set, write_info

_NO_STORE: Final = {"cache-control": "no-store"}
_SECONDS: Final = re.compile(r"[0-9]{1,11}", re.ASCII)
_MILES: Final = b'{"name": "Causeway Miles", "abbr": "miles"}'
_UNPAID: Final = b'{"errors": ["Payment required."], "accounts": []}'
_FORBIDDEN: Final = b'{"errors": ["Authentication failed."], "accounts": []}'


async def _info(request: Request) -> Response:
    """Say which protocols are spoken."""
    brand_of(request, "simplefin")
    return _json(write_info(["1.0", "2.0"]))


async def _show_create(request: Request) -> Response:
    """Ask who wants a token."""
    return create_token_page(bank_of(request), brand_of(request, "simplefin"))


async def _take_create(request: Request) -> Response:
    """Give a token to whoever proves who they are."""
    bank, brand = bank_of(request), brand_of(request, "simplefin")
    try:
        form = await read_form(request)
    except UnreadableForm:
        return problem_page(bank, brand, "The form could not be read.", heading="Please start again")
    username = proven(form)
    if username is None:
        problem = "That user name and password do not fit together."
        return create_token_page(bank, brand, username=form.get("username", ""), problem=problem)
    word = bank.setup_tokens.mint(brand.slug, username)
    if brand.conduct.has_spent_tokens:
        bank.setup_tokens.claim(brand.slug, word)
    claim_url = f"{brand.simplefin_url(bank.base_url)}/claim/{word}"
    return token_page(bank, brand, PEOPLE[username], write_setup_token(claim_url))


async def _claim(request: Request) -> Response:
    """Give access for a token, once."""
    bank, brand = bank_of(request), brand_of(request, "simplefin")
    access = bank.setup_tokens.claim(brand.slug, request.path_params["word"])
    if access is None:
        return Response("Forbidden", 403, headers=_NO_STORE)
    username, password = access
    url = AccessUrl(root=brand.simplefin_url(bank.base_url), username=username, password=password)
    return Response(write_access_url(url), media_type="text/plain", headers=_NO_STORE)


async def _accounts(request: Request) -> Response:
    """Show the accounts of whoever made the token, in the protocol asked for."""
    bank, brand = bank_of(request), brand_of(request, "simplefin")
    username = _authenticated(request, bank, brand)
    if username is None:
        return _json(_FORBIDDEN, status=403)
    if brand.conduct.has_lapsed_plans:
        return _json(_UNPAID, status=402)
    held = accounts_of(PEOPLE[username], brand, bank.seed)
    return _json(write_account_set(account_set(_question(request, bank, brand, username), held)))


async def _currency(request: Request) -> Response:
    """Describe the miles, for programs that call what they are told."""
    brand_of(request, "simplefin")
    return _json(_MILES)


def _question(request: Request, bank: Bank, brand: Brand, username: str) -> Question:
    query, now = request.query_params, bank.time()
    end = _instant(query.get("end-date")) or now + timedelta(days=1)
    return Question(
        root=brand.simplefin_url(bank.base_url),
        brand=brand,
        username=username,
        now=now,
        is_second=query.get("version") == "2",
        wanted=tuple(query.getlist("account")),
        has_rows=query.get("balances-only") != "1",
        has_pending=query.get("pending") == "1",
        start=_instant(query.get("start-date")) or end - timedelta(days=DAYS_MAX),
        end=end,
    )


def _authenticated(request: Request, bank: Bank, brand: Brand) -> str | None:
    """Return whose accounts the credentials of the access URL show."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    try:
        name, _, password = base64.b64decode(value.strip(), validate=True).decode().partition(":")
    except ValueError:
        return None
    return bank.setup_tokens.person_of(brand.slug, name, password) if scheme.lower() == "basic" else None


def _instant(text: str | None) -> datetime | None:
    """Read Unix seconds; what is none is as if it were not there."""
    return as_instant(int(text)) if text is not None and _SECONDS.fullmatch(text) else None


def _json(body: bytes, *, status: int = 200) -> Response:
    return Response(body, status, media_type="application/json", headers=_NO_STORE)


ROUTES: Final = (
    Route("/info", _info),
    Route("/create", _show_create),
    Route("/create", _take_create, methods=["POST"]),
    Route("/claim/{word}", _claim, methods=["POST"]),
    Route("/accounts", _accounts),
    Route("/currencies/miles", _currency),
)
