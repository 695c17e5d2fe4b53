"""Writes docs/reference/schema.sql: what the migrations build, to be read at one glance; --check compares."""

import sqlite3
import sys
from contextlib import closing
from typing import Final

from linkspan.server.store.migrate import migrate
from tools.generated import ROOT, keep

SCHEMA: Final = ROOT / "docs" / "reference" / "schema.sql"
HEADER: Final = """\
-- The schema of this release in SQLite's words; PostgreSQL's differ as store/dialect.py says.
-- Written by tools/schema.py from the migrations, which say why each thing is there.
"""
_INDEXES: Final = (
    "SELECT sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql <> '' ORDER BY name"
)
_TABLES: Final = (
    "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%' ORDER BY name"
)


def schema() -> str:
    """Return what the migrations build."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection)
        tables = connection.execute(_TABLES).fetchall()
        return HEADER + "".join(_table(connection, name, is_clustered) for name, is_clustered in tables)


def _table(connection: sqlite3.Connection, name: str, is_clustered: int) -> str:
    """Return one table and its indexes."""
    columns = connection.execute(f"PRAGMA table_info('{name}')").fetchall()
    lines = [_column(*column[1:5]) for column in columns]
    key = [column for _, column in sorted((place, column) for _, column, *_, place in columns if place)]
    lines.append(f"PRIMARY KEY ({', '.join(key)})")
    options = "WITHOUT ROWID, STRICT" if is_clustered else "STRICT"
    indexes = [" ".join(sql.split()) for (sql,) in connection.execute(_INDEXES, (name,))]
    inner = ",\n    ".join(lines)
    return f"\nCREATE TABLE {name} (\n    {inner}\n) {options};\n" + "".join(f"{sql};\n" for sql in indexes)


def _column(name: str, kind: str, is_required: int, default: str | None) -> str:
    required = " NOT NULL" if is_required else ""
    return f"{name} {kind}{required}" + ("" if default is None else f" DEFAULT {default}")


if __name__ == "__main__":
    sys.exit(keep(SCHEMA, schema(), "schema"))
