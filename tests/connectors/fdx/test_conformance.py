"""The connector at the demonstration bank: real HTTP, real sign-in, real tokens."""

import asyncio
import hashlib
import re
import socket
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from html import unescape
from typing import Literal, TypeVar
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import pytest
import uvicorn

from linkspan.objects import FrozenMap
from linkspan.sandbank.app import create_bank
from linkspan.sandbank.brands import directory
from linkspan.sandbank.clients import Client
from linkspan.server.connectors.base import AskPerson, Connector, Grant, SendToBank
from linkspan.server.connectors.failures import (
    AuthorizationRefused,
    ConnectorFailure,
    CredentialsRejected,
    InstitutionMisconfigured,
    SignInDenied,
)
from linkspan.server.connectors.fdx.connector import FdxConnector
from linkspan.server.connectors.http import Request, Response
from linkspan.server.connectors.network import NetworkTransport
from linkspan.server.connectors.registry import connectors_over, institutions_from
from linkspan.server.connectors.tokens import tokens_of
from linkspan.server.core.found import FoundAccount
from linkspan.server.core.institution import Institution
from linkspan.server.core.world import World as RealWorld
from linkspan.server.outbound.egress import Egress
from linkspan.server.outbound.network import Network

CALLBACK = "https://linkspan.example/link/callback"
STATE = "state-1"
# 21 September 2026.
NOW = 1_790_000_000.0

_T = TypeVar("_T")


@dataclass
class World:
    """A clock that only the test moves, beside bytes that are different each time and the same each run."""

    seconds: float = NOW
    drawn: int = 0

    def now(self) -> float:
        return self.seconds

    def random_bytes(self, size: int) -> bytes:
        self.drawn += 1
        return hashlib.sha512(str(self.drawn).encode()).digest()[:size]


@dataclass
class Counted:
    """The real transport, with a note of what went through it."""

    network: NetworkTransport
    sent: Counter[str] = field(default_factory=Counter)

    async def send(self, request: Request) -> Response:
        self.sent[urlsplit(request.url).path] += 1
        return await self.network.send(request)


@dataclass
class Visit:
    """One test's bank with the connector that links to it."""

    world: World
    transport: Counted
    connector: Connector
    institutions: Mapping[str, Institution]

    def begin(self, brand: str) -> SendToBank:
        going = self.connector.begin(
            self.institutions[brand], redirect_uri=CALLBACK, state=STATE, random_bytes=self.world.random_bytes
        )
        assert isinstance(going, SendToBank)
        return going

    async def finish(self, brand: str, kept: bytes, answer: Mapping[str, str]) -> Grant:
        institution = self.institutions[brand]
        now = self.world.now()
        grant = await self.connector.finish(
            institution, redirect_uri=CALLBACK, kept=kept, answer=answer, now=now
        )
        assert not isinstance(grant, AskPerson)
        return grant

    async def link(self, brand: str, person: str) -> Grant:
        sent = self.begin(brand)
        return await self.finish(brand, sent.kept, await walk(self.transport.network, sent.url, person))

    async def accounts(self, brand: str, grant: Grant) -> tuple[FoundAccount, ...]:
        found, _ = await self.connector.accounts(self.institutions[brand], grant, now=self.world.now())
        return found


async def walk(network: NetworkTransport, url: str, person: str, *, choice: str = "allow") -> dict[str, str]:
    """Do what the person does in their browser, by link and form, until the bank sends them back."""
    cookies: dict[str, str] = {}

    async def visit(address: str, form: list[tuple[str, str]] | None = None) -> tuple[str, str]:
        while True:
            headers = {"cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
            if form is not None:
                headers["content-type"] = "application/x-www-form-urlencoded"
            body = b"" if form is None else urlencode(form).encode()
            method: Literal["GET", "POST"] = "GET" if form is None else "POST"
            page = await network.send(Request(method=method, url=address, headers=headers, body=body))
            name, _, value = page.headers.get("set-cookie", "").partition(";")[0].partition("=")
            cookies.update({name: value} if name else {})
            if page.status != 303:
                assert page.status == 200, page.body
                return address, page.body.decode()
            address, form = urljoin(address, page.headers["location"]), None
            if address.startswith(CALLBACK):
                return address, ""

    def hidden(page: str) -> list[tuple[str, str]]:
        found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page)
        return list({name: unescape(value) for name, value in found}.items())

    address, page = await visit(url)
    address, page = await visit(address, [*hidden(page), ("person", person)])
    accounts = re.findall(r'name="account" value="([^"]+)"', page)
    choices = [("account", account) for account in accounts]
    address, _ = await visit(address, [*hidden(page), *choices, ("choice", choice)])
    return dict(parse_qsl(urlsplit(address).query))


@asynccontextmanager
async def visiting() -> AsyncIterator[Visit]:
    world = World()
    listener = socket.create_server(("127.0.0.1", 0))
    base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    client = Client(id="linkspan", secret="s+cret/ with:all", redirect_uris=(CALLBACK,))
    bank = create_bank(base_url=base_url, clients=[client], now=world.now, random_bytes=world.random_bytes)
    server = uvicorn.Server(uvicorn.Config(bank, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        async with Network(Egress.allowing("127.0.0.1")) as way_out:
            network = NetworkTransport(way_out)
            transport = Counted(network)
            connectors = connectors_over(transport, RealWorld(world.now, world.random_bytes))
            found = institutions_from(
                [described(entry, client) for entry in directory(base_url) if entry["connector"] == "fdx"],
                connectors,
            )
            by_brand = {each.settings["issuer"].rpartition("/")[2]: each for each in found}
            yield Visit(world, transport, connectors["fdx"], by_brand)
    finally:
        server.should_exit = True
        await serving
        listener.close()


def described(entry: Mapping[str, object], client: Client) -> dict[str, object]:
    """Turn an entry of the bank's directory into one of an operator's institutions."""
    about = ("name", "color", "url", "countries", "routing_numbers", "aliases", "featured")
    settings = {name: value for name, value in entry.items() if name not in {*about, "slug", "connector"}}
    return {
        **{name: entry[name] for name in about},
        "id": f"fcinst_{str(entry['slug']).replace('-', '_')}",
        "connector": "fdx",
        "settings": {**settings, "client_id": client.id, "client_secret": client.secret},
    }


def at_the_bank(scenario: Callable[[Visit], Awaitable[_T]]) -> _T:
    async def run() -> _T:
        async with visiting() as visit:
            return await scenario(visit)

    return asyncio.run(run())


@cache
def linked(brand: str, person: str) -> dict[str, FoundAccount]:
    """Link everything *person* has at *brand*; by the product's or the person's name for it."""

    async def scenario(visit: Visit) -> tuple[FoundAccount, ...]:
        return await visit.accounts(brand, await visit.link(brand, person))

    return {account.display_name or "": account for account in at_the_bank(scenario)}


def test_a_household_is_found_in_stripes_words() -> None:
    found = linked("bank-oauth", "avery")

    kinds = {name: (each.category, each.subcategory, each.is_open) for name, each in found.items()}
    assert kinds == {
        "Household": ("cash", "checking", True),
        "New roof": ("cash", "savings", True),
        "Rewards Credit Card": ("credit", "credit_card", True),
        "418 Orchard Row": ("credit", "mortgage", True),
        "Brokerage Account": ("investment", "other", True),
        "Before the move": ("cash", "savings", False),
    }
    assert all(account.problems == () for account in found.values())
    assert all(account.last4 for account in found.values())


def test_debts_are_negative_and_savings_are_positive() -> None:
    found = linked("bank-oauth", "avery")

    for name, is_debt in {"Household": False, "Rewards Credit Card": True, "418 Orchard Row": True}.items():
        balance = found[name].balance
        assert balance is not None
        assert (balance.current["usd"] < 0) == is_debt
        assert balance.as_of == int(NOW)


def test_owners_of_a_joint_account_have_no_contact_details() -> None:
    owners = linked("bank-oauth", "avery")["Household"].owners

    assert [owner.name for owner in owners] == ["Avery Ellis", "Jordan M. Ellis"]
    assert {(owner.email, owner.phone, owner.raw_address) for owner in owners} == {(None, None, None)}


def test_the_only_owner_has_contact_details() -> None:
    (owner,) = linked("bank-oauth", "noor")["Everyday Checking"].owners

    assert (owner.name, owner.email, owner.phone, owner.raw_address) == (
        "Noor Haddad",
        "noor@haddadstudio.example",
        "+1 3125550188",
        "77 Lindgren Street, Chicago, IL 60622, US",
    )


def test_what_a_bank_shows_that_is_not_four_digits_is_no_last4() -> None:
    assert linked("bank-oauth", "noor")["Rainy Day Savings"].last4 is None


def test_a_card_paid_ahead_is_in_the_holders_favor() -> None:
    balance = linked("bank-oauth", "noor")["Travel Credit Card"].balance

    assert balance is not None
    assert balance.current["usd"] == 41_260
    assert balance.credit
    assert balance.credit.used == FrozenMap({"usd": 0})


def test_a_business_is_found_with_both_its_currencies() -> None:
    found = linked("bank-oauth", "harborfinch")

    assert [owner.name for owner in found["Operations"].owners] == ["Harbor & Finch Coffee LLC"]
    canadian = found["Vancouver stall"].balance
    assert canadian is not None
    assert set(canadian.current) == {"cad"}
    assert found["Vancouver stall"].numbers == ()
    assert len(found["Operations"].numbers) == 1


def test_both_versions_tell_the_same_of_the_same_person() -> None:
    newer, older = linked("bank-oauth", "avery"), linked("oldferry", "avery")

    assert newer.keys() == older.keys()
    for name, account in newer.items():
        other = older[name]
        assert (account.category, account.subcategory, account.owners) == (
            other.category,
            other.subcategory,
            other.owners,
        )
        assert (account.balance is None) == (other.balance is None)


def test_a_bank_that_hands_out_stand_ins_says_so() -> None:
    assert {number.tokenized for number in linked("copperfinch", "sam")["Campus Checking"].numbers} == {True}
    assert {number.tokenized for number in linked("bank-oauth", "sam")["Campus Checking"].numbers} == {False}


@pytest.mark.parametrize("brand", ["bank-oauth", "oldferry"])
def test_half_a_year_of_movements_is_read_over_many_pages(brand: str) -> None:
    async def scenario(visit: Visit) -> tuple[int, int, set[str]]:
        grant = await visit.link(brand, "avery")
        account = next(each for each in await visit.accounts(brand, grant) if each.subcategory == "checking")
        connector = visit.connector
        assert isinstance(connector, FdxConnector)
        pages = connector.transactions(
            visit.institutions[brand],
            grant,
            source_id=account.source_id,
            currency="USD",
            from_on=date(2026, 4, 1),
            to_on=date(2026, 9, 21),
        )
        found = [each async for page in pages for each in page]
        asked = sum(count for path, count in visit.transport.sent.items() if path.endswith("/transactions"))
        signs = {"in" if each.amount > 0 else "out" for each in found}
        assert len({each.source_id for each in found}) == len(found)
        return len(found), asked, signs

    count, asked, signs = at_the_bank(scenario)

    assert count > 100
    assert asked == -(-count // 100)
    assert signs == {"in", "out"}


def test_a_person_who_says_no_is_heard() -> None:
    async def scenario(visit: Visit) -> None:
        sent = visit.begin("bank-oauth")
        answer = await walk(visit.transport.network, sent.url, "avery", choice="deny")
        await visit.finish("bank-oauth", sent.kept, answer)

    with pytest.raises(SignInDenied):
        at_the_bank(scenario)


def test_a_code_is_good_once_and_its_replay_ends_the_grant() -> None:
    async def scenario(visit: Visit) -> None:
        sent = visit.begin("bank-oauth")
        answer = await walk(visit.transport.network, sent.url, "avery")
        grant = await visit.finish("bank-oauth", sent.kept, answer)
        with pytest.raises(AuthorizationRefused):
            await visit.finish("bank-oauth", sent.kept, answer)
        with pytest.raises(CredentialsRejected):
            await visit.accounts("bank-oauth", grant)

    at_the_bank(scenario)


@pytest.mark.parametrize("change", [{"iss": "https://evil.example"}, {"iss": None}, {"code": "guessed"}])
def test_an_answer_that_was_tampered_with_links_nothing(change: dict[str, str | None]) -> None:
    async def scenario(visit: Visit) -> int:
        sent = visit.begin("bank-oauth")
        answer = {**await walk(visit.transport.network, sent.url, "avery"), **change}
        told = {name: value for name, value in answer.items() if value is not None}
        with pytest.raises(AuthorizationRefused):
            await visit.finish("bank-oauth", sent.kept, told)
        return sum(count for path, count in visit.transport.sent.items() if path.endswith("/token"))

    assert at_the_bank(scenario) == (1 if "code" in change else 0)


def test_an_answer_of_one_bank_is_refused_at_another() -> None:
    async def scenario(visit: Visit) -> None:
        sent = visit.begin("bank-oauth")
        answer = await walk(visit.transport.network, sent.url, "avery")
        other = visit.begin("quillstone")
        await visit.finish("quillstone", other.kept, answer)

    with pytest.raises(AuthorizationRefused):
        at_the_bank(scenario)


def test_a_code_put_into_another_sign_in_is_refused_by_its_challenge() -> None:
    async def scenario(visit: Visit) -> None:
        victim = visit.begin("bank-oauth")
        answer = await walk(visit.transport.network, victim.url, "avery")
        attacker = visit.begin("bank-oauth")
        await visit.finish("bank-oauth", attacker.kept, answer)

    with pytest.raises(AuthorizationRefused):
        at_the_bank(scenario)


def test_a_wrong_secret_is_the_operators_to_mend() -> None:
    async def scenario(visit: Visit) -> None:
        sent = visit.begin("bank-oauth")
        answer = await walk(visit.transport.network, sent.url, "avery")
        right = visit.institutions["bank-oauth"]
        wrong = Institution(
            id=right.id,
            name=right.name,
            countries=right.countries,
            connector=right.connector,
            url=right.url,
            color=right.color,
            settings={**right.settings, "client_secret": "stale"},
        )
        await visit.connector.finish(
            wrong, redirect_uri=CALLBACK, kept=sent.kept, answer=answer, now=visit.world.now()
        )

    with pytest.raises(InstitutionMisconfigured):
        at_the_bank(scenario)


def test_an_expired_grant_is_renewed_and_its_predecessor_is_spent() -> None:
    async def scenario(visit: Visit) -> tuple[Grant, Grant, list[type[ConnectorFailure]]]:
        bank = visit.institutions["bank-oauth"]
        first = await visit.link("bank-oauth", "sam")
        expires_at = tokens_of(first).expires_at
        assert expires_at is not None
        visit.world.seconds = float(expires_at)
        second = await visit.connector.renew(bank, first, now=visit.world.now())
        assert await visit.accounts("bank-oauth", second)
        failures: list[type[ConnectorFailure]] = []
        try:
            await visit.connector.renew(bank, first, now=visit.world.now())
        except ConnectorFailure as failure:
            failures.append(type(failure))
        return first, second, failures

    first, second, failures = at_the_bank(scenario)

    assert tokens_of(first).refresh_token != tokens_of(second).refresh_token
    assert failures == [CredentialsRejected]


def test_an_ended_grant_reads_nothing_more() -> None:
    async def scenario(visit: Visit) -> None:
        grant = await visit.link("bank-oauth", "sam")
        await visit.connector.end(visit.institutions["bank-oauth"], grant)
        await visit.accounts("bank-oauth", grant)

    with pytest.raises(CredentialsRejected):
        at_the_bank(scenario)
