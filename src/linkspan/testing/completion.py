"""Completes a Session in one call, as a person with a browser would."""

from collections.abc import Sequence
from typing import Literal, TypeAlias

from msgspec import Struct

from linkspan.client import Client
from linkspan.objects import Account, Session
from linkspan.testing.control import ask
from linkspan.testing.server import DevelopmentServer

Failure: TypeAlias = Literal["cancelled", "login_denied"]


class Completion(Struct, frozen=True, kw_only=True):
    """How a Session ended."""

    session: Session
    """As the API shows it now."""
    status: Literal["succeeded", "failed", "cancelled"]
    reason: str | None
    """Why the bank could not, as the modal says it: ``bank_down``, ``account_locked``, …"""

    @property
    def accounts(self) -> tuple[Account, ...]:
        """What was linked; nothing unless it succeeded."""
        return tuple(self.session.accounts.data)


def complete(
    server: DevelopmentServer,
    key: str,
    session: Session | str,
    *,
    institution: str | None = None,
    person: str | None = None,
    accounts: Sequence[str] = (),
    kind: str | None = None,
    failure: Failure | None = None,
) -> Completion:
    """Link accounts with a *session* of *key*, or fail to, and return how it ended.

    Everything a person would do is done, at the demonstration bank too:
    *person* signs in at *institution* (the first the modal offers, unless it is
    said) and takes *accounts*, by display name or last four digits, or all that
    may be linked. *kind* is what they say an account is where their bank does
    not. With *failure* they close the modal at once (``cancelled``) or say no at
    the bank (``login_denied``); an institution that fails does so here, too.

    Raises `ControlRefused` for what no person could do; the Session can then be
    tried again. Only ``linkspan dev`` has this call.
    """
    session_id = session if isinstance(session, str) else session.id
    said = {"institution": institution, "person": person, "kind": kind, "failure": failure}
    form = [(name, value) for name, value in said.items() if value is not None]
    form += [(f"accounts[{place}]", name) for place, name in enumerate(accounts)]
    told = ask("POST", f"{server.url}/_linkspan/sessions/{session_id}/complete", key, form)
    with Client(key, base_url=server.url) as client:
        shown = client.sessions.retrieve(session_id)
    return Completion(session=shown, status=told["status"], reason=told["reason"])
