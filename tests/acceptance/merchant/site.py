"""A merchant's back end: the official stripe package, one page, and the page's one question."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import stripe

HERE = Path(__file__).parent
STRIPE_JS = HERE.parent / "vendor" / "stripe-js-10.2.1" / "index.mjs"
HTML, SCRIPT, JSON = "text/html; charset=utf-8", "text/javascript; charset=utf-8", "application/json"


@dataclass
class Merchant:
    """One merchant with a key of its own, and the Sessions it began."""

    server: str
    origin: str
    secret_key: str
    sessions: list[stripe.financial_connections.Session] = field(default_factory=list)
    asks_for_transactions: bool = False

    def begin(self) -> dict[str, str]:
        """Make a Session for a new customer, as Stripe's guide says to."""
        customer = stripe.Customer.create(name="Robin Park", api_key=self.secret_key)
        session = stripe.financial_connections.Session.create(
            account_holder={"type": "customer", "customer": customer.id},
            permissions=[
                "balances",
                "ownership",
                "payment_method",
                *(("transactions",) if self.asks_for_transactions else ()),
            ],
            prefetch=["balances", "ownership"],
            filters={"country": "US"},
            api_key=self.secret_key,
        )
        self.sessions.append(session)
        return {"clientSecret": session.client_secret or ""}


@contextmanager
def serving(server: str, secret_key: str, publishable_key: str = "pk_test_quay_street") -> Iterator[Merchant]:
    """Open the merchant's site, on a port of its own and under another name than the server's."""

    class Desk(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            pages = {
                "/": (HTML, (HERE / "page.html").read_text().replace("{server}", server)),
                "/page.mjs": (SCRIPT, (HERE / "page.mjs").read_text().replace("{key}", publishable_key)),
                "/stripe-js/index.mjs": (SCRIPT, STRIPE_JS.read_text()),
            }
            kind, text = pages.get(self.path, (HTML, ""))
            self._answer(kind, text, 200 if text else 404)

        def do_POST(self) -> None:
            self._answer(JSON, json.dumps(merchant.begin()), 200)

        def _answer(self, kind: str, text: str, status: int) -> None:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_words: Any) -> None:
            """Leave the test's output alone."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    merchant = Merchant(server, f"http://localhost:{listening.server_port}", secret_key)
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    try:
        yield merchant
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join()
