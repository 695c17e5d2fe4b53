"""What every family of connectors does, whatever it speaks."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from linkspan.server import connectors as room
from linkspan.server.connectors.base import AskPerson, Grant, InvalidSetting, SendToBank
from linkspan.server.connectors.failures import ConnectorFailure, ConsentEnded, CredentialsRejected
from linkspan.server.connectors.http import Request, Response
from linkspan.server.core.found import FoundAccount, FoundTransaction
from linkspan.server.core.money import MINOR_UNIT_EXPONENTS
from tests.connectors.conformance.families import CASES, WAYS, Bank, bank_of
from tests.link.stage import NOW
from tests.link.wire import Deliver, Fault, down, failing, silent

pytestmark = pytest.mark.anyio

TODAY: Final = datetime.fromtimestamp(NOW, UTC).date()
SINCE: Final = TODAY - timedelta(days=170)


@pytest.fixture(params=CASES)
def bank(request: pytest.FixtureRequest) -> Bank:
    """A bank of each family in each version, in which nothing has happened."""
    return bank_of(request.param)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def saying(status: int, body: bytes) -> Fault:
    async def say(_request: Request, _deliver: Deliver) -> Response:
        return Response(status=status, body=body)

    return say


FAULTS: Final = {
    "down": down,
    "silent": silent,
    "failing": failing,
    "busy": saying(429, b""),
    "redirect": saying(302, b""),
    "nothing": saying(200, b""),
    "a page": saying(200, b"<html>We are closed</html>"),
    "other JSON": saying(200, b'{"accounts": 5}'),
    "deep": saying(200, b"<OFX>" + b"<A>" * 10_000 + b"[" * 10_000),
    "bytes": saying(200, bytes(range(256))),
}


async def read(bank: Bank) -> tuple[FoundAccount, ...]:
    grant = await bank.sign_in()
    accounts, _ = await bank.connector.accounts(bank.institution, grant, now=bank.now)
    return accounts


async def walked(bank: Bank, account: FoundAccount, since: date = SINCE) -> list[FoundTransaction]:
    grant = await bank.sign_in()
    pages = bank.connector.transactions(
        bank.institution,
        grant,
        source_id=account.source_id,
        currency=account.currency or "usd",
        from_on=since,
        to_on=TODAY,
    )
    return [row async for page in pages for row in page]


def test_every_family_takes_part() -> None:
    (home,) = room.__path__
    families = {path.parent.name for path in Path(home).glob("*/manifest.toml")}

    assert families == set(WAYS)
    assert families == {case.split()[0] for case in CASES}


def test_it_begins_as_its_manifest_says(bank: Bank) -> None:
    begun = bank.begin()

    kinds = {"redirect": SendToBank, "credentials": AskPerson, "token": AskPerson}
    assert isinstance(begun, kinds[bank.connector.manifest.sign_in])
    if isinstance(begun, AskPerson):
        assert begun.form.about == bank.connector.manifest.sign_in
        assert begun.form.fields
    assert repr(begun.kept) not in repr(begun)


def test_a_setting_it_does_not_know_is_refused(bank: Bank) -> None:
    strange = replace(bank.institution, settings={**bank.institution.settings, "colour": "blue"})

    with pytest.raises(InvalidSetting) as caught:
        bank.connector.check(strange)

    assert caught.value.setting == "colour"


def test_it_calls_addresses_of_its_settings_alone(bank: Bank) -> None:
    settings = set(bank.institution.settings.values())

    assert bank.connector.called(bank.institution)
    assert set(bank.connector.called(bank.institution)) <= settings


async def test_it_shows_what_its_manifest_declares(bank: Bank) -> None:
    accounts = await read(bank)

    shown = {"accounts"} if accounts else set()
    shown |= {"balances"} if any(one.balance for one in accounts) else set()
    shown |= {"ownership"} if any(one.owners for one in accounts) else set()
    shown |= {"payment_method"} if any(one.numbers for one in accounts) else set()
    account = next(one for one in accounts if one.balance and one.is_open)
    shown |= {"transactions"} if await walked(bank, account) else set()
    assert shown == set(bank.connector.manifest.capabilities)


async def test_its_accounts_are_whole(bank: Bank) -> None:
    accounts = await read(bank)

    assert len({one.source_id for one in accounts}) == len(accounts)
    for one in accounts:
        assert one.last4 is None or (len(one.last4) == 4 and one.last4.isdigit())
        assert one.currency is None or one.currency in MINOR_UNIT_EXPONENTS
        if one.balance is not None:
            assert set(one.balance.current) == {one.currency}
            assert 0 < one.balance.as_of <= bank.now + 86_400
        if one.category == "credit" and one.balance:
            assert not one.balance.cash
            assert one.balance.credit
            assert one.balance.credit.used is not None
            assert max(one.balance.credit.used.values()) <= 0
        if one.category == "other":
            assert not one.is_kind_told


async def test_two_readings_tell_the_same(bank: Bank) -> None:
    grant = await bank.sign_in()

    first, kept = await bank.connector.accounts(bank.institution, grant, now=bank.now)
    second, _ = await bank.connector.accounts(bank.institution, kept, now=bank.now)

    assert first == second


async def test_its_movements_are_of_the_days_asked_for_and_told_once(bank: Bank) -> None:
    account = next(one for one in await read(bank) if "hecking" in (one.display_name or "") or one.last4)
    since = TODAY - timedelta(days=20)

    rows = await walked(bank, account, since)

    assert rows
    assert len({row.source_id for row in rows}) == len(rows)
    for row in rows:
        at = row.posted_at or row.transacted_at
        assert at is not None
        assert since - timedelta(days=1) <= datetime.fromtimestamp(at, UTC).date() <= TODAY
        assert row.currency == account.currency


async def test_half_a_year_is_walked_to_its_end(bank: Bank) -> None:
    account = next(one for one in await read(bank) if "hecking" in (one.display_name or "") or one.last4)

    rows = await walked(bank, account)

    days = {datetime.fromtimestamp(row.posted_at or row.transacted_at or 0, UTC).date() for row in rows}
    assert (max(days) - min(days)).days > 150


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_bank_that_fails_raises_failures_and_nothing_else(bank: Bank, fault: str) -> None:
    account = next(one for one in await read(bank) if one.balance and one.is_open)
    grant = await bank.sign_in()
    bank.wire.faults[""] = FAULTS[fault]
    said = []

    for call in (
        bank.connector.accounts(bank.institution, grant, now=bank.now),
        anext(
            bank.connector.transactions(
                bank.institution,
                grant,
                source_id=account.source_id,
                currency="usd",
                from_on=SINCE,
                to_on=TODAY,
            ).__aiter__()
        ),
    ):
        with pytest.raises(ConnectorFailure) as caught:
            await call
        said.append(str(caught.value))

    for secret in bank.secrets:
        assert secret not in "".join(said)


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_sign_in_that_fails_raises_failures_and_nothing_else(bank: Bank, fault: str) -> None:
    begun = bank.begin()
    answer = await WAYS[bank.institution.connector](bank, begun)
    bank.wire.faults[""] = FAULTS[fault]

    with pytest.raises(ConnectorFailure) as caught:
        await bank.finish(begun.kept, answer)

    for secret in (*bank.secrets, *answer.values()):
        assert secret not in str(caught.value)


async def test_a_grant_that_is_good_is_kept_and_one_that_is_refused_is_not(bank: Bank) -> None:
    grant = await bank.sign_in()

    assert await bank.connector.renew(bank.institution, grant, now=bank.now) == grant
    try:
        renewed = await bank.connector.renew(bank.institution, grant, now=bank.now, is_refused=True)
    except CredentialsRejected:
        return
    assert renewed != grant


async def test_a_grant_that_was_ended_is_dead_at_the_bank_where_its_manifest_says_so(bank: Bank) -> None:
    grant = await bank.sign_in()
    other = await bank.sign_in()
    await bank.connector.accounts(bank.institution, grant, now=bank.now)

    await bank.connector.end(bank.institution, grant)
    await bank.connector.end(bank.institution, grant)  # a second time is no failure

    assert await is_good(bank, grant) == (not bank.connector.manifest.ends_grants)
    assert await is_good(bank, other)
    if bank.connector.manifest.ends_grants:
        with pytest.raises((CredentialsRejected, ConsentEnded)):
            await bank.connector.renew(bank.institution, grant, now=bank.now, is_refused=True)


async def is_good(bank: Bank, grant: Grant) -> bool:
    """Ask the bank itself whether it shows anything for a grant."""
    try:
        accounts, _ = await bank.connector.accounts(bank.institution, grant, now=bank.now)
    except (CredentialsRejected, ConsentEnded):
        return False
    return bool(accounts)


async def test_what_a_person_enters_is_in_no_repr(bank: Bank) -> None:
    begun = bank.begin()
    answer = await WAYS[bank.institution.connector](bank, begun)

    asked = await bank.finish(begun.kept, answer)

    for secret in bank.secrets:
        assert secret not in repr(begun)
        if isinstance(asked, AskPerson):
            assert secret not in repr(asked)
