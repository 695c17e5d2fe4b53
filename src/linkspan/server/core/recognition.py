"""Whether an account a bank shows after a new sign-in is one that was linked before."""

from collections.abc import Sequence

from linkspan.server.core.found import FoundAccount, FoundNumber


def is_same(
    found: FoundAccount, *, source_id: str, last4: str | None, numbers: Sequence[FoundNumber]
) -> bool:
    """Tell whether *found* is the account that was linked with these.

    A bank's id says so only together with the last digits, but where the bank
    gives it to no other account: it need not be unique beyond one sign-in, and
    another person's account must never be taken for this one. A stand-in for a
    number is made anew with each sign-in.
    """
    if found.is_id_unique and found.source_id == source_id:
        return True
    if last4 is not None and (found.source_id, found.last4) == (source_id, last4):
        return True
    own = {(number.routing_number, number.account_number) for number in numbers if not number.tokenized}
    return any(
        (number.routing_number, number.account_number) in own
        for number in found.numbers
        if not number.tokenized
    )
