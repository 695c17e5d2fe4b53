"""What a person agreed to is written down in the words they read, and says when and why it ended."""

from functools import partial
from typing import Any

import msgspec
import pytest

from linkspan.server.core.consent import Consent, Ending
from linkspan.server.core.scope import Scope
from linkspan.server.operations import consents
from linkspan.server.operations.consents import FIRST
from tests.link import test_previews
from tests.link.stage import NOW, QUILLSTONE, Stage
from tests.link.test_relinks import broken, eligible, relink, to_accounts

pytestmark = pytest.mark.anyio


async def kept(stage: Stage) -> list[Consent]:
    """Every consent there is, as an operator reads them now."""
    return [
        one
        for _, one in await stage.store.read(
            lambda tx: consents.page(tx, stage.context, after=FIRST, limit=99)
        )
    ]


async def linked(stage: Stage, *more: tuple[str, str]) -> dict[str, Any]:
    """A Session for which Sam linked both accounts."""
    session = await stage.session(*more)
    await stage.modal(session).to_done()
    return session


async def disconnect(stage: Stage, account: str) -> None:
    answer = await stage.api("POST", f"financial_connections/accounts/{account}/disconnect")
    assert answer.status == 200


async def test_a_consent_says_who_agreed_to_what_when_and_in_which_words(stage: Stage) -> None:
    session = await stage.session()
    modal = stage.modal(session)
    await modal.open()
    read = (await modal.choose_bank())["consent"]
    await modal.step("consent")

    (consent,) = await kept(stage)

    assert consent == Consent(
        id=consent.id,
        session=session["id"],
        holder=session["account_holder"]["customer"],
        merchant="Rocket Rides",
        institution=QUILLSTONE,
        institution_name=read["institution"]["name"],
        permissions=("balances", "ownership", "payment_method"),
        words=consent.words,
        agreed_at=int(NOW),
        until=int(NOW) + 86_400,
    )
    assert consent.words.language == "en"
    lines = consent.words.text.splitlines()
    assert lines[2:-2] == [f"{item['title']}: {item['text']}" for item in read["items"]]
    assert lines[-2] == read["notice"]
    assert lines[0] == f"Let Rocket Rides see your accounts at {read['institution']['name']}"


async def test_a_consent_is_kept_in_the_language_it_was_read_in(stage: Stage) -> None:
    german, english = [stage.modal(await stage.session()) for _ in range(2)]
    for modal, tag in ((german, "de-AT"), (english, "en")):
        await modal.open()
        await modal.choose_bank()
        await stage.ask("POST", "/link/consent", {**modal.headers, "accept-language": tag})

    of = {one.words.language: one.words for one in await kept(stage)}

    assert of["de-AT"].text.startswith("Rocket Rides Einblick in Ihre Konten bei ")
    assert of["de-AT"].text.endswith("\nZustimmen und weiter")
    assert of["de-AT"].version != of["en"].version


async def test_agreeing_twice_is_one_consent(stage: Stage) -> None:
    modal = stage.modal(await stage.session())
    await modal.to_login()
    await modal.step("consent")

    assert len(await kept(stage)) == 1


async def test_a_consent_covers_the_accounts_that_were_chosen_and_holds_until_it_is_ended(
    stage: Stage,
) -> None:
    session = await linked(stage)
    accounts = await stage.accounts(session["id"])

    (consent,) = await kept(stage)

    assert {one.id for one in consent.accounts} == {each["id"] for each in accounts}
    assert (consent.until, consent.ended_at) == (None, None)
    ((authorization,),) = await stage.rows("SELECT id FROM authorizations")
    assert consent.authorization == authorization


async def test_disconnecting_ends_it_account_by_account_and_leaves_the_record(stage: Stage) -> None:
    session = await linked(stage)
    first, second = [each["id"] for each in await stage.accounts(session["id"])]

    stage.hands.seconds += 10
    await disconnect(stage, first)
    (half,) = await kept(stage)
    stage.hands.seconds += 10
    await disconnect(stage, second)
    (whole,) = await kept(stage)

    over = {one.id: (one.ended_at, one.ended_because) for one in half.accounts}
    assert over == {first: (int(NOW) + 10, Ending.DISCONNECTED), second: (None, None)}
    assert half.ended_at is None
    assert (whole.ended_at, whole.ended_because) == (int(NOW) + 20, Ending.DISCONNECTED)
    assert whole.words == half.words


@pytest.mark.parametrize("step", ["back", "close"])
@pytest.mark.parametrize("pane", ["login", "accounts"])
async def test_who_goes_back_or_leaves_has_withdrawn(stage: Stage, pane: str, step: str) -> None:
    modal = stage.modal(await stage.session())
    await (modal.to_login() if pane == "login" else modal.to_accounts())

    await modal.step(step)

    (consent,) = await kept(stage)
    assert (consent.ended_at, consent.ended_because) == (int(NOW), Ending.WITHDRAWN)


async def test_closing_after_linking_withdraws_nothing(stage: Stage) -> None:
    session = await stage.session()
    modal = stage.modal(session)
    await modal.to_done()

    await modal.step("close")

    (consent,) = await kept(stage)
    assert consent.ended_at is None


async def test_a_consent_that_nobody_used_ends_with_its_session(stage: Stage) -> None:
    await stage.modal(await stage.session()).to_login()

    stage.hands.seconds += 2 * 86_400

    (consent,) = await kept(stage)
    assert (consent.ended_at, consent.ended_because) == (int(NOW) + 86_400, Ending.EXPIRED)


async def test_a_bank_that_takes_the_grant_no_more_has_ended_it(stage: Stage) -> None:
    await broken(stage)

    (consent,) = await kept(stage)
    assert consent.ended_because is Ending.ENDED_BY_INSTITUTION
    assert {one.ended_because for one in consent.accounts} == {Ending.ENDED_BY_INSTITUTION}


async def test_signing_in_anew_is_a_consent_of_its_own(stage: Stage) -> None:
    account, other = await test_previews.linked(stage)
    session = await relink(stage, account["authorization"], ("relink_options[account]", account["id"]))
    modal, view = await to_accounts(stage, session)
    await modal.choose(eligible(view))

    first, second = await kept(stage)

    over = {one.id: one.ended_because for one in first.accounts}
    assert over == {account["id"]: Ending.RENEWED, other["id"]: None}
    assert first.ended_at is None
    assert [one.id for one in second.accounts] == [account["id"]]
    assert second.authorization == first.authorization == account["authorization"]


async def test_consents_of_one_tenant_are_followed_by_those_of_the_next(stage: Stage) -> None:
    for key in ("sk_test_one", "sk_test_two"):
        await stage.modal(await stage.session(key=key)).to_login()

    seen: list[Scope] = []
    after = FIRST
    while found := await stage.store.read(
        partial(consents.page, context=stage.context, after=after, limit=1)
    ):
        ((scope, consent),) = found
        seen.append(scope)
        after = (scope, consent.id)

    assert len(set(seen)) == len(seen) == 2


async def test_what_is_kept_names_nobody(stage: Stage) -> None:
    session = await linked(stage)
    accounts = await stage.accounts(session["id"])

    (consent,) = await kept(stage)

    text = msgspec.json.encode(consent).decode()
    told = ["Robin Park", *(str(each[name]) for each in accounts for name in ("display_name", "last4"))]
    assert [name for name in told if f'"{name}"' in text or f" {name}" in text] == []
