"""Finds the Session a client secret names, with how far its linking has come."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec.structs import replace

from linkspan.objects import Filters, Limits, Session, decode_as
from linkspan.server.core.caller import Caller
from linkspan.server.core.eligibility import WhyNot
from linkspan.server.core.forms import Form
from linkspan.server.core.found import FoundAccount
from linkspan.server.core.health import Health
from linkspan.server.core.ids import secret_from
from linkspan.server.core.institution import Institution
from linkspan.server.core.intent import Kind
from linkspan.server.core.linking import Step
from linkspan.server.core.listed import Listed
from linkspan.server.core.refusals import InvalidClientSecret, SessionExpired
from linkspan.server.core.scope import Scope
from linkspan.server.core.session_status import SessionStatus
from linkspan.server.operations import connected_accounts, health, intents, payment_methods, sealing
from linkspan.server.operations.context import Context
from linkspan.server.operations.institutions import listed_of
from linkspan.server.operations.linking.eligible import as_linked, linked_before, reasons
from linkspan.server.operations.linking.kept import kept_of
from linkspan.server.operations.session_secrets import secret_digest
from linkspan.server.operations.whole_sessions import whole
from linkspan.server.store import attempts as attempt_rows
from linkspan.server.store import authorizations as authorization_rows
from linkspan.server.store import institutions as institution_rows
from linkspan.server.store import links as link_rows
from linkspan.server.store import sessions as session_rows
from linkspan.server.store.driver import Tx
from linkspan.server.store.sessions import SessionRow
from linkspan.server.vault.sealed import Place


class Found(msgspec.Struct, frozen=True):
    """The accounts a bank showed, under ids that mean nothing to anyone else."""

    accounts: dict[str, FoundAccount]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the linking of a Session has come."""

    scope: Scope
    session: Session
    expires_at: int
    extensions: int
    """How often the Session was given more time."""
    link: link_rows.Link
    only_institution: str | None = None
    """The one the program chose, where the end user is offered no other."""

    @property
    def as_asked(self) -> Session:
        """The Session with what the page's call asks for besides; never kept."""
        if not self.link.errand.takes_one:
            return self.session
        filters = self.session.filters or Filters()
        payable = replace(filters, require_payment_method_support="all")
        return replace(self.session, filters=payable, limits=Limits(accounts=1))

    @property
    def manual_entry(self) -> str:
        """How numbers may be typed: ``automatic``, ``custom`` or ``disabled``.

        What is typed becomes no Account, so a call for accounts alone takes none.
        """
        mode = str((self.session.manual_entry and self.session.manual_entry.mode) or "disabled")
        is_relinking = bool(self.session.relink_options)
        if is_relinking or (mode == "automatic" and not self.link.errand.takes_one):
            return "disabled"
        return mode

    def caller(self, request_id: str) -> Caller:
        """Return who acts: the end user, on the tenant's behalf."""
        return Caller(self.scope, request_id)


async def find(tx: Tx, context: Context, secret: str) -> Progress:
    """Return the progress of the Session that *secret* names.

    Raises `InvalidClientSecret` for a secret that names none, `SessionExpired`
    after its time, and lets a Session not opened yet stand at its first step.
    """
    named = await session_rows.by_secret(tx, secret_digest(context.digests, secret))
    if named is None:
        raise InvalidClientSecret
    return await _progress(tx, context, named)


async def find_by_id(tx: Tx, context: Context, scope: Scope, session_id: str) -> Progress:
    """Return the progress of a Session that an attempt belongs to."""
    row = await session_rows.get_whole(tx, scope, session_id)
    if row is None:  # erased with its tenant, or its customer
        raise SessionExpired
    return await _progress(tx, context, row)


async def _progress(tx: Tx, context: Context, row: SessionRow) -> Progress:
    """Return how far a Session has come, or refuse it after its time."""
    if context.world.seconds() >= row.expires_at:
        raise SessionExpired
    link = await link_rows.get(tx, row.scope, row.id)
    unopened = link_rows.Link(session=row.id, step=Step.BANK, version=0, host_origin="")
    session = whole(row)
    return Progress(
        scope=row.scope,
        session=session,
        expires_at=row.expires_at,
        extensions=row.extensions,
        link=link or unopened,
        only_institution=await _only_institution(tx, row.scope, session),
    )


async def _only_institution(tx: Tx, scope: Scope, session: Session) -> str | None:
    """Return the one institution the program chose, if it chose one: what is repaired is repaired there."""
    if session.relink_options:
        standing = await authorization_rows.get_standing(tx, scope, session.relink_options.authorization)
        return None if standing is None else standing.institution
    return (session.filters and session.filters.institution) or None


def offered(context: Context, progress: Progress) -> tuple[Institution, ...]:
    """Return the institutions that are offered before anything was typed."""
    featured = context.institutions.featured(country=country_of(progress))
    return tuple(one for one in featured if progress.only_institution in {None, one.id})


def may_choose(progress: Progress, institution: Institution | Listed) -> bool:
    """Tell whether the Session is for accounts at *institution*."""
    only, country = progress.only_institution, country_of(progress)
    return only in {None, institution.id} and (country is None or country in institution.countries)


def country_of(progress: Progress) -> str | None:
    """Return the country that institutions must serve, where the program said one."""
    filters = progress.session.filters
    return (filters and filters.country) or None


def institution_of(context: Context, progress: Progress) -> Institution | None:
    """Return the institution chosen, if it is still offered."""
    chosen = progress.link.institution
    return None if chosen is None else context.institutions.get(chosen)


async def found_accounts(tx: Tx, context: Context, progress: Progress) -> dict[str, FoundAccount]:
    """Return the accounts the bank showed, by candidate id; none before it did."""
    if progress.link.attempt is None:
        return {}
    attempt = await attempt_rows.get(tx, progress.scope, progress.link.attempt)
    if attempt is None or attempt.found is None:
        return {}
    place = Place("attempts", "found", attempt.id, attempt.scope)
    opened = await sealing.opened(tx, context, place, attempt.found)
    found = decode_as(opened, Found).accounts
    return await as_linked(tx, context, progress.scope, progress.session, found)


def bridge_token(context: Context, attempt_id: str) -> str:
    """Return the one-time word in an attempt's bridge address; derived, never kept."""
    return secret_from("fcbridge", context.digests.of(b"bridge word", attempt_id))


def state_of(context: Context, attempt_id: str) -> str:
    """Return the OAuth ``state`` of an attempt; derived, never kept."""
    return secret_from("fcstate", context.digests.of(b"state word", attempt_id))


@dataclass(frozen=True, slots=True)
class Typed:
    """What may be shown of an account whose numbers were typed."""

    last4: str | None
    bank_name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Everything the modal can show of a linking attempt at this moment."""

    progress: Progress
    merchant: str
    """Who asks, as the person knows them."""
    institution: Institution | None
    listed: Listed | None
    """The same as the directory has it, also where nobody can link there."""
    found: dict[str, FoundAccount]
    reasons: dict[str, WhyNot | None]
    """Why each of them may not be linked."""
    linked: Collection[str]
    """Those that the holder has linked before."""
    bridge: str | None
    """The one-time word in the address that leads to the bank."""
    is_away: bool
    """Whether the person's browser is at the bank, or what they entered here on its way to it."""
    form: Form | None
    """What the person is to enter here."""
    health: Mapping[str, Health]
    """How well the institutions answer that one may choose from."""
    intent: dict[str, Any] | None
    """What the page is told of the intent an account is collected for."""
    typed: Typed | None
    """The account that was typed instead of linked."""


async def look(tx: Tx, context: Context, progress: Progress) -> Scene:
    """Gather what the modal may show."""
    link = progress.link
    at_login = link.step in {Step.LOGIN, Step.LOGIN_FORM} and link.attempt is not None
    found = await found_accounts(tx, context, progress) if link.step is Step.ACCOUNTS else {}
    institution = institution_of(context, progress)
    intent = await _intent(tx, context, progress)
    return Scene(
        progress=progress,
        merchant=await connected_accounts.name_of(tx, context, progress.scope),
        institution=institution,
        listed=await _listed(tx, context, institution, link.institution),
        health=await health.of_all(tx, context, progress.scope) if link.step is Step.BANK else {},
        found=found,
        reasons=await reasons(tx, context, progress.scope, progress.as_asked, found),
        linked=await linked_before(
            tx, context, progress.scope, progress.session, link.institution or "", found
        ),
        bridge=bridge_token(context, link.attempt) if link.step is Step.LOGIN and link.attempt else None,
        is_away=at_login and await attempt_rows.is_away(tx, progress.scope, progress.session.id),
        form=await _form(tx, context, progress),
        intent=intent,
        typed=await _typed(tx, progress, intent),
    )


async def _listed(
    tx: Tx, context: Context, institution: Institution | None, chosen: str | None
) -> Listed | None:
    if institution is not None:
        return listed_of(context, institution)
    return None if chosen is None else await institution_rows.listed(tx, chosen)


async def _form(tx: Tx, context: Context, progress: Progress) -> Form | None:
    """Return what a person is to enter in the modal, at the step where they do."""
    if progress.link.step is not Step.LOGIN_FORM or progress.link.attempt is None:
        return None
    attempt = await attempt_rows.get(tx, progress.scope, progress.link.attempt)
    return None if attempt is None else (await kept_of(tx, context, attempt)).form


async def _intent(tx: Tx, context: Context, progress: Progress) -> dict[str, Any] | None:
    """Return the intent an account is collected for, as its page may see it."""
    errand = progress.link.errand
    if errand.intent is None:
        return None
    kind: Kind = "setup" if errand.purpose == "setup" else "payment"
    doc = await intents.retrieve(tx, context, progress.scope, kind, errand.intent)
    shown: dict[str, Any] = msgspec.json.decode(intents.shown_to_page(doc))
    if errand.shows_method and shown["payment_method"] is not None:
        shown["payment_method"] = msgspec.json.decode(
            await payment_methods.retrieve(tx, progress.scope, shown["payment_method"])
        )
    return shown


async def _typed(tx: Tx, progress: Progress, intent: dict[str, Any] | None) -> Typed | None:
    """Return the account that a Session came to its good end with, where it linked none."""
    session = progress.session
    if session.status != SessionStatus.SUCCEEDED or session.accounts.data:
        return None
    token = session.bank_account_token
    bank: Any = (token and token.bank_account) or None
    if intent is not None and intent["payment_method"] is not None:
        method = intent["payment_method"]
        row = await payment_methods.one(
            tx, progress.scope, method if isinstance(method, str) else method["id"]
        )
        bank = row.method.us_bank_account
    return Typed(bank.last4, bank.bank_name) if bank else None
