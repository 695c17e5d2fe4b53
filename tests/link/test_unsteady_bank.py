"""A bank that does to its lists what banks were seen to do is followed over HTTP to what truly happened."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from linkspan.sandbank.accounts import HeldAccount, accounts_of
from linkspan.sandbank.brands import BY_SLUG
from linkspan.sandbank.people import PEOPLE
from linkspan.sandbank.statements import unsteady_rows
from linkspan.sandbank.unsteady import fate_of, is_broken, is_empty
from linkspan.server.connectors.http import Request, Response
from linkspan.server.core.days import instant_told
from linkspan.standards.fdx import Transaction
from tests.link.stage import Stage
from tests.link.test_transactions import PERMITTED, listed, refreshed
from tests.link.wire import Deliver

pytestmark = pytest.mark.anyio

DAY: Final = 24 * 60 * 60
DAYS: Final = 30
UNSTEADY: Final = "fcinst_undertow"
Row = tuple[int, int | None, str]


def row_of(shown: Transaction) -> Row:
    """A row as the ledger is to say it."""
    amount = int(shown.amount * 100) * (1 if shown.debit_credit_memo == "CREDIT" else -1)
    at = shown.transaction_timestamp
    return amount, None if at is None else instant_told(at), shown.status.lower()


def rows_in(held: HeldAccount, now: datetime) -> dict[str, Row]:
    """What the bank shows, by what it truly is."""
    return {one.movement: row_of(one.row) for one in unsteady_rows(held, now)}


def held_by(stage: Stage) -> HeldAccount:
    """The bank's own account."""
    held = accounts_of(PEOPLE["avery"], BY_SLUG["undertow"], stage.bank.seed)
    return next(one for one in held if one.plan.key == "checking")


async def linked(stage: Stage) -> dict[str, Any]:
    session = await stage.session(PERMITTED)
    await stage.modal(session).to_done("avery", bank=UNSTEADY)
    stage.hands.seconds += 1
    accounts = await stage.accounts(session["id"])
    return next(account for account in accounts if account["subcategory"] == "checking")


@pytest.mark.timeout(300)
async def test_a_month_at_an_unsteady_bank_ends_in_what_truly_happened(stage: Stage) -> None:
    account, held = await linked(stage), held_by(stage)
    truth: dict[str, Row] = {}
    failed = 0
    for _ in range(DAYS):
        now = datetime.fromtimestamp(stage.hands.seconds + 1, UTC)
        ended = await refreshed(stage, account["id"])
        failed += ended["transaction_refresh"]["status"] == "failed"
        if ended["transaction_refresh"]["status"] == "succeeded" and not is_empty(now):
            seen = rows_in(held, now)
            gone = {
                known: (amount, at, "void")
                for known, (amount, at, state) in truth.items()
                if state == "pending" and known not in seen
            }
            truth |= {**gone, **seen}
        stage.hands.seconds += DAY

    rows = await listed(stage, account["id"])
    told = Counter((row["amount"], row["transacted_at"], row["status"]) for row in rows)
    days = [datetime.fromtimestamp(stage.hands.seconds - n * DAY, UTC) for n in range(1, DAYS + 1)]
    assert told == Counter(truth.values())
    assert any(is_empty(day) for day in days)
    assert any(is_broken(day) for day in days)
    fates = Counter(fate_of(held, one) for one in held.movements(days[0]))
    assert min(fates.values()) > 5
    assert len(fates) == 6


async def test_a_walk_over_which_the_hour_turns_begins_anew(stage: Stage) -> None:
    account = await linked(stage)
    turned = False

    async def slowly(request: Request, deliver: Deliver) -> Response:
        nonlocal turned
        answer = await deliver(request)
        stage.hands.seconds += 0 if turned else 60 * 60
        turned = True
        return answer

    stage.wire.faults["/transactions"] = slowly
    ended = await refreshed(stage, account["id"])

    now = datetime.fromtimestamp(stage.hands.seconds, UTC)
    told = Counter(
        (row["amount"], row["transacted_at"], row["status"]) for row in await listed(stage, account["id"])
    )
    assert ended["transaction_refresh"]["status"] == "succeeded"
    assert told == Counter(rows_in(held_by(stage), now).values())
