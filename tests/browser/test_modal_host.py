from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Error, Page, expect

from tests.browser.conftest import OpenModal
from tests.browser.fake_link import FakeLink, example

pytestmark = pytest.mark.browser

NOTHING_LINKED = example("closed")["result"]
OPEN = {
    "linkspan": 1,
    "type": "open",
    "clientSecret": "mine",
    "key": "pk_test_1",
    "theme": "auto",
    "appearance": None,
    "nonce": None,
}
TRACES = """() => [
    document.documentElement.outerHTML, document.activeElement.id, document.adoptedStyleSheets.length,
]"""


def test_a_careful_page_needs_to_allow_a_script_and_a_frame_only(
    page: Page, link: FakeLink, open_modal: OpenModal
) -> None:
    link.index = "index"
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    frame = open_modal("bank", kind="strict")

    frame.get_by_test_id("ls-bank-fcinst_harbor").click()
    frame.get_by_test_id("ls-consent-agree").click()
    with page.context.expect_page() as opened:
        frame.get_by_test_id("ls-login-link").click()
    opened.value.get_by_role("link", name="Allow").click()
    page.bring_to_front()
    frame.get_by_test_id("ls-accounts-submit").click()
    frame.get_by_test_id("ls-done").click()

    assert page.evaluate("window.outcome") == example("done")["result"]
    assert page.evaluate("window.crossOriginIsolated")
    assert page.evaluate("window.violations") == []
    assert [text for text in complaints if "favicon" not in text] == []


def test_the_modal_is_styled_where_the_page_allows_no_styles(page: Page, open_modal: OpenModal) -> None:
    page.emulate_media(reduced_motion="reduce")

    open_modal(kind="strict")

    box = page.locator("linkspan-modal dialog").bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (440, 736)


def test_the_modal_leaves_no_trace(page: Page, link: FakeLink, open_modal: OpenModal) -> None:
    page.goto(f"{link.host}/host/plain")
    page.locator("#open").focus()
    before = page.evaluate(TRACES)

    open_modal().get_by_test_id("ls-close").click()
    page.evaluate("window.outcome")

    assert page.evaluate(TRACES) == before


def test_focus_goes_back_to_what_opened_the_modal(page: Page, open_modal: OpenModal) -> None:
    frame = open_modal()

    frame.get_by_test_id("ls-close").click()

    expect(page.locator("#open")).to_be_focused()


def test_a_page_that_fights_for_focus_and_clicks_loses(page: Page, link: FakeLink) -> None:
    page.goto(f"{link.host}/host/plain")
    page.evaluate("""() => {
        const field = document.body.appendChild(document.createElement('input'));
        const cover = document.body.appendChild(document.createElement('div'));
        cover.style.cssText = 'position: fixed; inset: 0; z-index: 2147483647; background: red';
        const rules = new CSSStyleSheet();
        rules.replaceSync('* { pointer-events: none !important }');
        document.adoptedStyleSheets.push(rules);
        setInterval(() => field.focus(), 20);
        window.link();
    }""")
    frame = page.frame_locator("linkspan-modal iframe")

    frame.get_by_test_id("ls-search").click()
    page.keyboard.type("juniper savings", delay=25)

    expect(frame.get_by_test_id("ls-search")).to_have_value("juniper savings")
    assert page.locator("body > input").input_value() == ""


def test_rules_of_the_page_do_not_reach_the_modal(page: Page, open_modal: OpenModal) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.add_init_script("""document.addEventListener('DOMContentLoaded', () => {
        const rules = document.createElement('style');
        rules.textContent = 'iframe, dialog, div { display: none !important; width: 50px !important }';
        document.head.append(rules);
    })""")

    open_modal()

    box = page.locator("linkspan-modal iframe").bounding_box()
    assert box is not None
    assert box["width"] == 440


def test_escape_in_the_frame_leaves(page: Page, open_modal: OpenModal) -> None:
    open_modal("bank")

    page.keyboard.press("Escape")

    assert page.evaluate("window.outcome") == NOTHING_LINKED


def test_escape_clears_the_search_before_it_leaves(page: Page, open_modal: OpenModal) -> None:
    search = open_modal("bank").get_by_test_id("ls-search")
    search.fill("har")

    search.press("Escape")
    expect(search).to_have_value("")
    search.press("Escape")

    assert page.evaluate("window.outcome") == NOTHING_LINKED


def test_escape_closes_the_question_before_it_leaves(
    page: Page, link: FakeLink, open_modal: OpenModal
) -> None:
    link.show("accounts")
    frame = open_modal()

    page.keyboard.press("Escape")
    expect(frame.get_by_test_id("ls-exit-leave")).to_be_visible()
    page.keyboard.press("Escape")

    expect(frame.get_by_test_id("ls-exit-leave")).to_have_count(0)
    assert link.called("close") == []


DIALOG = "document.querySelector('linkspan-modal').shadowRoot.querySelector('dialog')"


def test_a_close_request_of_the_browser_becomes_the_question(
    page: Page, link: FakeLink, open_modal: OpenModal
) -> None:
    link.show("accounts")
    frame = open_modal()
    page.evaluate(f"() => {{ {DIALOG}.addEventListener('close', () => {{ window.wasClosed = true }}) }}")

    page.evaluate(f"() => {{ {DIALOG}.requestClose() }}")

    expect(frame.get_by_test_id("ls-exit-stay")).to_be_visible()
    assert page.evaluate("window.wasClosed") is None


def test_a_dialog_closed_behind_the_modals_back_opens_again_and_asks(
    page: Page, link: FakeLink, open_modal: OpenModal
) -> None:
    link.show("accounts")
    frame = open_modal()

    page.evaluate(f"() => {{ {DIALOG}.close() }}")

    expect(frame.get_by_test_id("ls-exit-stay")).to_be_visible()
    assert link.called("close") == []


def test_a_click_beside_the_modal_asks_to_leave(page: Page, link: FakeLink, open_modal: OpenModal) -> None:
    link.show("accounts")
    frame = open_modal()

    page.mouse.click(20, 20)

    expect(frame.get_by_test_id("ls-exit-stay")).to_be_visible()


def test_the_page_can_call_it_off(page: Page, link: FakeLink) -> None:
    page.goto(f"{link.host}/host/plain")
    page.evaluate(
        "() => { window.stop = new AbortController(); window.link({ signal: window.stop.signal }) }"
    )
    frame = page.frame_locator("linkspan-modal iframe")
    expect(frame.locator("[data-pane=bank]")).to_be_visible()

    page.evaluate("window.stop.abort()")

    assert page.evaluate("window.outcome") == NOTHING_LINKED


def test_two_windows_of_one_session_show_the_same_truth(
    context: BrowserContext, link: FakeLink, open_modal: OpenModal
) -> None:
    link.show("login_opened")
    first = open_modal()
    other = context.new_page()
    other.goto(f"{link.host}/host/plain")
    other.get_by_role("button", name="Link an account").click()
    second = other.frame_locator("linkspan-modal iframe")
    expect(second.locator("[data-pane=login]")).to_be_visible()

    link.show("accounts")

    expect(first.locator("[data-pane=accounts]")).to_be_visible()
    expect(second.locator("[data-pane=accounts]")).to_be_visible()


def _rejection(page: Page, call: str) -> Any:
    return page.evaluate(
        f"async () => {{ try {{ await ({call}) }} catch (error) {{ return [error.name, error.message] }} }}"
    )


def test_a_second_call_while_open_is_refused(page: Page, open_modal: OpenModal) -> None:
    open_modal()

    name, message = _rejection(
        page, "Stripe('pk_test_other').collectFinancialConnectionsAccounts({clientSecret: 'another'})"
    )

    assert name == "IntegrationError"
    assert "already open" in message
    expect(page.locator("linkspan-modal")).to_have_count(1)


def test_the_modal_opens_again_after_it_was_closed(page: Page, link: FakeLink, open_modal: OpenModal) -> None:
    open_modal("bank").get_by_test_id("ls-close").click()
    page.evaluate("window.outcome")
    link.show("bank")

    page.evaluate("() => { window.link() }")

    expect(page.frame_locator("linkspan-modal iframe").locator("[data-pane=bank]")).to_be_visible()


@pytest.mark.parametrize(
    ("call", "named"),
    [
        ("Stripe()", "publishable key"),
        ("Stripe('')", "publishable key"),
        ("Stripe('sk_test_123')", "secret key"),
        ("Stripe('pk_test_1').collectFinancialConnectionsAccounts()", "clientSecret"),
        ("Stripe('pk_test_1').collectFinancialConnectionsAccounts({clientSecret: 7})", "clientSecret"),
        (
            "Stripe('pk_test_1').collectFinancialConnectionsAccounts({clientSecret: 'x', theme: 'pink'})",
            "theme",
        ),
        ("Stripe('pk_test_1').elements().create('card')", "elements"),
    ],
)
def test_a_mistake_in_the_page_is_named(call: str, named: str, page: Page, link: FakeLink) -> None:
    page.goto(f"{link.host}/host/plain")

    name, message = _rejection(page, call)

    assert name == "IntegrationError"
    assert named in message


@pytest.mark.parametrize("method", ["createToken", "createPaymentMethod", "confirmCardPayment"])
def test_what_linkspan_does_not_do_says_so(method: str, page: Page, link: FakeLink) -> None:
    page.goto(f"{link.host}/host/plain")

    answer = page.evaluate(f"Stripe('pk_test_1').{method}()")

    assert answer["error"]["code"] == "unsupported_method"
    assert method in answer["error"]["message"]


def test_stripe_is_callable_as_the_official_wrappers_call_it(page: Page, link: FakeLink) -> None:
    page.goto(f"{link.host}/host/plain")

    found = page.evaluate("""() => {
        const key = 'pk_test_1';
        const made = [Stripe(key), new Stripe(key, {locale: 'de'}), Stripe.apply(undefined, [key])];
        for (const stripe of made) {
            stripe._registerWrapper({name: 'stripe-js', version: '10.2.1', startTime: 1});
            stripe.registerAppInfo({name: 'app'});
        }
        const version = Stripe.version;
        Stripe.version = 'other';
        return [made.map(stripe => typeof stripe.elements), version, Stripe.version, Stripe === Linkspan];
    }""")

    assert found == [["function"] * 3, "endive", "other", True]


def test_a_page_may_load_the_script_twice_even_while_open(
    page: Page, link: FakeLink, open_modal: OpenModal
) -> None:
    frame = open_modal("bank")

    page.add_script_tag(url=f"{link.server}/linkspan.js")

    with pytest.raises(Error, match="already open"):
        page.evaluate("Linkspan('pk_test_1').collectFinancialConnectionsAccounts({clientSecret: 'x'})")
    frame.get_by_test_id("ls-close").click()
    assert page.evaluate("window.outcome") == NOTHING_LINKED


@pytest.mark.parametrize("kind", ["module", "async"])
def test_the_script_knows_its_server_however_it_is_loaded(kind: str, page: Page, link: FakeLink) -> None:
    page.goto(f"{link.host}/host/page.js")
    page.set_content("<h1>Empty</h1>")
    page.evaluate(
        """([kind, src]) => new Promise(resolve => {
            const script = document.createElement('script');
            if (kind === 'module') script.type = 'module'; else script.async = true;
            script.onload = resolve;
            script.src = src;
            document.head.append(script);
        })""",
        [kind, f"{link.server}/linkspan.js"],
    )

    page.evaluate("() => { Linkspan('pk_test_1').collectFinancialConnectionsAccounts({clientSecret: 'x'}) }")

    source = page.locator("linkspan-modal iframe").get_attribute("src")
    assert source is not None
    assert source.startswith(f"{link.server}/link/frame?key=pk_test_1&")


def test_the_real_stripe_js_keeps_its_name(page: Page, link: FakeLink) -> None:
    page.add_init_script("window.Stripe = function theirs() {}")

    page.goto(f"{link.host}/host/plain")

    assert page.evaluate("[Stripe.name, typeof Linkspan]") == ["theirs", "function"]


def test_only_the_page_around_it_can_open_the_frame(page: Page, link: FakeLink) -> None:
    page.goto(f"{link.host}/host/plain")
    page.evaluate(
        """async ([server, open]) => {
        const outer = document.body.appendChild(document.createElement('iframe'));
        outer.src = `${server}/link/frame?key=pk_test_1&locale=en`;
        await new Promise(resolve => { outer.onload = resolve });
        const stranger = document.body.appendChild(document.createElement('iframe'));
        stranger.contentWindow.eval(`
            const { port2 } = new MessageChannel();
            parent.frames[0].postMessage(${JSON.stringify({...open, key: 'pk_test_stranger'})}, '*', [port2]);
        `);
    }""",
        [link.server, OPEN],
    )

    page.evaluate(
        """([server, open]) => {
        const { port1, port2 } = new MessageChannel();
        const ready = new Promise(resolve => { port1.onmessage = resolve });
        window.frames[0].postMessage(open, server, [port2]);
        return ready.then(() => true);
    }""",
        [link.server, OPEN],
    )

    expect(page.frame_locator("iframe").first.locator("[data-pane=bank]")).to_be_visible()
    assert [opening["key"] for opening in link.called("open")] == ["pk_test_1"]


def test_the_client_secret_is_in_no_address(page: Page, open_modal: OpenModal) -> None:
    addresses: list[str] = []
    page.context.on("request", lambda request: addresses.append(request.url))
    frame = open_modal("bank")

    frame.get_by_test_id("ls-bank-fcinst_harbor").click()
    expect(frame.locator("[data-pane=consent]")).to_be_visible()

    assert addresses != []
    assert [address for address in addresses if "secret" in address] == []
