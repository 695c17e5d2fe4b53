"""R28: keys are rotated while the database is used, killed again and again, and nothing is ever lost."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Final, TypeVar

import pytest

from linkspan.server.core.api_key import Kind
from linkspan.server.core.scope import Scope
from linkspan.server.operations import key_uses, keys, master_key, rotation
from linkspan.server.operations.context import Context
from linkspan.server.operations.key_uses import Report
from linkspan.server.operations.master_key import OtherMasterKey
from linkspan.server.operations.rotation import Passed
from linkspan.server.store import keys as key_rows
from linkspan.server.store.driver import Tx
from linkspan.server.store.sealed import COLUMNS
from linkspan.server.vault.digests import pepper_of
from linkspan.server.vault.masters import MasterKey
from linkspan.server.vault.sealed import CannotOpen
from tests.conftest import Tally
from tests.dying import dying
from tests.vault.sealed_rows import NEW, OLD, SCOPES, TABLES, Kept, context_at, keep, opens, rows

T = TypeVar("T")

ROWS: Final = 10_000
KILLS: Final = 10
# A child that lives for some of these transactions; the ones after it go on where it was killed.
LIVES_MAX: Final = 60
READ_AT_ONCE: Final = 40
HOME: Final = SCOPES[0]


async def keep_all(tx: Tx, context: Context, count: int, *, at_first: bytes | None = None) -> list[Kept]:
    """As many rows as wanted, their secrets sealed as now or as the first format did."""
    kept: list[Kept] = []
    for table, scope, row in rows(count):
        kept += await keep(tx, context, table, scope, row, at_first=at_first)
    return kept


class Load:
    """A server that reads and writes sealed values all the time, and knows both master keys."""

    def __init__(self, context: Context, secrets: list[Kept]) -> None:
        self._context = context
        self._random = random.Random(len(secrets))
        self.secrets = secrets
        self.read = self.written = 0

    async def run(self, done: asyncio.Event) -> None:
        """Open some of what there is and seal something new until *done*; what does not open ends it."""
        while not done.is_set():
            some = self._random.sample(self.secrets, READ_AT_ONCE)
            await self._context.store.read(partial(opens, context=self._context, secrets=some))
            self.read += len(some)
            self.secrets += await self._context.store.write(self._keep)
            self.written += 1
            await asyncio.sleep(0)

    async def _keep(self, tx: Tx) -> list[Kept]:
        table = TABLES[self.written % len(TABLES)]
        scope = SCOPES[self.written % len(SCOPES)]
        return await keep(tx, self._context, table, scope, f"new_{self.written:06}")


@pytest.mark.timeout(300)
def test_rotation_is_killed_ten_times_and_loses_nothing(
    address: str, loop: asyncio.Runner, tally: Tally
) -> None:
    context = context_at(address, NEW, OLD)
    before = loop.run(master_key.hold(context_at(address, OLD)))
    context = loop.run(master_key.hold(context))
    secrets = loop.run(before.store.write(lambda tx: keep_all(tx, before, ROWS)))
    load, chance = Load(context, secrets), random.Random(ROWS)

    async def rotate() -> int:
        done, kills = asyncio.Event(), 0
        loading = asyncio.create_task(load.run(done))
        with dying("tests.vault.dying_rotation", address) as dies_at:
            while kills < KILLS:
                assert await asyncio.to_thread(dies_at, chance.randint(1, LIVES_MAX)), "it ended too early"
                kills += 1
                assert not loading.done()
            assert not await asyncio.to_thread(dies_at, 10**9)
        done.set()
        await loading
        return kills

    kills = loop.run(rotate())
    alone = loop.run(master_key.hold(context_at(address, NEW)))  # without the old key
    loop.run(alone.store.read(lambda tx: opens(tx, alone, load.secrets)))
    found = loop.run(key_uses.report(alone))
    for each in (before, context, alone):
        loop.run(each.store.aclose())

    new, old = MasterKey(NEW).id.hex(), MasterKey(OLD).id.hex()
    assert [(one.id, one.data_keys, one.values) for one in found.masters] == [(new, 2 * len(SCOPES), 0)]
    assert old not in str(found)
    assert [sum(one.values.values()) for one in found.generations] == [0, len(load.secrets)]
    assert found.orphans == {}
    tally(
        f"R28 {address.partition(':')[0]}",
        rows=ROWS + load.written,
        values=len(load.secrets),
        kills=kills,
        opened_meanwhile=load.read,
        undecryptable=0,
        left_on_the_old_key=0,
    )


def write_in(context: Context, work: Callable[[Tx], Awaitable[T]]) -> Awaitable[T]:
    return context.store.write(work)


def opened_all(loop: asyncio.Runner, context: Context, secrets: Sequence[Kept]) -> bool:
    """Whether all of them open, without what this process remembers."""
    context.vault.forget_current()
    try:
        loop.run(context.store.read(lambda tx: opens(tx, context, secrets)))
    except CannotOpen:
        return False
    return True


def of_first(found: Report) -> int:
    return sum(master.values for master in found.masters)


def test_a_database_of_the_first_format_opens_and_is_sealed_anew_while_it_is_served(
    address: str, loop: asyncio.Runner
) -> None:
    context = context_at(address, OLD)

    async def as_of_old(tx: Tx) -> list[Kept]:
        digest = master_key.digest_of(pepper_of(OLD))
        await tx.run("INSERT INTO master_keys (number, digest) VALUES (1, :digest)", {"digest": digest})
        return await keep_all(tx, context, 70, at_first=OLD)

    secrets = loop.run(context.store.write(as_of_old))
    held = loop.run(master_key.hold(context))
    assert opened_all(loop, held, secrets)
    assert of_first(loop.run(key_uses.report(held))) == len(secrets)

    loop.run(rotation.reseal(held, settle_seconds=0))

    assert opened_all(loop, held, secrets)
    found = loop.run(key_uses.report(held))
    assert of_first(found) == 0
    assert sum(found.generations[0].values.values()) == len(secrets) == 70 // len(TABLES) * len(COLUMNS)
    loop.run(held.store.aclose())


def test_api_keys_and_client_secrets_of_a_former_release_are_known_after_a_rotation(
    address: str, loop: asyncio.Runner
) -> None:
    context = context_at(address, OLD)
    former = pepper_of(OLD)

    async def as_of_old(tx: Tx) -> None:
        digest = master_key.digest_of(former)
        await tx.run("INSERT INTO master_keys (number, digest) VALUES (1, :digest)", {"digest": digest})

    loop.run(context.store.write(as_of_old))
    first = loop.run(master_key.hold(context))
    made = loop.run(first.store.write(lambda tx: keys.create(tx, first, HOME, Kind.SECRET)))
    both = loop.run(master_key.hold(context_at(address, NEW, OLD)))
    loop.run(rotation.rotate(both, data_keys=False))
    after = loop.run(master_key.hold(context_at(address, NEW)))

    digest = keys.digest_of(after.digests, made.text)
    found = loop.run(after.store.read(lambda tx: key_rows.by_digest(tx, digest)))

    assert found is not None
    assert found.id == made.kept.id
    assert after.digests.of(b"any", "thing") == first.digests.of(b"any", "thing")
    for each in (first, both, after):
        loop.run(each.store.aclose())


def test_a_new_databases_pepper_has_nothing_to_do_with_its_master_key(loop: asyncio.Runner) -> None:
    one, two = (loop.run(master_key.hold(context_at("sqlite://", OLD))) for _ in range(2))

    assert one.digests.of(b"any", "thing") != two.digests.of(b"any", "thing")
    for each in (one, two):
        loop.run(each.store.aclose())


def test_who_has_only_the_new_key_before_or_only_the_old_one_after_a_rotation_is_refused(
    address: str, loop: asyncio.Runner
) -> None:
    both = loop.run(master_key.hold(context_at(address, OLD)))
    early = context_at(address, NEW)
    with pytest.raises(OtherMasterKey):
        loop.run(master_key.hold(early))
    assert not loop.run(master_key.fits(early))

    rotating = loop.run(master_key.hold(context_at(address, NEW, OLD)))
    loop.run(rotation.rotate(rotating, data_keys=False))

    late = context_at(address, OLD)
    with pytest.raises(OtherMasterKey):
        loop.run(master_key.hold(late))
    assert loop.run(master_key.fits(early))
    for each in (both, early, rotating, late):
        loop.run(each.store.aclose())


def test_a_second_rotation_of_data_keys_follows_the_first(address: str, loop: asyncio.Runner) -> None:
    context = loop.run(master_key.hold(context_at(address, OLD)))
    secrets = loop.run(context.store.write(lambda tx: keep_all(tx, context, 70)))

    done = [loop.run(rotation.rotate(context, data_keys=True, settle_seconds=0)) for _ in range(2)]

    assert done == [Passed(replaced=len(secrets), unreadable=0)] * 2
    assert opened_all(loop, context, secrets)
    counts = [sum(one.values.values()) for one in loop.run(key_uses.report(context)).generations]
    assert counts == [0, 0, len(secrets)]
    loop.run(context.store.aclose())


def test_what_no_key_opens_is_left_as_it_is_and_counted(address: str, loop: asyncio.Runner) -> None:
    context = loop.run(master_key.hold(context_at(address, NEW)))
    good = loop.run(context.store.write(lambda tx: keep(tx, context, "tokens", HOME, "good")))
    lost = loop.run(context.store.write(lambda tx: keep(tx, context, "tokens", HOME, "lost", at_first=OLD)))

    assert loop.run(rotation.rotate(context, data_keys=True, settle_seconds=0)) == Passed(
        replaced=1, unreadable=1
    )
    found = loop.run(key_uses.report(context))

    assert [(one.is_here, one.values) for one in found.masters if one.id == MasterKey(OLD).id.hex()] == [
        (False, 1)
    ]
    assert opened_all(loop, context, good)
    assert not opened_all(loop, context, lost)
    both = loop.run(master_key.hold(context_at(address, NEW, OLD)))
    assert loop.run(rotation.rotate(both, data_keys=False, settle_seconds=0)).unreadable == 0
    assert opened_all(loop, both, lost)
    for each in (context, both):
        loop.run(each.store.aclose())


def test_a_key_that_was_made_in_a_transaction_that_was_undone_seals_nothing(
    address: str, loop: asyncio.Runner
) -> None:
    context = loop.run(master_key.hold(context_at(address, OLD)))

    class Undone(Exception):
        pass

    async def undo(tx: Tx) -> None:
        await keep(tx, context, "tokens", HOME, "undone")
        raise Undone

    with pytest.raises(Undone):
        loop.run(context.store.write(undo))
    secrets = loop.run(context.store.write(lambda tx: keep(tx, context, "tokens", HOME, "kept")))

    other = loop.run(master_key.hold(context_at(address, OLD)))
    assert opened_all(loop, other, secrets)
    for each in (context, other):
        loop.run(each.store.aclose())


def test_two_processes_that_seal_at_once_share_a_tenants_key(
    empty_postgres: str, loop: asyncio.Runner
) -> None:
    contexts = [loop.run(master_key.hold(context_at(empty_postgres, OLD))) for _ in range(2)]
    scope = Scope("acct_new", livemode=False)

    async def at_once() -> list[list[Kept]]:
        work = [
            partial(keep, context=context, table="tokens", scope=scope, row=f"row_{number}")
            for number, context in enumerate(contexts)
        ]
        return await asyncio.gather(*map(write_in, contexts, work))

    secrets = [one for some in loop.run(at_once()) for one in some]

    assert [opened_all(loop, context, secrets) for context in contexts] == [True, True]
    ids = loop.run(contexts[0].store.read(lambda tx: tx.all("SELECT id FROM data_keys", {})))
    assert len(ids) == 1
    for context in contexts:
        loop.run(context.store.aclose())
