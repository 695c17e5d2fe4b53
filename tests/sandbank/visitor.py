"""A browser without a window and a client program, both speaking ASGI to the bank."""

import asyncio
import base64
import hashlib
import json
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.applications import Starlette
from starlette.types import Message

from linkspan.sandbank import Client, create_bank, directory

BASE_URL = "https://bank.test"
NOON = 1_790_000_000.0  # 2026-09-21T14:13:20Z
CLIENT = Client(
    id="linkspan",
    secret="s3cret:/+ %",
    redirect_uris=("https://server.test/link/callback",),
    name="Rocket Rides",
)
OTHER_CLIENT = Client(id="other", secret="another", redirect_uris=("https://other.test/cb",))
VERIFIER = "v" * 50
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


@dataclass
class Clock:
    """A clock that tests move."""

    seconds: float = NOON

    def __call__(self) -> float:
        return self.seconds


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    cookies: tuple[str, ...]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def location(self) -> str:
        return self.headers["location"]

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.location).query).items()}


@dataclass
class Visitor:
    """One browser with its cookies."""

    app: Starlette
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, url: str, **headers: str) -> Answer:
        return self._send("GET", url, b"", headers)

    def post(self, url: str, fields: Mapping[str, Any] | bytes, **headers: str) -> Answer:
        body = fields if isinstance(fields, bytes) else urlencode(fields, doseq=True).encode()
        return self._send("POST", url, body, headers)

    def _send(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        if self.cookies:
            headers = {**headers, "cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        answer = asyncio.run(exchange(self.app, method, url, body, headers))
        for cookie in answer.cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer


async def exchange(app: Starlette, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send one request to *app* and gather the answer."""
    parts = urlsplit(url)
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": parts.scheme or "https",
        "server": ("bank.test", 443),
        "path": parts.path,
        "raw_path": parts.path.encode(),
        "root_path": "",
        "query_string": parts.query.encode(),
        "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()],
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    pairs = [(k.decode().lower(), v.decode()) for k, v in sent[0]["headers"]]
    return Answer(
        status=sent[0]["status"],
        headers=dict(pairs),
        cookies=tuple(v for k, v in pairs if k == "set-cookie"),
        body=b"".join(message.get("body", b"") for message in sent[1:]),
    )


@dataclass
class World:
    """A bank with its clock, and the steps that most tests begin with."""

    app: Starlette
    clock: Clock
    brand: Mapping[str, Any]

    def visitor(self) -> Visitor:
        return Visitor(self.app)

    def authorize_url(self, **changes: str | None) -> str:
        """Return the authorization request; None leaves a parameter out."""
        fields = {
            "response_type": "code",
            "client_id": CLIENT.id,
            "redirect_uri": CLIENT.redirect_uris[0],
            "scope": self.brand["scope"],
            "state": "st&te",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            **changes,
        }
        query = urlencode({name: value for name, value in fields.items() if value is not None})
        return f"{self.brand['authorization_endpoint']}?{query}"

    def signed_in(self, visitor: Visitor, person: str = "avery", **changes: str | None) -> Answer:
        """Go through sign-in; return the consent page."""
        page = visitor.get(visitor.get(self.authorize_url(**changes)).location)
        form = {**hidden_fields(page), "person": person}
        return visitor.get(visitor.post(f"{self.brand['issuer']}/sign-in", form).location)

    def allowed(self, *accounts: str, person: str = "avery", **changes: str | None) -> Answer:
        """Go through sign-in and consent; return the redirect to the client."""
        visitor = self.visitor()
        form = hidden_fields(self.signed_in(visitor, person, **changes))
        chosen = accounts or (f"{person}-checking", f"{person}-savings", f"{person}-card")
        return visitor.post(f"{self.brand['issuer']}/consent", {**form, "account": chosen, "choice": "allow"})

    def token(self, client: Client = CLIENT, /, **fields: str) -> Answer:
        return self.visitor().post(
            self.brand["token_endpoint"], fields, authorization=basic(client.id, client.secret)
        )

    def redeem(self, code: str, /, **changes: str) -> Answer:
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CLIENT.redirect_uris[0],
            "code_verifier": VERIFIER,
            **changes,
        }
        return self.token(**fields)

    def refresh(self, token: str, client: Client = CLIENT) -> Answer:
        return self.token(client, grant_type="refresh_token", refresh_token=token)

    def tokens(self, *accounts: str, person: str = "avery", **changes: str | None) -> dict[str, Any]:
        found: dict[str, Any] = self.redeem(
            self.allowed(*accounts, person=person, **changes).query["code"]
        ).json
        return found

    def fdx(self, path: str, token: str, **headers: str) -> Answer:
        return self.visitor().get(self.brand["base_url"] + path, authorization=f"Bearer {token}", **headers)


def basic(client_id: str, secret: str) -> str:
    """Return the Authorization header; both halves are form-encoded (RFC 6749 section 2.3.1)."""
    pair = urlencode({client_id: secret}).replace("=", ":", 1)
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


def hidden_fields(page: Answer) -> dict[str, str]:
    """Return the hidden fields of the first form on *page*."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text)
    return dict(found)


def make_world(slug: str = "bank-oauth", *, seed: str = "seed", base_url: str = BASE_URL) -> World:
    """Return a bank whose clock stands and whose randomness is fixed."""
    clock = Clock()
    app = create_bank(
        base_url=base_url,
        clients=(CLIENT, OTHER_CLIENT),
        seed=seed,
        now=clock,
        random_bytes=random.Random(7).randbytes,
    )
    (brand,) = [entry for entry in directory(base_url) if entry["slug"] == slug]
    return World(app, clock, brand)
