"""Somebody who goes to the demonstration bank in a person's place, over HTTP and without a browser."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from linkspan.sandbank.people import PASSWORD, PEOPLE
from linkspan.sandbank.sign_ons import CITY
from linkspan.server.control.completing import Wish
from linkspan.server.core.forms import Field, Form
from linkspan.server.core.refusals import BadParameter
from linkspan.server.outbound.exchange import Outbound, Request, Response
from linkspan.server.outbound.failures import OutboundFailure

# A sign-in, a consent, and what a bank puts between them.
_PAGES_MAX: Final = 12
_CODE: Final = re.compile(r"[0-9]{6}")


class _BankKeepsPerson(Exception):
    """The bank shows a page that leads nowhere, or none."""


class BankVisitor:
    """Signs in as one of the demonstration people, and shares every account they hold open."""

    def __init__(self, network: Outbound) -> None:
        self._network = network

    @property
    def people(self) -> Collection[str]:
        """Who has accounts at the demonstration bank."""
        return PEOPLE.keys()

    async def sign_in(self, url: str, wish: Wish) -> Mapping[str, str] | None:
        """Go through the pages that begin at *url*; return the parameters the bank sends back with."""
        try:
            page = await self._opened(url)
            for _ in range(_PAGES_MAX):
                if page.leads_out is not None:
                    return dict(parse_qsl(urlsplit(page.leads_out).query))
                page = await self._sent(page, _clicked(page, wish))
        except (OutboundFailure, _BankKeepsPerson):
            pass
        return None

    async def fill_in(self, form: Form, wish: Wish) -> Mapping[str, str]:
        """Return what the person of *wish* enters: what the bank's own pages print."""
        if wish.failure is not None:
            raise BadParameter("This bank has no page to say no on.", param="failure")
        token = await self._setup_token(form, wish) if form.about == "token" else ""
        return {each.name: token or _entered(each, wish) for each in form.fields}

    async def _setup_token(self, form: Form, wish: Wish) -> str:
        """Get a token from the page that the form leads to."""
        try:
            page = await self._opened(form.help_url or "")
            return (await self._sent(page, [("person", wish.person)])).text.strip()
        except (OutboundFailure, _BankKeepsPerson):
            return ""

    async def _opened(self, url: str) -> "_Page":
        return await self._followed(_Page(url), Request(method="GET", url=url))

    async def _sent(self, page: "_Page", clicked: Sequence[tuple[str, str]]) -> "_Page":
        """Send the form of *page* with what was clicked in it."""
        body = urlencode([*page.hidden.items(), *clicked]).encode()
        headers = {"content-type": "application/x-www-form-urlencoded", **page.cookies}
        url = urljoin(page.url, page.action)
        return await self._followed(page, Request(method="POST", url=url, headers=headers, body=body))

    async def _followed(self, page: "_Page", request: Request) -> "_Page":
        """Return the page that *request* leads to, or the address out of the bank."""
        cookie, bank = page.cookie, urlsplit(request.url).netloc
        for _ in range(_PAGES_MAX):
            answer = await self._network.send(request)
            cookie = answer.headers.get("set-cookie", cookie).partition(";")[0]
            if answer.status != HTTPStatus.SEE_OTHER:
                return _read(answer, request.url, cookie)
            url = urljoin(request.url, answer.headers.get("location", ""))
            if urlsplit(url).netloc != bank:
                return _Page(url, leads_out=url)
            request = Request(method="GET", url=url, headers={"cookie": cookie} if cookie else {})
        raise _BankKeepsPerson


@dataclass(slots=True)
class _Page:
    """What a person can do on a page."""

    url: str
    cookie: str = ""
    leads_out: str | None = None
    """Where the bank sends the person, once it lets them go."""
    action: str = ""
    hidden: dict[str, str] = field(default_factory=dict)
    ticked: list[str] = field(default_factory=list)
    buttons: set[tuple[str, str]] = field(default_factory=set)
    text: str = ""
    """What a field holds that is only to be read."""

    @property
    def cookies(self) -> dict[str, str]:
        return {"cookie": self.cookie} if self.cookie else {}


class _Reader(HTMLParser):
    """Finds what can be clicked on a page of the demonstration bank."""

    def __init__(self, page: _Page) -> None:
        super().__init__()
        self._page = page
        self._is_in_text = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form, a field or a button."""
        about = {name: value or "" for name, value in attrs}
        name, value = about.get("name", ""), about.get("value", "")
        self._is_in_text = tag == "textarea"
        if tag == "form":
            self._page.action = about.get("action", "")
        elif tag == "input" and about.get("type") == "hidden":
            self._page.hidden[name] = value
        elif tag == "input" and about.get("type") == "checkbox" and "checked" in about:
            self._page.ticked.append(value)
        elif tag == "button":
            self._page.buttons.add((name, value))

    def handle_endtag(self, tag: str) -> None:
        """Note where a field ends."""
        self._is_in_text = self._is_in_text and tag != "textarea"

    def handle_data(self, data: str) -> None:
        """Note what a field holds."""
        if self._is_in_text:
            self._page.text += data


def _read(answer: Response, url: str, cookie: str) -> _Page:
    if answer.status != HTTPStatus.OK:
        raise _BankKeepsPerson
    page = _Page(url, cookie)
    _Reader(page).feed(answer.body.decode())
    return page


def _clicked(page: _Page, wish: Wish) -> list[tuple[str, str]]:
    """Return what the person does on a page: says who they are, or what they share."""
    if ("person", wish.person) in page.buttons:
        return [("person", wish.person)]
    choice = ("choice", "allow" if wish.failure is None else "deny")
    if choice not in page.buttons:
        raise _BankKeepsPerson
    return [*(("account", account) for account in page.ticked), choice]


def _entered(asked: Field, wish: Wish) -> str:
    """Return the answer to one question; the bank prints the code it would send, and where all were born."""
    match asked.kind:
        case "password":
            return PASSWORD
        case "choice":
            return asked.options[0].value if asked.options else ""
        case _ if asked.label is None:
            return wish.person
        case _:
            code = _CODE.search(asked.label)
            return code[0] if code else CITY
