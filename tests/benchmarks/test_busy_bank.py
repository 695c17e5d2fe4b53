"""The bank of the benchmarks shows as many transactions as asked for, each once."""

import pytest

from benchmarks.busy_bank import BusyBank
from linkspan.standards.fdx import read_accounts, read_transactions


@pytest.mark.parametrize("rows", [1, 100, 250])
def test_every_row_is_on_one_page(rows: int) -> None:
    bank = BusyBank("http://bank.test", rows)

    pages = [read_transactions(page) for page in bank._pages]

    ids = [row.transaction_id for page in pages for row in page.transactions]
    assert len(ids) == len(set(ids)) == rows
    assert [page.page.next_page_key for page in pages] == [*map(str, range(1, len(pages))), None]


def test_its_account_has_a_currency() -> None:
    (account,) = read_accounts(BusyBank("http://bank.test", 1)._answers["/fdx/accounts"]).accounts

    assert account.currency is not None
