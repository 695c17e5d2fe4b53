"""Puts a database under another master key, and its values under other data keys, while it is served.

Whatever process is killed wherever: each step is a transaction that leaves every value
openable, and whoever comes next finds what is left to do by looking.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from linkspan.server.core.scope import Scope
from linkspan.server.operations import sealing
from linkspan.server.operations.context import Context
from linkspan.server.operations.master_key import PEPPER
from linkspan.server.store import data_keys as data_key_rows
from linkspan.server.store import master_keys as master_key_rows
from linkspan.server.store import sealed as sealed_rows
from linkspan.server.store.data_keys import Wrapped
from linkspan.server.store.driver import Tx
from linkspan.server.store.master_keys import Held
from linkspan.server.store.sealed import COLUMNS, FIRST, Column, Sealed
from linkspan.server.vault.data_keys import id_in
from linkspan.server.vault.sealed import KNOWN_SECONDS, CannotOpen, Place, purpose_of

# Few enough that no writer waits for long.
_KEYS_A_WRITE: Final = 100
_VALUES_A_WRITE: Final = 50
_VALUES_A_READ: Final = 500
# When no process seals with a data key of the former generation any more, nor has a
# transaction under way that did.
SETTLED_SECONDS: Final = 2 * KNOWN_SECONDS + 1


@dataclass(frozen=True, slots=True)
class Passed:
    """What one look at every sealed value found."""

    replaced: int
    unreadable: int
    """Values that none of the keys given opens; they were left as they are."""


async def rotate(context: Context, *, data_keys: bool, settle_seconds: float = SETTLED_SECONDS) -> Passed:
    """Put everything under the newest master key, and with *data_keys* under new data keys as well.

    Every process that serves the database must have both master keys by then.
    """
    await context.store.write(lambda tx: _hold_to_newest(tx, context))
    while await context.store.write(lambda tx: _rewrap(tx, context)):
        pass
    if data_keys:
        await context.store.write(master_key_rows.next_generation)
    return await reseal(context, settle_seconds=settle_seconds)


async def is_unfinished(tx: Tx, _context: Context) -> bool:
    """Tell whether a rotation, or a release with another format, has left something to be sealed anew."""
    held = await master_key_rows.get(tx)
    return held is not None and held.resealed < held.generation


async def carry_out(context: Context) -> int:
    """Finish what was left; return how many values were sealed anew."""
    return (await reseal(context)).replaced


async def reseal(context: Context, *, settle_seconds: float = SETTLED_SECONDS) -> Passed:
    """Seal with the data keys of now whatever is sealed otherwise.

    Where another process may seal with a former one for *settle_seconds* more, that is waited for.
    """
    context.vault.forget_current()
    began = asyncio.get_running_loop().time()
    held = await context.store.read(held_by)
    passed = await _pass(context)
    replaced = passed.replaced
    if replaced or held.resealed < held.generation:
        # Until nobody seals with the former keys any more.
        await asyncio.sleep(began + settle_seconds - asyncio.get_running_loop().time())
        while (passed := await _pass(context)).replaced:
            replaced += passed.replaced
    await context.store.write(lambda tx: master_key_rows.resealed(tx, held.generation))
    return Passed(replaced, passed.unreadable)


async def _hold_to_newest(tx: Tx, context: Context) -> None:
    """Let the newest master key wrap from now on, beginning with the pepper."""
    held, vault = await held_by(tx), context.vault
    if held.master == vault.master.id:
        return
    pepper = vault.unwrap(held.master or b"", held.pepper or b"", PEPPER)
    wrapped = vault.wrap(vault.master.id, pepper, PEPPER)
    await master_key_rows.wrap(tx, master=vault.master.id, pepper=wrapped)


async def _rewrap(tx: Tx, context: Context) -> int:
    """Wrap some of the data keys that another master key wraps; return how many there were."""
    held, vault = await held_by(tx), context.vault
    master_id = held.master or b""
    found = await data_key_rows.not_wrapped_by(tx, master=master_id, limit=_KEYS_A_WRITE)
    for scope, before in found:
        purpose = purpose_of(scope, before.id)
        key = vault.unwrap(before.master, before.key, purpose)
        after = Wrapped(before.id, master_id, vault.wrap(master_id, key, purpose))
        await data_key_rows.wrap(tx, scope, after)
    return len(found)


async def _pass(context: Context) -> Passed:
    """Look at every sealed value once, and seal anew what is not as it would be sealed now."""
    held = await context.store.read(held_by)
    current: dict[Scope, bytes] = {}
    replaced = unreadable = 0
    for column in COLUMNS:
        async for found in values_of(context, column):
            for scope in {one.scope for one in found} - set(current):
                key = await context.store.read(
                    partial(data_key_rows.of_generation, scope=scope, generation=held.generation)
                )
                if key is not None:
                    current[scope] = bytes(key.id)
            stale = [one for one in found if id_in(one.value) != current.get(one.scope, b"")]
            for first in range(0, len(stale), _VALUES_A_WRITE):
                some = stale[first : first + _VALUES_A_WRITE]
                done = await context.store.write(partial(_replace, context=context, column=column, some=some))
                replaced, unreadable = replaced + done.replaced, unreadable + done.unreadable
    return Passed(replaced, unreadable)


async def values_of(context: Context, column: Column) -> AsyncIterator[Sequence[Sealed]]:
    """Yield all values of a column, a part at a time, so that the database is not held."""
    after = FIRST
    while found := await context.store.read(
        partial(sealed_rows.page, column=column, after=after, limit=_VALUES_A_READ)
    ):
        after = found[-1]
        yield [one for one in found if one.value]


async def _replace(tx: Tx, context: Context, column: Column, some: Sequence[Sealed]) -> Passed:
    """Seal some values of a column anew; one that was changed meanwhile is left to the next pass."""
    replaced = unreadable = 0
    for one in some:
        is_first = id_in(one.value) is None
        try:
            secret = await sealing.opened(tx, context, _place(column, one, is_first=is_first), one.value)
        except CannotOpen:
            unreadable += 1
            continue
        place = _place(column, one)
        key = await sealing.current_key(tx, context, one.scope)
        sealed = context.vault.seal(key, secret, place)
        replaced += await sealed_rows.replace(tx, column, one, sealed)
    return Passed(replaced, unreadable)


def _place(column: Column, one: Sealed, *, is_first: bool = False) -> Place:
    name = (column.first_name or column.name) if is_first else column.name
    return Place(column.table, name, one.row, one.scope)


async def held_by(tx: Tx) -> Held:
    """Return what the database says of its keys."""
    held = await master_key_rows.get(tx)
    assert held is not None  # noqa: S101 - a context that is held to its database has seen it
    return held
