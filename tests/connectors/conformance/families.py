"""Every family at the demonstration bank, and how a person signs in there: a new family adds itself here."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from linkspan.sandbank.app import create_bank
from linkspan.sandbank.brands import directory
from linkspan.sandbank.clients import Client
from linkspan.sandbank.people import PASSWORD
from linkspan.server.connectors.base import AskPerson, Connector, Grant, SendToBank, SetOutLater
from linkspan.server.connectors.registry import connectors_over, institutions_from
from linkspan.server.core.institution import Institution
from linkspan.server.core.world import World
from tests.link.stage import BANK, CALLBACK, NOW, Hands, described
from tests.link.wire import Wire, ask

PERSON: Final = "avery"
STATE: Final = "state-1"


@dataclass
class Bank:
    """The bank, with the connector that speaks with one of its brands."""

    institution: Institution
    connector: Connector
    wire: Wire
    hands: Hands
    code: str
    """What the bank sends the person when it asks back."""
    secrets: list[str] = field(default_factory=lambda: [PASSWORD])
    """What may be in no message and no ``repr``."""

    @property
    def now(self) -> float:
        return self.hands.seconds

    def begin(self) -> SendToBank | AskPerson:
        begun = self.connector.begin(
            self.institution, redirect_uri=CALLBACK, state=STATE, random_bytes=self.hands.random_bytes
        )
        assert not isinstance(begun, SetOutLater)  # no brand of the demonstration bank asks for it
        return begun

    async def finish(self, kept: bytes, answer: Mapping[str, str]) -> Grant | AskPerson:
        return await self.connector.finish(
            self.institution, redirect_uri=CALLBACK, kept=kept, answer=answer, now=self.now
        )

    async def sign_in(self) -> Grant:
        """Do what the person does until the bank has let them in."""
        asked: SendToBank | AskPerson | Grant = self.begin()
        while isinstance(asked, SendToBank | AskPerson):
            asked = await self.finish(asked.kept, await WAYS[self.institution.connector](self, asked))
        return asked


async def _at_a_page(bank: Bank, asked: SendToBank | AskPerson) -> dict[str, str]:
    """Visit the bank's own pages and bring back its answer."""
    assert isinstance(asked, SendToBank)
    cookies: dict[str, str] = {}

    async def visit(url: str, form: list[tuple[str, str]] | None = None) -> tuple[str, str]:
        while True:
            headers = {"cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
            headers |= {} if form is None else {"content-type": "application/x-www-form-urlencoded"}
            body = b"" if form is None else urlencode(form).encode()
            page = await ask(bank.wire.bank, "GET" if form is None else "POST", url, headers, body)
            name, _, value = page.header("set-cookie").partition(";")[0].partition("=")
            cookies.update({name: value} if name else {})
            if page.status != 303:
                return url, page.text
            url, form = urljoin(url, page.header("location")), None
            if url.startswith(CALLBACK):
                return url, ""

    def hidden(page: str) -> list[tuple[str, str]]:
        found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page)
        return list({name: unescape(value) for name, value in found}.items())

    url, page = await visit(asked.url)
    url, page = await visit(url, [*hidden(page), ("person", PERSON)])
    ticked = [("account", one) for one in re.findall(r'name="account" value="([^"]+)"', page)]
    url, _ = await visit(url, [*hidden(page), *ticked, ("choice", "allow")])
    return dict(parse_qsl(urlsplit(url).query))


async def _with_a_token(bank: Bank, asked: SendToBank | AskPerson) -> dict[str, str]:
    """Get a setup token from the page the form leads to."""
    assert isinstance(asked, AskPerson)
    headers = {"content-type": "application/x-www-form-urlencoded"}
    page = await ask(bank.wire.bank, "POST", asked.form.help_url or "", headers, f"person={PERSON}".encode())
    token = re.search(r"<textarea[^>]*>([^<]+)</textarea>", page.text)
    assert token is not None
    bank.secrets.append(token[1])
    return {"token": token[1]}


async def _with_credentials(bank: Bank, asked: SendToBank | AskPerson) -> dict[str, str]:
    """Fill in whichever form is shown."""
    assert isinstance(asked, AskPerson)
    if asked.form.about == "credentials":
        return {"user_id": PERSON, "password": PASSWORD}
    return {"MFA19": "Lyme", "FDCODE": bank.code}


WAYS: Final[Mapping[str, Callable[[Bank, SendToBank | AskPerson], Awaitable[dict[str, str]]]]] = {
    "fdx": _at_a_page,
    "ofx": _with_credentials,
    "simplefin": _with_a_token,
}

CASES: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "fdx 6": ("bank-oauth", {}),
    "fdx 5": ("oldferry", {}),
    "simplefin": ("causeway", {}),
    **{f"ofx {version}": ("ferrydesk", {"version": version}) for version in ("102", "103", "203", "220")},
}
"""A brand of the bank with settings of its own, for each version of a family."""


def bank_of(case: str) -> Bank:
    """Return a bank in which nothing has happened."""
    slug, settings = CASES[case]
    hands = Hands(NOW)
    client = Client(id="linkspan", secret="canary-client-secret", redirect_uris=(CALLBACK,))
    app = create_bank(
        base_url=BANK, clients=[client], now=hands.now, random_bytes=hands.random_bytes, seed="harbor"
    )
    wire = Wire(app)
    connectors = connectors_over(wire, World(hands.now, hands.random_bytes))
    entry: dict[str, Any] = next(one for one in directory(BANK) if one["slug"] == slug)
    (institution,) = institutions_from([described({**entry, **settings}, client)], connectors)
    code = app.state.bank.sign_ons.code(slug, PERSON)
    return Bank(institution, connectors[institution.connector], wire, hands, code, [PASSWORD, client.secret])
