"""What linking brings is answered as the description says, in every version."""

from typing import Final

import pytest

from linkspan.server.api.versions.published import PREVIEWS
from tests.description.described import VERSIONS, Ids, assert_as_described, reads
from tests.link.stage import QUILLSTONE, Stage
from tests.link.test_transactions import linked, listed, refreshed

pytestmark = pytest.mark.anyio

WITHOUT_A_BANK: Final = (
    "/v1/accounts",
    "/v1/payment_methods",
    "/v1/tokens",
    "/v1/webhook_endpoints",
    "/v2/",
)


async def a_linked_world(stage: Stage) -> dict[str, str]:
    """One of everything that a bank tells, by the names that addresses have for it."""
    account = await linked(stage)
    await refreshed(stage, account["id"])
    shown = await stage.api("GET", f"financial_connections/accounts/{account['id']}", version=PREVIEWS[-1])
    transaction, *_ = await listed(stage, account["id"])
    return {
        "account": account["id"],
        "authorization": shown.json()["authorization"],
        "institution": QUILLSTONE,
        "transaction": transaction["id"],
    }


async def test_what_a_bank_told_is_answered_as_described(stage: Stage) -> None:
    world = Ids(await a_linked_world(stage))

    for version in VERSIONS:
        for path, operation in reads(version):
            if path.startswith(WITHOUT_A_BANK) or "owners" in path:
                continue
            query = f"?account={world['account']}" if path.endswith("/transactions") else ""
            asked = path.removeprefix("/v1/").format_map(world) + query
            answer = await stage.api("GET", asked, version=version)
            assert_as_described(version, operation, answer.status, answer.body)
            assert answer.status == 200 or not any(f"{{{name}}}" in path for name in world)
