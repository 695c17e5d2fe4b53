"""Whatever verifies webhooks takes what endpoints are sent, and nothing that was tampered with (R16)."""

import random
import subprocess
import time
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import msgspec
import pytest
import stripe

import linkspan
from linkspan.server.outbound.exchange import Request
from tests.api.conftest import Clock, Server, done, make_server
from tests.api.street import Street, carry
from tests.clients.official import FOLDER
from tests.conftest import Tally
from tools.official_clients import PROGRAMS, home_of

PAYLOADS: Final = 2_000
AT_ONCE: Final = 10
A_DAY: Final = 24 * 60 * 60
# Quotation mark, backslash, and letters of two, three and four bytes.
ODD: Final = (34, 92, 233, 8_364, 128_640)
STRIPES: Final = "npm-23"
STANDARD: Final = "npm-standardwebhooks"


@dataclass(frozen=True)
class Sent:
    """A request, as it came or tampered with, and the secret it is looked at with."""

    body: bytes
    signature: str
    standard: dict[str, str]
    secret: str

    @classmethod
    def of(cls, request: Request, secret: str) -> "Sent":
        standard = {name: value for name, value in request.headers.items() if name.startswith("webhook-")}
        return cls(request.body, request.headers["stripe-signature"], standard, secret)

    def tampered(self, dice: random.Random, foreign: str) -> Iterator["Sent"]:
        """The same, but for one thing."""
        place = dice.randrange(len(self.body))
        flipped = bytes([self.body[place] ^ 1])
        yield replace(self, body=self.body[:place] + flipped + self.body[place + 1 :])
        yield replace(self, body=self.body + b" ")
        yield replace(self, secret=foreign)
        later = str(int(self.standard["webhook-timestamp"]) + 1)
        yield replace(
            self,
            signature=f"t={later},{self.signature.partition(',')[2]}",
            standard=self.standard | {"webhook-timestamp": later},
        )
        signature = self.standard["webhook-signature"].replace("v1,", "v1,A")
        yield replace(
            self,
            signature=self.signature.replace("v1=", "v0="),
            standard=self.standard | {"webhook-signature": signature},
        )


@dataclass
class Listening:
    """An endpoint, with the secrets that are good for it now and those that are good no more."""

    id: str
    good: tuple[str, ...]
    gone: tuple[str, ...] = ()

    def roll(self, server: Server, overlap: int) -> None:
        """Have another secret; for *overlap* seconds the one before is good as well."""
        path = f"/v1/webhook_endpoints/{self.id}/roll_secret"
        secret = server.post(path, {"overlap": str(overlap)}).json["secret"]
        kept = self.good[:1] if overlap else ()
        self.gone += tuple(one for one in self.good if one not in kept)
        self.good = (secret, *kept)


def delivered(server: Server, dice: random.Random) -> tuple[list[Sent], list[Sent]]:
    """What an endpoint was sent, with each secret that is good, and what nobody should take for that."""
    wanted = {"url": "https://listener.example/", "enabled_events[]": "*"}
    made, other = (server.post("/v1/webhook_endpoints", wanted).json for _ in range(2))
    server.post(f"/v1/webhook_endpoints/{other['id']}", {"disabled": "true"})
    endpoint = Listening(made["id"], (made["secret"],))
    good: list[Sent] = []
    bad: list[Sent] = []
    for number in range(PAYLOADS // AT_ONCE):
        endpoint.roll(server, A_DAY if number % 2 else 0)
        for _ in range(AT_ONCE):
            letters = [chr(dice.choice([*ODD, dice.randrange(32, 127)])) for _ in range(20)]
            server.post("/v1/customers", {"name": "".join(letters)})
        for request in carry(server, Street()):
            good += [Sent.of(request, secret) for secret in endpoint.good]
            bad += [Sent.of(request, secret) for secret in endpoint.gone[-1:]]
            bad += good[-1].tampered(dice, other["secret"])
    return good, bad


def taken_by_node(requests: Sequence[Sent]) -> list[Any]:
    """Whether Stripe's package for Node takes each request, and whether that of Standard Webhooks does."""
    folders = [home_of(name) / "node_modules" / package for name, package in PACKAGES.items()]
    lines = b"\n".join(
        msgspec.json.encode(
            {
                "body": b64encode(each.body).decode(),
                "signature": each.signature,
                "standard": each.standard,
                "secret": each.secret,
            }
        )
        for each in requests
    )
    command = [str(PROGRAMS / "node"), str(FOLDER / "verifiers.cjs"), *map(str, folders)]
    told = subprocess.run(command, input=lines, stdout=subprocess.PIPE, check=True).stdout
    return [msgspec.json.decode(line) for line in told.splitlines()]


PACKAGES: Final = {STRIPES: "stripe", STANDARD: "standardwebhooks"}


def is_taken_by_python(sent: Sent) -> list[bool]:
    """Whether Stripe's package for Python takes a request, and whether ours does."""

    def passes(construct: Any, problems: tuple[type[Exception], ...]) -> bool:
        try:
            construct(sent.body, sent.signature, sent.secret)
        except problems:
            return False
        return True

    return [
        passes(stripe.Webhook.construct_event, (stripe.SignatureVerificationError, ValueError)),
        passes(linkspan.Webhook.construct_event, (linkspan.SignatureVerificationError, linkspan.DecodeError)),
    ]


@pytest.mark.timeout(180)
@pytest.mark.official_client(STRIPES, STANDARD)
def test_every_verifier_takes_what_is_sent_and_nothing_else(tally: Tally) -> None:
    server = make_server(clock=Clock(time.time()))  # verifiers look at their own clock
    good, bad = delivered(server, random.Random(16))

    taken = [[*is_taken_by_python(each), *node] for each, node in zip(good, taken_by_node(good), strict=True)]
    refused = [[*is_taken_by_python(each), *node] for each, node in zip(bad, taken_by_node(bad), strict=True)]

    payloads = len({each.body for each in good})
    assert payloads == PAYLOADS
    assert [answers for answers in taken if not all(answers)] == []
    assert [answers for answers in refused if any(answers)] == []
    former = len(good) - payloads
    tally("R16", payloads=payloads, verified=len(good), by_a_former_secret=former, refused=len(bad))
    done(server.store.aclose())
