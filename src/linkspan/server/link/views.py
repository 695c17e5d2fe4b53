"""Writes a linking attempt as the View the modal renders (contract/link/README.md)."""

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any, Final

from linkspan.objects import Session
from linkspan.server.core.bank_number import TEST_ROUTING_NUMBER
from linkspan.server.core.catalog import Row
from linkspan.server.core.consent import Words
from linkspan.server.core.eligibility import WhyNot, must_say_kind
from linkspan.server.core.found import FoundAccount
from linkspan.server.core.health import WELL
from linkspan.server.core.kinds import CATEGORIES
from linkspan.server.core.linking import Step
from linkspan.server.core.session import ACCOUNT_SUBCATEGORIES, EXTENSIONS_MAX
from linkspan.server.core.session_status import SessionStatus
from linkspan.server.core.simulation import TEST_NUMBER
from linkspan.server.link.forms import form_block
from linkspan.server.link.languages import Language
from linkspan.server.link.rows import health_block, institution_block, row_block
from linkspan.server.link.words import SHARED, TROUBLES
from linkspan.server.operations.context import Context
from linkspan.server.operations.institutions import listed_of
from linkspan.server.operations.linking.progress import Scene, offered
from linkspan.server.operations.whole_sessions import HANDED_OVER
from linkspan.server.vault.signing import Signer

_FEATURED_MAX: Final = 12
# The messages that people read before they agree.
_CONSENT: Final = ("consent.", "server.shared.", "server.notice")


def view(
    context: Context, scene: Scene, words: Language, *, nonce: str | None = None, is_elsewhere: bool = False
) -> dict[str, Any]:
    """Return the View of *scene*: the next pane with its one block, and the result once there is one.

    What it says to the end user is said in *words*. The result is signed
    together with the page's *nonce*, where it sent one. A tab that was
    outrun by another, which goes on *elsewhere*, is given the result as it
    stands, so that it can be left.
    """
    progress, session = scene.progress, scene.progress.session
    pane = _pane(scene)
    shown = {
        "object": "linkspan.view",
        "session": session.id,
        "version": progress.link.version,
        "livemode": session.livemode,
        "expires_at": progress.expires_at,
        "extensible": progress.extensions < EXTENSIONS_MAX,
        "continued_elsewhere": is_elsewhere,
        "merchant": {"name": scene.merchant, "logo": None},
        "multiple": _limit(progress.as_asked) != 1,
        "one_bank": progress.only_institution is not None,
        "hosted": _hosted(session),
        "next_pane": pane.value,
        pane.value: _BLOCKS[pane](context, scene, words),
    }
    if pane in {Step.DONE, Step.CLOSED} or is_elsewhere:
        signed = {} if nonce is None else {"signature": _signed(context, session, nonce)}
        shown["result"] = {**_outcome(scene), **signed}
    return shown


def _pane(scene: Scene) -> Step:
    """Return the pane to show: a Session that came to a good end closes on ``done``."""
    step = scene.progress.link.step
    is_done = scene.progress.session.status == SessionStatus.SUCCEEDED
    return Step.DONE if step is Step.CLOSED and is_done else step


def _bank(context: Context, scene: Scene, _words: Language) -> dict[str, Any]:
    featured = offered(context, scene.progress)[:_FEATURED_MAX]
    rows = (Row(listed_of(context, institution), is_linkable=True) for institution in featured)
    return {
        "featured": [row_block(row, scene.health.get(row.listed.id, WELL)) for row in rows],
        "health": [
            {"id": one, **health_block(known)} for one, known in scene.health.items() if known != WELL
        ],
        "can_type": scene.progress.manual_entry != "disabled",
    }


def _consent(context: Context, scene: Scene, words: Language) -> dict[str, Any]:
    return {
        "institution": _institution(scene),
        "permissions": list(scene.progress.session.permissions),
        "items": [{"title": title, "text": text} for title, text in _items(scene, words)],
        "notice": _notice(context, scene, words),
    }


def consent_words(context: Context, scene: Scene, words: Language) -> Words:
    """Return all that the consent pane of *scene* reads, from its title to its button.

    Whatever is changed in what people read before they agree is another version of it.
    """
    title = words.text("consent.title", merchant=scene.merchant, bank=_bank_name(scene, words))
    items = [f"{name}: {text}" for name, text in _items(scene, words)]
    lines = (
        title,
        words.text("consent.text"),
        *items,
        _notice(context, scene, words),
        words.text("consent.agree"),
    )
    told = [(name, said) for name, said in sorted(words.messages.items()) if name.startswith(_CONSENT)]
    version = sha256(repr(told).encode()).hexdigest()[:12]
    return Words(language=words.tag, version=version, text="\n".join(lines))


def _items(scene: Scene, words: Language) -> list[tuple[str, str]]:
    """Return what the merchant will see, each with what that means."""
    permissions = scene.progress.session.permissions
    shared = ("account", *(name for name in SHARED if name in permissions))
    return [
        (words.text(f"server.shared.{one}.title"), words.text(f"server.shared.{one}.text")) for one in shared
    ]


def _notice(context: Context, scene: Scene, words: Language) -> str:
    """Return who can end the access, and where what is entered to sign in goes."""
    institution = scene.institution
    sign_in = context.connectors[institution.connector].manifest.sign_in if institution else "redirect"
    return words.text(f"server.notice.{sign_in}", merchant=scene.merchant, bank=_bank_name(scene, words))


def _login(_context: Context, scene: Scene, _words: Language) -> dict[str, Any]:
    return {
        "institution": _institution(scene),
        "status": "opened" if scene.is_away else "ready",
        "bridge_url": f"/link/bridge/{scene.bridge}",
    }


def _login_form(_context: Context, scene: Scene, words: Language) -> dict[str, Any]:
    assert scene.form is not None  # noqa: S101 - the pane is only reached with one
    block = form_block(scene.form, words, bank=_bank_name(scene, words), is_away=scene.is_away)
    return {"institution": _institution(scene), **block}


def _accounts(_context: Context, scene: Scene, words: Language) -> dict[str, Any]:
    session = scene.progress.as_asked
    limit = _limit(session)
    rows = [
        _candidate(key, account, _reason(scene.reasons[key], words), is_linked=key in scene.linked)
        for key, account in scene.found.items()
    ]
    rows.sort(key=lambda row: not row["eligible"])
    eligible = [row for row in rows if row["eligible"]]
    for row in eligible[:limit]:
        row["selected"] = True
    accepted = (session.filters and session.filters.account_subcategories) or tuple(CATEGORIES)
    return {
        "institution": _institution(scene),
        "accounts": rows,
        "limit": limit,
        "kinds": [kind for kind in CATEGORIES if kind in accepted],
        "must_say_kind": must_say_kind(session.filters or None),
    }


def _candidate(
    candidate: str, account: FoundAccount, reason: str | None, *, is_linked: bool
) -> dict[str, Any]:
    return {
        "id": candidate,
        "display_name": account.display_name,
        "last4": account.last4,
        "category": account.category,
        "subcategory": account.subcategory,
        "asks_kind": not account.is_kind_told,
        "balance": _balance(account),
        "eligible": reason is None,
        "reason": reason,
        "linked": is_linked,
        "selected": False,
    }


def _reason(why: WhyNot | None, words: Language) -> str | None:
    """Return why an account cannot be chosen."""
    if why is None:
        return None
    named = [
        words.text(f"accounts.kinds.{kind}") if kind in ACCOUNT_SUBCATEGORIES else kind
        for kind in why.accepted
    ]
    return words.text(f"server.why_not.{why.name}", kinds=words.text("server.separator").join(named))


def _balance(account: FoundAccount) -> dict[str, Any] | None:
    """Return the amount that banks put beside an account's name: what can be spent, else what is posted.

    It is in the account's own currency, the first one the bank names.
    """
    if account.balance is None:
        return None
    cash = account.balance.cash or None
    shown = (cash and cash.available) or account.balance.current
    if not shown:
        return None
    currency, amount = next(iter(shown.items()))
    return {"amount": amount, "currency": currency}


def _manual(_context: Context, scene: Scene, _words: Language) -> dict[str, Any]:
    errand, livemode = scene.progress.link.errand, scene.progress.session.livemode
    return {
        "test": None if livemode else {"routing_number": TEST_ROUTING_NUMBER, "account_number": TEST_NUMBER},
        "has_deposits": errand.intent is not None,
        "has_banks": not errand.is_typed_only,
    }


def _done(_context: Context, scene: Scene, _words: Language) -> dict[str, Any]:
    accounts = scene.progress.session.accounts.data
    typed, errand = scene.typed, scene.progress.link.errand
    return {
        "typed": typed and {"last4": typed.last4, "bank_name": typed.bank_name},
        "has_deposits": typed is not None and errand.intent is not None,
        "institution": _institution(scene),
        "accounts": [
            {"id": account.id, "display_name": account.display_name, "last4": account.last4}
            for account in accounts
        ],
    }


def _error(_context: Context, scene: Scene, words: Language) -> dict[str, Any]:
    problem = scene.progress.link.problem
    reason = problem.reason if problem else "bank_unreadable"
    trouble, bank = TROUBLES[reason], _bank_name(scene, words)
    actions: list[str] = [action for action in trouble.actions if action not in _impossible(scene)]
    if scene.progress.manual_entry != "disabled":
        actions.insert(-1, "manual")
    said = [words.text(f"server.trouble.{reason}.message", bank=bank)]
    if trouble.is_by_choice and "another_bank" in actions:
        said.append(words.text("server.trouble.or_another"))
    return {
        "code": trouble.code,
        "reason": reason,
        "title": words.text(f"server.trouble.{reason}.title", bank=bank),
        "message": " ".join(said),
        "actions": actions,
        "support_id": problem.support_id if problem else "",
        "back_at": problem.back_at if problem else None,
        "found": problem.found if problem else None,
        "institution": _institution(scene),
    }


def _closed(_context: Context, _scene: Scene, _words: Language) -> dict[str, Any]:
    return {}


_BLOCKS: Final[Mapping[Step, Callable[[Context, Scene, Language], dict[str, Any]]]] = {
    Step.BANK: _bank,
    Step.CONSENT: _consent,
    Step.LOGIN: _login,
    Step.LOGIN_FORM: _login_form,
    Step.ACCOUNTS: _accounts,
    Step.MANUAL: _manual,
    Step.DONE: _done,
    Step.ERROR: _error,
    Step.CLOSED: _closed,
}


def _outcome(scene: Scene) -> dict[str, Any]:
    """Return what the page's promise resolves to, in the words of the call it made."""
    session, purpose = scene.progress.session, scene.progress.link.errand.purpose
    if scene.intent is not None:
        return {f"{purpose}Intent": scene.intent}
    token = session.bank_account_token
    return {"financialConnectionsSession": _result(session), **({"token": token.to_dict()} if token else {})}


def _result(session: Session) -> dict[str, Any]:
    """Return what the page's promise resolves to: a Session whose accounts are a plain array."""
    shown = session.to_dict()
    names: tuple[str, ...] = ("id", "object", "livemode", "filters", "permissions", "return_url")
    if session.status_details == HANDED_OVER:
        names = (*names, "status", "status_details")
    result = {name: shown[name] for name in names if shown.get(name) is not None}
    return {**result, "accounts": shown["accounts"]["data"]}


def _signed(context: Context, session: Session, nonce: str) -> str:
    """Return what a page's own server may trust without asking: which Session, for whom it was begun."""
    claims = {
        "iss": context.public_url,
        "iat": context.world.seconds(),
        "nonce": nonce,
        "session": session.id,
        "livemode": session.livemode,
        "accounts": [account.id for account in session.accounts.data],
    }
    return Signer(context.digests).sign(claims)


def _limit(session: Session) -> int | None:
    return (session.limits and session.limits.accounts) or None


def _hosted(session: Session) -> dict[str, Any] | None:
    """Return where a page of our own leads afterwards; none in the modal of a program's page."""
    return {"return_url": session.hosted.return_url} if session.hosted else None


def _impossible(scene: Scene) -> frozenset[str]:
    """Return what cannot be done about a trouble where the program chose the bank."""
    return frozenset({"another_bank"}) if scene.progress.only_institution is not None else frozenset()


def _institution(scene: Scene) -> dict[str, Any] | None:
    return None if scene.listed is None else institution_block(scene.listed)


def _bank_name(scene: Scene, words: Language) -> str:
    return words.text("server.your_bank") if scene.listed is None else scene.listed.name
