"""What every page and endpoint of the bank is given."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request

from linkspan.sandbank.accounts import as_instant
from linkspan.sandbank.brand import Brand, Standard
from linkspan.sandbank.brands import BY_SLUG
from linkspan.sandbank.clients import Client
from linkspan.sandbank.keywords import Keywords
from linkspan.sandbank.register import Register
from linkspan.sandbank.setup_tokens import SetupTokens
from linkspan.sandbank.sign_ons import SignOns


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """One running bank: its address, its clients, its clock and what it granted."""

    base_url: str
    clients: Mapping[str, Client]
    seed: str
    now: Callable[[], float]
    random_bytes: Callable[[int], bytes]
    register: Register
    setup_tokens: SetupTokens
    sign_ons: SignOns
    keywords: Keywords
    pause: Callable[[int], Awaitable[None]]

    def time(self) -> datetime:
        """Return the time in UTC."""
        return as_instant(self.now())


def bank_of(request: Request) -> Bank:
    """Return the bank that serves *request*."""
    bank = request.app.state.bank
    if not isinstance(bank, Bank):
        raise TypeError("bank: the application was not made by create_bank")
    return bank


def brand_of(request: Request, speaks: Standard = "fdx") -> Brand:
    """Return the brand named in the path, or answer 404, as where it speaks another standard."""
    brand = any_brand_of(request)
    if brand.speaks != speaks:
        raise HTTPException(404)
    return brand


def any_brand_of(request: Request) -> Brand:
    """Return the brand named in the path, whatever it speaks, or answer 404."""
    brand = BY_SLUG.get(request.path_params["brand"])
    if brand is None:
        raise HTTPException(404)
    return brand
