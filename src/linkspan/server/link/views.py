"""Writes a linking attempt as the View the modal renders (contract/link/README.md)."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from linkspan.objects import Session
from linkspan.server.core.consent import Words
from linkspan.server.core.found import FoundAccount
from linkspan.server.core.institution import Institution
from linkspan.server.core.linking import Step
from linkspan.server.link.words import (
    ALWAYS_SHARED,
    CONSENT_AGREE,
    CONSENT_TEXT,
    CONSENT_TITLE,
    CONSENT_VERSION,
    LANGUAGE,
    NOTICE,
    OR_ANOTHER,
    SHARED,
    TROUBLES,
)
from linkspan.server.operations.context import Context
from linkspan.server.operations.linking.progress import Scene, offered

_FEATURED_MAX: Final = 12


def view(context: Context, scene: Scene) -> dict[str, Any]:
    """Return the View of *scene*: the next pane with its one block, and the result once there is one."""
    progress, session = scene.progress, scene.progress.session
    pane = _pane(scene)
    shown = {
        "object": "linkspan.view",
        "session": session.id,
        "version": progress.link.version,
        "livemode": session.livemode,
        "expires_at": progress.expires_at,
        "merchant": {"name": scene.merchant, "logo": None},
        "multiple": _limit(session) != 1,
        "one_bank": progress.only_institution is not None,
        "hosted": _hosted(session),
        "next_pane": pane.value,
        pane.value: _BLOCKS[pane](context, scene),
    }
    if pane in {Step.DONE, Step.CLOSED}:
        shown["result"] = {"financialConnectionsSession": _result(session)}
    return shown


def institution_block(institution: Institution) -> dict[str, Any]:
    """Return an institution as the modal shows it."""
    return {
        "id": institution.id,
        "name": institution.name,
        "url": institution.url,
        "color": institution.color,
        "monogram": _monogram(institution.name),
        "status": "active",
    }


def _pane(scene: Scene) -> Step:
    """Return the pane to show: a Session that collected accounts ends on ``done``."""
    step = scene.progress.link.step
    return Step.DONE if step is Step.CLOSED and scene.progress.session.accounts.data else step


def _bank(context: Context, scene: Scene) -> dict[str, Any]:
    featured = offered(context, scene.progress)[:_FEATURED_MAX]
    return {"featured": [institution_block(institution) for institution in featured]}


def _consent(_context: Context, scene: Scene) -> dict[str, Any]:
    return {
        "institution": _institution(scene),
        "permissions": list(scene.progress.session.permissions),
        "items": [{"title": title, "text": text} for title, text in _items(scene)],
        "notice": _notice(scene),
    }


def consent_words(scene: Scene) -> Words:
    """Return all that the consent pane of *scene* reads, from its title to its button."""
    title = CONSENT_TITLE.format(merchant=scene.merchant, bank=_bank_name(scene))
    items = [f"{name}: {text}" for name, text in _items(scene)]
    lines = (title, CONSENT_TEXT, *items, _notice(scene), CONSENT_AGREE)
    return Words(language=LANGUAGE, version=CONSENT_VERSION, text="\n".join(lines))


def _items(scene: Scene) -> list[tuple[str, str]]:
    """Return what the merchant will see, each with what that means."""
    permissions = scene.progress.session.permissions
    return [ALWAYS_SHARED, *(words for name, words in SHARED.items() if name in permissions)]


def _notice(scene: Scene) -> str:
    return NOTICE.format(merchant=scene.merchant, bank=_bank_name(scene))


def _login(_context: Context, scene: Scene) -> dict[str, Any]:
    return {
        "institution": _institution(scene),
        "status": "opened" if scene.is_away else "ready",
        "bridge_url": f"/link/bridge/{scene.bridge}",
    }


def _accounts(_context: Context, scene: Scene) -> dict[str, Any]:
    session = scene.progress.session
    limit = _limit(session)
    rows = [_candidate(key, account, scene.reasons[key]) for key, account in scene.found.items()]
    rows.sort(key=lambda row: not row["eligible"])
    eligible = [row for row in rows if row["eligible"]]
    for row in eligible[:limit]:
        row["selected"] = True
    return {"institution": _institution(scene), "accounts": rows, "limit": limit}


def _candidate(candidate: str, account: FoundAccount, reason: str | None) -> dict[str, Any]:
    return {
        "id": candidate,
        "display_name": account.display_name,
        "last4": account.last4,
        "category": account.category,
        "subcategory": account.subcategory,
        "balance": _balance(account),
        "eligible": reason is None,
        "reason": reason,
        "selected": False,
    }


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


def _done(_context: Context, scene: Scene) -> dict[str, Any]:
    accounts = scene.progress.session.accounts.data
    return {
        "institution": _institution(scene),
        "accounts": [
            {"id": account.id, "display_name": account.display_name, "last4": account.last4}
            for account in accounts
        ],
    }


def _error(_context: Context, scene: Scene) -> dict[str, Any]:
    problem = scene.progress.link.problem
    reason = problem.reason if problem else "bank_unreadable"
    trouble, bank = TROUBLES[reason], _bank_name(scene)
    or_another = "" if scene.progress.only_institution else OR_ANOTHER
    return {
        "code": trouble.code,
        "reason": reason,
        "title": trouble.title.format(bank=bank),
        "message": trouble.message.format(bank=bank, or_another=or_another),
        "actions": [action for action in trouble.actions if action not in _impossible(scene)],
        "support_id": problem.support_id if problem else "",
        "institution": _institution(scene),
    }


def _closed(_context: Context, _scene: Scene) -> dict[str, Any]:
    return {}


_BLOCKS: Final[Mapping[Step, Callable[[Context, Scene], dict[str, Any]]]] = {
    Step.BANK: _bank,
    Step.CONSENT: _consent,
    Step.LOGIN: _login,
    Step.ACCOUNTS: _accounts,
    Step.DONE: _done,
    Step.ERROR: _error,
    Step.CLOSED: _closed,
}


def _result(session: Session) -> dict[str, Any]:
    """Return what the page's promise resolves to: a Session whose accounts are a plain array."""
    shown = session.to_dict()
    names = ("id", "object", "livemode", "filters", "permissions", "return_url")
    result = {name: shown[name] for name in names if shown.get(name) is not None}
    return {**result, "accounts": shown["accounts"]["data"]}


def _limit(session: Session) -> int | None:
    return (session.limits and session.limits.accounts) or None


def _hosted(session: Session) -> dict[str, Any] | None:
    """Return where a page of our own leads afterwards; none in the modal of a program's page."""
    return {"return_url": session.hosted.return_url} if session.hosted else None


def _impossible(scene: Scene) -> frozenset[str]:
    """Return what cannot be done about a trouble where the program chose the bank."""
    return frozenset({"another_bank"}) if scene.progress.only_institution is not None else frozenset()


def _institution(scene: Scene) -> dict[str, Any] | None:
    return None if scene.institution is None else institution_block(scene.institution)


def _bank_name(scene: Scene) -> str:
    return "your bank" if scene.institution is None else scene.institution.name


def _monogram(name: str) -> str:
    """Return one or two letters that stand for *name*."""
    words = [word for word in name.replace("(", " ").replace(")", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in words[:2]).upper()
