"""The calls of SimpleFIN that are made, with the credentials of an access URL."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

from linkspan.server.connectors.failures import (
    ConsentEnded,
    InstitutionBrokeProtocol,
    PlanLapsed,
    TokenSpent,
)
from linkspan.server.connectors.http import Request, Transport, service_failure
from linkspan.standards.simplefin import (
    AccessUrl,
    AccountSet,
    MalformedField,
    read_access_url,
    read_account_set,
)


async def claim(transport: Transport, claim_url: str) -> AccessUrl:
    """POST /claim/:token, once: it is never sent again, since it works once."""
    host = urlsplit(claim_url).hostname or ""
    request = Request(method="POST", url=claim_url, headers={"content-length": "0"})
    response = await transport.send(request)
    if response.status in {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        raise TokenSpent(f"{host} knows no such token, or it was claimed before")
    failure = service_failure(response, host)
    if failure is not None:
        raise failure
    if response.status >= HTTPStatus.BAD_REQUEST:
        raise InstitutionBrokeProtocol(f"{host} answered {response.status} to a claim")
    try:
        return read_access_url(response.body)
    except MalformedField as broken:
        raise InstitutionBrokeProtocol(f"{host} sent an unusable {broken.field}") from None


@dataclass(frozen=True, slots=True)
class SimplefinClient:
    """A server's account data as one access URL shows it."""

    transport: Transport
    access: AccessUrl = field(repr=False)

    @property
    def host(self) -> str:
        """The host asked, the one part of the address that messages may name."""
        return urlsplit(self.access.root).hostname or ""

    async def account_set(self, query: Mapping[str, str]) -> AccountSet:
        """GET /accounts, in protocol 2 where the server knows it."""
        url = f"{self.access.root}/accounts?{urlencode({'version': '2', **query})}"
        credentials = f"{self.access.username}:{self.access.password}".encode()
        headers = {
            "accept": "application/json",
            "authorization": f"Basic {base64.b64encode(credentials).decode('ascii')}",
        }
        response = await self.transport.send(Request(method="GET", url=url, headers=headers))
        if response.status == HTTPStatus.PAYMENT_REQUIRED:
            raise PlanLapsed(f"{self.host} answers again once the person's plan is renewed")
        if response.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            raise ConsentEnded(f"{self.host} no longer permits reading accounts")
        failure = service_failure(response, self.host)
        if failure is not None:
            raise failure
        if response.status >= HTTPStatus.BAD_REQUEST:
            raise InstitutionBrokeProtocol(f"{self.host} answered {response.status} instead of accounts")
        try:
            return read_account_set(response.body)
        except MalformedField as broken:
            raise InstitutionBrokeProtocol(
                f"{self.host} sent SimpleFIN that cannot be read: {broken.field}"
            ) from None
