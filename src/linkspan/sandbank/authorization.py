"""The authorization endpoint: checks a request before anybody is asked to sign in."""

import re
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from linkspan.sandbank.bank import Bank, bank_of, brand_of
from linkspan.sandbank.brand import Brand
from linkspan.sandbank.cookies import set_visit_cookie
from linkspan.sandbank.pages import problem_page

# 43 characters: the base64url of a SHA-256 digest (RFC 7636 section 4.2).
_CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}")


class _Unacceptable(Exception):
    """The request is answered at the client, with *error* (RFC 6749 section 4.1.2.1)."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error


async def authorize(request: Request) -> Response:
    """Send the person on to sign in, or the client's mistake back to it.

    An unknown client or redirect URI is shown here: sending anybody to an
    address that was not registered would make the bank an open redirector.
    """
    bank, brand = bank_of(request), brand_of(request)
    query = request.query_params
    client = bank.clients.get(query.get("client_id", ""))
    redirect_uri = query.get("redirect_uri", "")
    if client is None:
        return problem_page(bank, brand, "We do not know the app that sent you here.")
    if redirect_uri not in client.redirect_uris:
        problem = "The app that sent you here asked us to send you to an address we do not know."
        return problem_page(bank, brand, problem)
    try:
        scopes = _accepted_scopes(request, brand)
    except _Unacceptable as refused:
        answer = {"error": refused.error, "error_description": str(refused)}
        return back_to_client(bank, brand, redirect_uri, query.get("state"), answer)
    if brand.conduct.refuses_with is not None:
        answer = {"error": brand.conduct.refuses_with}
        return back_to_client(bank, brand, redirect_uri, query.get("state"), answer)
    if brand.conduct.keeps_people:
        return problem_page(bank, brand, "There is no way on from here.", heading="A dead end", status=200)
    visit, cookie = bank.register.open_visit(
        brand=brand.slug,
        client_id=client.id,
        redirect_uri=redirect_uri,
        state=query.get("state"),
        challenge=query["code_challenge"],
        scopes=scopes,
    )
    response = RedirectResponse(f"{brand.issuer(bank.base_url)}/sign-in?visit={visit.id}", 303)
    set_visit_cookie(response, bank, visit, cookie)
    return response


def back_to_client(
    bank: Bank, brand: Brand, redirect_uri: str, state: str | None, answer: dict[str, str]
) -> Response:
    """Send the person back with *answer*, the state, and who answers (RFC 9207)."""
    fields = {**answer, "iss": f"{bank.base_url}/{brand.conduct.signs_as or brand.slug}"}
    if state is not None:
        fields["state"] = state
    joint = "&" if "?" in redirect_uri else "?"
    # 303: a form was posted here, and must not be posted on to the client.
    response = RedirectResponse(f"{redirect_uri}{joint}{urlencode(fields)}", 303)
    response.headers["cache-control"] = "no-store"
    response.headers["referrer-policy"] = "no-referrer"
    return response


def _accepted_scopes(request: Request, brand: Brand) -> frozenset[str]:
    """Return the scopes asked for, or raise what is wrong with the request."""
    query = request.query_params
    repeated = sorted(name for name in query if len(query.getlist(name)) > 1)
    if repeated:
        raise _Unacceptable("invalid_request", f"{repeated[0]} is given more than once")
    if query.get("response_type") != "code":
        raise _Unacceptable("unsupported_response_type", "response_type must be code")
    if query.get("code_challenge_method") != "S256":
        raise _Unacceptable("invalid_request", "code_challenge_method must be S256")
    if not _CHALLENGE.fullmatch(query.get("code_challenge", "")):
        raise _Unacceptable("invalid_request", "code_challenge must be a SHA-256 digest in base64url")
    scopes = frozenset(query.get("scope", "").split()) or frozenset(brand.scopes.all())
    if not scopes <= set(brand.scopes.all()):
        raise _Unacceptable("invalid_scope", "scope names something this bank does not offer")
    return scopes
