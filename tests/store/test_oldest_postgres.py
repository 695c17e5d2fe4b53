"""Nothing is asked of PostgreSQL that version 14 does not know."""

import re
from importlib import resources
from typing import Final

import pytest

from linkspan.server import store as room
from linkspan.server.store.dialect import script_in_postgres, statement_in_postgres
from linkspan.server.store.migrate import migrations
from linkspan.server.store.statements import load

# By the release that brought it, from the release notes (postgresql.org/docs/release).
NEWER: Final = {
    15: r"MERGE INTO|NULLS NOT DISTINCT|regexp_(?:count|instr|like|substr)|security_invoker",
    16: r"ANY_VALUE|JSON_ARRAY(?:AGG)?\(|JSON_OBJECT(?:AGG)?\(|IS JSON|random_normal|\b0x[0-9A-F]|\d_\d{3}\b",
    17: r"JSON_(?:TABLE|EXISTS|QUERY|VALUE|SCALAR|SERIALIZE)\(|ON_ERROR|merge_action|to_bin\(|to_oct\(",
    18: r"RETURNING\s+(?:WITH|OLD|NEW)\b|uuidv[47]|WITHOUT OVERLAPS|\bVIRTUAL\b|casefold|array_sort",
}
FOLDER: Final = resources.files(room).joinpath("sql")
FILES: Final = sorted(
    f"{folder}{file.name.removesuffix('.sql')}"
    for folder, files in (("", FOLDER), ("engines/", FOLDER.joinpath("engines")))
    for file in files.iterdir()
    if file.name.endswith(".sql")
)
TEXTS: Final = {
    **{
        f"{noun}.{name}": statement_in_postgres(text)[0]
        for noun in FILES
        for name, text in load(noun).items()
    },
    **{step.name: script_in_postgres(step.script) for step in migrations()},
}


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_a_statement_is_one_that_postgresql_14_knows(name: str) -> None:
    newer = [version for version, words in NEWER.items() if re.search(words, TEXTS[name], re.IGNORECASE)]

    assert newer == []


@pytest.mark.parametrize(
    ("version", "statement"),
    [
        (15, "MERGE INTO accounts USING found ON true WHEN MATCHED THEN DELETE"),
        (15, "CREATE UNIQUE INDEX i ON t (a) NULLS NOT DISTINCT"),
        (16, "SELECT any_value(doc) FROM accounts"),
        (17, "SELECT * FROM json_table('[]', '$[*]' COLUMNS (id int))"),
        (18, "UPDATE accounts SET doc = '' RETURNING old.doc"),
    ],
)
def test_what_is_newer_is_found(version: int, statement: str) -> None:
    assert re.search(NEWER[version], statement, re.IGNORECASE)
