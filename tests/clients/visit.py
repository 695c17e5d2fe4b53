"""A person who links every account they have, over HTTP: the modal's requests and the bank's pages."""

import json
import re
from collections.abc import Mapping, Sequence
from html import unescape
from http.cookiejar import CookieJar
from typing import Any, Final
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener, urlopen

BANK: Final = "fcinst_quillstone"
_SECONDS: Final = 20


def link(server: str, client_secret: str, *, person: str = "sam") -> None:
    """Go through the modal of a Session as *person*, and link what the bank shows."""
    step = _Modal(server, client_secret).step
    step("open", {"locale": "en", "host_origin": "http://127.0.0.1", "key": "pk_test_any"})
    step("bank", {"institution": BANK})
    view = step("consent", {})
    _sign_in(urljoin(server, view["login"]["bridge_url"]), person)
    view = step("open", {"locale": "en", "host_origin": "http://127.0.0.1", "key": "pk_test_any"})
    chosen = [each["id"] for each in view["accounts"]["accounts"] if each["eligible"]]
    assert step("accounts", {"accounts": chosen})["next_pane"] == "done"


class _Modal:
    """The frame in the page, as far as the server can tell."""

    def __init__(self, server: str, client_secret: str) -> None:
        self._server = server
        self._headers = {"Authorization": f"Bearer {client_secret}", "Content-Type": "application/json"}

    def step(self, name: str, form: Mapping[str, Any]) -> Any:
        """Take a step and return what the modal shows next."""
        request = Request(f"{self._server}/link/{name}", json.dumps(form).encode(), self._headers)
        with urlopen(request, timeout=_SECONDS) as answer:
            return json.load(answer)


def _sign_in(bridge: str, person: str) -> None:
    """Follow the link to the bank, sign in, allow what is ticked, and come back."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    url, page = _read(browser, bridge)
    url, page = _read(browser, url, [*_hidden(page), ("person", person)])
    ticked = re.findall(r'name="account" value="([^"]+)" checked', page)
    _, page = _read(
        browser, url, [*_hidden(page), *(("account", each) for each in ticked), ("choice", "allow")]
    )
    assert "ls-page-returned" in page


def _read(
    browser: OpenerDirector, url: str, form: Sequence[tuple[str, str]] | None = None
) -> tuple[str, str]:
    """Ask for a page, or send its form, and follow where that leads."""
    body = None if form is None else urlencode(form).encode()
    with browser.open(Request(url, body), timeout=_SECONDS) as answer:
        return answer.url, answer.read().decode()


def _hidden(page: str) -> list[tuple[str, str]]:
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page)
    return [(name, unescape(value)) for name, value in dict(found).items()]
