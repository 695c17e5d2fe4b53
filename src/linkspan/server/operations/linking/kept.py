"""What is remembered of a way to a bank while a person signs in, always sealed."""

import msgspec

from linkspan.server.connectors.base import AskPerson, SendToBank, SetOutLater
from linkspan.server.core.forms import Form
from linkspan.server.core.scope import Scope
from linkspan.server.operations import sealing
from linkspan.server.operations.context import Context
from linkspan.server.store import attempts as attempt_rows
from linkspan.server.store.driver import Tx
from linkspan.server.vault.sealed import Place


class Kept(msgspec.Struct, frozen=True):
    """Either the address a browser is sent to, or the form that the modal shows.

    Neither where the address is made when the browser leaves.
    """

    by_connector: bytes
    url: str = ""
    form: Form | None = None

    def __repr__(self) -> str:
        """Show nothing: a verifier is in it, or a password while the bank asks back."""
        return "Kept(…)"


async def sealed(
    tx: Tx, context: Context, scope: Scope, attempt_id: str, asked: SendToBank | SetOutLater | AskPerson
) -> bytes:
    """Return what a connector wants back so that it opens for this attempt only."""
    url = asked.url if isinstance(asked, SendToBank) else ""
    form = asked.form if isinstance(asked, AskPerson) else None
    kept = Kept(asked.kept, url=url, form=form)
    return await sealing.seal(tx, context, _place(scope, attempt_id), msgspec.json.encode(kept))


async def kept_of(tx: Tx, context: Context, attempt: attempt_rows.Attempt) -> Kept:
    """Return what was remembered; nothing is once the attempt is over."""
    place = _place(attempt.scope, attempt.id)
    return msgspec.json.decode(await sealing.opened(tx, context, place, attempt.kept), type=Kept)


def _place(scope: Scope, attempt_id: str) -> Place:
    return Place("attempts", "kept", attempt_id, scope)
