"""Institutions: where end users can link accounts."""

from typing import Final

from linkspan.objects import Institution, InstitutionFeature, InstitutionFeatures, encode
from linkspan.server.core import institution as configured
from linkspan.server.core.refusals import NoSuchObject, NoSuchReference
from linkspan.server.core.scope import Scope
from linkspan.server.operations.context import Context
from linkspan.server.operations.pages import Page, Paging

_NOUN: Final = "financial connections institution"
# Every connector family there is reads all of them.
_SUPPORTED: Final = InstitutionFeature(supported=True)
_FEATURES: Final = InstitutionFeatures(
    balances=_SUPPORTED, ownership=_SUPPORTED, payment_method=_SUPPORTED, transactions=_SUPPORTED
)


def list_(context: Context, scope: Scope, paging: Paging) -> Page:
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
    return Page.cut([encode(_shown(one, scope)) for one in wanted], paging)


def retrieve(context: Context, scope: Scope, institution_id: str) -> bytes:
    """Return an Institution as the API writes it."""
    doc = shown(context, scope, institution_id)
    if doc is None:
        raise NoSuchObject(_NOUN, institution_id, param="institution")
    return doc


def shown(context: Context, scope: Scope, institution_id: str) -> bytes | None:
    """Return an Institution as the API writes it; none when it is not configured any more."""
    found = context.institutions.get(institution_id)
    return None if found is None else encode(_shown(found, scope))


def _shown(institution: configured.Institution, scope: Scope) -> Institution:
    return Institution(
        id=institution.id,
        countries=institution.countries,
        features=_FEATURES,
        livemode=scope.livemode,
        name=institution.name,
        routing_numbers=institution.routing_numbers,
        status="active",
        url=institution.url,
    )
