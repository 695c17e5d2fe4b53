"""A bank that cannot be asked fails as a bank."""

import asyncio
import ipaddress
from collections.abc import Sequence

import pytest

from linkspan.server.connectors.failures import (
    ConnectorFailure,
    InstitutionBrokeProtocol,
    InstitutionMisconfigured,
    InstitutionTimeout,
    InstitutionUnavailable,
)
from linkspan.server.connectors.http import Request
from linkspan.server.connectors.network import NetworkTransport
from linkspan.server.outbound.egress import Address, Egress
from linkspan.server.outbound.network import Network
from tests.raw import serving


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (b"this is not HTTP\r\n\r\n", InstitutionBrokeProtocol),
        (b"", InstitutionUnavailable),
        (None, InstitutionTimeout),
    ],
)
def test_a_failure_of_the_network_is_one_of_the_bank(
    answer: bytes | None, failure: type[ConnectorFailure]
) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        if answer is None:
            await reader.read()  # until the other side gives up
        writer.write(answer or b"")

    async def scenario() -> None:
        async with (
            serving(serve) as port,
            Network(Egress.allowing("127.0.0.1"), timeout_seconds=0.3) as network,
        ):
            with pytest.raises(failure):
                await NetworkTransport(network).send(Request(method="GET", url=f"http://127.0.0.1:{port}/"))

    asyncio.run(scenario())


def test_an_address_that_may_not_be_called_is_a_wrong_setting() -> None:
    async def inside(_host: str, _port: int) -> Sequence[Address]:
        return (ipaddress.ip_address("10.0.0.1"),)

    async def scenario() -> None:
        async with Network(Egress(), resolve=inside) as network:
            with pytest.raises(InstitutionMisconfigured, match="not public"):
                await NetworkTransport(network).send(Request(method="GET", url="https://bank.example/"))

    asyncio.run(scenario())
