"""R31: whatever other windows say to the frame or to the page, nothing changes and nothing is told."""

import json
import re
from itertools import product
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenModal
from tests.browser.fake_link import FakeLink
from tests.conftest import Tally

pytestmark = pytest.mark.browser

OPEN: Final = {
    "linkspan": 1,
    "type": "open",
    "clientSecret": "fcsess_of_an_attacker",
    "key": "pk_test_attacker",
    "theme": "auto",
    "appearance": None,
    "nonce": None,
}
# In JavaScript, since JSON has no words for some of them.
WRONG: Final = (
    *("undefined", "null", "0", "-1", "NaN", "2", "true", "''", "'open\\0'", "[]", "{}", "new Date()"),
    *("[1]", "['open']", "/x/", "new Map([['a', 1]])", 'JSON.parse(\'{"__proto__": {"type": "open"}}\')'),
    *("Object.assign(Object.create(null), {type: 'open'})", "'x'.repeat(100000)", "1n", "new Uint8Array(8)"),
)
FIELDS: Final = ("linkspan", "type", "clientSecret", "key", "theme", "nonce", "appearance")
# What is a good value of one field, though it stands among the wrong ones of others.
FINE: Final = (
    {("appearance", "null"), ("nonce", "null"), ("nonce", "['open']")}
    | {
        (field, text)
        for field in ("clientSecret", "key", "nonce")
        for text in ("''", "'open\\0'", "'x'.repeat(100000)")
    }
    | {("appearance", text) for text in WRONG if text[0] in "[{n/O" or text.startswith("JSON")}
)
WHOLE: Final = (
    *WRONG,
    *("'open'", "Symbol.iterator", "{type: 'ready', title: 'x'}", "{type: 'abort'}", "{type: 'escape'}"),
    "{type: 'finish', result: {financialConnectionsSession: {accounts: []}}}",
    "{constructor: {prototype: {type: 'open'}}, __proto__: {linkspan: 1}}",
)
SHAPES: Final = [
    *(
        f"({{...OPEN, {field}: {text}}})"
        for field, text in product(FIELDS, WRONG)
        if (field, text) not in FINE
    ),
    *(f"({text})" for text in WHOLE),
]


def _frame_of(page: Page, link: FakeLink) -> None:
    """Put the frame into a page that has not opened it yet, with windows around it that listen."""
    page.goto(f"{link.host}/host/plain")
    page.evaluate(
        """server => {
            window.heard = [];
            window.OPEN = null;
            addEventListener('message', ({ data }) => heard.push(JSON.stringify(data) ?? 'undefined'));
            const frame = document.body.appendChild(document.createElement('iframe'));
            const stranger = document.body.appendChild(document.createElement('iframe'));
            stranger.contentWindow.addEventListener('message', ({ data }) => heard.push(String(data)));
            return new Promise(resolve => {
                frame.onload = resolve;
                frame.src = `${server}/link/frame?key=pk_test_1&locale=en`;
            });
        }""",
        link.server,
    )


def _say(page: Page, shapes: list[str], *, by: str, with_port: bool) -> int:
    """Post each shape to the frame, from the page or from the window beside it; return how many could be."""
    ports = "[new MessageChannel().port2]" if with_port else "[]"
    script = "\n".join(
        f"try {{ target.postMessage({shape}, '*', {ports}); said += 1 }} catch {{}}" for shape in shapes
    )
    body = (
        f"const OPEN = {json.dumps(OPEN)}; const target = top.frames[0]; let said = 0; {script}; return said;"
    )
    window = "window" if by == "page" else "frames[1]"
    return int(page.evaluate(f"body => {window}.eval(`(() => {{${{body}}}})()`)", body))


def _opens_for_its_own_page(page: Page, link: FakeLink) -> None:
    """The true opening still works, and was the only one."""
    page.evaluate(
        """([open, server]) => {
            const { port1, port2 } = new MessageChannel();
            frames[0].postMessage({ ...open, clientSecret: 'mine', key: 'pk_test_mine' }, server, [port2]);
            return new Promise(resolve => { port1.onmessage = resolve }).then(() => true);
        }""",
        [OPEN, link.server],
    )
    expect(page.frame_locator("iframe").first.locator("[data-pane=bank]")).to_be_visible()
    assert [opening["key"] for opening in link.called("open")] == ["pk_test_mine"]


def test_before_it_is_opened_the_frame_believes_nobody_else_and_nothing_else(
    page: Page, link: FakeLink, tally: Tally
) -> None:
    _frame_of(page, link)

    said = _say(page, SHAPES, by="page", with_port=True)
    said += _say(page, ["OPEN"], by="page", with_port=False)
    said += _say(page, [*SHAPES, "OPEN"], by="stranger", with_port=True)

    _opens_for_its_own_page(page, link)
    heard = page.evaluate("heard")
    assert said >= 200
    assert heard == []
    tally("R31 before opening", messages=said, changes=0, told=len(heard))


def test_once_it_is_open_no_window_is_heard_any_more(
    page: Page, link: FakeLink, open_modal: OpenModal, tally: Tally
) -> None:
    frame = open_modal("bank")
    before = frame.locator("body").inner_html()
    page.evaluate(
        """() => {
            window.heard = [];
            const stranger = document.body.appendChild(document.createElement('iframe'));
            for (const one of [window, stranger.contentWindow])
                one.addEventListener('message', ({ source }) => { if (source !== window) heard.push(1) });
        }"""
    )
    shapes = [*SHAPES, "OPEN"]
    target = "top.document.querySelector('linkspan-modal').shadowRoot.querySelector('iframe').contentWindow"
    script = "\n".join(
        f"try {{ target.postMessage({shape}, '*', [new MessageChannel().port2]); said += 1 }} catch {{}}"
        for shape in shapes
    )
    said = page.evaluate(
        f"""() => {{ const OPEN = {json.dumps(OPEN)}; const target = {target}; let said = 0;
            {script}; return said }}"""
    )
    # The same to the page itself: its script hears its port alone.
    said += page.evaluate(
        f"""() => {{ const OPEN = {json.dumps(OPEN)}; const target = window; let said = 0;
            {script}; return said }}"""
    )
    page.evaluate("() => new Promise(resolve => setTimeout(resolve, 100))")

    assert said >= 200
    assert frame.locator("body").inner_html() == before
    assert page.evaluate("heard") == []
    assert len(link.called("open")) == 1
    expect(page.locator("linkspan-modal")).to_have_count(1)
    tally("R31 while open", messages=said, changes=0, told=0)


def test_a_frame_that_became_another_site_is_told_nothing(page: Page, link: FakeLink) -> None:
    page.add_init_script("window.got = []; addEventListener('message', ({ data }) => got.push(data))")
    elsewhere = {"Location": f"{link.host}/host/page.js"}
    page.route("**/link/frame*", lambda route: route.fulfill(status=302, headers=elsewhere))
    page.goto(f"{link.host}/host/plain")

    page.evaluate("() => window.link()")
    page.wait_for_function("frames.length > 0 || document.querySelector('linkspan-modal')")
    page.wait_for_timeout(1_000)

    frame = page.frames[-1]
    assert frame.url == f"{link.host}/host/page.js"
    assert frame.evaluate("got") == []


def test_nothing_is_ever_posted_to_whoever_listens() -> None:
    modal = Path(__file__).parents[2] / "modal"
    sources = [*modal.glob("loader/*.ts"), *modal.glob("app/**/*.ts*"), modal / "messages.ts"]
    posts = [
        call
        for path in sources
        for call in re.findall(r"postMessage\(([^;]*)\);", path.read_text(encoding="utf-8"))
    ]

    assert posts != []
    assert [call for call in posts if '"*"' in call or "'*'" in call] == []
