"""A person without a browser: the modal's calls and the bank's pages over plain HTTP, one after another."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

BANK = "fcinst_quillstone"
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
_TICKED = re.compile(r'name="account" value="([^"]+)" checked')


@dataclass(frozen=True)
class _Answer:
    status: int
    location: str
    text: str


@dataclass
class Unseen:
    """Somebody whose cookies are kept by address, and whose redirects are followed by hand."""

    server: str
    cookies: dict[tuple[str, str], str] = field(default_factory=dict)

    def link(self, client_secret: str, *, person: str = "sam", bank: str = BANK) -> None:
        """Link every account that may be linked with the Session of *client_secret*."""
        page = {"locale": "en", "host_origin": "http://127.0.0.1", "key": "pk_test"}
        self._modal(client_secret, "open", page)
        self._modal(client_secret, "bank", {"institution": bank})
        view = self._modal(client_secret, "consent", {})
        self._sign_in(urljoin(self.server, view["login"]["bridge_url"]), person)
        found = self._modal(client_secret, "open", page)["accounts"]["accounts"]
        eligible = [account["id"] for account in found if account["eligible"]]
        self._modal(client_secret, "accounts", {"accounts": eligible})

    def _modal(self, client_secret: str, step: str, form: dict[str, Any]) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {client_secret}", "Content-Type": "application/json"}
        body = json.dumps(form)
        answer = self._ask("POST", urljoin(self.server, f"/link/{step}"), headers, body)
        assert answer.status == 200, answer.text
        view: dict[str, Any] = json.loads(answer.text)
        return view

    def _sign_in(self, url: str, person: str) -> None:
        url, page = self._read(url)
        url, page = self._read(url, [*_HIDDEN.findall(page), ("person", person)])
        accounts = [("account", account) for account in _TICKED.findall(page)]
        self._read(url, [*_HIDDEN.findall(page), *accounts, ("choice", "allow")])

    def _read(self, url: str, form: Sequence[tuple[str, str]] | None = None) -> tuple[str, str]:
        """Go to *url*, or send it a form, and on to the page it leads to."""
        while True:
            headers = {"Sec-Fetch-Site": "same-origin"}
            body = None
            if form is not None:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
                body = urlencode([(name, unescape(value)) for name, value in form])
            answer = self._ask("GET" if form is None else "POST", url, headers, body)
            if answer.status != 303:
                assert answer.status == 200, answer.text
                return url, answer.text
            url, form = urljoin(url, answer.location), None

    def _ask(self, method: str, url: str, headers: dict[str, str], body: str | None) -> _Answer:
        parts = urlsplit(url)
        mine = [f"{name}={value}" for (place, name), value in self.cookies.items() if place == parts.netloc]
        connection = HTTPConnection(parts.netloc, timeout=10)
        try:
            path = f"{parts.path}?{parts.query}" if parts.query else parts.path
            connection.request(method, path, body, {**headers, "Cookie": "; ".join(mine)})
            response = connection.getresponse()
            for cookie in response.headers.get_all("set-cookie", []):
                name, _, value = cookie.partition(";")[0].partition("=")
                self.cookies[parts.netloc, name] = value.strip('"')
            text = response.read().decode()
            return _Answer(response.status, response.headers.get("location", ""), text)
        finally:
            connection.close()
