"""The built modal: its page, framed or alone, the loader at every address pages ask for, their files."""

import re
from collections.abc import Awaitable, Callable, Sequence
from html import escape
from importlib import resources
from pathlib import Path
from typing import Final, TypeAlias

import msgspec
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from linkspan.server.link import headers
from linkspan.server.link.languages import Language, Languages

OriginsOf: TypeAlias = Callable[[str], Awaitable[Sequence[str]]]

_STATIC: Final = Path(str(resources.files(__package__).joinpath("static")))
_TYPES: Final = {
    ".ts": "text/plain; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
}
# Where pages that use Stripe.js ask for it: unversioned, by number, by release train.
_LOADER_PATHS: Final = (
    "/linkspan.js",
    "/stripe.js",
    "/v3",
    "/v3/",
    "/v3/stripe.js",
    "/{train:str}/stripe.js",
)


def routes(origins_of: OriginsOf, languages: Languages) -> list[BaseRoute]:
    """Return the routes of the built modal, which the sites of *origins_of* a key may embed."""
    page = (_STATIC / "frame.html").read_text(encoding="utf-8")

    def said_to(request: Request) -> str:
        """Return the page in the language that was asked for: by the page around it, else by the browser."""
        wanted = request.query_params.get("locale") or request.headers.get("accept-language", "")
        return spoken(page, languages.pick(wanted))

    async def frame(request: Request) -> Response:
        origins = await origins_of(request.query_params.get("key", ""))
        return HTMLResponse(said_to(request), headers=headers.frame(" ".join(origins) or "'none'"))

    async def hosted(request: Request) -> Response:
        return HTMLResponse(said_to(request), headers=headers.HOSTED)

    async def loader(_request: Request) -> Response:
        return _file("loader.js")

    async def types(_request: Request) -> Response:
        return _file("linkspan.d.ts")

    async def static(request: Request) -> Response:
        return _file(request.path_params["name"])

    return [
        Route("/link/frame", frame, methods=["GET"]),
        Route("/link/hosted", hosted, methods=["GET"]),
        Route("/link/static/{name}", static, methods=["GET"]),
        Route("/linkspan.d.ts", types, methods=["GET"]),
        *(Route(path, loader, methods=["GET"]) for path in _LOADER_PATHS),
    ]


def spoken(page: str, words: Language) -> str:
    """Return the frame's page with the messages of one language in it, and no others.

    They stand in a block of data, which no policy takes for a script; a ``<``
    is spelled so that nothing in them ends the block (HTML 4.12.1.3).
    """
    messages = msgspec.json.encode(words.for_frame()).decode().replace("<", "\\u003c")
    filled = {
        "tag": words.tag,
        "direction": words.direction,
        "title": escape(words.text("title")),
        "messages": messages,
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda place: filled[place[1]], page)


def _file(name: str) -> Response:
    """Return one built file; a name that is not one of them is not looked up."""
    path = _STATIC / name
    if path.suffix not in _TYPES or path.parent != _STATIC or not path.is_file():
        return Response(status_code=404, headers=headers.STATIC)
    return FileResponse(path, media_type=_TYPES[path.suffix], headers=headers.STATIC)
