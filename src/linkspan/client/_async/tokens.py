"""Calls about Tokens, each a bank account without its digits."""

from __future__ import annotations

from typing import Final

from linkspan.client._async.caller import AsyncCaller
from linkspan.client._codec import path_to
from linkspan.client.params import BankAccountCopy, BankAccountParams
from linkspan.objects import Customer, Token

_PATH: Final = "/v1/tokens"


class AsyncTokens:
    """The Tokens of one API key."""

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    async def create(
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
        return await self._caller.post(Token, _PATH, params, idempotency_key)

    async def retrieve(self, token: str) -> Token:
        """Return the Token whose id is *token*."""
        return await self._caller.get(Token, path_to(_PATH, token), {})
