"""Holds a database to the master key that opens what is in it."""

from dataclasses import replace
from hmac import compare_digest
from typing import Final

from linkspan.server.operations.context import Context
from linkspan.server.store import master_keys as master_key_rows
from linkspan.server.store.driver import Tx
from linkspan.server.store.master_keys import Held
from linkspan.server.vault.digests import Digests
from linkspan.server.vault.sealed import CannotOpen

PEPPER: Final = b"linkspan pepper"


class OtherMasterKey(Exception):
    """The database was sealed with another master key than this server has."""


async def hold(context: Context) -> Context:
    """Return *context* with the digests of its database, which a new one gets now.

    A new database is held to this server's key, one of a former release to the key
    it began with. Raises `OtherMasterKey` where none of the keys given is its own:
    nothing sealed would open, and what is sealed from now on would be lost to the
    right key.
    """
    held = await context.store.read(master_key_rows.get)
    if held is None or held.pepper is None:
        held = await context.store.write(lambda tx: _begin(tx, context))
    pepper = _pepper_in(context, held)
    if pepper is None:
        raise OtherMasterKey
    return replace(context, digests=Digests(pepper))


async def fits(context: Context) -> bool:
    """Tell whether this server's key opens what is in the database, changing nothing."""
    held = await context.store.read(master_key_rows.get)
    if held is None:
        return True
    if held.pepper is None:
        return _first_master(context, held) is not None
    return _pepper_in(context, held) is not None


async def _begin(tx: Tx, context: Context) -> Held:
    """Give the database a pepper of its own: a new one, or the one it has used so far."""
    before, vault = await master_key_rows.get(tx), context.vault
    if before is None:
        pepper, master_id = vault.new_key(), vault.master.id
        wrapped = vault.wrap(master_id, pepper, PEPPER)
        await master_key_rows.keep(tx, digest=digest_of(pepper), master=master_id, pepper=wrapped)
    elif before.pepper is None:
        found = _first_master(context, before)
        if found is None:
            raise OtherMasterKey
        master_id, pepper = found
        await master_key_rows.wrap(tx, master=master_id, pepper=vault.wrap(master_id, pepper, PEPPER))
    held = await master_key_rows.get(tx)
    assert held is not None  # noqa: S101 - kept just now
    return held


def _first_master(context: Context, held: Held) -> tuple[bytes, bytes] | None:
    """Return which master key a database of a former release began with, and the pepper derived of it."""
    for master in context.vault.masters.values():
        if compare_digest(digest_of(master.first_pepper), held.digest):
            return master.id, master.first_pepper
    return None


def _pepper_in(context: Context, held: Held) -> bytes | None:
    """Return the pepper of a database; none where it does not open."""
    try:
        pepper = context.vault.unwrap(held.master or b"", held.pepper or b"", PEPPER)
    except CannotOpen:
        return None
    return pepper if compare_digest(digest_of(pepper), held.digest) else None


def digest_of(pepper: bytes) -> bytes:
    """Return what a pepper is known again by."""
    return Digests(pepper).of(b"master key", "")
