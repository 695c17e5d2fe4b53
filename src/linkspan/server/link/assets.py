"""The built modal: its page, framed or alone, the loader at every address pages ask for, their files."""

from importlib import resources
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from linkspan.server.link import headers

_STATIC: Final = Path(str(resources.files(__package__).joinpath("static")))
_TYPES: Final = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
# Where pages that use Stripe.js ask for it: unversioned, by number, by release train.
_LOADER_PATHS: Final = (
    "/linkspan.js",
    "/stripe.js",
    "/v3",
    "/v3/",
    "/v3/stripe.js",
    "/{train:str}/stripe.js",
)


def routes(frame_ancestors: str) -> list[BaseRoute]:
    """Return the routes of the built modal; *frame_ancestors* may embed it (CSP)."""
    page = (_STATIC / "frame.html").read_bytes()
    protection = headers.frame(frame_ancestors)

    async def frame(_request: Request) -> Response:
        return Response(page, media_type="text/html; charset=utf-8", headers=protection)

    async def hosted(_request: Request) -> Response:
        return Response(page, media_type="text/html; charset=utf-8", headers=headers.HOSTED)

    async def loader(_request: Request) -> Response:
        return _file("loader.js")

    async def static(request: Request) -> Response:
        return _file(request.path_params["name"])

    return [
        Route("/link/frame", frame, methods=["GET"]),
        Route("/link/hosted", hosted, methods=["GET"]),
        Route("/link/static/{name}", static, methods=["GET"]),
        *(Route(path, loader, methods=["GET"]) for path in _LOADER_PATHS),
    ]


def _file(name: str) -> Response:
    """Return one built file; a name that is not one of them is not looked up."""
    path = _STATIC / name
    if path.suffix not in _TYPES or path.parent != _STATIC or not path.is_file():
        return Response(status_code=404, headers=headers.STATIC)
    return FileResponse(path, media_type=_TYPES[path.suffix], headers=headers.STATIC)
