"""A modal is opened with a publishable key of the account that made its Session."""

from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

import pytest

from linkspan.server.api.auth import StoredKeys
from linkspan.server.app import Server
from linkspan.server.core.api_key import Kind
from linkspan.server.core.refusals import BadParameter
from linkspan.server.core.scope import Scope
from linkspan.server.operations import keys
from linkspan.server.operations.keys import NewKey
from linkspan.server.telemetry.log import Log
from tests.link.stage import SHOP, Stage

pytestmark = pytest.mark.anyio

OURS: Final = Scope("acct_ours", livemode=False)


@dataclass(frozen=True)
class Opening:
    """A server that takes the keys in its store, and a Session in it."""

    stage: Stage
    session: dict[str, Any]

    async def key(self, scope: Scope = OURS, kind: Kind = Kind.PUBLISHABLE, **wanted: Any) -> NewKey:
        return await make_key(self.stage, scope, kind, **wanted)

    async def open(self, key: str | None) -> tuple[int, dict[str, Any]]:
        form = {"locale": "en", "host_origin": SHOP, "key": key}
        answer = await self.stage.modal(self.session).ask("POST", "open", form)
        return answer.status, answer.json()


async def api_post(stage: Stage, path: str, form: list[tuple[str, str]], key: str, **headers: str) -> Any:
    """What the API answers a program that acts for a connected account."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    named |= {"authorization": f"Bearer {key}", "content-type": "application/x-www-form-urlencoded"}
    answer = await stage.ask("POST", f"/v1/{path}", named, urlencode(form).encode())
    assert answer.status == 200, answer.text
    return answer.json()


async def make_key(stage: Stage, scope: Scope, kind: Kind, **wanted: Any) -> NewKey:
    if kind is Kind.PUBLISHABLE:
        wanted.setdefault("origins", [SHOP])
    return await stage.store.write(lambda tx: keys.create(tx, stage.context, scope, kind, **wanted))


@pytest.fixture
async def opening(stage: Stage) -> Opening:
    context = stage.context
    log = Log(context.world, stage.log)
    stage = replace(stage, server=Server(context, StoredKeys(context), log))
    secret = await make_key(stage, OURS, Kind.SECRET)
    return Opening(stage, await stage.session(key=secret.text))


async def test_the_accounts_own_key_opens(opening: Opening) -> None:
    key = await opening.key()

    status, view = await opening.open(key.text)

    assert (status, view["next_pane"]) == (200, "bank")


@pytest.mark.parametrize(
    "scope",
    [Scope("acct_theirs", livemode=False), Scope("acct_ours", livemode=True)],
    ids=["another tenant", "another mode"],
)
async def test_a_foreign_key_is_told_what_an_unknown_secret_is_told(opening: Opening, scope: Scope) -> None:
    foreign, ours = await opening.key(scope), await opening.key()
    unknown = replace(opening, session={"client_secret": "fcsess_client_secret_unknown"})

    refused = await opening.open(foreign.text)

    assert refused == await unknown.open(ours.text)
    assert refused[0] == 401
    assert (await opening.open(ours.text))[0] == 200


async def test_a_platforms_key_opens_for_its_connected_account(opening: Opening) -> None:
    secret, ours = await opening.key(kind=Kind.SECRET), await opening.key()
    theirs = await opening.key(Scope("acct_theirs", livemode=False))
    account = (await api_post(opening.stage, "accounts", [("type", "express")], secret.text))["id"]
    form = [("account_holder[type]", "account"), ("account_holder[account]", account)]
    session = await api_post(
        opening.stage,
        "financial_connections/sessions",
        [*form, ("permissions[]", "balances")],
        secret.text,
        stripe_account=account,
    )
    connected = replace(opening, session=session)

    assert (await connected.open(theirs.text))[0] == 401
    assert (await connected.open(ours.text))[0] == 200


@pytest.mark.parametrize("key", [None, "", "pk_test_" + "a" * 40])
async def test_a_key_nobody_made_opens_nothing(opening: Opening, key: str | None) -> None:
    status, refused = await opening.open(key)

    assert status == 401
    assert refused["error"]["message"].startswith("Invalid API Key provided: ")


async def test_a_secret_key_opens_no_modal(opening: Opening) -> None:
    secret = await opening.key(kind=Kind.SECRET)

    status, refused = await opening.open(secret.text)

    assert status == 401
    assert refused["error"]["message"] == f"Invalid API Key provided: {secret.kept.hint}"


async def test_a_key_that_is_over_opens_nothing(opening: Opening) -> None:
    key = await opening.key(seconds=0)

    status, refused = await opening.open(key.text)

    assert (status, refused["error"]["code"]) == (401, "api_key_expired")


def ancestors(policy: str) -> str:
    """The sites that may show a page with this policy."""
    (directive,) = [part.strip() for part in policy.split(";") if "frame-ancestors" in part]
    return directive.removeprefix("frame-ancestors ")


async def test_only_the_sites_a_key_lists_may_show_the_modal(opening: Opening) -> None:
    shops = ("https://shop.example", "https://*.rides.example")
    listed = (await opening.key(origins=shops)).text
    silent = (await opening.key(origins=())).text
    over = (await opening.key(seconds=0)).text

    shown = {
        key: ancestors(
            (await opening.stage.ask("GET", f"/link/frame?key={key}")).header("content-security-policy")
        )
        for key in (listed, silent, over, "pk_test_unknown", "")
    }

    assert shown.pop(listed) == " ".join(shops)
    assert set(shown.values()) == {"'none'"}


@pytest.mark.parametrize("origin", ["https://other.example", "http://shop.example", "null"])
async def test_a_site_the_key_does_not_list_opens_nothing(origin: str, opening: Opening) -> None:
    key = (await opening.key()).text

    refused = await opening.stage.modal(opening.session, origin=origin, key=key).ask(
        "POST", "open", {"locale": "en", "host_origin": origin, "key": key}
    )

    assert refused.status == 403
    assert refused.json()["error"]["param"] == "key"
    assert (await opening.open(key))[0] == 200


async def test_sites_listed_later_count_at_once_and_go_with_the_key_that_follows(opening: Opening) -> None:
    made = await opening.key(origins=())
    context, store = opening.stage.context, opening.stage.store
    assert (await opening.open(made.text))[0] == 403

    await store.write(lambda tx: keys.list_origins(tx, made.kept.id, [SHOP]))
    successor, _ = await store.write(lambda tx: keys.roll(tx, context, made.kept.id, seconds=60))

    assert (await opening.open(made.text))[0] == 200
    assert successor.kept.origins == (SHOP,)


async def test_a_secret_key_lists_no_sites(opening: Opening) -> None:
    secret = await opening.key(kind=Kind.SECRET)

    with pytest.raises(BadParameter) as refused:
        await opening.stage.store.write(lambda tx: keys.list_origins(tx, secret.kept.id, [SHOP]))

    assert refused.value.param == "origins"
