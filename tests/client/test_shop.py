"""The example shop: what a visitor sees, what no other visitor sees."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from linkspan import AsyncClient
from linkspan.client import Request, Response
from linkspan.client.testing import AsyncFunctionTransport
from linkspan.shop import create_shop
from linkspan.shop.money import amount_text
from tests.client.wire import BASE, KEY, account, answered, form, page, refused, session
from tests.sandbank.visitor import Visitor

SHOP = "https://shop.test/shop/"
COOKIE = "rocket_rides_visitor"
OWNERSHIP = {
    "id": "fcaowns_1",
    "object": "financial_connections.account_ownership",
    "created": 1790000000,
    "owners": page(
        {
            "id": "fcaown_1",
            "object": "financial_connections.account_owner",
            "name": "Avery <Lindqvist>",
            "ownership": "fcaowns_1",
            "email": None,
            "phone": None,
            "raw_address": None,
            "refreshed_at": None,
        }
    ),
}


@dataclass
class Server:
    """The few routes the shop's back end calls, for customers who have linked something."""

    accounts: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    heard: list[Request] = field(default_factory=list)
    is_down: bool = False

    def __call__(self, request: Request) -> Response:
        self.heard.append(request)
        if self.is_down:
            return refused(503, type="api_error")
        match request.method, request.url.removeprefix(BASE).partition("?")[0].split("/")[2:]:
            case "POST", ["customers"]:
                known_as = f"cus_{len(self.accounts) + 1}"
                self.accounts[known_as] = []
                return answered({"id": known_as, "object": "customer", "created": 1, "livemode": False})
            case "POST", ["financial_connections", "sessions"]:
                return answered(session())
            case "GET", ["financial_connections", "accounts"]:
                return answered(page(*self.accounts[form(request)["account_holder[customer]"]]))
            case "POST", ["financial_connections", "accounts", known_as, "disconnect"]:
                (ended,) = (
                    each for held in self.accounts.values() for each in held if each["id"] == known_as
                )
                ended["status"] = "disconnected"
                return answered(ended)
            case _:
                return refused(404)


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def shop(server: Server) -> Starlette:
    draws: Iterator[int] = iter(range(1, 100))
    client = AsyncClient(KEY, base_url=BASE, transport=AsyncFunctionTransport(server), max_network_retries=0)
    app = create_shop(
        client=client,
        publishable_key="pk_test_1",
        script_url="/v3/",
        random_bytes=lambda count: bytes([next(draws)]) * count,
    )
    return Starlette(routes=[Mount("/shop", app)])


def linked(server: Server, shop: Starlette, *accounts: dict[str, object]) -> Visitor:
    """A visitor who linked *accounts*."""
    visitor = Visitor(shop)
    visitor.post(f"{SHOP}sessions", b"")
    server.accounts[list(server.accounts)[-1]] = list(accounts)
    return visitor


def test_someone_new_is_invited_and_nothing_is_created(server: Server, shop: Starlette) -> None:
    answer = Visitor(shop).get(SHOP)

    assert answer.status == 200
    assert 'data-testid="shop-link"' in answer.text
    assert "shop-result" not in answer.text
    assert server.heard == []


def test_opening_a_session_gives_the_page_its_client_secret(server: Server, shop: Starlette) -> None:
    answer = Visitor(shop).post(f"{SHOP}sessions", b"")

    assert json.loads(answer.body) == {"clientSecret": "fcsess_client_secret_canary"}
    assert answer.headers["cache-control"] == "no-store"
    assert form(server.heard[1])["account_holder[customer]"] == "cus_1"


def test_a_visitor_stays_one_customer(server: Server, shop: Starlette) -> None:
    visitor = Visitor(shop)

    visitor.post(f"{SHOP}sessions", b"")
    visitor.post(f"{SHOP}sessions", b"")

    assert list(server.accounts) == ["cus_1"]


def test_the_cookie_is_for_the_shop_alone_and_out_of_reach_of_scripts(shop: Starlette) -> None:
    (cookie,) = Visitor(shop).post(f"{SHOP}sessions", b"").cookies

    name, *marks = cookie.split("; ")
    assert len(name.removeprefix(f"{COOKIE}=")) == 43  # 256 bits in base64url
    assert {mark.lower() for mark in marks} == {"httponly", "path=/shop", "samesite=lax", "secure"}


def test_what_was_linked_is_shown(server: Server, shop: Starlette) -> None:
    balance = {
        "as_of": 1790000000,
        "current": {"usd": 125000},
        "type": "cash",
        "cash": {"available": {"usd": 123456}},
    }
    visitor = linked(server, shop, account("fca_1", balance=balance, ownership=OWNERSHIP))

    shown = visitor.get(SHOP).text

    assert 'data-testid="shop-result"' in shown
    assert 'data-testid="shop-account-6789"' in shown
    for words in (
        "Payouts go to Everyday",
        "Harbor Bank",
        "Checking",
        "$1,234.56",
        "Avery &lt;Lindqvist&gt;",
    ):
        assert words in shown


def test_an_account_without_name_digits_or_balance_is_shown_by_its_bank(
    server: Server, shop: Starlette
) -> None:
    visitor = linked(server, shop, account("fca_1", display_name=None, last4=None))

    shown = visitor.get(SHOP).text

    assert 'data-testid="shop-account-fca_1"' in shown
    assert "Payouts go to Harbor Bank" in shown
    assert "····" not in shown


def test_a_bank_cannot_write_into_the_page(server: Server, shop: Starlette) -> None:
    visitor = linked(
        server, shop, account("fca_1", display_name="<script>", institution_name='"><img src=x>')
    )

    shown = visitor.get(SHOP).text

    assert "<script>" not in shown
    assert "<img src=x>" not in shown


def test_one_visitor_never_sees_anothers_accounts(server: Server, shop: Starlette) -> None:
    linked(server, shop, account("fca_1"))
    other = linked(server, shop, account("fca_2", display_name="Theirs"))

    assert "Everyday" not in other.get(SHOP).text
    assert "shop-result" not in Visitor(shop).get(SHOP).text
    assert "shop-result" not in Visitor(shop, cookies={COOKIE: "cus_1"}).get(SHOP).text


def test_a_visitor_disconnects_an_account(server: Server, shop: Starlette) -> None:
    visitor = linked(server, shop, account("fca_1"))

    answer = visitor.post(f"{SHOP}accounts/fca_1/disconnect", b"")

    assert (answer.status, answer.location) == (303, "/shop/")
    assert "shop-result" not in visitor.get(SHOP).text


def test_nobody_disconnects_anothers_account(server: Server, shop: Starlette) -> None:
    owner = linked(server, shop, account("fca_1"))
    other = linked(server, shop)

    other.post(f"{SHOP}accounts/fca_1/disconnect", b"")

    assert "shop-result" in owner.get(SHOP).text


@pytest.mark.parametrize("path", ["sessions", "accounts/fca_1/disconnect"])
def test_another_page_cannot_act_for_the_visitor(server: Server, shop: Starlette, path: str) -> None:
    visitor = linked(server, shop, account("fca_1"))
    heard = len(server.heard)

    answer = visitor.post(SHOP + path, b"", host="shop.test", origin="https://shop.test:8443")

    assert answer.status == 403
    assert len(server.heard) == heard


def test_the_page_allows_no_script_or_style_but_its_own(shop: Starlette) -> None:
    answer = Visitor(shop).get(SHOP)

    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "style=" not in answer.text
    assert "<style" not in answer.text


def test_a_script_from_elsewhere_is_the_only_other_origin_allowed() -> None:
    client = AsyncClient(KEY, base_url=BASE, transport=AsyncFunctionTransport(Server()))
    app = create_shop(
        client=client,
        publishable_key="pk_test_1",
        script_url="https://link.test/v3/",
        random_bytes=bytes,
    )

    policy = Visitor(app).get("https://shop.test/").headers["content-security-policy"]

    assert "script-src 'self' https://link.test;" in policy
    assert "frame-src 'self' https://link.test;" in policy


def test_a_server_that_is_down_is_said_with_what_to_quote(server: Server, shop: Starlette) -> None:
    visitor = linked(server, shop, account("fca_1"))
    server.is_down = True

    shown = visitor.get(SHOP)
    opened = visitor.post(f"{SHOP}sessions", b"")

    assert (shown.status, opened.status) == (502, 502)
    assert "Quote req_1 if you ask for help." in shown.text
    assert "Quote req_1" in json.loads(opened.body)["error"]["message"]


def test_every_file_the_page_asks_for_is_in_the_package(shop: Starlette) -> None:
    asked = set(re.findall(r'"/shop/static/([^"]+)"', Visitor(shop).get(SHOP).text))

    assert asked == {path.name for path in (files("linkspan.shop") / "static").iterdir()}


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (123456, "usd", "$1,234.56"),
        (-5, "eur", "\N{MINUS SIGN}€0.05"),
        (1200, "jpy", "¥1,200"),
        (1234, "kwd", "KWD\N{NO-BREAK SPACE}1.234"),
        (0, "chf", "CHF\N{NO-BREAK SPACE}0.00"),
    ],
)
def test_amounts_are_written_as_people_read_them(minor: int, currency: str, text: str) -> None:
    assert amount_text(minor, currency) == text
