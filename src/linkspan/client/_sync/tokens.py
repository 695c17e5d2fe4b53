# Written by tools/unasync.py from ../_async/tokens.py: change that file, then run the tool.
"""Calls about Tokens, each a bank account without its digits."""

from __future__ import annotations

from typing import Final

from linkspan.client._codec import path_to
from linkspan.client._sync.caller import Caller
from linkspan.client.params import BankAccountCopy, BankAccountParams
from linkspan.objects import Customer, Token

_PATH: Final = "/v1/tokens"


class Tokens:
    """The Tokens of one API key."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def create(
        self,
        *,
        bank_account: BankAccountParams | BankAccountCopy,
        customer: str | Customer | None = None,
        idempotency_key: str | None = None,
    ) -> Token:
        """Return a new Token of a bank account: typed numbers, or those of a PaymentMethod.

        `customer` is given where that PaymentMethod is attached to one.
        """
        params = {"bank_account": bank_account, "customer": customer}
        return self._caller.post(Token, _PATH, params, idempotency_key)

    def retrieve(self, token: str) -> Token:
        """Return the Token whose id is *token*."""
        return self._caller.get(Token, path_to(_PATH, token), {})
