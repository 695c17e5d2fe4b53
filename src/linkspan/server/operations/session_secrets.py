"""What opens a Session, derived whenever it is shown and kept nowhere."""

from typing import Final

from linkspan.server.core.ids import time_in, timed_secret_from
from linkspan.server.core.scope import Scope
from linkspan.server.operations.context import Context
from linkspan.server.operations.whole_sessions import beside_of
from linkspan.server.store.sessions import SessionRow
from linkspan.server.vault.digests import Digests

_NO_SECRET: Final = b'"client_secret":null'


def secret_of(digests: Digests, scope: Scope, session_id: str, *, is_hosted: bool) -> str:
    """Return what opens a Session: its client secret, or the word in its address when it is hosted.

    It is derived, so that neither the database nor a backup of it holds
    anything that opens a Session.
    """
    mode = "live" if scope.livemode else "test"
    digest = digests.of(b"session secret", f"{scope.tenant} {mode} {session_id}")
    prefix = "fcsess_hosted_secret" if is_hosted else "fcsess_client_secret"
    return timed_secret_from(prefix, session_id, digest)


def secret_digest(digests: Digests, secret: str) -> bytes:
    """Return what a Session is found by when its secret is shown.

    It begins with the secret's time, so that the digests of Sessions made together stand
    together: wherever a digest alone says, each Session would change a page of its own.
    """
    return time_in(secret).encode() + digests.of(b"client secret", secret)


def with_secret(doc: bytes, secret: str) -> bytes:
    """Return a kept Session with its client secret put back.

    A text inside the document cannot be mistaken for the field: its quotation
    marks are escaped.
    """
    return doc.replace(_NO_SECRET, b'"client_secret":"' + secret.encode() + b'"', 1)


def url_of(context: Context, row: SessionRow) -> str | None:
    """Return where the end user of a hosted Session goes; none once it is over.

    What opens the Session stands behind the ``#``: browsers send that to no
    server, so no log, proxy or referrer ever holds it.
    """
    is_over = row.status != "pending" or context.world.seconds() >= row.expires_at
    if is_over or beside_of(row.preview).hosted is None:
        return None
    return f"{context.public_url}/link/hosted#{secret_of(context.digests, row.scope, row.id, is_hosted=True)}"
