"""Transactions are read at the bank after linking and at each refresh, and listed as the bank shows them."""

from collections.abc import Callable
from typing import Any, Final

import msgspec
import pytest

from linkspan.server.connectors.http import Request, Response
from linkspan.server.operations import refreshes
from tests.link.stage import KEY, Stage
from tests.link.test_refreshes import account_now, events_of, refresh
from tests.link.wire import Deliver, Fault, down, failing

pytestmark = pytest.mark.anyio

DAY: Final = 24 * 60 * 60
PERMITTED: Final = ("permissions[]", "transactions")
TRANSACTIONS: Final = "financial_connections/transactions"


async def linked(stage: Stage, *more: tuple[str, str]) -> dict[str, Any]:
    """A checking account, linked a moment ago with permission to read its transactions."""
    session = await stage.session(PERMITTED, *more)
    await stage.modal(session).to_done("avery")  # whose card payments are pending on the day of these tests
    stage.hands.seconds += 1
    accounts = await stage.accounts(session["id"])
    return next(account for account in accounts if account["subcategory"] == "checking")


async def refreshed(stage: Stage, account: str) -> dict[str, Any]:
    """The account after one more refresh of its transactions."""
    stage.hands.seconds += 1
    assert (await refresh(stage, account, "transactions")).status == 200
    await refreshes.carry_out(stage.context)
    return await account_now(stage, account)


async def listed(stage: Stage, account: str, **params: Any) -> list[dict[str, Any]]:
    """Every transaction of an account, walked a page at a time."""
    found: list[dict[str, Any]] = []
    more = True
    while more:
        cursor = f"&starting_after={found[-1]['id']}" if found else ""
        asked = "".join(f"&{name}={value}" for name, value in params.items())
        answer = await stage.api("GET", f"{TRANSACTIONS}?account={account}&limit=100{asked}{cursor}")
        assert answer.status == 200, answer.text
        found += answer.json()["data"]
        more = answer.json()["has_more"]
    return found


def showing(change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> Fault:
    """A bank that shows other rows than it has: each page changed."""

    async def answer(request: Request, deliver: Deliver) -> Response:
        told = await deliver(request)
        body = msgspec.json.decode(told.body)
        body["transactions"] = change(body["transactions"])
        return Response(status=told.status, headers=told.headers, body=msgspec.json.encode(body))

    return answer


async def test_what_a_session_prefetches_is_pending_when_linked_and_there_soon_after(stage: Stage) -> None:
    account = await linked(stage, ("prefetch[]", "transactions"))

    assert account["transaction_refresh"]["status"] == "pending"
    assert account["transaction_refresh"]["next_refresh_available_at"] is None
    assert stage.wire.count("/transactions") == 0
    await refreshes.carry_out(stage.context)

    ended = await account_now(stage, account["id"])
    rows = await listed(stage, account["id"])
    assert ended["transaction_refresh"]["status"] == "succeeded"
    assert ended["transaction_refresh"]["id"] == account["transaction_refresh"]["id"]
    assert (await events_of(stage, account["id"]))["refreshed_transactions"] == 1
    assert len(rows) > 100
    assert {row["transaction_refresh"] for row in rows} == {ended["transaction_refresh"]["id"]}
    assert {(row["object"], row["account"], row["currency"]) for row in rows} == {
        ("financial_connections.transaction", account["id"], "usd")
    }
    assert not any("source" in name for row in rows for name in row)


async def test_rows_are_listed_newest_first_and_bounded_by_time(stage: Stage) -> None:
    account = await linked(stage)
    await refreshed(stage, account["id"])

    rows = await listed(stage, account["id"])
    middle = rows[len(rows) // 2]["transacted_at"]
    bounded = {
        name: await listed(stage, account["id"], **{f"transacted_at[{name}]": middle})
        for name in ("gt", "gte", "lt", "lte")
    }

    assert rows == sorted(rows, key=lambda row: (row["transacted_at"], row["id"]), reverse=True)
    assert rows[-1]["transacted_at"] >= stage.hands.seconds - 181 * DAY
    assert bounded["gt"] + bounded["lte"] == bounded["gte"] + bounded["lt"] == rows
    exact = await listed(stage, account["id"], transacted_at=middle)
    assert [row for row in rows if row["transacted_at"] == middle] == exact


async def test_a_refresh_that_finds_nothing_new_changes_no_row(stage: Stage) -> None:
    account = await linked(stage)
    first = await refreshed(stage, account["id"])
    rows = await listed(stage, account["id"])

    again = await refreshed(stage, account["id"])

    assert again["transaction_refresh"]["id"] > first["transaction_refresh"]["id"]
    assert await listed(stage, account["id"]) == rows
    since = {"transaction_refresh[after]": first["transaction_refresh"]["id"]}
    assert await listed(stage, account["id"], **since) == []


async def test_holds_post_in_place_and_later_refreshes_tell_only_of_what_changed(stage: Stage) -> None:
    account = await linked(stage)
    first = await refreshed(stage, account["id"])
    before = {row["id"]: row for row in await listed(stage, account["id"])}
    held = {known for known, row in before.items() if row["status"] == "pending"}
    assert held

    stage.hands.seconds += 4 * DAY
    last = await refreshed(stage, account["id"])

    after = {row["id"]: row for row in await listed(stage, account["id"])}
    since = {"transaction_refresh[after]": first["transaction_refresh"]["id"]}
    told = await listed(stage, account["id"], **since)
    assert before.keys() <= after.keys()
    assert {after[known]["status"] for known in held} == {"posted"}
    assert all(after[known]["status_transitions"]["posted_at"] for known in held)
    assert {row["id"] for row in told} == {known for known in after if after[known] != before.get(known)}
    assert {row["transaction_refresh"] for row in told} == {last["transaction_refresh"]["id"]}
    assert "void" not in {row["status"] for row in after.values()}


async def test_what_later_refreshes_wrote_is_told_even_when_the_clock_was_set_back(stage: Stage) -> None:
    account = await linked(stage)

    async def meanwhile(request: Request, deliver: Deliver) -> Response:
        stage.hands.seconds -= 60
        return await deliver(request)

    stage.wire.faults["/transactions"] = meanwhile
    first = await refreshed(stage, account["id"])
    stage.wire.faults["/transactions"] = showing(lambda rows: [rows[0] | {"description": "SEEN"}, *rows[1:]])
    last = await refreshed(stage, account["id"])

    since = {"transaction_refresh[after]": first["transaction_refresh"]["id"]}
    assert last["transaction_refresh"]["id"] < first["transaction_refresh"]["id"]
    assert "SEEN" in {row["description"] for row in await listed(stage, account["id"], **since)}
    assert len(await listed(stage, account["id"], **since)) < len(await listed(stage, account["id"]))


async def test_a_hold_the_bank_drops_is_void_and_comes_back_when_it_does(stage: Stage) -> None:
    account = await linked(stage)
    await refreshed(stage, account["id"])
    held = {row["id"] for row in await listed(stage, account["id"]) if row["status"] == "pending"}

    stage.wire.faults["/transactions"] = showing(
        lambda rows: [row for row in rows if row["status"] == "POSTED"]
    )
    await refreshed(stage, account["id"])
    void = {row["id"]: row for row in await listed(stage, account["id"]) if row["status"] == "void"}
    stage.wire.faults.clear()
    await refreshed(stage, account["id"])
    back = {row["id"] for row in await listed(stage, account["id"]) if row["status"] == "pending"}

    assert held
    assert void.keys() == held == back
    assert all(row["status_transitions"]["void_at"] for row in void.values())


async def test_an_empty_answer_changes_nothing(stage: Stage) -> None:
    account = await linked(stage)
    await refreshed(stage, account["id"])
    rows = await listed(stage, account["id"])

    stage.wire.faults["/transactions"] = showing(lambda _rows: [])
    ended = await refreshed(stage, account["id"])

    assert ended["transaction_refresh"]["status"] == "succeeded"
    assert await listed(stage, account["id"]) == rows


async def second_page_fails(request: Request, deliver: Deliver) -> Response:
    """A bank that promises a second page and does not give it."""
    if "offset=" in request.url:
        return await failing(request, deliver)
    told = await deliver(request)
    body = msgspec.json.decode(told.body) | {"page": {"nextOffset": "2"}}
    body["transactions"] = body["transactions"][:1]
    return Response(status=told.status, headers=told.headers, body=msgspec.json.encode(body))


@pytest.mark.parametrize("fault", [down, failing, second_page_fails])
async def test_a_walk_that_breaks_off_fails_the_refresh_and_changes_no_row(
    stage: Stage, fault: Fault
) -> None:
    account = await linked(stage)
    await refreshed(stage, account["id"])
    rows = await listed(stage, account["id"])
    stage.hands.seconds += 10 * DAY

    stage.wire.faults["/transactions"] = fault
    ended = await refreshed(stage, account["id"])

    assert ended["status"] == "active"
    assert ended["transaction_refresh"]["status"] == "failed"
    assert ended["transaction_refresh"]["next_refresh_available_at"] > stage.hands.seconds
    assert await listed(stage, account["id"]) == rows
    assert (await events_of(stage, account["id"]))["refreshed_transactions"] == 2


def losing_its_key(times: int) -> Fault:
    """A bank that takes its own key to the second page no more, so many times."""
    left = times

    async def answer(request: Request, deliver: Deliver) -> Response:
        nonlocal left
        if "pageKey=" in request.url and left:
            left -= 1
            return Response(status=404, headers={}, body=b'{"code":601,"message":"Data not found"}')
        return await deliver(request)

    return answer


@pytest.mark.parametrize("before", [0, 1], ids=["the first walk", "a later walk"])
async def test_a_list_that_changes_while_it_is_walked_is_walked_again(stage: Stage, before: int) -> None:
    account, twin = await linked(stage), await linked(stage)
    for _ in range(before):
        await refreshed(stage, account["id"])
    stage.wire.faults["/transactions"] = losing_its_key(2)

    ended = await refreshed(stage, account["id"])
    await refreshed(stage, twin["id"])

    kept, same = [
        [(row["transacted_at"], row["amount"], row["status"]) for row in await listed(stage, one["id"])]
        for one in (account, twin)
    ]
    assert ended["transaction_refresh"]["status"] == "succeeded"
    assert sorted(kept) == sorted(same)
    assert len(kept) > 100


async def test_a_list_that_never_holds_still_fails_the_refresh_until_it_does(stage: Stage) -> None:
    account = await linked(stage)
    stage.wire.faults["/transactions"] = losing_its_key(3)

    failed = await refreshed(stage, account["id"])
    asked = stage.wire.count("/transactions")
    ended = await refreshed(stage, account["id"])

    assert failed["transaction_refresh"]["status"] == "failed"
    assert asked == 6  # two pages, three times
    assert ended["transaction_refresh"]["status"] == "succeeded"
    rows = await listed(stage, account["id"])
    assert len({(row["transacted_at"], row["amount"], row["description"]) for row in rows}) == len(rows) > 100


async def test_nothing_is_listed_before_a_refresh_has_succeeded(stage: Stage) -> None:
    account = await linked(stage)
    stage.wire.faults["/transactions"] = down
    never = await stage.api("GET", f"{TRANSACTIONS}?account={account['id']}")
    await refreshed(stage, account["id"])

    failed = await stage.api("GET", f"{TRANSACTIONS}?account={account['id']}")

    assert never.status == failed.status == 400
    assert (
        never.json()["error"]["code"]
        == failed.json()["error"]["code"]
        == "financial_connections_no_successful_transaction_refresh"
    )


async def test_whoever_may_not_refresh_transactions_is_told_to_link_again(stage: Stage) -> None:
    session = await stage.session()
    await stage.modal(session).to_done("avery")
    account = (await stage.accounts(session["id"]))[0]

    refused = await stage.api("GET", f"{TRANSACTIONS}?account={account['id']}")

    error = refused.json()["error"]
    assert error["code"] == "financial_connections_no_successful_transaction_refresh"
    assert error["message"].endswith("Session that asks for that permission.")


async def test_a_disconnection_destroys_what_was_read(stage: Stage) -> None:
    account = await linked(stage)
    await refreshed(stage, account["id"])
    (row, *_) = await listed(stage, account["id"])

    await stage.api("POST", f"financial_connections/accounts/{account['id']}/disconnect")

    assert (await stage.api("GET", f"{TRANSACTIONS}?account={account['id']}")).status == 400
    assert (await stage.api("GET", f"{TRANSACTIONS}/{row['id']}")).status == 404
    assert (await stage.rows("SELECT count(*) FROM transactions"))[0][0] == 0
    assert (await stage.rows("SELECT count(*) FROM transaction_refreshes"))[0][0] == 0


async def test_a_disconnection_while_the_bank_is_walked_leaves_nothing_behind(stage: Stage) -> None:
    account = await linked(stage)

    async def meanwhile(request: Request, deliver: Deliver) -> Response:
        await stage.api("POST", f"financial_connections/accounts/{account['id']}/disconnect")
        return await deliver(request)

    stage.wire.faults["/transactions"] = meanwhile
    ended = await refreshed(stage, account["id"])

    assert (ended["status"], ended["transaction_refresh"]) == ("disconnected", None)
    assert (await stage.rows("SELECT count(*) FROM transactions"))[0][0] == 0
    assert "refreshed_transactions" not in await events_of(stage, account["id"])


async def test_a_walk_that_another_process_took_over_writes_nothing(stage: Stage) -> None:
    account = await linked(stage)

    async def slowly(request: Request, deliver: Deliver) -> Response:
        stage.wire.faults.clear()
        stage.hands.seconds += 10 * 60
        assert await refreshes.carry_out(stage.context) == 1
        return await deliver(request)

    stage.wire.faults["/transactions"] = slowly
    ended = await refreshed(stage, account["id"])

    rows = await listed(stage, account["id"])
    assert ended["transaction_refresh"]["status"] == "succeeded"
    assert (await events_of(stage, account["id"]))["refreshed_transactions"] == 1
    assert len({(r["transacted_at"], r["amount"], r["description"]) for r in rows}) == len(rows)


async def test_one_transaction_is_retrieved_by_its_id(stage: Stage) -> None:
    account = await linked(stage)
    await refreshed(stage, account["id"])
    (row, *_) = await listed(stage, account["id"])

    found = await stage.api("GET", f"{TRANSACTIONS}/{row['id']}")
    unknown = await stage.api("GET", f"{TRANSACTIONS}/fctxn_none")
    foreign = await stage.api("GET", f"{TRANSACTIONS}/{row['id']}", key="sk_test_somebody_else")

    assert found.json() == row
    assert (unknown.status, unknown.json()["error"]["code"]) == (404, "resource_missing")
    assert foreign.anonymous == unknown.anonymous.replace(b"fctxn_none", row["id"].encode())


@pytest.mark.parametrize(
    ("query", "param"),
    [
        ("", "account"),
        ("account=", "account"),
        ("account=fca_none", "account"),
        ("account={}&transacted_at=soon", "transacted_at"),
        ("account={}&transacted_at[gt]=-1", "transacted_at[gt]"),
        ("account={}&transacted_at[after]=1", "transacted_at[after]"),
        ("account={}&transaction_refresh=fctxnref_1", "transaction_refresh"),
        ("account={}&transaction_refresh[before]=fctxnref_1", "transaction_refresh[before]"),
        ("account={}&transaction_refresh[after]=fctxnref_none", "transaction_refresh[after]"),
        ("account={}&starting_after=fctxn_none", "starting_after"),
        ("account={}&ending_before=fctxn_none", "ending_before"),
        ("account={}&expand[]=data.account", "expand[0]"),
    ],
)
async def test_a_list_is_refused_by_the_name_of_the_parameter(stage: Stage, query: str, param: str) -> None:
    account = await linked(stage)
    await refreshed(stage, account["id"])

    answer = await stage.api("GET", f"{TRANSACTIONS}?{query.format(account['id'])}")

    assert (answer.status, answer.json()["error"]["param"]) == (400, param)


@pytest.mark.parametrize("version", ["2020-08-27", "2023-10-16", "2024-04-10"])
async def test_older_versions_list_transactions_in_the_same_shape(stage: Stage, version: str) -> None:
    account = await linked(stage)
    await refreshed(stage, account["id"])
    path = f"/v1/{TRANSACTIONS}?account={account['id']}"
    key = {"authorization": f"Bearer {KEY}"}

    newest = await stage.ask("GET", path, key)
    older = await stage.ask("GET", path, {**key, "stripe-version": version})

    assert older.json() == newest.json()


async def test_a_token_that_runs_out_between_two_walks_is_renewed(stage: Stage) -> None:
    session = await stage.session(PERMITTED, ("prefetch[]", "transactions"))
    await stage.modal(session).to_done("avery")
    first = True

    async def slowly(request: Request, deliver: Deliver) -> Response:
        nonlocal first
        answer = await deliver(request)
        stage.hands.seconds += 14 * 60 if first else 0
        first = False
        return answer

    stage.wire.faults["/transactions"] = slowly
    await refreshes.carry_out(stage.context)
    stage.hands.seconds += 3 * 60
    await refreshes.carry_out(stage.context)

    ended = await stage.accounts(session["id"])
    assert len(ended) > 1
    assert {(one["status"], one["transaction_refresh"]["status"]) for one in ended} == {
        ("active", "succeeded")
    }
