"""Servers whose keys are kept in the store, and one builder for a key."""

from dataclasses import replace
from typing import Any, Final

from linkspan.server.api.app import Api
from linkspan.server.api.auth import Keys, StoredKeys
from linkspan.server.core.api_key import ApiKey, Kind
from linkspan.server.core.scope import Scope
from linkspan.server.operations import keys
from linkspan.server.operations.keys import NewKey
from linkspan.server.telemetry.log import Log
from tests.api.conftest import Server, done

OURS: Final = Scope("acct_ours", livemode=False)
THEIRS: Final = Scope("acct_theirs", livemode=False)
LIVE: Final = Scope("acct_ours", livemode=True)


def keyed(server: Server, known: Keys | None = None) -> Server:
    """Another process on the same database, which takes the keys in it."""
    api = Api(server.context, known or StoredKeys(server.context), Log(server.context.world, server.log))
    return replace(server, api=api)


def make_key(server: Server, scope: Scope = OURS, kind: Kind = Kind.SECRET, **wanted: Any) -> NewKey:
    return done(server.store.write(lambda tx: keys.create(tx, server.context, scope, kind, **wanted)))


def revoke(server: Server, key: NewKey) -> ApiKey:
    return done(server.store.write(lambda tx: keys.revoke(tx, server.context, key.kept.id)))
