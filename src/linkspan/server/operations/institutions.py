"""Institutions: where end users can link accounts."""

from typing import Final
from urllib.parse import urlsplit

from linkspan.objects import Institution, InstitutionFeature, InstitutionFeatures, encode
from linkspan.server.core import institution as configured
from linkspan.server.core.catalog import Catalog
from linkspan.server.core.health import WELL, Health
from linkspan.server.core.listed import Listed
from linkspan.server.core.refusals import NoSuchObject, NoSuchReference
from linkspan.server.core.scope import Scope
from linkspan.server.operations import health
from linkspan.server.operations.context import Context
from linkspan.server.operations.pages import Page, Paging
from linkspan.server.store.driver import Tx

_NOUN: Final = "financial connections institution"
# Every connector family there is reads all of them.
_SUPPORTED: Final = InstitutionFeature(supported=True)
_FEATURES: Final = InstitutionFeatures(
    balances=_SUPPORTED, ownership=_SUPPORTED, payment_method=_SUPPORTED, transactions=_SUPPORTED
)


async def list_(tx: Tx, context: Context, scope: Scope, paging: Paging) -> Page:
    """Return a page of the institutions, in the operator's order."""
    offered = context.institutions.all()
    ids = [one.id for one in offered]
    for name, cursor in paging.cursors:
        if cursor not in ids:
            raise NoSuchReference(_NOUN, cursor, param=name)
    after, before = paging.starting_after, paging.ending_before
    first = 0 if after is None else ids.index(after) + 1
    last = len(ids) if before is None else ids.index(before)
    # One more than wanted, on the side that is walked towards.
    wanted = offered[first:last][-paging.one_more :] if before else offered[first:last][: paging.one_more]
    known = await health.of_all(tx, context, scope)
    return Page.cut([encode(_shown(one, scope, known.get(one.id, WELL))) for one in wanted], paging)


async def retrieve(tx: Tx, context: Context, scope: Scope, institution_id: str) -> bytes:
    """Return an Institution as the API writes it."""
    doc = await shown(tx, context, scope, institution_id)
    if doc is None:
        raise NoSuchObject(_NOUN, institution_id, param="institution")
    return doc


async def shown(tx: Tx, context: Context, scope: Scope, institution_id: str) -> bytes | None:
    """Return an Institution as the API writes it; none when it is not configured any more."""
    found = context.institutions.get(institution_id)
    if found is None:
        return None
    return encode(_shown(found, scope, await health.of_one(tx, context, scope, found.id)))


async def catalog(context: Context) -> Catalog:
    """Return all institutions that people may search for."""
    configured_ones = [listed_of(context, one) for one in context.institutions.all()]
    return await context.directory.catalog(context.store, configured_ones)


def listed_of(context: Context, institution: configured.Institution) -> Listed:
    """Return a configured institution as the directory has others."""
    host = (urlsplit(institution.url or "").hostname or "").removeprefix("www.")
    return Listed(
        id=institution.id,
        name=institution.name,
        aliases=institution.aliases,
        countries=institution.countries,
        domains=tuple(dict.fromkeys(filter(None, (host, *institution.domains)))),
        routing_numbers=institution.routing_numbers,
        color=institution.color,
        logo=institution.logo,
        sign_in=context.connectors[institution.connector].manifest.sign_in,
        takes_seconds=institution.takes_seconds,
    )


def _shown(institution: configured.Institution, scope: Scope, known: Health) -> Institution:
    return Institution(
        id=institution.id,
        countries=institution.countries,
        features=_FEATURES,
        livemode=scope.livemode,
        name=institution.name,
        routing_numbers=institution.routing_numbers,
        status=known.status,
        url=institution.url,
    )
