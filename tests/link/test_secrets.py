"""What a bank entrusts to us, and what opens a modal, is found nowhere it could leak from."""

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, quote

import pytest

from linkspan.server.store.sqlite import open_store
from tests.link.stage import KEY, Stage, set_up
from tests.link.wire import query_of

pytestmark = pytest.mark.anyio


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[tuple[Stage, Path]]:
    """A server whose objects are in a file, and the folder of that file."""
    store = open_store(str(tmp_path / "linkspan.db"))
    yield set_up(store), tmp_path
    store.close()


def spellings(secret: str) -> set[bytes]:
    """A secret raw, in hex, url-encoded, and in base64 at each of the three places it may begin."""
    raw = secret.encode()
    # The characters at the edges depend on what stands beside the secret.
    shifted = [b64encode(b"\0" * shift + raw)[4:-4] for shift in range(3)]
    urlsafe = [text.translate(bytes.maketrans(b"+/", b"-_")) for text in shifted]
    return {
        raw,
        raw.hex().encode(),
        raw.hex().upper().encode(),
        quote(secret, safe="").encode(),
        *shifted,
        *urlsafe,
    }


def found(secret: str, text: bytes) -> bool:
    return any(spelling in text for spelling in spellings(secret))


def at_rest(stage: Stage, folder: Path) -> bytes:
    """Everything on disk, the write-ahead log included, beside the log of requests."""
    files = sorted(folder.iterdir())
    assert [path.name for path in files] == [f"linkspan.db{end}" for end in ("", "-claims", "-shm", "-wal")]
    return b"\n".join([*(path.read_bytes() for path in files), stage.log.getvalue()])


def told(stage: Stage) -> bytes:
    """Every answer of the server, headers included."""
    return b"\n".join(repr(answer.headers).encode() + answer.body for answer in stage.answers)


def of_the_bank(stage: Stage) -> dict[str, str]:
    """What the bank entrusted to us, and what we prove ourselves with, as it went over the wire."""
    (token,) = stage.wire.tokens()
    (exchange,) = (request for request in stage.wire.asked if request.url.endswith("/oauth/token"))
    form = parse_qs(exchange.body.decode())
    numbers = {
        f"account number {index}": network["identifier"]
        for path, given in stage.wire.answered.items()
        for index, network in enumerate(
            each for answer in given for each in answer.get("paymentNetworks", ())
        )
        if path.endswith("/payment-networks")
    }
    assert numbers
    return {
        "access token": token["access_token"],
        "refresh token": token["refresh_token"],
        "verifier": form["code_verifier"][0],
        "code": form["code"][0],
        "secret of ours at the bank": "canary-client-secret-of-the-bank",
        **numbers,
    }


async def test_nothing_of_the_bank_is_kept_or_told_in_clear(kept: tuple[Stage, Path]) -> None:
    stage, folder = kept
    session = await stage.session()

    await stage.modal(session).to_done()
    await stage.accounts(session["id"])

    disk, answers = at_rest(stage, folder), told(stage)
    leaked = [
        name for name, secret in of_the_bank(stage).items() if found(secret, disk) or found(secret, answers)
    ]
    assert leaked == []
    # The search itself works: what is kept in clear on purpose is found.
    assert found("Robin Park", disk)
    assert found("Campus Checking", answers)


async def test_nothing_that_opens_a_modal_or_comes_back_from_a_bank_is_kept(kept: tuple[Stage, Path]) -> None:
    stage, folder = kept
    session = await stage.session()
    modal, browser = stage.modal(session), stage.browser()
    bridge = (await modal.to_login())["login"]["bridge_url"]
    back = await browser.sign_in(bridge)
    (cookie,) = (value for (host, _), value in browser.cookies.items() if host == "linkspan.example")
    await browser.visit(back)

    secrets = {
        "client secret": session["client_secret"],
        "bridge": bridge.rpartition("/")[2],
        "state": query_of(back)["state"],
        "code": query_of(back)["code"],
        "api key": KEY,
        "cookie": cookie,
    }

    disk = at_rest(stage, folder)
    assert [name for name, secret in secrets.items() if found(secret, disk)] == []


async def test_the_log_of_a_failure_holds_no_secret(kept: tuple[Stage, Path]) -> None:
    stage, folder = kept
    session = await stage.session()
    modal, browser = stage.modal(session), stage.browser()
    back = await browser.sign_in((await modal.to_login())["login"]["bridge_url"])

    await browser.visit(back.replace("iss=", "was="))
    await stage.ask("GET", f"/link/{session['client_secret']}")
    await stage.ask("GET", f"/link/view?client_secret={session['client_secret']}")

    disk = at_rest(stage, folder)
    secrets = [session["client_secret"], query_of(back)["code"], query_of(back)["state"]]
    assert [found(secret, disk) for secret in secrets] == [False] * 3


async def test_an_idempotency_key_does_not_keep_a_client_secret_in_clear(kept: tuple[Stage, Path]) -> None:
    stage, folder = kept
    session = await stage.session()
    form = b"account_holder[type]=customer&permissions[]=balances&account_holder[customer]="
    form += session["account_holder"]["customer"].encode()
    headers = {"authorization": f"Bearer {KEY}", "idempotency-key": "once"}

    first, again = [
        (await stage.ask("POST", "/v1/financial_connections/sessions", headers, form)).json()
        for _ in range(2)
    ]

    assert first["client_secret"] == again["client_secret"]
    assert not found(first["client_secret"], at_rest(stage, folder))


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/link/view"),
        ("GET", "/link/view/"),
        ("DELETE", "/link/view"),
        ("GET", "/link/callback"),
        ("GET", "/nothing"),
        ("POST", "/link/frame"),
    ],
)
async def test_no_refusal_is_kept_or_guessed_at_on_the_way(stage: Stage, method: str, path: str) -> None:
    answer = await stage.ask(method, path)

    headers = dict(answer.headers)
    assert answer.status >= 400
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
