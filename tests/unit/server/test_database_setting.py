"""A database is named by one address, and shown without the password in it."""

import pytest

from linkspan.server.config import BadSetting, PostgresDatabase, SqliteDatabase, read_database


@pytest.mark.parametrize(
    "url", ["postgresql://ada:canary@db.example:5433/linkspan", "postgres://ada@db/linkspan"]
)
def test_an_address_of_postgresql_is_kept_as_it_was_given(url: str) -> None:
    assert read_database(url) == PostgresDatabase(url)


def test_a_password_is_shown_to_nobody() -> None:
    database = read_database("postgresql://ada:canary@db.example:5433/linkspan?sslmode=verify-full")

    assert str(database) == "postgresql://db.example:5433/linkspan"
    assert "canary" not in repr(database)


@pytest.mark.parametrize(
    "url", ["postgresql//ada:canary@db/linkspan", "postgresql://ada:canary@[db/linkspan"]
)
def test_an_address_that_cannot_be_read_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(BadSetting, match=r"^--database: ") as refused:
        read_database(url)

    assert "canary" not in str(refused.value)


@pytest.mark.parametrize(("url", "path"), [("sqlite://", None), ("sqlite:///linkspan.db", "linkspan.db")])
def test_sqlite_is_a_file_or_memory(url: str, path: str | None) -> None:
    assert read_database(url) == SqliteDatabase(path)
