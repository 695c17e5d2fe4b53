"""R20: whatever a bank that means harm sends back, nothing is linked, and no token is asked for in vain."""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, TypeAlias
from urllib.parse import urlencode

import pytest

from linkspan.server.connectors.failures import AuthorizationRefused
from linkspan.server.connectors.http import Request, Response
from tests.conftest import Tally
from tests.connectors.test_oauth import NOW, Network
from tests.connectors.test_proofs import ANSWER, BANKS, JWKS, SIGNED, finish
from tests.link.stage import BANK, CALLBACK, Browser, Modal, Stage, set_up
from tests.link.wire import Deliver, Fault, down, query_of, silent

Changes: TypeAlias = Mapping[str, str | None]

_ISSUER: Final = f"{BANK}/quillstone"
_TEN_MINUTES: Final = 10 * 60
# Why nothing was linked. A stray answer belongs to no sign-in, so there the modal goes on waiting.
_REASONS: Final = {
    "login_refused",
    "login_denied",
    "bank_busy",
    "bank_down",
    "bank_misconfigured",
    "bank_timeout",
    "bank_unreadable",
}

# An answer of which something is another thing; no token may be asked for.
ANSWERS: Final[Mapping[str, Changes]] = {
    "no issuer": {"iss": None},
    "an empty issuer": {"iss": ""},
    "another bank's issuer": {"iss": f"{BANK}/bank-oauth"},
    "an issuer with a slash": {"iss": f"{_ISSUER}/"},
    "an issuer in capitals": {"iss": _ISSUER.upper()},
    "an issuer over plain http": {"iss": _ISSUER.replace("https", "http")},
    "a longer issuer": {"iss": f"{_ISSUER}.evil.example"},
    "an issuer with a query": {"iss": f"{_ISSUER}?"},
    "no state": {"state": None},
    "an empty state": {"state": ""},
    "an unknown state": {"state": "fcstate_nobody"},
    "the beginning of every state": {"state": "fcstate_"},
    "no code": {"code": None},
    "an empty code": {"code": ""},
    "a code longer than any": {"code": "x" * 5_000},
    "a code beside an error": {"error": "access_denied"},
    "an error nobody knows": {"code": None, "error": "<script>"},
    "an error of another bank": {"code": None, "error": "access_denied", "iss": f"{BANK}/bank-oauth"},
    "an access token": {"code": None, "access_token": "x", "token_type": "Bearer"},
    "an identity token": {"code": None, "id_token": "x.y.z"},
    "a signed answer that was not agreed on": {"code": None, "response": BANKS.sign(ANSWER)},
    "a signed answer beside a plain one": {"response": BANKS.sign(ANSWER)},
    "more parameters than any answer has": {f"x{n}": "1" for n in range(40)},
}
_GOOD: Final = {"access_token": "a", "token_type": "Bearer", "expires_in": 900, "refresh_token": "r"}
# What the token endpoint answers; the code is spent, and no account may be asked for.
TOKENS: Final[Mapping[str, tuple[int, Any]]] = {
    "nothing": (200, b""),
    "no JSON": (200, b"{"),
    "no UTF-8": (200, b"\xff\xfe"),
    "a web page": (200, b"<!doctype html>"),
    "a list": (200, [_GOOD]),
    "no token": (200, {**_GOOD, "access_token": None}),
    "an empty token": (200, {**_GOOD, "access_token": ""}),
    "a token that splits a header": (200, {**_GOOD, "access_token": "a\r\nx-evil: 1"}),
    "a token that is a number": (200, {**_GOOD, "access_token": 7}),
    "another kind of token": (200, {**_GOOD, "token_type": "mac"}),
    "no kind of token": (200, {"access_token": "a"}),
    "a token that has ended": (200, {**_GOOD, "expires_in": 0}),
    "a token from the past": (200, {**_GOOD, "expires_in": -1}),
    "a token for ever": (200, {**_GOOD, "expires_in": 10**18}),
    "a life span in words": (200, {**_GOOD, "expires_in": "soon"}),
    "a refresh token with a space": (200, {**_GOOD, "refresh_token": "a b"}),
    "more than any token answer": (200, {**_GOOD, "more": "x" * 100_000}),
    "a nest": (200, b"[" * 20_000),
    "created instead": (201, _GOOD),
    "no content": (204, b""),
    "a redirect": (302, b""),
    "a redirect that keeps the body": (307, b""),
    "an error without a name": (400, b"{}"),
    "an error that is a list": (400, {"error": []}),
    "a refusal": (400, {"error": "invalid_grant"}),
    "a stranger": (401, {"error": "invalid_client"}),
    "too much": (429, b""),
    "a crash": (500, b"Traceback"),
    "an outage": (503, b""),
}
# What the list of accounts is answered with.
ACCOUNTS: Final[Mapping[str, tuple[int, Any]]] = {
    "nothing": (200, b""),
    "a web page": (200, b"<!doctype html>"),
    "a list": (200, []),
    "a nest": (200, b'{"accounts":' * 5_000),
    "accounts that are text": (200, {"accounts": "none"}),
    "an account without an id": (200, {"accounts": [{"accountCategory": "DEPOSIT_ACCOUNT"}]}),
    "an account that leads up": (
        200,
        {"accounts": [{"accountCategory": "DEPOSIT_ACCOUNT", "accountId": ".."}]},
    ),
    "a page that never ends": (200, {"page": {"nextPageKey": "again"}, "accounts": []}),
    "a redirect": (302, b""),
    "a token that is good no more": (401, b""),
    "a consent that is over": (403, b""),
    "nothing there": (404, b""),
    "too much": (429, b""),
    "a crash": (500, b"Traceback"),
}


def answering(status: int, body: Any) -> Fault:
    """A bank that answers so, whatever it is asked."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()

    async def answer(_request: Request, _deliver: Deliver) -> Response:
        return Response(status=status, headers={"location": "https://evil.example/"}, body=raw)

    return answer


class Trip:
    """Somebody who has signed in at a bank, and what it gave them to bring back."""

    def __init__(self, stage: Stage, modal: Modal, browser: Browser, answer: dict[str, str]) -> None:
        self.stage, self.modal, self.browser, self.answer = stage, modal, browser, answer

    async def come_back(
        self,
        changes: Changes | None = None,
        *,
        query: str | None = None,
        browser: Browser | None = None,
    ) -> int:
        """Bring the answer, changed; return the status of what is shown."""
        changed = {
            name: value for name, value in (self.answer | dict(changes or {})).items() if value is not None
        }
        return (await (browser or self.browser).visit(f"{CALLBACK}?{query or urlencode(changed)}")).status

    async def reason(self) -> str | None:
        """Why nothing was linked, or None while the modal goes on waiting."""
        view = await self.modal.view()
        assert view["next_pane"] in {"login", "error", "bank", "closed"}, view["next_pane"]
        reason: str | None = view["error"]["reason"] if view["next_pane"] == "error" else None
        return reason

    @property
    def tokens_asked(self) -> int:
        return self.stage.wire.count("/oauth/token")


async def set_out(stage: Stage) -> Trip:
    modal, browser = stage.modal(await stage.session()), stage.browser()
    bridge = (await modal.to_login())["login"]["bridge_url"]
    return Trip(stage, modal, browser, query_of(await browser.sign_in(bridge)))


async def _told(trip: Trip, status: int, *, tokens: int) -> None:
    """Hold that a trip ended in a page of ours and in nothing else."""
    assert status in {200, 400, 405}
    assert trip.tokens_asked == tokens
    assert await trip.reason() in {None, *_REASONS}
    assert await trip.stage.rows("SELECT id FROM accounts") == []
    await trip.stage.store.aclose()


@pytest.mark.anyio
async def test_an_answer_with_anything_wrong_in_it_asks_for_no_token(tally: Tally) -> None:
    for changes in ANSWERS.values():
        trip = await set_out(set_up())
        await _told(trip, await trip.come_back(changes), tokens=0)

    tally("R20 answers", cases=len(ANSWERS), linked=0, tokens_asked=0)


async def _twice_in(trip: Trip, name: str) -> int:
    return await trip.come_back(query=f"{urlencode(trip.answer)}&{name}={trip.answer[name]}")


async def _late(trip: Trip) -> int:
    trip.stage.hands.seconds += _TEN_MINUTES
    return await trip.come_back()


async def _after(trip: Trip, step: str) -> int:
    await trip.modal.step(step)
    return await trip.come_back()


async def _after_the_session(trip: Trip) -> int:
    trip.stage.hands.seconds += 24 * 3600
    status = await trip.come_back()
    trip.stage.hands.seconds -= 24 * 3600
    return status


async def _elsewhere(trip: Trip) -> int:
    return await trip.come_back(browser=trip.stage.browser())


async def _posted(trip: Trip) -> int:
    return (await trip.browser.open(CALLBACK, site="cross-site", form=list(trip.answer.items()))).status


async def _asked_for_by_head(trip: Trip) -> int:
    return (await trip.stage.ask("HEAD", f"{CALLBACK}?{urlencode(trip.answer)}")).status


async def _of_another_bank(trip: Trip) -> int:
    """A mix-up: the answer of the attacker's bank, brought back for an honest one."""
    modal, browser = trip.stage.modal(await trip.stage.session()), trip.stage.browser()
    bridge = (await modal.to_login("fcinst_saltmeadow"))["login"]["bridge_url"]
    theirs = query_of(await browser.sign_in(bridge, "noor"))
    return await trip.come_back({"code": theirs["code"], "iss": theirs["iss"]})


WAYS: Final[Mapping[str, Callable[[Trip], Awaitable[int]]]] = {
    "code twice": lambda trip: _twice_in(trip, "code"),
    "state twice": lambda trip: _twice_in(trip, "state"),
    "issuer twice": lambda trip: _twice_in(trip, "iss"),
    "ten minutes late": _late,
    "after going back": lambda trip: _after(trip, "back"),
    "after leaving": lambda trip: _after(trip, "close"),
    "after the Session": _after_the_session,
    "in another browser": _elsewhere,
    "by a form": _posted,
    "by HEAD": _asked_for_by_head,
    "from another bank": _of_another_bank,
}


@pytest.mark.anyio
async def test_an_answer_that_comes_another_way_asks_for_no_token(tally: Tally) -> None:
    for way in WAYS.values():
        trip = await set_out(set_up())
        await _told(trip, await way(trip), tokens=0)

    tally("R20 ways", cases=len(WAYS), linked=0, tokens_asked=0)


@pytest.mark.anyio
async def test_a_code_is_asked_about_once_and_only_by_whom_it_was_made_for(tally: Tally) -> None:
    trip = await set_out(set_up())
    trip.stage.wire.faults["/oauth/token"] = silent
    statuses = [await trip.come_back() for _ in range(3)]
    assert statuses == [200, 400, 400]
    assert await trip.reason() == "bank_timeout"
    await _told(trip, statuses[0], tokens=1)

    victim = await set_out(stage := set_up())
    attacker = await set_out(stage)
    status = await attacker.come_back({"code": victim.answer["code"]})
    assert await attacker.reason() == "login_refused"  # the bank holds the challenge against it (PKCE)
    await _told(attacker, status, tokens=1)

    tally("R20 codes", cases=2, linked=0, redeemed_twice=0)


@pytest.mark.anyio
async def test_no_challenge_is_ever_left_out_or_weakened(tally: Tally) -> None:
    stage = set_up()
    modal, browser = stage.modal(await stage.session()), stage.browser()
    view, challenges = await modal.to_login(), set()
    for _ in range(3):
        sent = query_of(await browser.leave_for_bank(view["login"]["bridge_url"]))
        assert (sent["response_type"], sent["code_challenge_method"]) == ("code", "S256")
        challenges.add(sent["code_challenge"])
        view = await modal.view()
    await stage.store.aclose()

    assert len(challenges) == 3
    tally("R20 challenges", cases=3, weakened=0)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("path", "answers"), [("/oauth/token", TOKENS), ("/accounts", ACCOUNTS)], ids=["tokens", "accounts"]
)
async def test_whatever_a_bank_answers_is_its_failure_and_none_of_ours(
    path: str, answers: Mapping[str, tuple[int, Any]], tally: Tally
) -> None:
    faults = [answering(status, body) for status, body in answers.values()] + [down, silent]
    for fault in faults:
        trip = await set_out(set_up())
        trip.stage.wire.faults[path] = fault

        status = await trip.come_back()

        assert status == 200
        assert await trip.reason() in _REASONS
        if path == "/oauth/token":
            assert trip.stage.wire.count("/accounts") == 0
        assert all("evil.example" not in request.url for request in trip.stage.wire.asked)
        await _told(trip, status, tokens=1)

    tally(f"R20 {path}", cases=len(faults), linked=0, errors_of_ours=0)


def _forged(algorithm: str, **header: Any) -> str:
    """An answer signed with nothing, or with what everybody knows."""
    head = json.dumps({"alg": algorithm, "kid": "the bank's", **header}).encode()
    parts = [urlsafe_b64encode(part).rstrip(b"=") for part in (head, json.dumps(ANSWER).encode())]
    known = json.dumps(BANKS.public).encode()
    signature = hmac.digest(known, b".".join(parts), "sha256") if algorithm == "HS256" else b""
    return b".".join([*parts, urlsafe_b64encode(signature).rstrip(b"=")]).decode()


_CLAIMS: Final[tuple[Mapping[str, Any], ...]] = (
    {"iss": None},
    {"iss": "https://other.example"},
    {"aud": None},
    {"aud": "somebody-else"},
    {"aud": []},
    {"exp": None},
    {"exp": int(NOW)},
    {"exp": int(NOW) - 86_400},
    {"exp": str(int(NOW) + 60)},
    {"exp": True},
    {"code": None},
    {"code": 7},
    {"error": "server_error"},
)


def test_a_signed_answer_is_held_to_each_of_its_claims_and_to_one_algorithm(tally: Tally) -> None:
    signed = BANKS.sign(ANSWER)
    head, body, signature = signed.split(".")
    answers = [
        *(BANKS.sign({**ANSWER, **claims}) for claims in _CLAIMS),
        _forged("none"),
        _forged("None"),
        _forged("HS256"),
        _forged("ES256"),
        _forged("ES256", crit=["exp"]),
        f"{head}.{body}.{signature[:-4]}AAAA",
        f"{head}.{body[:-2]}xx.{signature}",
        f"{head}.{body}",
        f"{signed}.{signature}",
        "",
    ]
    for answer in answers:
        network = Network([JWKS])
        with pytest.raises(AuthorizationRefused):
            finish(network, SIGNED, {"response": answer})
        assert not any("token" in request.url for request in network.requests)

    tally("R20 signed answers", cases=len(answers), linked=0, tokens_asked=0)
