"""Carries intents on: what a confirmation, an answer about small deposits, or the passing of time brings.

No money moves. In test mode a payment is under way for a moment and then comes
out as the number it is from says; in live mode nothing is begun that money
would have to be moved for.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from linkspan.objects import (
    IntentError,
    NextAction,
    PaymentIntent,
    PaymentMethod,
    VerifyWithMicrodeposits,
)
from linkspan.server.core.caller import Caller
from linkspan.server.core.intent import MOVES, IntentFact, IntentStatus, Kind
from linkspan.server.core.refusals import DepositsRefused, MovesNoMoney, Refusal
from linkspan.server.core.simulation import (
    NOT_SENT,
    TOO_LATE,
    TOO_MANY_TRIES,
    Deposits,
    Trouble,
    answered,
    failure_of,
    never_ends,
    takes_deposits,
)
from linkspan.server.operations import attachments, collected_methods, events, intents, payment_methods
from linkspan.server.operations.context import Context
from linkspan.server.operations.intents import Kept, moved, refusal_of, unexpected, with_error
from linkspan.server.operations.payers import Payer
from linkspan.server.store import intents as intent_rows
from linkspan.server.store import payment_methods as payment_method_rows
from linkspan.server.store.driver import Tx
from linkspan.server.store.intents import Due

# Long enough to be seen under way, short enough for a test to wait.
UNDER_WAY_SECONDS: Final = 2
_ONE_DAY: Final = 24 * 60 * 60
# Stripe docs, "ACH direct debit": deposits arrive in one to two business days, and can be verified for ten.
_ARRIVE_SECONDS: Final = 2 * _ONE_DAY
_VERIFY_SECONDS: Final = 10 * _ONE_DAY
_TRIES_MAX: Final = {"amounts": 10, "descriptor_code": 3}
_AT_ONCE_MAX: Final = 50


async def confirm(
    tx: Tx, context: Context, caller: Caller, kind: Kind, intent_id: str, wanted: Mapping[str, Any]
) -> bytes:
    """Begin what an intent is for, with the PaymentMethod it has or the one that is *wanted*."""
    kept = await intents.one(tx, caller.scope, kind, intent_id)
    if (kept.status, IntentFact.COLLECTED) not in MOVES:
        raise unexpected(kept, f"You cannot confirm this {_noun(kept)}")
    kept = await intents.changed(tx, context, caller, kept, wanted)
    if kept.status is IntentStatus.REQUIRES_ACTION:
        raise unexpected(kept, f"You cannot confirm this {_noun(kept)} a second time")
    if kept.status is IntentStatus.REQUIRES_PAYMENT_METHOD:
        raise refusal_of(
            kept,
            f"You cannot confirm this {_noun(kept)} because it's missing a payment method. You can either "
            f"update the {_noun(kept)} with a payment method and then confirm it again, or confirm it again "
            "directly with a payment method.",
        )
    if caller.scope.livemode and kind == "payment":
        raise MovesNoMoney("a PaymentIntent is never confirmed")
    method = await payment_methods.one(tx, caller.scope, str(kept.intent.payment_method))
    collected_methods.check_payer(kept.intent, collected_methods.Collected(method.method, method.is_verified))
    if not method.is_verified:
        return await _send_deposits(tx, context, caller, kept)
    return await _go_on(tx, context, caller, kept, method.method)


async def verify(
    tx: Tx,
    context: Context,
    caller: Caller,
    kind: Kind,
    intent_id: str,
    answer: tuple[int, ...] | str,
) -> bytes | Refusal:
    """Take an answer about small deposits: two amounts in cents, or the code in the statement.

    A wrong one is refused and counts all the same, so the refusal is returned.
    """
    kept = await intents.one(tx, caller.scope, kind, intent_id)
    if kept.status is not IntentStatus.REQUIRES_ACTION:
        raise _nothing_to_verify(kept)
    match answered(answer):
        case Deposits.VERIFIED:
            method_id = str(kept.intent.payment_method)
            await payment_method_rows.verify(tx, caller.scope, method_id)
            method = await payment_methods.one(tx, caller.scope, method_id)
            return await _go_on(tx, context, caller, kept, method.method)
        case Deposits.WRONG:
            return await _count(tx, context, caller, kept, answer)
        case Deposits.TOO_MANY_TRIES:
            return await _exceeded(tx, context, caller, kept)
        case Deposits.TOO_LATE:
            await _fail(tx, context, caller, kept, TOO_LATE)
            return DepositsRefused(TOO_LATE.message, code="payment_method_microdeposit_verification_timeout")


async def is_any_due(tx: Tx, context: Context) -> bool:
    """Tell whether any intent comes to its end by itself now."""
    return bool(await intent_rows.due(tx, now=context.world.seconds(), limit=1))


async def settle(context: Context) -> int:
    """Bring to their end what is under way, and deposits nobody told of; return how many those were."""
    now, count, is_more = context.world.seconds(), 0, True
    while is_more:
        found = await context.store.read(lambda tx: intent_rows.due(tx, now=now, limit=_AT_ONCE_MAX))
        for due in found:
            count += await context.store.write(partial(_settle, context=context, due=due))
        is_more = len(found) == _AT_ONCE_MAX
    return count


async def _settle(tx: Tx, context: Context, due: Due) -> bool:
    """Bring one intent to its end, unless somebody else has."""
    scope, caller = due.intent.scope, Caller(due.intent.scope, None)
    if not await intent_rows.settled(tx, scope, due):
        return False
    kept = await intents.one(tx, scope, due.intent.kind, due.intent.id)
    number = await payment_methods.numbers_of(tx, context, scope, str(kept.intent.payment_method))
    if kept.status is IntentStatus.REQUIRES_ACTION:
        await _fail(tx, context, caller, kept, TOO_LATE if takes_deposits(number) else NOT_SENT)
    elif (trouble := failure_of(number)) is not None:
        await _fail(tx, context, caller, kept, trouble)
    else:
        await _succeed(tx, context, caller, kept)
    return True


async def _send_deposits(tx: Tx, context: Context, caller: Caller, kept: Kept) -> bytes:
    """Wait for the holder to tell of small deposits; in test mode they are as good as sent."""
    if caller.scope.livemode:
        raise MovesNoMoney("no small deposits are sent, so numbers that were typed cannot be verified")
    now = context.world.seconds()
    number = await payment_methods.numbers_of(tx, context, caller.scope, str(kept.intent.payment_method))
    deposits = VerifyWithMicrodeposits(
        arrival_date=now + _ARRIVE_SECONDS,
        hosted_verification_url=intents.page_of(context),
        microdeposit_type="descriptor_code",
    )
    action = NextAction(type="verify_with_microdeposits", verify_with_microdeposits=deposits)
    after = moved(kept, IntentFact.DEPOSITS_SENT, "confirm", next_action=action)
    wait = _VERIFY_SECONDS if takes_deposits(number) else UNDER_WAY_SECONDS
    await intents.save(tx, caller.scope, after, due_at=now + wait)
    await events.record(tx, context, caller, f"{after.object}.requires_action", after.intent)
    return intents.shown(context, caller.scope, after.intent)


async def _go_on(tx: Tx, context: Context, caller: Caller, kept: Kept, method: PaymentMethod) -> bytes:
    """Submit a payment from an account that is known to be its holder's, or finish its set-up."""
    if kept.kind == "setup":
        after = moved(kept, IntentFact.DONE, "confirm", next_action=None, **with_error(kept, None))
        await intents.save(tx, caller.scope, after)
        await _keep_for_later(tx, context, caller, after, method)
        await events.record(tx, context, caller, "setup_intent.succeeded", after.intent)
        return intents.shown(context, caller.scope, after.intent)
    after = moved(kept, IntentFact.SUBMITTED, "confirm", next_action=None, **with_error(kept, None))
    number = await payment_methods.numbers_of(tx, context, caller.scope, method.id)
    ends_at = None if never_ends(number) else context.world.seconds() + UNDER_WAY_SECONDS
    await intents.save(tx, caller.scope, after, due_at=ends_at)
    if isinstance(after.intent, PaymentIntent) and after.intent.setup_future_usage:
        await _keep_for_later(tx, context, caller, after, method)
    await events.record(tx, context, caller, "payment_intent.processing", after.intent)
    return intents.shown(context, caller.scope, after.intent)


async def _keep_for_later(
    tx: Tx, context: Context, caller: Caller, kept: Kept, method: PaymentMethod
) -> None:
    """Attach what is paid with to the intent's Customer, if it names one."""
    intent = kept.intent
    if intent.customer:
        payer = Payer("customer", str(intent.customer))
    elif intent.customer_account:
        payer = Payer("customer_account", intent.customer_account)
    else:
        return
    await attachments.attach(tx, context, caller, method.id, payer)


async def _succeed(tx: Tx, context: Context, caller: Caller, kept: Kept) -> None:
    assert isinstance(kept.intent, PaymentIntent)  # noqa: S101 - a setup is never under way
    after = moved(kept, IntentFact.DONE, "confirm", amount_received=kept.intent.amount)
    await intents.save(tx, caller.scope, after)
    await events.record(tx, context, caller, "payment_intent.succeeded", after.intent)


async def _fail(tx: Tx, context: Context, caller: Caller, kept: Kept, trouble: Trouble) -> None:
    """Let an intent need another PaymentMethod, and say why."""
    method = await payment_methods.one(tx, caller.scope, str(kept.intent.payment_method))
    error = IntentError(
        type="invalid_request_error",
        code=trouble.code,
        message=trouble.message,
        payment_method=method.method,
    )
    changes = {"payment_method": None, "next_action": None, **with_error(kept, error)}
    after = replace(moved(kept, IntentFact.FAILED, "confirm", **changes), tries=0)
    await intents.save(tx, caller.scope, after)
    what = "payment_failed" if kept.kind == "payment" else "setup_failed"
    await events.record(tx, context, caller, f"{kept.object}.{what}", after.intent)


async def _count(
    tx: Tx, context: Context, caller: Caller, kept: Kept, answer: tuple[int, ...] | str
) -> Refusal:
    """Count a wrong answer; the last one there may be ends the verification."""
    is_code = isinstance(answer, str)
    left = _TRIES_MAX["descriptor_code" if is_code else "amounts"] - kept.tries - 1
    if left <= 0:
        return await _exceeded(tx, context, caller, kept)
    await intents.save(tx, caller.scope, replace(kept, tries=kept.tries + 1), due_at=kept.due_at)
    then = f"You have {left} verification attempts remaining."
    if is_code:
        return DepositsRefused(
            f"The descriptor code provided does not match the one sent to the bank account. {then}",
            code="payment_method_microdeposit_verification_descriptor_code_mismatch",
            param="descriptor_code",
        )
    return DepositsRefused(
        f"The amounts provided do not match the amounts that were sent to the bank account. {then}",
        code="payment_method_microdeposit_verification_amounts_mismatch",
        param="amounts",
    )


async def _exceeded(tx: Tx, context: Context, caller: Caller, kept: Kept) -> Refusal:
    await _fail(tx, context, caller, kept, TOO_MANY_TRIES)
    return DepositsRefused(
        TOO_MANY_TRIES.message, code="payment_method_microdeposit_verification_attempts_exceeded"
    )


def _nothing_to_verify(kept: Kept) -> Refusal:
    """Return the refusal of an answer that no deposits wait for."""
    if kept.status in {IntentStatus.PROCESSING, IntentStatus.SUCCEEDED}:
        return DepositsRefused(
            "This bank account has already been verified.",
            code="payment_method_bank_account_already_verified",
        )
    return unexpected(kept, f"You cannot verify deposits of this {_noun(kept)}")


def _noun(kept: Kept) -> str:
    return type(kept.intent).__name__
