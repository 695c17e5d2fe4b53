"""The cookie that ties a visit to one browser."""

from starlette.requests import Request
from starlette.responses import Response

from linkspan.sandbank.bank import Bank
from linkspan.sandbank.register import VISIT_SECONDS, Visit


def set_visit_cookie(response: Response, bank: Bank, visit: Visit, value: str) -> None:
    """Give the browser its half of *visit*; scripts and other sites' forms do not get it."""
    response.set_cookie(
        _name(visit.id),
        value,
        max_age=VISIT_SECONDS,
        path="/",
        secure=bank.base_url.startswith("https:"),
        httponly=True,
        samesite="lax",
    )


def visit_of(request: Request, bank: Bank, visit_id: str) -> Visit | None:
    """Return the visit that this browser is on, if it has the cookie for it."""
    cookie = request.cookies.get(_name(visit_id))
    return bank.register.visit(visit_id, cookie) if cookie else None


def _name(visit_id: str) -> str:
    # One cookie per visit: two tabs must not sign each other out.
    return f"visit-{visit_id[:8]}"
