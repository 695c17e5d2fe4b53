"""Links accounts in a person's place, for whoever tests a program that waits for one."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, Protocol, TypeAlias

from linkspan.server.core.consent import Words
from linkspan.server.core.forms import Form
from linkspan.server.core.found import FoundAccount
from linkspan.server.core.linking import Step
from linkspan.server.core.refusals import BadParameter, NoSuchObject, NoSuchReference, Refusal, SessionOver
from linkspan.server.core.scope import Scope
from linkspan.server.operations.context import Context
from linkspan.server.operations.linking import answering, choosing, steps, travel
from linkspan.server.operations.linking.progress import Progress, Scene, find, look, offered
from linkspan.server.operations.session_secrets import secret_of
from linkspan.server.operations.whole_sessions import whole
from linkspan.server.store import sessions as session_rows
from linkspan.server.store.driver import Tx

Failure: TypeAlias = Literal["cancelled", "login_denied"]

# Nobody read anything before this was agreed to, and the record of the consent says so.
_WORDS: Final = Words(language="en", version="test", text="Completed by a test: nobody was asked.")
# Credentials, then what the bank asks back; one that goes on asking is left.
_QUESTIONS_MAX: Final = 6

_Step: TypeAlias = Callable[[Tx], Awaitable[Progress]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the person is to do."""

    institution: str | None = None
    """Where they sign in; the first that the modal would offer, unless it is said."""
    person: str
    """Who signs in there."""
    accounts: tuple[str, ...] = ()
    """Display names or last four digits; every account that may be linked, unless it is said."""
    kind: str | None = None
    """What they say an account is, where their bank does not."""
    failure: Failure | None = None
    """Closes the modal at once, or says no at the bank."""


class Visitor(Protocol):
    """Whoever goes to the demonstration bank in a person's place."""

    @property
    def people(self) -> Collection[str]:
        """Who can sign in there."""
        ...

    async def sign_in(self, url: str, wish: Wish) -> Mapping[str, str] | None:
        """Go to *url* and do what is wished; return what the bank sends back with, if it lets them go."""

    async def fill_in(self, form: Form, wish: Wish) -> Mapping[str, str]:
        """Return what the person enters in *form*."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Errand:
    """One Session that is to be completed."""

    context: Context
    secret: str = field(repr=False)
    wish: Wish
    visitor: Visitor
    request_id: str

    async def take(self, step: _Step) -> Progress:
        """Take a step, and tell whoever has the modal open."""
        progress = await self.context.store.write(step)
        self.context.changes.tell(progress.session.id)
        return progress


async def complete(
    context: Context, scope: Scope, session_id: str, wish: Wish, visitor: Visitor, *, request_id: str
) -> dict[str, Any]:
    """Take the Session through every step of the modal; return how it ended.

    The steps, the way to the bank and the reading there are those of a person
    with a browser, so that nothing can be linked here that a person could not
    link. What cannot be done is refused, and leaves the Session to be tried again.
    """
    if wish.person not in visitor.people:
        known = ", ".join(sorted(visitor.people))
        raise BadParameter(f"Nobody of that name has an account; these have: {known}.", param="person")
    secret = await context.store.read(lambda tx: _secret(tx, context, scope, session_id))
    errand = _Errand(context=context, secret=secret, wish=wish, visitor=visitor, request_id=request_id)
    await errand.take(lambda tx: _open(tx, errand))
    if wish.failure != "cancelled":
        await _link(errand)
    before = await context.store.read(lambda tx: find(tx, context, secret))
    after = await errand.take(lambda tx: steps.leave(tx, context, secret, request_id=request_id))
    problem = before.link.problem if before.link.step is Step.ERROR else None
    return {
        "object": "linkspan.completion",
        "session": after.session.id,
        "status": after.session.status,
        "reason": problem.reason if problem else None,
        "accounts": [account.id for account in after.session.accounts.data],
    }


async def _secret(tx: Tx, context: Context, scope: Scope, session_id: str) -> str:
    """Return what opens a Session of the caller's, in test mode alone."""
    row = None if scope.livemode else await session_rows.get_whole(tx, scope, session_id)
    if row is None:
        raise NoSuchObject("financial connections session", session_id, param="session")
    return secret_of(context.digests, scope, row.id, is_hosted=bool(whole(row).hosted))


async def _open(tx: Tx, errand: _Errand) -> Progress:
    """Open the modal where no page did, and begin at its first pane."""
    context, secret = errand.context, errand.secret
    progress = await find(tx, context, secret)
    if progress.link.step is Step.DONE:
        raise SessionOver
    origin = progress.link.host_origin or context.public_url
    await steps.open_(tx, context, secret, host_origin=origin, request_id=errand.request_id)
    return await steps.go_back(tx, context, secret)


async def _link(errand: _Errand) -> None:
    """Go as far as the bank lets the person; a wish that cannot be met begins anew."""
    context, secret = errand.context, errand.secret
    try:
        await errand.take(lambda tx: _go_to_bank(tx, errand))
        await _sign_in(errand)
        await _take_accounts(errand)
    except Refusal:
        await errand.take(lambda tx: steps.go_back(tx, context, secret))
        raise


async def _go_to_bank(tx: Tx, errand: _Errand) -> Progress:
    """Choose the bank, unless the program did, and agree."""
    context, secret, wished = errand.context, errand.secret, errand.wish.institution
    progress = await find(tx, context, secret)
    if progress.link.step is Step.BANK:
        first = next((one.id for one in offered(context, progress)), None)
        if wished is None and first is None:
            raise BadParameter("No institution is offered: say which one.", param="institution")
        institution, request_id = wished or first or "", errand.request_id
        await steps.choose_bank(tx, context, secret, institution_id=institution, request_id=request_id)
    elif wished not in {None, progress.link.institution}:
        raise NoSuchReference("institution", wished or "", param="institution")
    return await steps.give_consent(tx, context, secret, words=_WORDS)


async def _sign_in(errand: _Errand) -> None:
    """Do what the bank asks for, on its own pages or in the modal."""
    for _ in range(_QUESTIONS_MAX):
        scene = await _scene(errand)
        if scene.bridge is not None:
            if not await _visit(errand, scene.bridge):
                return
        elif scene.form is not None:
            entered = await errand.visitor.fill_in(scene.form, errand.wish)
            version, request = scene.progress.link.version, errand.request_id
            await answering.answer(
                errand.context, errand.secret, entered, version=version, request_id=request
            )
        else:
            return


async def _visit(errand: _Errand, bridge: str) -> bool:
    """Go to the bank's pages and come back; false when the bank keeps the person."""
    context = errand.context
    try:
        departure = await travel.depart(context, bridge, request_id=errand.request_id)
    except travel.BankKeepsOut:
        return True  # the modal says why
    answer = await errand.visitor.sign_in(departure.url, errand.wish)
    if answer is None:
        return False
    token = departure.browser_token
    await travel.arrive(context, answer, browser_token=token, request_id=errand.request_id)
    context.changes.tell(departure.session)
    return True


async def _take_accounts(errand: _Errand) -> None:
    """Choose what is wished of what the bank showed."""
    scene = await _scene(errand)
    if scene.progress.link.step is not Step.ACCOUNTS:
        return
    context, secret, kind = errand.context, errand.secret, errand.wish.kind
    chosen = _chosen(scene, errand.wish)
    kinds = {one: kind for one in chosen if kind is not None and not scene.found[one].is_kind_told}
    request = errand.request_id
    await errand.take(
        lambda tx: choosing.choose(tx, context, secret, chosen=chosen, kinds=kinds, request_id=request)
    )


async def _scene(errand: _Errand) -> Scene:
    async def read(tx: Tx) -> Scene:
        return await look(tx, errand.context, await find(tx, errand.context, errand.secret))

    return await errand.context.store.read(read)


def _chosen(scene: Scene, wish: Wish) -> list[str]:
    """Return the candidates that *wish* names, or as many as may be linked."""
    if not wish.accounts:
        eligible = [one for one in scene.found if scene.reasons[one] is None]
        limits = scene.progress.session.limits
        return eligible[: (limits and limits.accounts) or None]
    return [_named(scene.found, name, f"accounts[{place}]") for place, name in enumerate(wish.accounts)]


def _named(found: Mapping[str, FoundAccount], name: str, param: str) -> str:
    named = [one for one, account in found.items() if name in {account.display_name, account.last4}]
    if len(named) != 1:
        shown = ", ".join(f"{account.display_name} {account.last4}" for account in found.values())
        raise BadParameter(f"Name one account by its name or its last four digits, of: {shown}.", param=param)
    return named[0]
