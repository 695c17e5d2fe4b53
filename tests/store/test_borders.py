"""Tenant and mode are in every function, every statement and every table."""

import inspect
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module, resources
from typing import Any, Final

import pytest

from linkspan.server import store as room
from linkspan.server.core.scope import Scope
from linkspan.server.store.driver import Tx
from linkspan.server.store.sqlite import open_store
from linkspan.server.store.statements import load

NOUNS: Final = sorted(
    file.name.removesuffix(".sql")
    for file in resources.files(room).joinpath("sql").iterdir()
    if file.name.endswith(".sql")
)

# What looks across the border, and why it may.
ACROSS: Final[Mapping[str, str]] = {
    "attempts.by_bridge": "a browser that holds nothing but the address of its bridge",
    "attempts.left_behind": "the job that ends what nobody chose accounts of, everybody's",
    "attempts.by_state": "a browser that comes back from a bank with nothing but its state",
    "authorizations.put_off": "a permission that knows whose it is",
    "authorizations.to_be_told": "the same job as below",
    "authorizations.to_revoke": "the job that tells banks what has ended, for everybody",
    "consents.everybodys": "an operator, who shows what people agreed to",
    "consents.prune": "the job that forgets old evidence, everybody's",
    "deletions.due": "the job that erases what was deleted, everybody's",
    "connected_accounts.platform_of": "an account knows its own id, and asks whose it is",
    "endings.due": "the job that warns of what ends, for everybody",
    "endings.ended_numbers": "the job that deactivates numbers whose end has come, everybody's",
    "intents.by_page": "a person who tells of deposits, with nothing but the address of the page",
    "intents.by_secret": "a page that holds nothing but the client secret of its intent",
    "intents.due": "the job that ends what is under way, everybody's",
    "links.overtaken": "the job that ends what was under way when its Session's time passed, everybody's",
    "refreshes.backlog": "a count of what waits, for whoever watches the server",
    "turns.take": "the job that asks banks, for everybody",
    "turns.taken": "the same job",
    "turns.waiting": "the same job",
    "subscriptions.due": "the job that starts daily refreshes, for everybody",
    "deliveries.backlog": "a count of what waits, for whoever watches the server",
    "data_keys.everybodys": "an operator, who asks what still uses which key",
    "data_keys.not_wrapped_by": "a rotation of the master key, which wraps everybody's",
    "data_keys.wrapped_by_each": "the same operator",
    "deliveries.failing": "the endpoints that are told in vain, for whoever operates the server",
    "events.newest": "the last instant that is written down, for whoever operates the server",
    "deliveries.give_up": "an endpoint, whose owner may be the platform of whom it is told",
    "deliveries.lease": "the job that tells endpoints, whosever the events are",
    "deliveries.settle": "the same job",
    "deliveries.prune": "the job that forgets what was delivered, everybody's",
    "delivery_attempts.insert": "the job that tells endpoints, whosever the events are",
    "delivery_attempts.prune": "the job that forgets what was delivered, everybody's",
    "events.to_tell": "the job that tells endpoints, whosever the events are",
    "webhook_endpoints.get_secrets": "the same job",
    "webhook_endpoints.disabled": "the job that gives up what nobody wants, for everybody",
    "webhook_endpoints.waiting": "the job that tells endpoints, everybody's",
    "events.prune": "the job that forgets old events, everybody's",
    "events.scopes_without_number": "the job that gives events their places, for everybody",
    "keys.by_digest": "a request that holds nothing but its key",
    "keys.by_id": "an operator, who looks after every tenant",
    "keys.everybodys": "the same operator",
    "idempotency.prune": "the job that forgets old answers, everybody's",
    "sessions.by_secret": "a modal that holds nothing but the client secret of its Session",
}
# What belongs to the server as a whole, and why it does.
NOBODYS: Final[Mapping[str, str]] = {
    "chores": "what comes round by the clock is done once for all tenants",
    "directories": "how often the directory has changed",
    "institutions": "the names of banks, which everybody may search for",
    "master_keys": "one key seals the data of every tenant",
}
# What is told in rows of another noun, and whose.
WITHIN: Final[Mapping[str, str]] = {"turns": "authorizations"}
# What reads a whole table, and why it may.
WHOLE: Final[Mapping[str, str]] = {
    "attempts.left_behind": "an index of what people may still choose from, which is little",
    "deletions.due": "a table of what is still to be erased, which is little",
    "data_keys.everybodys": "a table of a row or two a tenant and mode",
    "data_keys.not_wrapped_by": "the same table",
    "data_keys.wrapped_by_each": "the same table",
    "links.overtaken": "an index of what people are in the middle of, which is little",
    "refreshes.backlog": "the same table as below",
    "events.scopes_without_number": "an index of what has no place yet, which is little",
    "webhook_endpoints.disabled": "a table of at most sixteen rows a tenant and mode",
    "webhook_endpoints.waiting": "the same table",
    "deliveries.failing": "the same table, and of deliveries what its index says is pending",
    "deliveries.backlog": "the same table, and of deliveries what its index says is due",
    "institutions.all": "the directory, read when an index is made of it",
    "keys.everybodys": "a table of what operators made by hand",
    "turns.waiting": "an index of what waits right now, which is little",
}


TENANTS_NOUNS: Final = sorted(set(NOUNS) - set(NOBODYS))


def functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    for noun in TENANTS_NOUNS:
        module = import_module(f"{room.__name__}.{noun}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if not name.startswith("_") and function.__module__ == module.__name__:
                yield f"{noun}.{name}", function


def statements() -> Iterator[tuple[str, str]]:
    for noun in NOUNS:
        for name, statement in load(noun).items():
            yield f"{noun}.{name}", statement


FUNCTIONS: Final = dict(functions())
STATEMENTS: Final = dict(statements())


@pytest.mark.parametrize("name", sorted(set(FUNCTIONS) - set(ACROSS)))
def test_a_function_of_rows_asks_whose_right_after_its_transaction(name: str) -> None:
    first, second, *_ = inspect.signature(FUNCTIONS[name]).parameters.values()

    assert (first.name, first.annotation) == ("tx", Tx)
    assert (second.name, second.annotation) == ("scope", Scope)


@pytest.mark.parametrize("name", sorted(set(ACROSS) & set(FUNCTIONS)))
def test_only_what_is_listed_looks_across(name: str) -> None:
    assert "scope" not in inspect.signature(FUNCTIONS[name]).parameters
    assert name in STATEMENTS


INSERTED: Final = re.compile(r"^INSERT\b.*\(tenant, livemode, .*VALUES\s*\(:tenant, :livemode, ", re.DOTALL)
WHERE: Final = re.compile(r"\bWHERE\s+tenant = :tenant AND livemode = :livemode AND ")


@pytest.mark.parametrize(
    "name", sorted(name for name in set(STATEMENTS) - set(ACROSS) if name.partition(".")[0] not in NOBODYS)
)
def test_a_statement_names_tenant_and_mode_first(name: str) -> None:
    statement = STATEMENTS[name]
    pattern = INSERTED if statement.startswith("INSERT") else WHERE

    # `events.all_of_tenant` asks for nothing more than tenant and mode.
    assert pattern.search(f"{statement} AND ".replace("ORDER BY", "AND ORDER BY"))


@pytest.mark.parametrize("name", sorted(STATEMENTS))
def test_a_statement_is_one_statement(name: str) -> None:
    assert ";" not in STATEMENTS[name]
    assert sqlite3.complete_statement(f"{STATEMENTS[name]};")


@pytest.mark.parametrize("name", sorted(set(STATEMENTS) - set(WHOLE)))
def test_no_statement_reads_a_whole_table(name: str) -> None:
    store = open_store(None)
    values = dict.fromkeys(re.findall(r":([a-z_]+)", STATEMENTS[name]))

    plan = store.writer.execute(f"EXPLAIN QUERY PLAN {STATEMENTS[name]}", values).fetchall()

    # What a statement has just chosen is no table.
    chosen = {"CONSTANT", *re.findall(r"WITH (\w+) AS", STATEMENTS[name])}
    scans = [step.split() for *_, step in plan if step.startswith("SCAN")]
    assert [step for step in scans if not chosen & set(step)] == []
    store.close()


@pytest.mark.parametrize("noun", sorted(set(TENANTS_NOUNS) - set(WITHIN)))
def test_a_table_is_keyed_by_tenant_and_mode_first(noun: str) -> None:
    store = open_store(None)

    columns = store.writer.execute(f"PRAGMA table_info({noun})").fetchall()
    (sql,) = store.writer.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (noun,)).fetchone()

    assert [name for _, name, _, _, _, place in columns if place in {1, 2}] == ["tenant", "livemode"]
    assert sql.rstrip().endswith("STRICT")
    store.close()


def test_every_table_has_a_file_of_statements() -> None:
    store = open_store(None)

    tables = {row[0] for row in store.writer.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}

    assert tables == set(NOUNS) - set(WITHIN)
    store.close()


@pytest.mark.parametrize("noun", NOUNS)
def test_every_statement_says_what_it_does(noun: str) -> None:
    text = resources.files(room).joinpath("sql", f"{noun}.sql").read_text(encoding="utf-8")

    assert re.findall(r"^-- [a-z_]+ --\n(?!-- [A-Z].*\.$)", text, re.MULTILINE) == []
