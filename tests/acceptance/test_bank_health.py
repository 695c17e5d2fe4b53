"""A bank that goes down is known to be down before anybody chooses it, and heals: over HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from linkspan import Client
from linkspan.testing import DevelopmentServer, complete
from tests.acceptance.programs import reserved_port, running

SECRET: Final = "what-the-bank-knows-the-server-by"
PREVIEW: Final = "2026-10-28.preview"
FERRYDESK: Final = "fcinst_ferrydesk"
KEY: Final = "sk_test_health"


@contextmanager
def town() -> Iterator[tuple[DevelopmentServer, list[str]]]:
    """A server, and how to start the bank that it was started beside, which has gone."""
    with reserved_port() as port, reserved_port() as bank_port:
        client = f"linkspan-dev {SECRET} http://127.0.0.1:{port}/link/callback"
        bank = ["sandbank", "--port", str(bank_port), "--client", client]
        settings = {"LINKSPAN_BANK_SECRET": SECRET}
        with running(*bank) as first:
            arguments = ("dev", "--port", str(port), "--bank", first.facts["bank"])
            with running(*arguments, settings=settings) as started:
                first.end()
                facts = {name: started.facts[name] for name in ("url", "bank", "shop", "publishable_key")}
                yield DevelopmentServer(**facts), bank


def test_a_bank_that_goes_down_is_known_to_be_and_heals() -> None:
    with town() as (server, bank), Client(KEY, base_url=server.url, version=PREVIEW) as client:
        customer = client.customers.create(name="Jenny Rosen")

        def sign_in() -> str | None:
            session = client.sessions.create(
                account_holder={"type": "customer", "customer": customer}, permissions=["balances"]
            )
            return complete(server, KEY, session, institution=FERRYDESK).reason

        def status() -> str:
            return client.institutions.retrieve(FERRYDESK).status

        before = status()
        down = [sign_in() for _ in range(2)]
        while_down = status()
        with running(*bank):
            up = [sign_in()]
            healing = status()
            up += [sign_in() for _ in range(5)]
            healed = status()

    assert (before, down, while_down) == ("active", ["bank_down"] * 2, "inactive")
    assert (up, healing, healed) == ([None] * 6, "degraded", "active")
