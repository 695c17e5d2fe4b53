"""The description of each version, and how answers are held against it."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

import jsonschema_rs
import msgspec

from linkspan.server.api import versions
from linkspan.server.api.description.document import document
from linkspan.server.api.versions.published import PREVIEWS, PUBLISHED
from tests.api.conftest import ADDRESS, Server, link_account, make_customer, make_session, show_account

NUMBERS: Final = {"country": "US", "routing_number": "110000000", "account_number": "000123456789"}
TYPED: Final = {
    "type": "us_bank_account",
    "us_bank_account[routing_number]": "110000000",
    "us_bank_account[account_number]": "000123456789",
    "us_bank_account[account_holder_type]": "individual",
    "billing_details[name]": "Jenny Rosen",
}
HEARD: Final = {"url": "https://example.com/hooks", "enabled_events[]": "customer.created"}
DESTINATION: Final = msgspec.json.encode(
    {
        "enabled_events": ["*"],
        "event_payload": "thin",
        "name": "Ours",
        "type": "webhook_endpoint",
        "webhook_endpoint": {"url": "https://example.com/hooks"},
    }
)
# Versions between two of these differ in their names alone.
VERSIONS: Final = sorted(
    {PUBLISHED[0], PUBLISHED[-1], PREVIEWS[-1]}
    | {change.version for change in (*versions.CHANGES, *versions.PREVIEW_CHANGES)}
)


@cache
def description(version: str) -> Mapping[str, Any]:
    """The document of a version."""
    return document(version, ADDRESS)


def strictly(schema: Any) -> Any:
    """A schema that takes no field it does not name."""
    if isinstance(schema, list):
        return [strictly(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: strictly(each) for key, each in schema.items()}
    return closed | {"additionalProperties": False} if "properties" in closed else closed


@cache
def validator(version: str, schema: bytes) -> Any:
    """What judges answers of a version by a schema, which may refer to the schemas of objects."""
    components = {"schemas": strictly(description(version)["components"]["schemas"])}
    whole = {**msgspec.json.decode(schema), "components": components}
    return jsonschema_rs.validator_for(whole)


def assert_as_described(version: str, operation: Mapping[str, Any], status: int, body: bytes) -> None:
    """The answer has a status and a shape that the operation says it may have."""
    response = operation["responses"][str(status)]
    if "$ref" in response:
        response = description(version)["components"]["responses"][response["$ref"].rpartition("/")[2]]
    schema = msgspec.json.encode(response["content"]["application/json"]["schema"])
    validator(version, schema).validate(msgspec.json.decode(body))


def a_world(server: Server) -> dict[str, str]:
    """One of everything, by the names that addresses have for them."""
    customer = make_customer(server)
    session = make_session(server, customer, limits__accounts="2", filters__country="US")["id"]
    account = link_account(server, session=session, customer=customer, is_owned=True)
    show_account(server, session, account)
    connected = server.post("/v1/accounts", {"type": "custom", "country": "US"}).json["id"]
    event = server.get("/v1/events").json["data"][0]["id"]
    method = server.post("/v1/payment_methods", TYPED).json["id"]
    server.post(f"/v1/payment_methods/{method}/attach", {"customer": customer})
    told = server.post("/v1/test_helpers/events", {"type": "financial_connections.account.created"})
    token = server.post("/v1/tokens", {f"bank_account[{name}]": word for name, word in NUMBERS.items()})
    intent = server.post("/v1/payment_intents", {"amount": "5000", "currency": "usd"}).json["id"]
    return {
        "account": account.id,
        "connected": connected,
        "customer": customer,
        "event": event,
        "event_destination": server.post("/v2/core/event_destinations", DESTINATION).json["id"],
        "ownership": str(account.ownership),
        "payment_intent": intent,
        "payment_method": method,
        "session": session,
        "setup_intent": server.post("/v1/setup_intents").json["id"],
        "thin_event": f"evt_thin_{told.json['id'].removeprefix('evt_')}",
        "token": token.json["id"],
        "webhook_endpoint": server.post("/v1/webhook_endpoints", HEARD).json["id"],
    }


def reads(version: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every address that can be read, with its operation."""
    for path, methods in description(version)["paths"].items():
        if "get" in methods:
            yield path, methods["get"]


def asked(path: str, operation: Mapping[str, Any], world: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """An address and a query that can be answered, as far as the world has what they need."""
    ids = dict(world)
    if path.startswith("/v1/accounts/"):
        ids["account"] = world["connected"]
    query = {
        parameter["name"]: ids[parameter["name"]]
        for parameter in operation["parameters"]
        if parameter.get("in") == "query" and parameter["required"]
    }
    return path.format_map(Ids(ids)), query


class Ids(dict[str, str]):
    """Ids by name; what the world has none of has one that names nothing."""

    def __missing__(self, name: str) -> str:
        return f"{name}_none"
