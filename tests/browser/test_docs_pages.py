"""The pages that describe the API can be read by everybody."""

from collections.abc import Callable
from typing import Any, Final

import pytest
from playwright.sync_api import Page, Route

from linkspan.server.api.description import site
from linkspan.server.api.description.document import document
from linkspan.server.api.description.error_pages import errors_page, request_page
from linkspan.server.api.description.reference_page import reference_page
from linkspan.server.core.version import NEWEST
from tests.browser.access import AXE, RUN_AXE

pytestmark = pytest.mark.browser

SERVER: Final = "http://docs.example"
PAGES: Final[dict[str, Callable[[], bytes | None]]] = {
    "/docs": lambda: reference_page(document(NEWEST, SERVER), (NEWEST,)),
    "/docs/errors": errors_page,
    "/docs/requests/req_1": lambda: request_page("req_1"),
}


def serve(page: Page, path: str) -> None:
    """Open a page, with its style and nothing else; its policy is another test's."""

    def answer(route: Route) -> None:
        if route.request.url == f"{SERVER}/docs/page.css":
            route.fulfill(body=site._CSS, content_type="text/css")
        else:
            route.fulfill(body=PAGES[path]() or b"", content_type="text/html; charset=utf-8")

    page.route(f"{SERVER}/**", answer)
    page.goto(f"{SERVER}{path}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_on_the_pages(page: Page, path: str, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    serve(page, path)

    page.evaluate(AXE.read_text())

    assert page.evaluate(RUN_AXE) == []


@pytest.mark.parametrize("path", PAGES)
def test_a_narrow_page_does_not_scroll_sideways(page: Page, path: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    serve(page, path)

    assert page.evaluate("document.documentElement.scrollWidth") == 320
