"""How long after the click a person sees a bank, on a phone four times slower than this machine."""

from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Route, sync_playwright

from benchmarks.comparison import Comparison
from benchmarks.linkspan_here import KEY, linkspan
from linkspan import Client
from tools.chromium import ARGUMENTS, LEFT_OUT, find_chromium

SLOWER: Final = 4
_BUDGET_MS: Final = 300
# A page of this machine, which `linkspan dev` lets show the modal; nobody serves it.
SHOP: Final = "http://localhost:1/"
_PAGE: Final = """<!doctype html><script src="{server}/v3/"></script><button>Link</button>
<script>const stripe = Stripe('pk_test_benchmark');</script>"""
# One process for page and frame, so that both are slowed down; a site of its own has a process of its own.
TOGETHER: Final = (
    "--disable-site-isolation-trials",
    "--disable-features=IsolateOrigins,site-per-process,LocalNetworkAccessChecks",
)
_CLICK: Final = """secret => new Promise(resolve => {
    addEventListener('message', ({ data }) => resolve(data - clicked));
    let clicked = 0;
    document.querySelector('button').onclick = () => {
        clicked = performance.timeOrigin + performance.now();
        stripe.collectFinancialConnectionsAccounts({ clientSecret: secret });
    };
    document.querySelector('button').click();
})"""
# People look at a page before they click; the frame is there by then.
_IS_THERE: Final = """() => performance.getEntriesByType('resource')
    .some(one => one.initiatorType === 'iframe')"""
_FIRST_ROW: Final = """if (parent !== window) new MutationObserver((_, watch) => {
    if (!document.querySelector('[data-testid^=ls-bank-]')) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() =>
        parent.postMessage(performance.timeOrigin + performance.now(), '*')));
}).observe(document, { childList: true, subtree: true });"""


def compare(folder: Path, *, rounds: int, processor: int | None) -> list[Comparison]:
    """Measure each opening in a browser that has never seen the modal, against the budget."""
    chromium = find_chromium()
    if chromium is None:
        return []
    with (
        linkspan(folder, processor=processor) as running,
        Client(KEY, base_url=running.server.url) as client,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=chromium, args=[*ARGUMENTS, *TOGETHER], ignore_default_args=LEFT_OUT
        )
        waits = [
            _opened(browser, running.server.url, _secret(client, running.customer)) for _ in range(rounds)
        ]
        browser.close()
    budget = [float(_BUDGET_MS)] * rounds
    return [
        Comparison(
            what="click to first bank, CPU 4 times slower",
            peer="budget",
            unit="ms",
            kind="cost",
            ours=waits,
            theirs=budget,
            aim=1,
        )
    ]


def _secret(client: Client, customer: str) -> str:
    session = client.sessions.create(
        account_holder={"type": "customer", "customer": customer}, permissions=["balances"]
    )
    return session.client_secret or ""


def _opened(browser: Browser, server: str, secret: str) -> float:
    """Return the milliseconds from the click until a bank can be seen."""

    def answer(route: Route) -> None:
        route.fulfill(body=_PAGE.format(server=server), content_type="text/html")

    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.add_init_script(_FIRST_ROW)
    page = context.new_page()
    page.route(SHOP, answer)
    page.goto(SHOP)
    page.wait_for_function(_IS_THERE)
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    waited = float(page.evaluate(_CLICK, secret))
    context.close()
    return waited
