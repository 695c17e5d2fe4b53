"""What the codes of errors mean and what to do about them, in words for a program's author."""

from collections.abc import Mapping
from typing import Final

CODES: Final[Mapping[str, str]] = {
    "account_invalid": (
        "The key may not act for the account in the `Stripe-Account` header, or there is no such account. "
        "Leave the header out to act for the key's own account."
    ),
    "account_number_invalid": "A bank account number in the US has 4 to 17 digits, and nothing else.",
    "api_key_expired": (
        "The key was revoked, or its time has passed. Use the one that took its place; `linkspan keys list` "
        "shows which keys are good."
    ),
    "country_code_invalid": "The value is no ISO 3166-1 alpha-2 code of a country that can be used here.",
    "country_unsupported": "Bank accounts can be typed in for the US only.",
    "financial_connections_account_inactive": (
        "The institution gives nothing more of the account. Let its holder link it again with a new Session."
    ),
    "financial_connections_account_unavailable_account_numbers": (
        "The institution gives no number of the account that payments can use. Let its holder link another "
        "account with a new Session."
    ),
    "financial_connections_institution_unavailable": (
        "The institution is not offered any more, so what was linked there cannot be repaired. Let the "
        "holder link accounts at another one."
    ),
    "financial_connections_no_successful_transaction_refresh": (
        "No refresh of the account's transactions has succeeded yet, so there is nothing to list. Refresh "
        "the feature `transactions`, and list them after the event "
        "`financial_connections.account.refreshed_transactions` with the status `succeeded`."
    ),
    "financial_connections_session_already_used": (
        "The Session was completed or left, and cannot be opened again. Create a new one."
    ),
    "idempotency_key_in_use": (
        "Another request with the same idempotency key has begun and not ended. Wait a little and send the "
        "same request with the same key again."
    ),
    "more_permissions_required": (
        "The restricted key lacks the right that the message names. Give the key that right, or use another."
    ),
    "parameter_invalid_empty": (
        "An empty string takes a value away, and this parameter cannot be without one. Leave the parameter "
        "out, or send a value."
    ),
    "parameter_invalid_integer": (
        "The value is no whole number, or is outside of the bounds that the message names."
    ),
    "parameter_invalid_string_too_long": "The value has more characters than the message allows.",
    "parameter_missing": "The parameter named by `param` has to be sent.",
    "parameter_unknown": (
        "The method has no parameter of the name in `param`, or does not have it in the API version of the "
        "request. A misspelled name is refused, not passed over."
    ),
    "parameters_exclusive": "Of the parameters that the message names only one may be sent.",
    "payment_intent_unexpected_state": (
        "The PaymentIntent does not stand so that this can be done; the message says how it stands. Retrieve "
        "it before going on."
    ),
    "payment_method_bank_account_already_verified": (
        "The bank account is known to be its holder's already. Go on without asking about deposits."
    ),
    "payment_method_microdeposit_verification_amounts_invalid": (
        "Two amounts are wanted, each between 1 and 99 cents, as they stand in the statement."
    ),
    "payment_method_microdeposit_verification_amounts_mismatch": (
        "These are not the amounts that were sent. The payer may look again: the message says how many "
        "tries are left."
    ),
    "payment_method_microdeposit_verification_attempts_exceeded": (
        "Too many wrong answers were given. Collect another bank account, or the same one anew."
    ),
    "payment_method_microdeposit_verification_descriptor_code_mismatch": (
        "This is not the code that was sent. The payer may look again: the message says how many tries are "
        "left."
    ),
    "payment_method_microdeposit_verification_timeout": (
        "The deposits can be verified for ten days. Collect the bank account anew."
    ),
    "payment_method_unexpected_state": (
        "The PaymentMethod is attached to a Customer, or is not, or was detached for good; the message says "
        "which. Retrieve it to see whose it is, and make a new one where it was detached."
    ),
    "platform_account_required": (
        "Only a platform may do this, and the key or the `Stripe-Account` header names a connected account. "
        "Use the platform's own key, without the header."
    ),
    "rate_limit": (
        "The key makes more requests a second than it may. Wait a second, then double the wait for as long "
        "as the answer stays the same; nothing of the request was done."
    ),
    "resource_missing": (
        "The id names nothing that the key can see. It may belong to the other mode (test or live), to "
        "another account, or to nothing at all: the three are answered alike."
    ),
    "routing_number_invalid": (
        "A routing number in the US has nine digits, the last of which follows from the others. Ask for it "
        "again: a digit is wrong."
    ),
    "secret_key_required": "A publishable key is for browsers. Use a secret or a restricted key.",
    "session_expired": "The time to use the Session has passed. Create a new one.",
    "setup_intent_unexpected_state": (
        "The SetupIntent does not stand so that this can be done; the message says how it stands. Retrieve "
        "it before going on."
    ),
    "url_invalid": "The address is none that can be used here; the message says which can.",
}
