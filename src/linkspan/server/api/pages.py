"""Lets a page, which has a publishable key, ask for the one thing whose client secret it was given."""

from typing import Any, Final

from linkspan.server.api.auth import Keys
from linkspan.server.api.routing import Route
from linkspan.server.core.access import Access
from linkspan.server.core.refusals import InvalidClientSecret, SecretKeyRequired
from linkspan.server.operations import intents, tenants
from linkspan.server.operations.context import Context
from linkspan.server.store.driver import Tx

# What follows a route's own name in its address, as `payment_intents.confirm` has it.
_PLURAL: Final = "s"


async def access_of(
    context: Context, keys: Keys, key: str, route: Route, path: dict[str, str], form: dict[str, Any]
) -> Access:
    """Return what a publishable key opens with the client secret in *form*: what the address names."""
    secret = form.get("client_secret")
    if not isinstance(secret, str):
        raise SecretKeyRequired

    async def look(tx: Tx) -> Access:
        named = await intents.named(tx, context, secret)
        noun = route.resource.removesuffix(_PLURAL)
        if path[noun] != named.id:
            raise InvalidClientSecret("intent")
        await keys.check_page_key(tx, key, named.scope)
        version = await tenants.version_of(tx, context, named.scope)
        return Access(named.scope, key=key, version=version)

    return await context.store.read(look)
