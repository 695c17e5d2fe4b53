"""Takes what a person enters in the modal to their bank."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace as copy

from msgspec.structs import replace

from linkspan.server.connectors import failures
from linkspan.server.connectors.base import AskPerson
from linkspan.server.core.forms import WRONG_ANSWERS_MAX, Form, checked
from linkspan.server.core.linking import Fact, Step, next_step
from linkspan.server.core.refusals import SessionExpired
from linkspan.server.operations.context import Context
from linkspan.server.operations.linking import kept, visits
from linkspan.server.operations.linking.progress import Progress, find, find_by_id
from linkspan.server.operations.linking.visits import Visit
from linkspan.server.store import attempts as attempt_rows
from linkspan.server.store import links as link_rows
from linkspan.server.store.driver import Tx


@dataclass(frozen=True, slots=True)
class _Taken:
    """An answer that nobody else can take to the bank now."""

    attempt: attempt_rows.Attempt
    form: Form
    by_connector: bytes
    answer: Mapping[str, str]
    consented_at: int | None

    def __repr__(self) -> str:
        """Show nothing: it is as good as the person's signature."""
        return "_Taken(…)"


async def answer(
    context: Context,
    secret: str,
    given: Mapping[str, object],
    *,
    version: int,
    request_id: str,
    tab: str = "",
) -> None:
    """Take an answer of *tab* to the form of the View with *version*; any other View's changes nothing.

    Three phases, so that no transaction is open while the bank is speaking:
    claim the form, ask the bank, write down what came of it. What was entered
    is kept by nobody but the connector, sealed, and only while the bank asks
    back or as the grant itself.
    """
    taken = await context.store.write(
        lambda tx: _claim(tx, context, secret, given, version=version, tab=tab, request_id=request_id)
    )
    if taken is None:
        return
    came_of_it = await _ask(context, taken)
    await context.store.write(lambda tx: _write_down(tx, context, taken, came_of_it, request_id))
    if isinstance(came_of_it, Visit):
        await visits.learn(context, taken.attempt, came_of_it, began_at=taken.consented_at)


async def _claim(
    tx: Tx,
    context: Context,
    secret: str,
    given: Mapping[str, object],
    *,
    version: int,
    tab: str,
    request_id: str,
) -> _Taken | None:
    """Return the answer if it is to what is asked now, and the bank may still be given one."""
    progress = await find(tx, context, secret)
    link = progress.link
    if link.step is not Step.LOGIN_FORM or link.version != version or link.attempt is None:
        return None
    attempt = await attempt_rows.get(tx, progress.scope, link.attempt)
    if attempt is None or attempt.status != "ready":
        return None
    remembered = await kept.kept_of(tx, context, attempt)
    form = remembered.form
    assert form is not None  # noqa: S101 - the step LOGIN_FORM is only reached with one
    answered = checked(form, given)
    await attempt_rows.claim_form(tx, progress.scope, attempt.id)
    await link_rows.stamp(tx, progress.scope, progress.session.id, tab)
    if (reason := await _why_not_now(tx, context, attempt, form)) is not None:
        await visits.write_down(tx, context, progress, attempt, Visit(reason=reason), request_id)
        return None
    return _Taken(attempt, form, remembered.by_connector, answered, link.consented_at)


async def _why_not_now(tx: Tx, context: Context, attempt: attempt_rows.Attempt, form: Form) -> str | None:
    """Return why the bank is not given an answer any more, if so."""
    if form.ends_at is not None and context.world.seconds() >= form.ends_at:
        return "challenge_timeout"
    return "too_many_tries" if await _are_too_many(tx, attempt) else None


async def _are_too_many(tx: Tx, attempt: attempt_rows.Attempt) -> bool:
    """Tell whether the bank did not take so many answers that one more might lock the person out."""
    wrong = await attempt_rows.wrong_answers(tx, attempt.scope, attempt.session, attempt.institution)
    return wrong >= WRONG_ANSWERS_MAX


async def _ask(context: Context, taken: _Taken) -> Visit | AskPerson:
    """Give the bank the answer; return what it showed, or what is to be entered now."""
    institution = context.institutions.get(taken.attempt.institution)
    if institution is None:
        return Visit(reason="bank_misconfigured")
    connector = context.connectors[institution.connector]
    try:
        grant = await connector.finish(
            institution,
            redirect_uri=context.redirect_uri,
            kept=taken.by_connector,
            answer=taken.answer,
            now=context.world.now(),
        )
    except failures.AnswerRejected as rejected:
        return AskPerson(form=_again(taken.form, rejected), kept=taken.by_connector)
    except failures.ConnectorFailure as failure:
        return Visit.failed(failure)
    if isinstance(grant, AskPerson):
        return grant
    return await visits.look_around(context, connector, institution, grant)


def _again(form: Form, rejected: failures.AnswerRejected) -> Form:
    return replace(form, problem=rejected.problem)


async def _write_down(
    tx: Tx, context: Context, taken: _Taken, came_of_it: Visit | AskPerson, request_id: str
) -> None:
    """Ask the person again, or write down what the bank showed."""
    attempt = taken.attempt
    try:
        progress = await find_by_id(tx, context, attempt.scope, attempt.session)
    except SessionExpired:  # while the bank was speaking
        seen = came_of_it if isinstance(came_of_it, Visit) else Visit()
        await visits.discard(tx, context, attempt, seen)
        return
    if isinstance(came_of_it, AskPerson):
        is_asked = await _ask_again(tx, context, progress, attempt, came_of_it)
        if is_asked:
            return
        came_of_it = Visit(reason="too_many_tries")
    await visits.write_down(tx, context, progress, attempt, came_of_it, request_id)


async def _ask_again(
    tx: Tx, context: Context, progress: Progress, attempt: attempt_rows.Attempt, asked: AskPerson
) -> bool:
    """Show the person another form; false when the bank has been given too many wrong answers."""
    again = await kept.sealed(tx, context, attempt.scope, attempt.id, asked)
    is_wrong = asked.form.problem is not None
    is_wanted = await attempt_rows.ask_again(tx, attempt.scope, attempt.id, kept=again, is_wrong=is_wrong)
    if is_wanted and is_wrong and await _are_too_many(tx, attempt):
        await attempt_rows.claim_form(tx, attempt.scope, attempt.id)
        return False
    if is_wanted:
        link = copy(progress.link, step=next_step(progress.link.step, Fact.FORM_ASKED))
        await link_rows.save(tx, attempt.scope, link)
    return True
