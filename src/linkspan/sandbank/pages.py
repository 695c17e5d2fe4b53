"""The pages a person sees, from templates without any script."""

from collections.abc import Iterable
from decimal import Decimal
from html import escape
from importlib.resources import files
from string import Template
from typing import Final
from urllib.parse import urlsplit

from starlette.responses import HTMLResponse

from linkspan.sandbank.accounts import LOOKBACK_DAYS, HeldAccount
from linkspan.sandbank.bank import Bank
from linkspan.sandbank.brand import Brand, Scopes
from linkspan.sandbank.marks import MARKS
from linkspan.sandbank.people import PASSWORD, PEOPLE, Person
from linkspan.sandbank.register import Visit
from linkspan.sandbank.statements import detail
from linkspan.standards.fdx import DepositAccount, InvestmentAccount, LineOfCreditAccount

_TEMPLATES: Final = {
    path.name.removesuffix(".html"): Template(path.read_text(encoding="utf-8"))
    for path in files("linkspan.sandbank").joinpath("templates").iterdir()
    if path.name.endswith(".html")
}
_SYMBOLS: Final = {"USD": "$", "CAD": "CA$"}


class Markup(str):
    """Text that is HTML already; anything else is escaped when it is filled in."""

    __slots__ = ()


def sign_in_page(
    bank: Bank, brand: Brand, visit: Visit, *, username: str = "", problem: str | None = None
) -> HTMLResponse:
    """Ask who is there; *problem* says why the last try did not work."""
    body = _fill(
        "sign_in",
        client=bank.clients[visit.client_id].name,
        action=f"{_path(bank, brand)}/sign-in",
        visit=visit.id,
        form_token=visit.form_token,
        username=username,
        demo_password=PASSWORD,
        people=_joined(_person(person) for person in PEOPLE.values()),
        **_complaint(problem),
    )
    return _page(bank, brand, "Sign in", body, visit=visit, status=422 if problem else 200)


def consent_page(
    bank: Bank,
    brand: Brand,
    visit: Visit,
    person: Person,
    accounts: tuple[HeldAccount, ...],
    *,
    problem: str | None = None,
) -> HTMLResponse:
    """Ask which of *accounts* to share; open ones are ticked at first, or all where all are closed."""
    is_any_open = any(held.plan.status != "CLOSED" for held in accounts)
    body = _fill(
        "consent",
        client=bank.clients[visit.client_id].name,
        action=f"{_path(bank, brand)}/consent",
        visit=visit.id,
        form_token=visit.form_token,
        full_name=person.full_name,
        accounts=_joined(
            _account(
                bank, held, is_ticked=problem is None and (held.plan.status != "CLOSED" or not is_any_open)
            )
            for held in accounts
        ),
        shared=_joined(Markup(f"<li>{escape(text)}</li>") for text in _shared(brand.scopes, visit)),
        **_complaint(problem),
    )
    return _page(bank, brand, "Choose what to share", body, visit=visit, status=422 if problem else 200)


def create_token_page(
    bank: Bank, brand: Brand, *, username: str = "", problem: str | None = None
) -> HTMLResponse:
    """Ask who wants a setup token; *problem* says why the last try did not work."""
    body = _fill(
        "create_token",
        action=f"{urlsplit(brand.simplefin_url(bank.base_url)).path}/create",
        username=username,
        demo_password=PASSWORD,
        people=_joined(_person(person) for person in PEOPLE.values()),
        **_complaint(problem),
    )
    return _page(bank, brand, "Get a setup token", body, status=422 if problem else 200)


def token_page(bank: Bank, brand: Brand, person: Person, token: str) -> HTMLResponse:
    """Show a setup token, for the only time."""
    body = _fill("token", full_name=person.full_name, token=token)
    return _page(bank, brand, "Your setup token", body)


def problem_page(
    bank: Bank, brand: Brand, problem: str, *, heading: str = "Something is not right", status: int = 400
) -> HTMLResponse:
    """Say what keeps this visit from going on."""
    return _page(bank, brand, heading, _fill("problem", heading=heading, problem=problem), status=status)


def _fill(template: str, **values: str) -> Markup:
    safe = {
        name: value if isinstance(value, Markup) else escape(value, quote=True)
        for name, value in values.items()
    }
    return Markup(_TEMPLATES[template].substitute(safe).rstrip("\n"))


def _joined(parts: Iterable[Markup]) -> Markup:
    return Markup("\n".join(parts))


def _complaint(problem: str | None) -> dict[str, Markup]:
    if problem is None:
        return {"alert": Markup(), "invalid": Markup()}
    marks = Markup(' aria-invalid="true" aria-describedby="problem"')
    return {"alert": _fill("alert", problem=problem), "invalid": marks}


def _person(person: Person) -> Markup:
    return _fill(
        "person",
        username=person.username,
        initial=person.full_name[0],
        full_name=person.full_name,
        about=person.about,
    )


def _account(bank: Bank, held: HeldAccount, *, is_ticked: bool) -> Markup:
    plan = held.plan
    is_closed = plan.status == "CLOSED"
    amount, meaning = _balance(bank, held)
    return _fill(
        "account",
        id=held.id,
        checked=Markup(" checked" if is_ticked else ""),
        name=plan.product,
        detail=" · ".join(filter(None, [plan.nickname, f"••••\N{NO-BREAK SPACE}{held.display}"])),
        amount=amount,
        meaning="Closed" if is_closed else meaning,
    )


def _balance(bank: Bank, held: HeldAccount) -> tuple[str, str]:
    """Return the amount, and what it means, as a person reads it."""
    symbol = _SYMBOLS[held.plan.currency]
    match detail(held, bank.time()):
        case DepositAccount(available_balance=amount):
            return _money(symbol, amount), "available"
        case InvestmentAccount(current_value=amount):
            return _money(symbol, amount), "value"
        case LineOfCreditAccount(current_balance=amount):
            is_ahead = amount is not None and amount < 0
            return _money(symbol, abs(amount or Decimal(0))), "in your favor" if is_ahead else "owed"
        case loan:
            return _money(symbol, loan.principal_balance), "owed"


def _money(symbol: str, amount: Decimal | None) -> str:
    value = amount or Decimal(0)
    sign = "\N{MINUS SIGN}" if value < 0 else ""
    return f"{sign}{symbol}{abs(value):,.2f}"


def _shared(scopes: Scopes, visit: Visit) -> list[str]:
    """Return in plain words what the scopes of *visit* open."""
    words = {
        scopes.accounts: "Account names, numbers and balances",
        scopes.transactions: f"Transactions of the last {LOOKBACK_DAYS} days, and new ones",
        scopes.customers: "Names and contact details of the account holders",
    }
    return [text for scope, text in words.items() if scope in visit.scopes]


def _page(
    bank: Bank, brand: Brand, title: str, body: Markup, *, visit: Visit | None = None, status: int = 200
) -> HTMLResponse:
    page = _fill(
        "layout",
        title=title,
        brand=brand.name,
        slug=brand.slug,
        tagline=brand.tagline,
        mark=Markup(MARKS[brand.mark]),
        assets=f"{urlsplit(bank.base_url).path}/assets",
        body=body,
    )
    response = HTMLResponse(page, status)
    response.headers.update(_guards(visit))
    return response


def _guards(visit: Visit | None) -> dict[str, str]:
    """Return the headers that keep the page from being framed, scripted or remembered.

    Browsers apply form-action to the redirect that follows a form, too, so the
    one address that this visit may end at is named.
    """
    target = f" {_origin(visit.redirect_uri)}" if visit is not None else ""
    policy = (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
        f"frame-ancestors 'none'; form-action 'self'{target}"
    )
    return {
        "content-security-policy": policy,
        "cross-origin-opener-policy": "same-origin",
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
    }


def _origin(url: str) -> str:
    """Return what a content security policy calls *url*'s home: an origin, or a scheme."""
    parts = urlsplit(url)
    is_web = parts.scheme in {"http", "https"}
    return f"{parts.scheme}://{parts.netloc}" if is_web else f"{parts.scheme}:"


def _path(bank: Bank, brand: Brand) -> str:
    return urlsplit(brand.issuer(bank.base_url)).path
