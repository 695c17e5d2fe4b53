"""Seals a tenant's secrets with its own key, and opens them again."""

from functools import partial

from linkspan.server.core.scope import Scope
from linkspan.server.operations.context import Context
from linkspan.server.store import data_keys as data_key_rows
from linkspan.server.store import master_keys as master_key_rows
from linkspan.server.store.data_keys import Wrapped
from linkspan.server.store.driver import Tx
from linkspan.server.vault.data_keys import DataKey, id_in
from linkspan.server.vault.sealed import CannotOpen, Place, purpose_of


async def seal(tx: Tx, context: Context, place: Place, secret: bytes) -> bytes:
    """Return *secret* so that it opens in *place* alone; the transaction may make the tenant's first key."""
    vault = context.vault
    key = vault.current(place.scope, context.world.now())
    if key is None:
        key = await current_key(tx, context, place.scope)
    return vault.seal(key, secret, place)


async def opened(tx: Tx, context: Context, place: Place, sealed: bytes) -> bytes:
    """Return what was sealed in *place*; raise `CannotOpen` for anything else."""
    key_id = id_in(sealed)
    if key_id is None:
        return context.vault.open_first_format(sealed, place)
    key = context.vault.known(place.scope, key_id)
    if key is None:
        key = await _unwrapped(tx, context, place.scope, key_id)
        context.vault.remember(place.scope, key)
    return key.open(sealed, place)


async def opened_alone(context: Context, place: Place, sealed: bytes) -> bytes:
    """Do the same outside of any transaction."""
    return await context.store.read(lambda tx: opened(tx, context, place, sealed))


async def current_key(tx: Tx, context: Context, scope: Scope) -> DataKey:
    """Return what seals the values of *scope* now, made when it is first asked for.

    It is remembered once this transaction is kept: what nobody kept seals nothing.
    """
    held = await master_key_rows.get(tx)
    generation = 1 if held is None else held.generation
    wrapped = await data_key_rows.of_generation(tx, scope, generation)
    if wrapped is None:
        master = context.vault.master.id if held is None else held.master
        wrapped = await _make(tx, context, scope, master or context.vault.master.id, generation)
    key = _data_key(context, scope, wrapped)
    tx.on_commit(partial(context.vault.remember, scope, key, current_at=context.world.now()))
    return key


async def _make(tx: Tx, context: Context, scope: Scope, master_id: bytes, generation: int) -> Wrapped:
    """Keep a new key for *scope*, wrapped by the master key the database is held to."""
    vault, key_id = context.vault, context.vault.new_id()
    wrapped = Wrapped(key_id, master_id, vault.wrap(master_id, vault.new_key(), purpose_of(scope, key_id)))
    await data_key_rows.insert(tx, scope, wrapped, generation=generation, created=context.world.seconds())
    return wrapped


async def _unwrapped(tx: Tx, context: Context, scope: Scope, key_id: bytes) -> DataKey:
    wrapped = await data_key_rows.get(tx, scope, key_id)
    if wrapped is None:
        raise CannotOpen(f"there is no data key {key_id.hex()} of this tenant and mode")
    return _data_key(context, scope, wrapped)


def _data_key(context: Context, scope: Scope, wrapped: Wrapped) -> DataKey:
    known = context.vault.known(scope, bytes(wrapped.id))
    if known is not None:
        return known
    key = context.vault.unwrap(wrapped.master, wrapped.key, purpose_of(scope, wrapped.id))
    return DataKey(bytes(wrapped.id), key)
