"""Links a bank account: run it beside `make demo`, then open http://127.0.0.1:8000."""

import html
import os
from http.server import BaseHTTPRequestHandler, HTTPServer

from linkspan import Client

server = os.environ.get("LINKSPAN_API_BASE", "http://127.0.0.1:12111")
client = Client("sk_test_linkspan", base_url=server)
customer = client.customers.create(name="Jenny Rosen")
session = client.sessions.create(
    account_holder={"type": "customer", "customer": customer},
    permissions=["balances"],
    filters={"country": "US"},
)
PAGE = f"""<!doctype html><script src="{server}/v3/"></script><button>Link an account</button>
<script>
  const stripe = Stripe("pk_test_linkspan");
  document.querySelector("button").onclick = () => stripe
    .collectFinancialConnectionsAccounts({{clientSecret: "{session.client_secret}"}})
    .then(() => location.assign("/linked"));
</script>"""


class Shop(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        linked = client.sessions.retrieve(session.id).accounts.data if self.path == "/linked" else ()
        names = (html.escape(f"{one.institution_name} {one.display_name} ··{one.last4}") for one in linked)
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(("<br>".join(names) or PAGE).encode())


if __name__ == "__main__":
    HTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8000"))), Shop).serve_forever()
