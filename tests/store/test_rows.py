"""Each noun is found where it was kept, and nowhere on the other side of a border."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from linkspan.server.core.consent import Consent, Words
from linkspan.server.core.linking import Step
from linkspan.server.core.scope import Scope
from linkspan.server.store import (
    accounts,
    attempts,
    authorizations,
    connected_accounts,
    consents,
    customers,
    events,
    idempotency,
    inferred_balances,
    intents,
    links,
    ownerships,
    payment_methods,
    sessions,
    subscriptions,
    tokens,
)
from linkspan.server.store.driver import Store, Tx
from linkspan.server.store.events import Written
from tests.store.conftest import FOREIGN, OURS, run


@dataclass(frozen=True)
class Noun:
    """How one noun is kept and found."""

    keep: Callable[[Tx, Scope], Awaitable[Any]]
    find: Callable[[Tx, Scope], Awaitable[Any]]


async def keep_intent(tx: Tx, scope: Scope) -> None:
    await intents.insert(
        tx,
        scope,
        "pi_1",
        b"{}",
        kind="payment",
        customer=None,
        secret_digest=f"{scope}".encode(),
        page_digest=f"{scope}".encode(),
    )


async def keep_account(tx: Tx, scope: Scope, account_id: str = "fca_1", **changes: str) -> None:
    fields: dict[str, Any] = {
        "session": "fcsess_1",
        "holder": "cus_1",
        "authorization": "fcauth_1",
        "status": "active",
        "bank_details": b"sealed",
    }
    await accounts.insert(tx, scope, account_id, account_id.encode(), **(fields | changes))


async def keep_attempt(tx: Tx, scope: Scope, attempt_id: str = "fcattempt_1") -> None:
    await attempts.insert(
        tx,
        scope,
        attempt_id,
        session="fcsess_1",
        institution="fcinst_1",
        expires_at=100,
        bridge_digest=b"bridge" + attempt_id.encode() + scope.tenant.encode() + bytes([scope.livemode]),
        state_digest=b"state" + attempt_id.encode() + scope.tenant.encode() + bytes([scope.livemode]),
        kept=b"sealed",
    )


async def keep_consent(tx: Tx, scope: Scope) -> None:
    await consents.insert(tx, scope, CONSENT)
    await consents.save(tx, scope, CONSENT.linked("fcauth_1", ["fca_1"]))


DAY = inferred_balances.Day("fcinfbal_1", b"{}")
CONSENT = Consent(
    id="fccons_1",
    session="fcsess_1",
    holder="cus_1",
    merchant="Rocket Rides",
    institution="fcinst_1",
    institution_name="Quillstone",
    permissions=("balances",),
    words=Words(language="en", version="1", text="Agree"),
    agreed_at=100,
    until=200,
)
KEPT_ANSWER = idempotency.KeptAnswer(b"digest", 200, b"sealed")

NOUNS: dict[str, Noun] = {
    "an account": Noun(keep_account, lambda tx, scope: accounts.get(tx, scope, "fca_1")),
    "an account with its details": Noun(
        keep_account, lambda tx, scope: accounts.get_whole(tx, scope, "fca_1")
    ),
    "an attempt": Noun(keep_attempt, lambda tx, scope: attempts.get(tx, scope, "fcattempt_1")),
    "a connected account": Noun(
        lambda tx, scope: connected_accounts.insert(tx, scope, "acct_1", b"{}"),
        lambda tx, scope: connected_accounts.get(tx, scope, "acct_1"),
    ),
    "a consent": Noun(
        lambda tx, scope: consents.insert(tx, scope, CONSENT),
        lambda tx, scope: consents.of_session(tx, scope, "fcsess_1"),
    ),
    "the consents behind an authorization": Noun(
        keep_consent, lambda tx, scope: consents.standing(tx, scope, "fcauth_1")
    ),
    "a payment method": Noun(
        lambda tx, scope: payment_methods.insert(tx, scope, "pm_1", b"{}", numbers=b"sealed"),
        lambda tx, scope: payment_methods.get(tx, scope, "pm_1"),
    ),
    "the digits of a payment method": Noun(
        lambda tx, scope: payment_methods.insert(tx, scope, "pm_1", b"{}", numbers=b"sealed"),
        lambda tx, scope: payment_methods.get_numbers(tx, scope, "pm_1"),
    ),
    "an intent": Noun(keep_intent, lambda tx, scope: intents.get(tx, scope, "pi_1", kind="payment")),
    "a token": Noun(
        lambda tx, scope: tokens.insert(tx, scope, "btok_1", b"{}", numbers=b"sealed"),
        lambda tx, scope: tokens.get(tx, scope, "btok_1"),
    ),
    "a customer": Noun(
        lambda tx, scope: customers.insert(tx, scope, "cus_1", b"{}"),
        lambda tx, scope: customers.get(tx, scope, "cus_1"),
    ),
    "an answer": Noun(
        lambda tx, scope: idempotency.keep(tx, scope, "once", KEPT_ANSWER, created=100),
        lambda tx, scope: idempotency.get(tx, scope, "once", not_before=0),
    ),
    "a link": Noun(
        lambda tx, scope: links.insert(tx, scope, "fcsess_1", step=Step.BANK, host_origin="https://a"),
        lambda tx, scope: links.get(tx, scope, "fcsess_1"),
    ),
    "an inferred balance": Noun(
        lambda tx, scope: inferred_balances.insert(tx, scope, [(86_399, DAY)], account="fca_1"),
        lambda tx, scope: inferred_balances.day_of(tx, scope, DAY.id, account="fca_1"),
    ),
    "an ownership": Noun(
        lambda tx, scope: ownerships.insert(tx, scope, "fcaowns_1", b"{}", account="fca_1"),
        lambda tx, scope: ownerships.get(tx, scope, "fcaowns_1"),
    ),
    "a session": Noun(
        lambda tx, scope: sessions.insert(
            tx, scope, "fcsess_1", b"{}", secret_digest=b"digest", expires_at=100
        ),
        lambda tx, scope: sessions.get(tx, scope, "fcsess_1"),
    ),
}


@pytest.mark.parametrize("noun", NOUNS.values(), ids=NOUNS)
def test_a_row_is_found_by_its_own_tenant_in_its_own_mode(store: Store, noun: Noun) -> None:
    run(store.write(lambda tx: noun.keep(tx, OURS)))

    assert run(store.read(lambda tx: noun.find(tx, OURS)))


@pytest.mark.parametrize("scope", FOREIGN.values(), ids=FOREIGN)
@pytest.mark.parametrize("noun", NOUNS.values(), ids=NOUNS)
def test_a_row_is_not_found_across_a_border(store: Store, noun: Noun, scope: Scope) -> None:
    run(store.write(lambda tx: noun.keep(tx, OURS)))

    assert not run(store.read(lambda tx: noun.find(tx, scope)))


CHANGES: dict[str, Callable[[Tx, Scope], Awaitable[Any]]] = {
    "saving an account": lambda tx, scope: accounts.save(tx, scope, "fca_1", b"changed", status="inactive"),
    "forgetting what a bank told": lambda tx, scope: accounts.forget_bank_details(tx, scope, "fca_1"),
    "noting what previews show": lambda tx, scope: accounts.save_beside(
        tx, scope, "fca_1", inferred_balances_refresh=b"changed"
    ),
    "saving a day": lambda tx, scope: inferred_balances.save(tx, scope, [replace(DAY, doc=b"changed")]),
    "forgetting days": lambda tx, scope: inferred_balances.forget(tx, scope, "fca_1"),
    "putting a subscription off": lambda tx, scope: subscriptions.put_off(
        tx, scope, subscriptions.Due(scope, "fca_1", "transactions", 0), until=1
    ),
    "ending a subscription": lambda tx, scope: subscriptions.remove(tx, scope, "fca_1", "transactions"),
    "forgetting subscriptions": lambda tx, scope: subscriptions.forget(tx, scope, "fca_1"),
    "opening an attempt": lambda tx, scope: attempts.open_once(
        tx, scope, "fcattempt_1", browser_digest=b"b", expires_at=1
    ),
    "voiding attempts": lambda tx, scope: attempts.void_others(tx, scope, "fcsess_1"),
    "ending an authorization": lambda tx, scope: authorizations.mark_revoking(tx, scope, "fcauth_1"),
    "forgetting owners": lambda tx, scope: ownerships.forget(tx, scope, "fca_1"),
    "saving a consent": lambda tx, scope: consents.save(tx, scope, CONSENT.linked("fcauth_2", ["fca_2"])),
    "saving a session": lambda tx, scope: sessions.save(tx, scope, "fcsess_1", b"changed"),
    "saving a link": lambda tx, scope: links.save(
        tx, scope, links.Link(session="fcsess_1", step=Step.CLOSED, version=1, host_origin="")
    ),
}


async def keep_everything(tx: Tx, scope: Scope) -> None:
    for name in (
        "an account",
        "an attempt",
        "a consent",
        "a customer",
        "an answer",
        "a link",
        "an inferred balance",
        "an ownership",
        "a session",
    ):
        await NOUNS[name].keep(tx, scope)
    await authorizations.insert(tx, scope, "fcauth_1", institution="fcinst_1", granted=b"sealed")
    await subscriptions.insert(tx, scope, "fca_1", "transactions", due_at=0)


async def everything(tx: Tx, scope: Scope) -> list[Any]:
    found = [await noun.find(tx, scope) for noun in NOUNS.values()]
    return [
        *found,
        await inferred_balances.page(tx, scope, "fca_1", limit=10),
        await authorizations.to_be_told(tx, now=0),
        await subscriptions.due(tx, now=0, limit=10),
    ]


@pytest.mark.parametrize("scope", FOREIGN.values(), ids=FOREIGN)
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_row_is_not_changed_across_a_border(
    store: Store, change: Callable[[Tx, Scope], Awaitable[Any]], scope: Scope
) -> None:
    run(store.write(lambda tx: keep_everything(tx, OURS)))
    before = run(store.read(lambda tx: everything(tx, OURS)))

    run(store.write(lambda tx: change(tx, scope)))

    assert run(store.read(lambda tx: everything(tx, OURS))) == before


def test_pages_and_counts_stay_on_their_side(store: Store) -> None:
    async def keep_all(tx: Tx) -> None:
        for scope in (OURS, *FOREIGN.values()):
            await keep_account(tx, scope, f"fca_{scope.tenant}_{scope.livemode}")
            await keep_attempt(tx, scope)
            await events.insert(
                tx,
                scope,
                "evt_1",
                "customer.created",
                Written(b"{}", None, None),
                about="cus_1",
                created=1,
                is_listed=True,
            )

    run(store.write(keep_all))

    async def count(tx: Tx) -> list[int]:
        only: list[accounts.Filter | None] = [None, ("session", "fcsess_1"), ("holder", "cus_1")]
        pages = [len(await accounts.page(tx, OURS, one, limit=9)) for one in only]
        return [
            *pages,
            await accounts.count_connected(tx, OURS, "fcauth_1"),
            await attempts.count(tx, OURS, "fcsess_1"),
            len(await events.all_of_tenant(tx, OURS, limit=9)),
        ]

    assert run(store.read(count)) == [1, 1, 1, 1, 1, 1]


def test_an_attempt_is_opened_claimed_and_finished_once(store: Store) -> None:
    async def twice(tx: Tx) -> list[bool]:
        await keep_attempt(tx, OURS)
        return [
            await attempts.open_once(tx, OURS, "fcattempt_1", browser_digest=b"b", expires_at=1),
            await attempts.open_once(tx, OURS, "fcattempt_1", browser_digest=b"c", expires_at=2),
            await attempts.claim(tx, OURS, "fcattempt_1"),
            await attempts.claim(tx, OURS, "fcattempt_1"),
            await attempts.finish(tx, OURS, "fcattempt_1", "found", found=b"f", granted=b"g"),
            await attempts.finish(tx, OURS, "fcattempt_1", "failed"),
        ]

    assert run(store.write(twice)) == [True, False] * 3


def test_a_void_attempt_keeps_nothing_sealed_and_comes_back_no_more(store: Store) -> None:
    async def void(tx: Tx) -> tuple[attempts.Attempt | None, bool]:
        await keep_attempt(tx, OURS)
        await attempts.open_once(tx, OURS, "fcattempt_1", browser_digest=b"b", expires_at=1)
        await attempts.void_others(tx, OURS, "fcsess_1")
        return await attempts.get(tx, OURS, "fcattempt_1"), await attempts.claim(tx, OURS, "fcattempt_1")

    attempt, is_claimed = run(store.write(void))

    assert attempt is not None
    assert (attempt.status, attempt.kept, attempt.found, attempt.granted) == ("void", b"", None, None)
    assert not is_claimed


def test_a_secret_names_its_session_and_whose_it_is(store: Store) -> None:
    async def keep(tx: Tx) -> None:
        for number, scope in enumerate((OURS, *FOREIGN.values())):
            await sessions.insert(tx, scope, "fcsess_1", b"{}", secret_digest=bytes([number]), expires_at=100)

    run(store.write(keep))

    named = run(store.read(lambda tx: sessions.by_secret(tx, bytes([1]))))
    nobody = run(store.read(lambda tx: sessions.by_secret(tx, bytes([9]))))

    assert named == sessions.SessionRow(
        scope=FOREIGN["another tenant"],
        id="fcsess_1",
        expires_at=100,
        extensions=0,
        status="pending",
        preview=None,
        doc=b"{}",
    )
    assert nobody is None


def test_two_sessions_never_share_a_secret(store: Store) -> None:
    run(store.write(lambda tx: NOUNS["a session"].keep(tx, OURS)))

    with pytest.raises(Exception, match=r"(?i)unique"):
        run(store.write(lambda tx: NOUNS["a session"].keep(tx, FOREIGN["another tenant"])))


def test_old_answers_are_forgotten_a_few_at_a_time_and_oldest_first(store: Store) -> None:
    async def keep(tx: Tx) -> None:
        for created in range(10):
            await idempotency.keep(tx, OURS, f"key_{created}", KEPT_ANSWER, created=created)

    run(store.write(keep))

    pruned = run(store.write(lambda tx: idempotency.prune(tx, not_after=5, limit=4)))
    again = run(store.write(lambda tx: idempotency.prune(tx, not_after=5, limit=4)))
    at_last = run(store.write(lambda tx: idempotency.prune(tx, not_after=5, limit=4)))

    async def left(tx: Tx) -> list[int]:
        return [n for n in range(10) if await idempotency.get(tx, OURS, f"key_{n}", not_before=-1)]

    assert (pruned, again, at_last) == (4, 2, 0)
    assert run(store.read(left)) == [6, 7, 8, 9]


def test_a_link_keeps_all_that_is_known_of_it(store: Store) -> None:
    link = links.Link(
        session="fcsess_1",
        step=Step.ERROR,
        version=2,
        host_origin="https://shop.example",
        institution="fcinst_1",
        attempt="fcattempt_1",
        consented_at=100,
        problem=links.Problem("login_denied", "req_1"),
    )

    async def keep(tx: Tx) -> tuple[links.Link | None, int]:
        await links.insert(tx, OURS, "fcsess_1", step=Step.BANK, host_origin="https://shop.example")
        await links.save(tx, OURS, link)
        return await links.get(tx, OURS, "fcsess_1"), await links.version(tx, OURS, "fcsess_1")

    assert run(store.write(keep)) == (link, 2)


def test_a_subscription_that_is_due_is_taken_once(store: Store) -> None:
    async def twice(tx: Tx) -> list[bool]:
        await subscriptions.insert(tx, OURS, "fca_1", "transactions", due_at=100)
        (due,) = await subscriptions.due(tx, now=100, limit=10)
        return [
            await subscriptions.put_off(tx, OURS, due, until=200),
            await subscriptions.put_off(tx, OURS, due, until=300),
        ]

    assert run(store.write(twice)) == [True, False]
    assert run(store.read(lambda tx: subscriptions.due(tx, now=199, limit=10))) == []
