"""A server with its bank in one process, and the people who use both."""

import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any, Final
from urllib.parse import urlencode, urljoin, urlsplit

import msgspec

from linkspan.sandbank.app import create_bank
from linkspan.sandbank.bank import Bank
from linkspan.sandbank.brands import directory
from linkspan.sandbank.clients import Client
from linkspan.server.api.auth import AnyTestKey
from linkspan.server.app import Server
from linkspan.server.connectors.registry import Institutions, connectors_over, institutions_from
from linkspan.server.core.world import World
from linkspan.server.operations import revocations
from linkspan.server.operations.context import Context
from linkspan.server.store.driver import Row, Store
from linkspan.server.store.sqlite import open_store
from linkspan.server.telemetry.untraced import Untraced
from linkspan.server.vault.digests import Digests
from linkspan.server.vault.sealed import Vault
from tests.link.wire import PATIENCE, Answer, App, TooSlow, Wire, ask

SERVER: Final = "https://linkspan.example"
BANK: Final = "https://bank.example"
SHOP: Final = "https://shop.example"
CALLBACK: Final = f"{SERVER}/link/callback"
QUILLSTONE: Final = "fcinst_quillstone"
CAUSEWAY: Final = "fcinst_causeway"
FERRYDESK: Final = "fcinst_ferrydesk"
KEY: Final = "sk_test_canary_merchant"
MASTER_KEY: Final = hashlib.sha256(b"the master key of these tests").digest()
# Which of the accounts that the bank offers to share are shared.
EVERYTHING: Final = slice(None)
UNTRACED: Final = Untraced()
# 21 September 2026.
NOW: Final = 1_790_000_000.0


@dataclass
class Hands:
    """A clock only the test moves, beside bytes that differ each time and repeat each run."""

    seconds: float = NOW
    drawn: int = 0

    def now(self) -> float:
        return self.seconds

    async def pause(self, seconds: float) -> None:
        """Let time pass at once; nobody waits longer than a real client does."""
        if seconds > PATIENCE:
            raise TooSlow
        self.seconds += seconds

    def random_bytes(self, size: int) -> bytes:
        self.drawn += 1
        return hashlib.sha512(str(self.drawn).encode()).digest()[:size]


@dataclass
class Stage:
    """One test's server and bank; every answer of the server is kept."""

    hands: Hands
    wire: Wire
    store: Store
    context: Context
    server: Server
    bank: Bank
    log: io.BytesIO
    traces: Untraced
    answers: list[Answer] = field(default_factory=list)

    @property
    def app(self) -> App:
        """The server as it is reached from outside."""
        return self.traces.app(self.server)

    async def ask(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Answer:
        """Ask the server."""
        answer = await ask(self.app, method, urljoin(SERVER, path), headers, body)
        self.answers.append(answer)
        return answer

    async def api(
        self,
        method: str,
        path: str,
        form: Sequence[tuple[str, str]] = (),
        key: str = KEY,
        *,
        version: str | None = None,
    ) -> Answer:
        """Call the API as the merchant's program does."""
        headers = {"authorization": f"Bearer {key}", "content-type": "application/x-www-form-urlencoded"}
        if version is not None:
            headers["stripe-version"] = version
        return await self.ask(method, f"/v1/{path}", headers, urlencode(form).encode())

    async def session(
        self, *more: tuple[str, str], key: str = KEY, version: str | None = None
    ) -> dict[str, Any]:
        """Make a Session of a new customer; *more* are further parameters."""
        customer = (await self.api("POST", "customers", [("name", "Robin Park")], key)).json()
        form = [
            ("account_holder[type]", "customer"),
            ("account_holder[customer]", customer["id"]),
            ("permissions[]", "balances"),
            ("permissions[]", "ownership"),
            ("permissions[]", "payment_method"),
            ("prefetch[]", "balances"),
            ("prefetch[]", "ownership"),
            *more,
        ]
        answer = await self.api("POST", "financial_connections/sessions", form, key, version=version)
        assert answer.status == 200, answer.text
        session: dict[str, Any] = answer.json()
        return session

    async def accounts(self, session: str) -> list[dict[str, Any]]:
        """The accounts a Session collected, as the API lists them."""
        listed = await self.api("GET", f"financial_connections/accounts?session={session}")
        accounts: list[dict[str, Any]] = listed.json()["data"]
        return accounts

    async def sweep(self) -> int:
        """Tell banks of what ended; return how many could not be told."""
        return await revocations.sweep(self.context)

    async def rows(self, statement: str) -> list[Row]:
        """What the store holds, by a question of a test's own."""
        return await self.store.read(lambda tx: tx.all(statement, {}))

    def modal(self, session: Mapping[str, Any], *, origin: str = SHOP, key: str = "pk_test") -> "Modal":
        """The modal of a Session in a page of *origin*, opened with a publishable key."""
        return Modal(self, session["client_secret"], origin, key)

    def browser(self) -> "Browser":
        """A browser without any cookie."""
        return Browser(self)

    def is_good_at_the_bank(self, token: Mapping[str, str]) -> bool:
        """Tell whether the bank would still show accounts for a token answer it gave."""
        return self.bank.register.consent_of(token["access_token"]) is not None


@dataclass
class Modal:
    """The frame, as far as the server can tell."""

    stage: Stage
    secret: str
    origin: str
    key: str

    async def ask(self, method: str, path: str, form: Mapping[str, Any] | None = None) -> Answer:
        """Take a step, whatever comes of it."""
        body = b"" if form is None else msgspec.json.encode(form)
        return await self.stage.ask(method, f"/link/{path}", self.headers, body)

    @property
    def headers(self) -> dict[str, str]:
        """What the frame sends with every step."""
        return {"authorization": f"Bearer {self.secret}", "content-type": "application/json"}

    async def _view(self, method: str, path: str, form: Mapping[str, Any] | None = None) -> dict[str, Any]:
        answer = await self.ask(method, path, form)
        assert answer.status == 200, answer.text
        view: dict[str, Any] = answer.json()
        return view

    async def view(self) -> dict[str, Any]:
        return await self._view("GET", "view")

    async def open(self, **more: str) -> dict[str, Any]:
        form = {"locale": "en", "host_origin": self.origin, "key": self.key, **more}
        return await self._view("POST", "open", form)

    async def type_numbers(self, account_number: str = "000123456789") -> dict[str, Any]:
        """Type the numbers of an account."""
        numbers = {"routing_number": "110000000", "account_number": account_number}
        return await self._view("POST", "numbers", {**numbers, "account_type": "checking"})

    async def choose_bank(self, institution: str = QUILLSTONE) -> dict[str, Any]:
        return await self._view("POST", "bank", {"institution": institution})

    async def step(self, name: str) -> dict[str, Any]:
        """Take a step that has nothing to say: consent, back, retry, close."""
        return await self._view("POST", name, {})

    async def choose(self, accounts: Sequence[str], kinds: Mapping[str, str] | None = None) -> dict[str, Any]:
        return await self._view("POST", "accounts", {"accounts": list(accounts), "kinds": kinds or {}})

    async def answer(self, **entered: str) -> dict[str, Any]:
        """Fill in the form that is shown."""
        version = (await self.view())["version"]
        return await self._view("POST", "answer", {"answer": entered, "version": version})

    async def to_login(self, bank: str = QUILLSTONE) -> dict[str, Any]:
        """Go as far as the way to the bank."""
        await self.open()
        await self.choose_bank(bank)
        return await self.step("consent")

    async def to_accounts(self, person: str = "sam", *, bank: str = QUILLSTONE) -> dict[str, Any]:
        """Go as far as the choice of accounts."""
        view = await self.to_login(bank)
        browser = self.stage.browser()
        await browser.visit(await browser.sign_in(view["login"]["bridge_url"], person))
        return await self.view()

    async def to_done(self, person: str = "sam", *, bank: str = QUILLSTONE) -> dict[str, Any]:
        """Link every account that may be linked."""
        view = await self.to_accounts(person, bank=bank)
        return await self.choose([each["id"] for each in view["accounts"]["accounts"] if each["eligible"]])


@dataclass
class Browser:
    """One person's browser: cookies by host, redirects followed, forms filled in."""

    stage: Stage
    cookies: dict[tuple[str, str], str] = field(default_factory=dict)

    async def open(
        self, url: str, *, site: str | None = "same-origin", form: Sequence[tuple[str, str]] | None = None
    ) -> Answer:
        """Ask for one address and keep its cookies; nothing is followed."""
        host = urlsplit(url).netloc
        mine = [f"{name}={value}" for (of, name), value in self.cookies.items() if of == host]
        headers = {"cookie": "; ".join(mine)} if mine else {}
        if site is not None:
            headers["sec-fetch-site"] = site
        if form is not None:
            headers["content-type"] = "application/x-www-form-urlencoded"
        method, body = ("GET", b"") if form is None else ("POST", urlencode(form).encode())
        is_ours = host == urlsplit(SERVER).netloc
        app = self.stage.app if is_ours else self.stage.wire.bank
        answer = await ask(app, method, url, headers, body)
        if is_ours:
            self.stage.answers.append(answer)
        for name, cookie in answer.headers:
            if name == "set-cookie":
                key, _, value = cookie.partition(";")[0].partition("=")
                self.cookies[host, key] = value.strip('"')
        return answer

    async def visit(self, url: str) -> Answer:
        """Come from another site to *url*, as after a bank's redirect."""
        return await self.open(url, site="cross-site")

    async def leave_for_bank(self, bridge: str) -> str:
        """Follow the link in the modal and return the address at the bank it leads to."""
        answer = await self.open(urljoin(SERVER, bridge))
        assert answer.status == 303, answer.text
        return answer.header("location")

    async def sign_in(
        self, bridge: str, person: str = "sam", *, choice: str = "allow", shared: slice = EVERYTHING
    ) -> str:
        """Follow the link, sign in and decide; return the address the bank sends the browser to."""
        return await self.at_the_bank(await self.leave_for_bank(bridge), person, choice=choice, shared=shared)

    async def at_the_bank(
        self, url: str, person: str, *, choice: str = "allow", shared: slice = EVERYTHING
    ) -> str:
        """Sign in and decide; return the address the bank sends the browser to."""
        url, page = await self._read(url)
        if not page:  # the bank does not ask
            return url
        url, page = await self._read(url, [*_hidden(page), ("person", person)])
        ticked = re.findall(r'name="account" value="([^"]+)" checked', page)
        form = [*_hidden(page), *(("account", account) for account in ticked[shared]), ("choice", choice)]
        url, _ = await self._read(url, form)
        return url

    async def get_setup_token(self, page: str, person: str = "sam") -> str:
        """Get a setup token from the page of a bridge that the modal leads to."""
        _, shown = await self._read(page)
        assert "Get a setup token" in shown
        _, shown = await self._read(page, [("person", person)])
        token = re.search(r"<textarea[^>]*>(?P<token>[^<]+)</textarea>", shown)
        assert token is not None
        return token["token"]

    async def _read(self, url: str, form: Sequence[tuple[str, str]] | None = None) -> tuple[str, str]:
        """Follow the bank's redirects to a page, or to the address that leads out of the bank."""
        while True:
            answer = await self.open(url, form=form)
            if answer.status != 303:
                assert answer.status == 200, answer.text
                return url, answer.text
            url, form = urljoin(url, answer.header("location")), None
            if not url.startswith(BANK):
                return url, ""


def _hidden(page: str) -> list[tuple[str, str]]:
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page)
    return list({name: unescape(value) for name, value in found}.items())


def set_up(
    store: Store | None = None,
    *,
    quota: Sequence[Mapping[str, Any]] = (),
    traces: Untraced = UNTRACED,
) -> Stage:
    """Put a server and a bank together; objects are kept in *store*, or in memory.

    Each bank allows as much as *quota* says, written as an operator writes it;
    *traces* are put around the parts, as `linkspan serve` does.
    """
    hands = Hands()
    client = Client(id="linkspan", secret="canary-client-secret-of-the-bank", redirect_uris=(CALLBACK,))
    bank = create_bank(
        base_url=BANK,
        clients=[client],
        now=hands.now,
        random_bytes=hands.random_bytes,
        seed="harbor",
        pause=hands.pause,
    )
    wire = Wire(bank)
    world = World(hands.now, hands.random_bytes)
    connectors = connectors_over(traces.way(wire), world)
    entries = [{**described(entry, client), "quota": list(quota)} for entry in directory(BANK)]
    store = store or open_store(None)
    context = Context(
        world=world,
        metrics=traces.metrics(),
        store=store,
        vault=Vault(MASTER_KEY, world.random_bytes),
        digests=Digests(MASTER_KEY),
        institutions=Institutions.of(institutions_from(entries, connectors)),
        connectors=connectors,
        public_url=SERVER,
        merchant_name="Rocket Rides",
    )
    log = io.BytesIO()
    server = Server(context, AnyTestKey(context.digests), traces.log(world, log))
    return Stage(hands, wire, store, context, server, bank.state.bank, log, traces)


def described(entry: Mapping[str, Any], client: Client) -> dict[str, Any]:
    """One brand of the bank as an operator would write it down."""
    about = ("name", "color", "url", "countries", "routing_numbers", "aliases", "featured")
    settings = {name: value for name, value in entry.items() if name not in {*about, "slug", "connector"}}
    registered = {"client_id": client.id, "client_secret": client.secret}
    return {
        **{name: entry[name] for name in about},
        "id": f"fcinst_{entry['slug'].replace('-', '_')}",
        "connector": entry["connector"],
        "settings": {**settings, **(registered if entry["connector"] == "fdx" else {})},
    }
