"""What the benchmarks read is what a server sends, and both packages read it alike."""

import json

import stripe

import linkspan
from benchmarks.samples import PAGE_LENGTH, page_of_accounts, page_of_transactions


def test_a_page_of_transactions_is_full() -> None:
    page = linkspan.decode(page_of_transactions())

    assert isinstance(page, linkspan.List)
    assert len({transaction.id for transaction in page.data}) == PAGE_LENGTH


def test_the_official_package_reads_the_same_page() -> None:
    page = stripe.ListObject[stripe.financial_connections.Account].construct_from(
        json.loads(page_of_accounts()), None
    )
    ours = linkspan.decode(page_of_accounts())

    assert isinstance(ours, linkspan.List)
    assert [account.id for account in page.data] == [account.id for account in ours.data]
