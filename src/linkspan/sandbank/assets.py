"""Style sheets and icons, the same for every visitor."""

from importlib.resources import files
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from linkspan.sandbank.bank import any_brand_of
from linkspan.sandbank.marks import MARKS

_SHEET: Final = files("linkspan.sandbank").joinpath("assets", "bank.css").read_bytes()
_HEADERS: Final = {"cache-control": "public, max-age=300", "x-content-type-options": "nosniff"}


async def sheet(_request: Request) -> Response:
    """Serve the sheet that all brands share."""
    return Response(_SHEET, media_type="text/css", headers=_HEADERS)


async def brand_sheet(request: Request) -> Response:
    """Serve a brand's color; a file of its own, since the pages allow no inline style."""
    return Response(
        f":root {{ --brand: {any_brand_of(request).color}; }}\n", media_type="text/css", headers=_HEADERS
    )


async def icon(request: Request) -> Response:
    """Serve a brand's sign on its color."""
    brand = any_brand_of(request)
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-8 -8 48 48" color="#fff">'
        f'<rect x="-8" y="-8" width="48" height="48" rx="11" fill="{brand.color}"/>'
        f'<g fill="none" stroke="#fff" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round">'
        f"{MARKS[brand.mark]}</g></svg>"
    )
    return Response(drawing, media_type="image/svg+xml", headers=_HEADERS)
