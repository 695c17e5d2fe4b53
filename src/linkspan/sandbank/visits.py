"""The sign-in and consent pages and what is posted from them."""

import hmac
from typing import Final

from starlette.datastructures import ImmutableMultiDict
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from linkspan.sandbank.accounts import accounts_of
from linkspan.sandbank.authorization import back_to_client
from linkspan.sandbank.bank import Bank, any_brand_of, bank_of, brand_of
from linkspan.sandbank.brand import Brand
from linkspan.sandbank.cookies import set_visit_cookie, visit_of
from linkspan.sandbank.forms import UnreadableForm, read_form
from linkspan.sandbank.pages import consent_page, problem_page, sign_in_page
from linkspan.sandbank.people import PASSWORD, PEOPLE
from linkspan.sandbank.register import Visit

_ENDED: Final = "This page has ended, or was opened in another browser."


async def front_door(request: Request) -> Response:
    """Tell whoever comes by themselves where people come from."""
    return problem_page(
        bank_of(request),
        any_brand_of(request),
        "People sign in here when an app sends them to share their accounts with it; nobody did just now.",
        heading="Come here from an app",
        status=200,
    )


async def show_sign_in(request: Request) -> Response:
    """Ask the person who they are."""
    bank, brand = bank_of(request), brand_of(request)
    visit = _visit(request, request.query_params.get("visit", ""))
    if visit is None:
        return _ended(bank, brand)
    if visit.username is not None:
        return _to_consent(bank, brand, visit)
    return sign_in_page(bank, brand, visit)


async def take_sign_in(request: Request) -> Response:
    """Sign the person in, by password or as one of the demonstration people."""
    bank, brand = bank_of(request), brand_of(request)
    try:
        form = await read_form(request)
    except UnreadableForm:
        return _ended(bank, brand)
    visit = _visit_of_form(request, form)
    if visit is None:
        return _ended(bank, brand)
    if form.get("choice") == "cancel":
        return _denied(bank, brand, visit)
    username = proven(form)
    if username is None:
        typed = form.get("username", "")
        problem = "That user name and password do not fit together."
        return sign_in_page(bank, brand, visit, username=typed, problem=problem)
    if brand.conduct.mistakes_people and bank.register.has_consented(brand.slug, username):
        username = _neighbor(username)
    visit, cookie = bank.register.sign_in(visit, username)
    response = _to_consent(bank, brand, visit)
    set_visit_cookie(response, bank, visit, cookie)
    return response


async def show_consent(request: Request) -> Response:
    """Ask the person what to share."""
    bank, brand = bank_of(request), brand_of(request)
    visit = _visit(request, request.query_params.get("visit", ""))
    if visit is None or visit.username is None:
        return _ended(bank, brand)
    person = PEOPLE[visit.username]
    return consent_page(bank, brand, visit, person, accounts_of(person, brand, bank.seed))


async def take_consent(request: Request) -> Response:
    """Send the person back to the client with a code, or with their refusal."""
    bank, brand = bank_of(request), brand_of(request)
    try:
        form = await read_form(request)
    except UnreadableForm:
        return _ended(bank, brand)
    visit = _visit_of_form(request, form)
    if visit is None or visit.username is None:
        return _ended(bank, brand)
    # Whatever is not plainly a yes is a no.
    if form.get("choice") != "allow":
        return _denied(bank, brand, visit)
    person = PEOPLE[visit.username]
    held = accounts_of(person, brand, bank.seed)
    chosen = frozenset(form.getlist("account")) & {account.id for account in held}
    if held and not chosen:
        problem = "Tick at least one account, or choose Deny."
        return consent_page(bank, brand, visit, person, held, problem=problem)
    is_first = not bank.register.has_consented(brand.slug, visit.username)
    kept_seconds = brand.conduct.first_consent_seconds if is_first else None
    code = bank.register.allow(visit, chosen, days=brand.consent_days, kept_seconds=kept_seconds)
    return back_to_client(bank, brand, visit.redirect_uri, visit.state, {"code": code})


def _visit(request: Request, visit_id: str) -> Visit | None:
    """Return the visit if it is this browser's and at this brand."""
    visit = visit_of(request, bank_of(request), visit_id)
    return visit if visit is not None and visit.brand == brand_of(request).slug else None


def _visit_of_form(request: Request, form: ImmutableMultiDict[str, str]) -> Visit | None:
    visit = _visit(request, form.get("visit", ""))
    if visit is None:
        return None
    given = form.get("form_token", "").encode()
    return visit if hmac.compare_digest(given, visit.form_token.encode()) else None


def proven(form: ImmutableMultiDict[str, str]) -> str | None:
    """Return the user name that the form proves, or that its card names."""
    if "person" in form:
        return form["person"] if form["person"] in PEOPLE else None
    username = form.get("username", "").strip().lower()
    is_right = hmac.compare_digest(form.get("password", "").encode(), PASSWORD.encode())
    return username if is_right and username in PEOPLE else None


def _neighbor(username: str) -> str:
    """Return the next of the people."""
    names = list(PEOPLE)
    return names[(names.index(username) + 1) % len(names)]


def _to_consent(bank: Bank, brand: Brand, visit: Visit) -> Response:
    return RedirectResponse(f"{brand.issuer(bank.base_url)}/consent?visit={visit.id}", 303)


def _denied(bank: Bank, brand: Brand, visit: Visit) -> Response:
    bank.register.deny(visit)
    answer = {"error": "access_denied", "error_description": "the person chose not to share"}
    return back_to_client(bank, brand, visit.redirect_uri, visit.state, answer)


def _ended(bank: Bank, brand: Brand) -> Response:
    return problem_page(bank, brand, _ENDED, heading="Please start again", status=403)
