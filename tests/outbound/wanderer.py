"""Asks by every way out for addresses nobody may call, and prints what came of it.

Run by `test_destinations.py`, in a network of its own where the system lends one.
"""

import asyncio
import ipaddress
import json
import sys
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from dataclasses import replace as copy
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

from msgspec.structs import replace

from linkspan.objects import WebhookEndpoint, decode_as, encode
from linkspan.server.operations.deliveries import TO_ENDPOINTS
from linkspan.server.outbound.egress import Address, Egress
from linkspan.server.outbound.exchange import Request
from linkspan.server.outbound.failures import OutboundFailure, Refused
from linkspan.server.outbound.network import Network
from linkspan.server.store import webhook_endpoints as endpoint_rows
from linkspan.server.store.driver import Tx
from linkspan.server.telemetry.log import Log
from linkspan.server.worker import create_runner
from tests.api.conftest import KEY, Answer, Server, make_server, named
from tests.outbound.banks import ASKS, connected, misled
from tests.outbound.canaries import Canaries, lines
from tests.raw import serving

PUBLIC: Final = "9.9.9.9"
# An operator's own: the one address of this machine that may be called.
ALLOWED: Final = "127.0.0.9"
GOOD: Final = "https://shop.example/"
DESTINATIONS: Final = "/v2/core/event_destinations"
DESTINATION: Final = {
    "name": "Ours",
    "type": "webhook_endpoint",
    "event_payload": "snapshot",
    "enabled_events": ["*"],
}
AT_ONCE: Final = 16


@dataclass
class Names:
    """A resolver: what each name stands for, look-up by look-up, the last for ever."""

    known: dict[str, tuple[list[str], ...]] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)

    def name(self, *answers: list[str]) -> str:
        """Return a new name that stands for *answers*, one after another."""
        made = f"n{len(self.known)}.shop.example"
        self.known[made] = answers
        return made

    async def __call__(self, host: str, port: int) -> Sequence[Address]:
        del port
        self.asked[host] += 1
        # As the system's own resolver does.
        is_own = host.removesuffix(".").endswith("localhost")
        answers = (["127.0.0.1", "::1"],) if is_own else self.known[host]
        return tuple(map(ipaddress.ip_address, answers[min(self.asked[host], len(answers)) - 1]))


async def post(server: Server, path: str, **form: str) -> Answer:
    return await server.send("POST", path, urlencode(form).encode(), named(KEY))


def is_refused(answer: Answer, param: str = "url") -> bool:
    return answer.status == 400 and answer.error.get("param") == param


async def created(server: Server, urls: list[str]) -> list[str]:
    """Create an endpoint with each; return what went through."""
    made = {
        url: await post(server, "/v1/webhook_endpoints", url=url, **{"enabled_events[0]": "*"})
        for url in urls
    }
    return [url for url, answer in made.items() if not is_refused(answer)]


async def updated(server: Server, urls: list[str]) -> list[str]:
    """Give an endpoint each as its address; return what went through."""
    made = await post(server, "/v1/webhook_endpoints", url=GOOD, **{"enabled_events[0]": "*"})
    path = f"/v1/webhook_endpoints/{made.json['id']}"
    return [url for url in urls if not is_refused(await post(server, path, url=url))]


async def destined(server: Server, urls: list[str]) -> list[str]:
    """Create an event destination with each, and give one each as its address; return what went through."""
    good = await send_json(server, DESTINATIONS, {**DESTINATION, "webhook_endpoint": {"url": GOOD}})
    path = f"{DESTINATIONS}/{good.json['id']}"
    through = []
    for url in urls:
        webhook_endpoint = {"webhook_endpoint": {"url": url}}
        made = await send_json(server, DESTINATIONS, DESTINATION | webhook_endpoint)
        changed = await send_json(server, path, webhook_endpoint)
        through += [url for answer in (made, changed) if not is_refused(answer, "webhook_endpoint[url]")]
    return through


async def send_json(server: Server, path: str, body: object) -> Answer:
    return await server.send("POST", path, json.dumps(body).encode(), named(KEY))


async def delivered(server: Server, urls: list[str]) -> list[str]:
    """Let endpoints be told that have these addresses all the same, and by hand once more."""
    endpoints = [
        (await post(server, "/v1/webhook_endpoints", url=GOOD, **{"enabled_events[0]": "*"}))
        for _ in range(AT_ONCE)
    ]
    through = []
    for start in range(0, len(urls), AT_ONCE):
        some = urls[start : start + AT_ONCE]
        for endpoint, url in zip(endpoints, some, strict=False):
            await server.store.write(partial(move, server=server, endpoint=endpoint.json["id"], url=url))
        event = (await told(server)).json["id"]
        await attempts(server, event, count=AT_ONCE)
        await post(server, f"/v1/events/{event}/retry")
        both = await attempts(server, event, count=2 * AT_ONCE)
        through += [str(one) for one in both if one["http_status"] is not None or not one["problem"]]
    return through


async def move(tx: Tx, server: Server, endpoint: str, url: str) -> None:
    """Change where an endpoint is, as no request could."""
    kept = await endpoint_rows.get(tx, server.scope(), endpoint)
    assert kept is not None
    moved = encode(replace(decode_as(kept.doc, WebhookEndpoint), url=url))
    wanted = endpoint_rows.Wanted(status="enabled", enabled_events=["*"])
    await endpoint_rows.save(tx, server.scope(), endpoint, copy(kept, doc=moved), wanted)


async def told(server: Server) -> Answer:
    return await post(server, "/v1/test_helpers/events", type="customer.created")


async def attempts(server: Server, event: str, *, count: int) -> list[dict[str, Any]]:
    """Wait until an event was tried that often; return what came of it."""
    while True:
        listed = (await server.send("GET", f"/v1/events/{event}/attempts", b"", named(KEY))).json["data"]
        if len(listed) >= count:
            return list(listed)
        await asyncio.sleep(0.01)


async def redirected(network: Network, urls: list[str]) -> list[str]:
    """Let an address that may be called send on to each; return what was not brought back."""
    statuses = (301, 302, 303, 307, 308)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readuntil(b"\r\n\r\n")).split()[1]
        number = int(path.removeprefix(b"/"))
        status, url = statuses[number % len(statuses)], urls[number].encode()
        writer.write(b"HTTP/1.1 %d X\r\nlocation: %b\r\ncontent-length: 0\r\n\r\n" % (status, url))

    through = []
    async with serving(serve, host=ALLOWED) as port:
        for number, url in enumerate(urls):
            request = Request(method="POST", url=f"http://{ALLOWED}:{port}/{number}", body=b"x")
            try:
                answer = await network.send(request)
            except OutboundFailure:
                continue  # with a line break in it, it was no header
            if answer.status not in statuses:
                through.append(url)
    return through


async def rebound(names: Names, canaries: Canaries, addresses: list[str]) -> list[str]:
    """Call names that stand for something else the second time; return what was called wrongly."""
    wrong = []
    async with Network(Egress.allowing(ALLOWED), resolve=names) as network:
        for address in addresses:
            name = names.name([ALLOWED], [address])
            request = Request(method="GET", url=f"http://{name}:{canaries.port}/")
            before = len(canaries.came)
            outcomes = [type(await failure(network, request)) for _ in range(2)]
            if outcomes[1] is not Refused or names.asked[name] != 2:
                wrong.append(f"{address} {outcomes} {names.asked[name]}")
            if set(canaries.came[before:]) != {ALLOWED}:
                wrong.append(f"{address} {canaries.came[before:]}")
    return wrong


async def failure(network: Network, request: Request) -> Exception | None:
    try:
        await network.send(request)
    except OutboundFailure as problem:
        return problem
    return None


async def dialled(names: Names, canaries: Canaries, addresses: list[str]) -> list[str]:
    """Call public addresses where they are our own; return those that another one was dialled for."""
    wrong = []
    async with Network(Egress(), resolve=names) as network:
        for address in addresses:
            before = len(canaries.came)
            url = f"https://{names.name([address])}:{canaries.port}/"
            await failure(network, Request(method="GET", url=url))
            came = canaries.came[before:]
            if {ipaddress.ip_address(one) for one in came} != {
                ipaddress.ip_address(address.removeprefix("::ffff:"))
            }:
                wrong.append(f"{address} {came}")
    return wrong


@asynccontextmanager
async def living(server: Server, network: Network) -> AsyncIterator[None]:
    """Do a server's background work, its way to endpoints being *network*."""
    log = Log(server.context.world, server.log)
    life = asyncio.create_task(create_runner(server.context, log, network).work())
    yield
    life.cancel()
    await asyncio.gather(life, return_exceptions=True)


async def asked_for(urls: list[str]) -> tuple[dict[str, list[str]], list[dict[str, Any]]]:
    """Ask the API to tell each of events; return what went through, and what went wrong."""
    server = make_server()
    through = {
        "create": await created(server, urls),
        "update": await updated(server, urls),
        "destinations": await destined(server, urls),
    }
    return through, bugs_of(server)


def bugs_of(server: Server) -> list[dict[str, Any]]:
    return [line for line in server.lines() if line["event"] == "bug"]


async def main() -> None:
    """Try everything, and print one line of JSON."""
    canaries, names = Canaries(), Names()
    with canaries.listening():
        port = str(canaries.port)
        urls = [json.loads(line).replace("PORT", port) for line in lines("refused-urls.txt")]
        addresses = lines("refused-addresses.txt")
        named_urls = [
            f"https://{names.name(answer)}:{port}/"
            for address in addresses
            for answer in ([address], [PUBLIC, address], [address, PUBLIC])
        ]
        everything = urls + named_urls
        server = make_server()
        through, bugs = await asked_for(urls)
        network = Network(Egress(), resolve=names, **TO_ENDPOINTS)
        async with network, living(server, network):
            through["deliveries"] = await delivered(server, everything)
            through["banks"] = await connected(network, everything)
        async with Network(Egress.allowing(ALLOWED), resolve=names) as to_allowed:
            through["redirects"] = await redirected(to_allowed, everything)
            through["bridges"] = await misled(to_allowed, everything, host=ALLOWED)
        reached = list(canaries.came)
        through["rebinding"] = await rebound(names, canaries, addresses)
        public = lines("public-addresses.txt") if canaries.is_alone else []
        through["dialled"] = await dialled(names, canaries, public)
    tries = {
        "create": len(urls),
        "update": len(urls),
        "destinations": 2 * len(urls),
        "deliveries": 2 * len(everything),
        "banks": len(ASKS) * len(everything),
        "redirects": len(everything),
        "bridges": len(everything),
        "rebinding": len(addresses),
        "dialled": len(public),
    }
    bugs += bugs_of(server)
    json.dump(
        {
            "is_alone": canaries.is_alone,
            "payloads": len(urls) + len(addresses),
            "tries": tries,
            "through": through,
            "reached": reached,
            "bugs": bugs,
        },
        sys.stdout,
    )


if __name__ == "__main__":
    asyncio.run(main())
