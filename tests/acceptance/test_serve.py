"""A production server takes the keys an operator made, for as long as they are good."""

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Final
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
import stripe
from typer.testing import CliRunner

from linkspan.cli import app
from tests.acceptance.production import Site, make_site
from tests.acceptance.programs import running
from tests.acceptance.receiver import receiving

# After this long no server takes a key that was revoked.
REVOKED_SECONDS: Final = 1.0
INSTITUTIONS: Final = """
[[institution]]
id = "fcinst_harbor"
name = "Harbor Bank"
countries = ["US"]
connector = "fdx"

[institution.settings]
issuer = "https://harbor.example"
authorization_endpoint = "https://harbor.example/authorize"
token_endpoint = "https://harbor.example/token"
base_url = "https://api.harbor.example/fdx/v6"
client_id = "linkspan"
client_secret = "canary-77"
scope = "accounts"
"""


@pytest.fixture(params=["sqlite", "postgres"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Site:
    """A site on a database of its own."""
    database = f"sqlite:///{tmp_path / 'linkspan.db'}"
    if request.param == "postgres":
        database = request.getfixturevalue("empty_postgres")
    return make_site(tmp_path, database, INSTITUTIONS)


@pytest.fixture
def small_site(tmp_path: Path) -> Site:
    """A site in a file, for what has nothing to do with the database."""
    return make_site(tmp_path, f"sqlite:///{tmp_path / 'linkspan.db'}", INSTITUTIONS)


@pytest.fixture
def pair(site: Site) -> Iterator[tuple[str, str]]:
    """Two servers of one site."""
    with ExitStack() as programs:
        started = [
            programs.enter_context(running("serve", "--port", "0", settings=site.settings)) for _ in range(2)
        ]
        yield started[0].facts["url"], started[1].facts["url"]


def status(server: str, key: str, **headers: str) -> int:
    return answered(Request(f"{server}/v1/customers", headers={"Authorization": f"Bearer {key}", **headers}))


def answered(request: Request) -> int:
    """The status of an answer."""
    try:
        with urlopen(request, timeout=20) as answer:
            return int(answer.status)
    except HTTPError as refused:
        refused.close()
        return refused.code


def until_refused(ask: Callable[[], object], *, seconds_max: float) -> stripe.StripeError:
    """Ask again and again; what is asked after *seconds_max* must be refused at the latest."""
    began_at = asked_at = time.monotonic()
    while asked_at - began_at < seconds_max:
        asked_at = time.monotonic()
        try:
            ask()
        except stripe.StripeError as refused:
            return refused
    raise AssertionError(f"answered {asked_at - began_at} seconds later")


def code_of(refused: stripe.StripeError) -> object:
    """The code in the answer; the package hands it on with some errors only."""
    return (refused.json_body or {})["error"]["code"]  # type: ignore[index] # the answer is an object


@pytest.fixture
def official() -> Iterator[stripe.RequestsClient]:
    """The official package's way to the network."""
    with closing(stripe.RequestsClient()) as http:
        yield http


def test_the_official_package_is_served_until_its_key_is_revoked(
    site: Site, pair: tuple[str, str], official: stripe.RequestsClient
) -> None:
    made = site.keys("create", "--live")
    api = stripe.StripeClient(made["key"], base_addresses={"api": pair[0]}, http_client=official)
    customer = api.v1.customers.create({"name": "Robin Park"})
    assert (customer.livemode, api.v1.customers.retrieve(customer.id).name) == (True, "Robin Park")

    site.keys("revoke", made["id"])

    refused = until_refused(lambda: api.v1.customers.retrieve(customer.id), seconds_max=REVOKED_SECONDS)
    assert isinstance(refused, stripe.AuthenticationError)
    assert code_of(refused) == "api_key_expired"
    assert made["hint"] in str(refused)


def test_a_revoked_key_is_refused_by_every_server_within_a_second(site: Site, pair: tuple[str, str]) -> None:
    made = site.keys("create")
    assert [status(server, made["key"]) for server in pair] == [200, 200]

    site.keys("revoke", made["id"])

    revoked_at = time.monotonic()
    for server in pair:
        asked_at = time.monotonic()
        while status(server, made["key"]) == 200:
            assert asked_at - revoked_at < REVOKED_SECONDS
            asked_at = time.monotonic()


def test_what_one_server_writes_another_reads(site: Site, pair: tuple[str, str]) -> None:
    key = site.keys("create")["key"]
    request = Request(f"{pair[0]}/v1/customers", b"", {"Authorization": f"Bearer {key}"})
    with urlopen(request, timeout=20) as made:
        customer = json.load(made)

    request = Request(f"{pair[1]}/v1/customers/{customer['id']}", headers={"Authorization": f"Bearer {key}"})
    with urlopen(request, timeout=20) as found:
        assert json.load(found) == customer


def test_endpoints_are_told_where_the_operator_allows(small_site: Site) -> None:
    allowed = {**small_site.settings, "LINKSPAN_ALLOWED_WEBHOOKS": "127.0.0.1"}
    key = small_site.keys("create")["key"]
    with receiving() as receiver, running("serve", "--port", "0", settings=allowed) as server:
        with closing(stripe.RequestsClient()) as http:
            api = stripe.StripeClient(key, base_addresses={"api": server.facts["url"]}, http_client=http)
            endpoint = api.v1.webhook_endpoints.create(
                params={"url": receiver.url, "enabled_events": ["customer.created"]}
            )
            customer = api.v1.customers.create()
        told = receiver.next()

    event = stripe.Webhook.construct_event(
        told.body, told.headers["stripe-signature"], endpoint.secret or "is shown once"
    )
    assert (event.type, event.data.object.id) == ("customer.created", customer.id)


@pytest.mark.parametrize(
    ("token", "sent", "expected"), [("", "", 401), ("watch", "", 401), ("watch", "watch", 200)]
)
def test_metrics_are_for_who_has_their_token(small_site: Site, token: str, sent: str, expected: int) -> None:
    settings = {**small_site.settings, "LINKSPAN_METRICS_TOKEN": token}

    with running("serve", "--port", "0", settings=settings) as program:
        asked = Request(f"{program.facts['url']}/metrics", headers={"Authorization": f"Bearer {sent}"})

        assert answered(asked) == expected


def test_a_test_key_nobody_made_opens_nothing(small_site: Site) -> None:
    with running("serve", "--port", "0", settings=small_site.settings) as program:
        assert status(program.facts["url"], "sk_test_linkspan") == 401


def test_a_restricted_key_is_told_the_right_it_lacks(
    small_site: Site, official: stripe.RequestsClient
) -> None:
    made = small_site.keys("create", "--kind", "restricted", "--right", "customer_read")
    with running("serve", "--port", "0", settings=small_site.settings) as program:
        api = stripe.StripeClient(
            made["key"], base_addresses={"api": program.facts["url"]}, http_client=official
        )
        assert api.v1.customers.list().data == []

        with pytest.raises(stripe.PermissionError) as refused:
            api.v1.customers.create({"name": "Robin Park"})

    assert "customer_write" in str(refused.value)
    assert refused.value.http_status == 403


def test_a_trusted_proxy_says_where_a_caller_is(small_site: Site) -> None:
    key = small_site.keys("create", "--address", "192.0.2.0/24")["key"]
    asked_from = ["192.0.2.7", "192.0.2.7, 127.0.0.9", "192.0.2.7, 198.51.100.9", "unknown"]

    with running(
        "serve", "--port", "0", "--trusted-proxy", "127.0.0.0/8", settings=small_site.settings
    ) as at:
        answers = [status(at.facts["url"], key, **{"X-Forwarded-For": by}) for by in asked_from]

    assert answers == [200, 200, 401, 401]


def test_nobody_else_does(small_site: Site) -> None:
    key = small_site.keys("create", "--address", "192.0.2.0/24")["key"]

    with running("serve", "--port", "0", settings=small_site.settings) as program:
        claimed = status(program.facts["url"], key, **{"X-Forwarded-For": "192.0.2.7"})

    assert claimed == 401


def test_a_key_that_asks_too_often_is_told_so(small_site: Site, official: stripe.RequestsClient) -> None:
    key = small_site.keys("create")["key"]
    with running("serve", "--port", "0", "--rate-limit-test", "1", settings=small_site.settings) as program:
        api = stripe.StripeClient(key, base_addresses={"api": program.facts["url"]}, http_client=official)

        # However busy the machine, some two of so many requests come within a second.
        refused = until_refused(api.v1.customers.list, seconds_max=60)

    assert isinstance(refused, stripe.RateLimitError)
    assert code_of(refused) == "rate_limit"
    assert (refused.headers or {})["stripe-rate-limited-reason"] == "global-rate"


def test_a_server_without_keys_says_how_to_make_one(small_site: Site) -> None:
    with running("serve", "--port", "0", settings=small_site.settings) as program:
        assert program.facts["keys"] == 0
    small_site.keys("create")
    with running("serve", "--port", "0", settings=small_site.settings) as program:
        assert (program.facts["keys"], program.facts["institutions"]) == (1, 1)


def refused(site: Site, *arguments: str, **settings: str | None) -> str:
    """What a server says that does not start."""
    ended = CliRunner().invoke(app, ["serve", "--port", "0", *arguments], env={**site.settings, **settings})
    assert ended.exit_code == 2, (ended.output, ended.exception)
    assert ended.stdout == ""
    return ended.stderr


@pytest.mark.parametrize("name", ["LINKSPAN_DATABASE", "LINKSPAN_INSTITUTIONS", "LINKSPAN_MERCHANT_NAME"])
def test_what_a_server_cannot_do_without_is_asked_for(small_site: Site, name: str) -> None:
    assert name in refused(small_site, **{name: None})


@pytest.mark.parametrize(
    "master_key",
    [
        None,
        "short",
        urlsafe_b64encode(bytes(32)).decode(),
        urlsafe_b64encode(bytes(range(32))).decode(),
        urlsafe_b64encode(b"correct horse battery staple, 32").decode(),
    ],
)
def test_a_master_key_that_is_missing_or_made_up_is_refused(small_site: Site, master_key: str | None) -> None:
    said = refused(small_site, LINKSPAN_MASTER_KEY=master_key)

    assert said.startswith("linkspan serve: LINKSPAN_MASTER_KEY: ")
    assert "openssl rand" in said


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--database", "sqlite://"), "--database: one in memory"),
        (("--database", "mysql://db"), "--database: must be"),
        (("--host", "0.0.0.0"), "--base-url: needed"),
        (("--base-url", "http://link.example"), "--base-url: http://link.example must begin with https://"),
        (("--base-url", "https://link.example/linkspan"), "--base-url: "),
        (("--base-url", "https://a@link.example"), "--base-url: "),
        (("--base-url", "link.example"), "--base-url: "),
        (("--institutions", "/no/such/file.toml"), "--institutions: /no/such/file.toml cannot be read"),
        (("--allow-bank", "http://bank"), "--allow-bank: "),
        (("--allow-webhook", "http://shop"), "--allow-webhook: "),
        (("--trusted-proxy", "proxy"), "--trusted-proxy: "),
        (("--log", "/no/such/folder/log"), "--log: "),
        (("--api-version", "2019-01-01"), "--api-version: "),
        (("--rate-limit-live", "-1"), "--rate-limit-live"),
    ],
)
def test_what_cannot_work_is_refused_by_name(
    small_site: Site, arguments: tuple[str, ...], named: str
) -> None:
    assert named in refused(small_site, *arguments)


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("[[institution]]\nid = 'x'", "--institutions: x: "),
        ("what?", "--institutions: "),
        (INSTITUTIONS.replace("https://harbor.example/token", "ftp://harbor"), "token_endpoint"),
    ],
)
def test_institutions_that_cannot_be_are_refused_by_name(
    small_site: Site, tmp_path: Path, written: str, named: str
) -> None:
    (tmp_path / "institutions.toml").write_text(written)

    said = refused(small_site)

    assert named in said
    assert "canary" not in said
