"""The bank's tab: the bridge that leads there, the callback that leads back."""

from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from linkspan.server.core.refusals import Refusal, StrayReturn, WayClosed
from linkspan.server.link import headers, pages
from linkspan.server.link.languages import Language, Languages
from linkspan.server.operations.context import Context
from linkspan.server.operations.linking import travel

Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]

# An answer has a handful of parameters of a few hundred characters (RFC 6749
# section 4.1.2); more is not an answer.
_PARAMETERS_MAX: Final = 20
_PARAMETER_LENGTH_MAX: Final = 4_000
_CALLBACK: Final = "/link/callback"


def routes(context: Context, languages: Languages) -> list[Route]:
    """Return the routes of the bank's tab."""
    return [
        _get_only("/link/bridge/{token}", _bridge(context, languages)),
        _get_only(_CALLBACK, _callback(context, languages)),
    ]


def _get_only(path: str, endpoint: Endpoint) -> Route:
    """Return a route that HEAD does not reach: a link checker must not use up what works once."""
    route = Route(path, endpoint, methods=["GET"])
    route.methods = {"GET"}
    return route


def _bridge(context: Context, languages: Languages) -> Endpoint:
    """Return the endpoint that binds this browser to one way and sends it to the bank."""

    async def endpoint(request: Request) -> Response:
        # The address opens only from a click inside our own frame. Sent to
        # somebody in a message or linked from another site, it would attach
        # that person's bank to the sender's Session (Fetch Metadata).
        if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return _refused(WayClosed(), _words(request, languages))
        token = request.path_params["token"]
        try:
            departure = await travel.depart(context, token, request_id=request.state.request_id)
        except Refusal as refusal:
            return _refused(refusal, _words(request, languages))
        except travel.BankKeepsOut as kept_out:
            context.changes.tell(kept_out.session)
            return HTMLResponse(pages.returned(_words(request, languages)), headers=headers.PAGE)
        context.changes.tell(departure.session)
        response = RedirectResponse(departure.url, status_code=303, headers=headers.PAGE)
        response.set_cookie(
            departure.cookie_name,
            departure.browser_token,
            max_age=travel.AWAY_SECONDS_MAX,
            path=_CALLBACK,
            httponly=True,
            samesite="lax",  # strict would withhold it on the way back from the bank
            secure=context.public_url.startswith("https:"),
        )
        return response

    return endpoint


def _callback(context: Context, languages: Languages) -> Endpoint:
    """Return the endpoint a bank sends people back to."""

    async def endpoint(request: Request) -> Response:
        try:
            answer = _answer(request)
            name = travel.cookie_of(answer)
            arrival = await travel.arrive(
                context,
                answer,
                browser_token=request.cookies.get(name, ""),
                request_id=request.state.request_id,
            )
        except Refusal as refusal:
            return _refused(refusal, _words(request, languages))
        context.changes.tell(arrival.session)
        if arrival.return_url is not None:
            response: Response = RedirectResponse(arrival.return_url, status_code=303, headers=headers.PAGE)
        else:
            response = HTMLResponse(pages.returned(_words(request, languages)), headers=headers.PAGE)
        response.delete_cookie(name, path=_CALLBACK)
        return response

    return endpoint


def _answer(request: Request) -> dict[str, str]:
    """Return the bank's answer; a parameter sent twice is no answer (RFC 6749 section 3.1)."""
    pairs = request.query_params.multi_items()
    answer = dict(pairs)
    if len(pairs) != len(answer) or len(pairs) > _PARAMETERS_MAX:
        raise StrayReturn
    if any(len(value) > _PARAMETER_LENGTH_MAX for value in answer.values()):
        raise StrayReturn
    return answer


def _refused(refusal: Refusal, words: Language) -> Response:
    return HTMLResponse(pages.refused(refusal, words), status_code=400, headers=headers.PAGE)


def _words(request: Request, languages: Languages) -> Language:
    return languages.pick(request.headers.get("accept-language", ""))
