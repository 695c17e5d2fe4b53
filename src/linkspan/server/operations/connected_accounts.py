"""Connected accounts: businesses that a platform links bank accounts for."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from linkspan.objects import BusinessProfile, ConnectedAccount, FrozenMap, decode_as, encode
from linkspan.server.core.caller import Caller
from linkspan.server.core.connected_account import CONTROLLER_DEFAULTS, CONTROLLER_OF, currency_of
from linkspan.server.core.ids import new_id
from linkspan.server.core.refusals import (
    BadParameter,
    NoAccessToAccount,
    NoSuchReference,
    PlatformRequired,
)
from linkspan.server.core.scope import Scope
from linkspan.server.operations import events
from linkspan.server.operations.context import Context
from linkspan.server.operations.metadata import merged
from linkspan.server.operations.pages import Page, Paging
from linkspan.server.store import connected_accounts as connected_account_rows
from linkspan.server.store.driver import Tx

_NO_PROFILE = BusinessProfile(
    mcc=None,
    name=None,
    product_description=None,
    support_email=None,
    support_phone=None,
    support_url=None,
    url=None,
)


async def acting_for(context: Context, tenant: Scope, account_id: str) -> Scope | None:
    """Return the scope of an account that *tenant* may act for: itself, or one connected to it."""
    if account_id == tenant.tenant:
        return tenant
    if "\0" in account_id:  # no id has one, and PostgreSQL would not even look it up
        return None
    scope = Scope(account_id, tenant.livemode)
    platform = context.platforms.known(scope)
    if platform is None:
        platform = await context.store.read(lambda tx: context.platforms.of(tx, scope))
    return scope if platform == tenant.tenant else None


async def create(tx: Tx, context: Context, caller: Caller, wanted: Mapping[str, Any]) -> bytes:
    """Keep a newly connected account and return it as the API writes it."""
    if await context.platforms.of(tx, caller.scope) is not None:
        raise PlatformRequired
    country = wanted.get("country") or "US"
    kind, controller = _controller(wanted)
    blank = ConnectedAccount(
        id=new_id("acct", context.world),
        business_profile=_NO_PROFILE,
        business_type=None,
        capabilities=FrozenMap(),
        charges_enabled=False,
        controller=FrozenMap(controller),
        country=country,
        created=context.world.seconds(),
        default_currency=currency_of(country),
        details_submitted=False,
        email=None,
        metadata=FrozenMap(),
        payouts_enabled=False,
        type=kind,
    )
    account = _changed(blank, wanted)
    doc = encode(account)
    await connected_account_rows.insert(tx, caller.scope, account.id, doc)
    return doc


async def retrieve(tx: Tx, context: Context, scope: Scope, account_id: str) -> bytes:
    """Return an account the caller may act for, as the API writes it; refuse any other."""
    doc = await find(tx, context, scope, account_id)
    if doc is None:
        raise NoAccessToAccount(account_id)
    return doc


async def find(tx: Tx, context: Context, scope: Scope, account_id: str) -> bytes | None:
    """Return an account the caller may act for; none where it may not, or there is none."""
    home = await _home(tx, context, scope, account_id)
    if home is None:
        return _platforms_own(context, account_id)
    return await connected_account_rows.get(tx, home, account_id)


async def update(
    tx: Tx, context: Context, caller: Caller, account_id: str, wanted: Mapping[str, Any]
) -> bytes:
    """Change what is *wanted* of a connected account and leave the rest."""
    home = await _home(tx, context, caller.scope, account_id)
    doc = None if home is None else await connected_account_rows.get(tx, home, account_id)
    if home is None or doc is None:
        raise NoAccessToAccount(account_id)
    before = decode_as(doc, ConnectedAccount)
    after = _changed(before, wanted)
    if after == before:
        return doc
    changed = encode(after)
    await connected_account_rows.save(tx, home, account_id, changed)
    own = replace(caller, scope=Scope(account_id, home.livemode))
    previous = events.previous_values(before, after)
    await events.record(tx, context, own, "account.updated", after, previous=previous)
    return changed


async def list_(tx: Tx, scope: Scope, paging: Paging) -> Page:
    """Return a page of a platform's connected accounts, newest first."""
    for name, cursor in paging.cursors:
        if await connected_account_rows.get(tx, scope, cursor) is None:
            raise NoSuchReference("account", cursor, param=name)
    docs = await connected_account_rows.page(
        tx, scope, limit=paging.one_more, after=paging.starting_after, before=paging.ending_before
    )
    return Page.cut(docs, paging)


async def name_of(tx: Tx, context: Context, scope: Scope) -> str:
    """Return what end users know a tenant as: a connected account by its own name, where it has one."""
    home = await _home(tx, context, scope, scope.tenant)
    doc = None if home is None else await connected_account_rows.get(tx, home, scope.tenant)
    profile = None if doc is None else decode_as(doc, ConnectedAccount).business_profile
    return (profile and profile.name) or context.merchant_name


async def check(tx: Tx, scope: Scope, account_id: str, *, param: str) -> None:
    """Refuse a parameter that names neither the caller's own account nor one connected to it."""
    if account_id != scope.tenant and await connected_account_rows.get(tx, scope, account_id) is None:
        raise NoSuchReference("account", account_id, param=param)


async def _home(tx: Tx, context: Context, scope: Scope, account_id: str) -> Scope | None:
    """Return whose row an account is; none for a platform's own, which has no row."""
    if account_id != scope.tenant:
        return scope
    platform = await context.platforms.of(tx, scope)
    return None if platform is None else Scope(platform, scope.livemode)


def _platforms_own(context: Context, account_id: str) -> bytes:
    """Return the account that an API key belongs to, of which nothing is kept."""
    return encode(
        ConnectedAccount(
            id=account_id,
            business_profile=replace(_NO_PROFILE, name=context.merchant_name),
            business_type=None,
            charges_enabled=False,
            country=None,
            default_currency=None,
            details_submitted=True,
            email=None,
            payouts_enabled=False,
            type="standard",
        )
    )


def _controller(wanted: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the type and the controller of a new account, from whichever of the two was sent."""
    kind, asked = wanted.get("type"), wanted.get("controller")
    if kind is not None and asked is not None:
        raise BadParameter(
            "You may not provide the `type` parameter and `controller` parameters simultaneously. They are "
            "mutually exclusive.",
            param="controller",
            code="parameters_exclusive",
        )
    ours = {"is_controller": True, "type": "application"}
    if asked is None:
        return kind or "standard", {**CONTROLLER_OF[kind or "standard"], **ours}
    return "none", {**CONTROLLER_DEFAULTS, **asked, **ours}


def _changed(account: ConnectedAccount, wanted: Mapping[str, Any]) -> ConnectedAccount:
    """Return *account* with what is *wanted*; hashes are merged key by key."""
    changes = {name: wanted[name] for name in ("business_type", "email") if name in wanted}
    if wanted.get("default_currency"):
        changes["default_currency"] = wanted["default_currency"]
    if "business_profile" in wanted:
        changes["business_profile"] = replace(
            account.business_profile or _NO_PROFILE, **wanted["business_profile"]
        )
    if "capabilities" in wanted:
        asked = {name: "active" if on else "inactive" for name, on in wanted["capabilities"].items()}
        changes["capabilities"] = FrozenMap({**(account.capabilities or {}), **asked})
    if "metadata" in wanted:
        changes["metadata"] = merged(account.metadata or None, wanted["metadata"])
    return replace(account, **changes)
