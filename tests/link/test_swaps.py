"""R25: whatever two browsers swap of their ways to the bank, nobody's bank is linked in another's Session."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Final
from urllib.parse import urlencode, urljoin

import pytest

from tests.conftest import Tally
from tests.link.stage import CALLBACK, SERVER, Browser, Modal, Stage
from tests.link.wire import query_of

pytestmark = pytest.mark.anyio

OUR_COOKIES: Final = "linkspan.example"


@dataclass
class Traveller:
    """One person with a Session, a browser, and an answer their bank gave it."""

    modal: Modal
    browser: Browser
    session: dict[str, Any]
    bridge: str = ""
    answer: dict[str, str] = field(default_factory=dict)

    async def bring(self, answer: Mapping[str, str], browser: Browser | None = None) -> None:
        """Come back from a bank with an answer, in one's own browser or in another."""
        await (browser or self.browser).visit(f"{CALLBACK}?{urlencode(dict(answer))}")

    def cookies(self) -> dict[tuple[str, str], str]:
        return {key: value for key, value in self.browser.cookies.items() if key[0] == OUR_COOKIES}


async def _set_out(stage: Stage, person: str) -> Traveller:
    session = await stage.session()
    one = Traveller(stage.modal(session), stage.browser(), session)
    one.bridge = (await one.modal.to_login())["login"]["bridge_url"]
    one.answer = query_of(await one.browser.sign_in(one.bridge, person))
    return one


Swap = Callable[[Traveller, Traveller], Awaitable[None]]


async def _answer_in_the_others_browser(one: Traveller, other: Traveller) -> None:
    await other.bring(one.answer)


async def _state_of_the_other(one: Traveller, other: Traveller) -> None:
    await one.bring({**one.answer, "state": other.answer["state"]})


async def _code_of_the_other(one: Traveller, other: Traveller) -> None:
    await one.bring({**one.answer, "code": other.answer["code"]})


async def _code_of_the_other_over_their_cookie(one: Traveller, other: Traveller) -> None:
    one.browser.cookies.update(other.cookies())
    await one.bring({**one.answer, "code": other.answer["code"]})


async def _all_cookies_of_the_other_under_own_names(one: Traveller, other: Traveller) -> None:
    for (name, mine), theirs in zip(one.cookies().items(), other.cookies().values(), strict=True):
        assert mine != theirs
        one.browser.cookies[name] = theirs
    await one.bring(one.answer)


async def _no_cookies(one: Traveller, other: Traveller) -> None:
    await one.bring(other.answer, one.modal.stage.browser())


async def _bridge_opened_by_the_other(one: Traveller, other: Traveller) -> None:
    await other.browser.open(urljoin(SERVER, one.bridge), site="cross-site")


async def _used_bridge_opened_again(one: Traveller, other: Traveller) -> None:
    await other.browser.open(urljoin(SERVER, one.bridge))


async def _fresh_bridge_sent_by_mail(one: Traveller, other: Traveller) -> None:
    fresh = (await one.modal.view())["login"]["bridge_url"]
    await other.browser.open(urljoin(SERVER, fresh), site="none")


async def _answer_twice(one: Traveller, other: Traveller) -> None:
    await other.bring({**other.answer, "code": one.answer["code"], "state": one.answer["state"]})
    await other.bring({**one.answer})


async def _both_states(one: Traveller, other: Traveller) -> None:
    pairs = [("code", one.answer["code"]), ("state", one.answer["state"]), ("state", other.answer["state"])]
    await other.browser.visit(f"{CALLBACK}?{urlencode(pairs)}")


SWAPS: Final[Mapping[str, Swap]] = {
    swap.__name__.strip("_"): swap
    for swap in (
        _answer_in_the_others_browser,
        _state_of_the_other,
        _code_of_the_other,
        _code_of_the_other_over_their_cookie,
        _all_cookies_of_the_other_under_own_names,
        _no_cookies,
        _bridge_opened_by_the_other,
        _used_bridge_opened_again,
        _fresh_bridge_sent_by_mail,
        _answer_twice,
        _both_states,
    )
}
MOMENTS: Final = ("before either came back", "after the other did")
SAM, NOOR = ("sam", "noor")


async def _owners(stage: Stage, one: Traveller) -> set[str]:
    """Who owns what a Session would link, as the bank says it."""
    view = await one.modal.view()
    if view["next_pane"] != "accounts":
        return set()
    await one.modal.choose([each["id"] for each in view["accounts"]["accounts"] if each["eligible"]][:1])
    rows = await stage.accounts(one.session["id"])
    return {each["last4"] for each in rows}


async def _tried(stage: Stage, swap: Swap, moment: str, *, is_turned: bool) -> list[str]:
    """Try one swap; return what went wrong, if anything did."""
    sam, noor = await _set_out(stage, SAM), await _set_out(stage, NOOR)
    one, other = (noor, sam) if is_turned else (sam, noor)
    if moment == MOMENTS[1]:
        await other.bring(other.answer)
    await swap(one, other)

    mine = {SAM: await _digits(stage, SAM), NOOR: await _digits(stage, NOOR)}
    wrong = []
    for person, traveller in ((SAM, sam), (NOOR, noor)):
        linked = await _owners(stage, traveller)
        if not linked <= mine[person]:
            wrong.append(f"{person} got {linked}")
    secrets = [one.modal.secret, other.modal.secret]
    addresses = [value for answer in stage.answers for name, value in answer.headers if name == "location"]
    wrong += [address for address in addresses for secret in secrets if secret in address]
    return wrong


async def _digits(stage: Stage, person: str) -> set[str]:
    """The last digits of every account a person has at the bank."""
    view = await stage.modal(await stage.session()).to_accounts(person)
    return {each["last4"] for each in view["accounts"]["accounts"]}


@pytest.mark.parametrize("swap", SWAPS)
async def test_what_two_browsers_swap_links_nothing_of_the_other(
    swap: str, stage: Stage, tally: Tally
) -> None:
    tried = {
        (moment, is_turned): await _tried(stage, SWAPS[swap], moment, is_turned=is_turned)
        for moment, is_turned in product(MOMENTS, (False, True))
    }

    assert {key: wrong for key, wrong in tried.items() if wrong} == {}
    tally(f"R25 {swap.replace('_', ' ')}", swaps=len(tried), strayed=0)


async def test_the_people_of_these_tests_have_accounts_of_their_own(stage: Stage) -> None:
    sam, noor = await _digits(stage, SAM), await _digits(stage, NOOR)

    assert sam
    assert noor
    assert not sam & noor
