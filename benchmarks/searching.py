"""How long a key takes in the search of ten thousand banks, on a processor four times slower."""

import asyncio
import io
import json
import os
from collections.abc import Iterator
from functools import partial
from itertools import islice, product
from pathlib import Path
from typing import Final
from urllib.request import Request, urlopen

from playwright.sync_api import Browser, Frame, Route, sync_playwright

from benchmarks.comparison import Comparison
from benchmarks.linkspan_here import KEY, linkspan
from benchmarks.opening import SHOP, SLOWER, TOGETHER
from linkspan import Client
from linkspan.cli.opening import bare_context
from linkspan.server.config import MasterKeys
from linkspan.server.operations.institution_imports import import_
from linkspan.server.store.sqlite import open_store
from tools.chromium import ARGUMENTS, LEFT_OUT, find_chromium

# Together with those that come with the server as many as the index takes.
_ROWS: Final = 9_800
_TRIES_MAX: Final = 40
_FRAME_MS: Final = 1000 / 60
# What the modal's design allows for the three hundred largest, for all of them.
_BYTES_A_ROW: Final = 100
_KILO: Final = 1000
# Typed letter by letter: a name, one in the middle of many, an abbreviation, a slip, and nothing that exists.
_TYPED: Final = ("first national bank", "valley", "fnb", "savigns", "communtiy bnak", "zzzz")
_PAGE: Final = """<!doctype html><script src="{server}/v3/"></script><button>Link</button>"""
_OPEN: Final = """secret => {
    document.querySelector('button').onclick = () =>
        Stripe('pk_test_benchmark').collectFinancialConnectionsAccounts({ clientSecret: secret });
    document.querySelector('button').click();
}"""
# From the key until what it found has its place on the screen.
_KEY: Final = """async text => {
    const field = document.querySelector('[data-testid=ls-search]');
    const began = performance.now();
    field.value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    for (let turn = 0; turn < 5; turn += 1) await null;
    document.body.getBoundingClientRect();
    return performance.now() - began;
}"""
_WORDS: Final = (
    (
        "First",
        "Farmers",
        "Citizens",
        "Peoples",
        "Community",
        "Valley",
        "Heritage",
        "Security",
        "Union",
        "Summit",
    ),
    ("National", "State", "Savings", "Merchants", "County", "Home", "Commerce", "Trust", "Mutual", "Federal"),
    ("Ash", "Birch", "Cedar", "Elm", "Hazel", "Maple", "Oak", "Pine", "Rowan", "Willow"),
    ("dale", "field", "ford", "grove", "ham", "hurst", "port", "ton", "ville", "wood"),
)


def compare(folder: Path, *, rounds: int, processor: int | None) -> list[Comparison]:
    """Measure keys and the index; of keys the slowest of each round."""
    chromium = find_chromium()
    if chromium is None:
        return []
    with (
        linkspan(folder, processor=processor) as running,
        Client(KEY, base_url=running.server.url) as client,
    ):
        session = client.sessions.create(
            account_holder={"type": "customer", "customer": running.customer}, permissions=["balances"]
        )
        secret = session.client_secret or ""
        _fill(folder)
        size = _index_size(running.server.url, secret)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium, args=[*ARGUMENTS, *TOGETHER], ignore_default_args=LEFT_OUT
            )
            keys = _keys(browser, running.server.url, secret, rounds)
            browser.close()
    return [
        Comparison(
            what="slowest key among 10,000 banks, CPU 4 times slower",
            peer="a frame",
            unit="ms",
            kind="cost",
            ours=keys,
            theirs=[_FRAME_MS] * rounds,
            aim=1,
        ),
        Comparison(
            what="index of 10,000 banks, in gzip",
            peer="100 bytes a row",
            unit="kB",
            kind="cost",
            ours=[size / _KILO],
            theirs=[_ROWS * _BYTES_A_ROW / _KILO],
            aim=1,
        ),
    ]


def _fill(folder: Path) -> None:
    """Bring ten thousand banks into the directory of a server that runs."""
    text = "id,name,domains,place\n" + "".join(islice(_lines(), _ROWS))
    context = bare_context(open_store(str(folder / "linkspan.db")), MasterKeys(os.urandom(32)))
    asyncio.run(import_(context, "csv", partial(io.StringIO, text, newline=""), source="benchmark"))


def _lines() -> Iterator[str]:
    for number, (kind, bank, tree, place) in enumerate(product(*_WORDS)):
        name, town = f"{kind} {bank} Bank of {tree}{place}", f"{tree}{place}"
        host = f"{kind}{bank}{town}.example".lower()
        yield f'fcinst_bench_{number},{name},{host},"{town}, OH"\n'


def _index_size(server: str, secret: str) -> int:
    headers = {"Authorization": f"Bearer {secret}", "Accept-Encoding": "gzip"}
    with urlopen(Request(f"{server}/link/index", headers=headers)) as answer:
        return len(answer.read())


def _keys(browser: Browser, server: str, secret: str, rounds: int) -> list[float]:
    """Return the milliseconds of the slowest key of each round, once the index is there."""

    def answer(route: Route) -> None:
        route.fulfill(body=_PAGE.format(server=server), content_type="text/html")

    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.route(SHOP, answer)
    page.goto(SHOP)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(_OPEN, secret)
    page.frame_locator("linkspan-modal iframe").get_by_test_id("ls-search").wait_for()
    frame = next(one for one in page.frames if "/link/frame" in one.url)
    _wait_for_index(frame, asked)
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    frame.evaluate(_KEY, "warm up")
    slowest = []
    for _ in range(rounds):
        typed = [query[: end + 1] for query in _TYPED for end in range(len(query))]
        slowest.append(max(float(frame.evaluate(_KEY, text)) for text in typed))
    page.close()
    return slowest


def _wait_for_index(frame: Frame, asked: list[str]) -> None:
    """Type until nobody is asked any more: then the browser searches by itself."""
    for _ in range(_TRIES_MAX):
        before = len(asked)
        frame.evaluate(_KEY, json.dumps(before))
        frame.wait_for_timeout(500)
        if len(asked) == before:
            return
    raise RuntimeError("the modal never searched by itself")
