"""`DATABASE_URL` as operators write it."""

from pathlib import Path

import pytest

from bot.core.errors import StoreError
from bot.store.url import address, described

DATA = Path("/var/lib/bot")


@pytest.mark.parametrize("unset", [None, ""])
def test_without_a_url_it_is_a_file_in_the_data_folder(unset: str | None) -> None:
    url = address(unset, DATA)
    assert (url.drivername, url.database) == ("sqlite", "/var/lib/bot/bot.sqlite3")


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+asyncpg"])
def test_every_common_spelling_of_postgresql_is_understood(scheme: str) -> None:
    url = address(f"{scheme}://bot:s%40cret@db:6543/bot", DATA)
    assert url.drivername == "postgresql+asyncpg"
    assert (url.username, url.password, url.host, url.port, url.database) == ("bot", "s@cret", "db", 6543, "bot")


def test_sslmode_is_handed_on_under_the_drivers_name() -> None:
    assert dict(address("postgresql://bot@db/bot?sslmode=verify-full", DATA).query) == {"ssl": "verify-full"}


def test_a_sockets_folder_may_stand_behind_the_question_mark() -> None:
    assert dict(address("postgresql:///bot?host=/run/postgresql", DATA).query) == {"host": "/run/postgresql"}


@pytest.mark.parametrize("scheme", ["sqlite", "sqlite+aiosqlite"])
def test_a_file_of_ones_own_may_be_named(scheme: str) -> None:
    url = address(f"{scheme}:////srv/bot.db", DATA)
    assert (url.drivername, url.database) == ("sqlite", "/srv/bot.db")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (None, "SQLite data/bot.sqlite3"),
        ("sqlite:////srv/bot.db", "SQLite /srv/bot.db"),
        ("postgresql://bot:s3cret@db/bot?sslmode=require", "PostgreSQL at db/bot"),
        ("postgres://bot:s3cret@db:6543/bot", "PostgreSQL at db:6543/bot"),
        ("postgresql://bot:s3cret@[::1]:6543/bot", "PostgreSQL at [::1]:6543/bot"),
        ("postgresql:///bot?host=/run/postgresql", "PostgreSQL at /run/postgresql/bot"),
        ("postgresql:///bot", "PostgreSQL at localhost/bot"),
    ],
)
def test_a_database_is_shown_by_kind_and_place_and_without_a_password(url: str | None, shown: str) -> None:
    assert described(address(url, Path("data"))) == shown


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("not a url", "not the URL of a database"),
        ("postgresql://bot:secret@db:port/bot", "not the URL of a database"),
        ("mysql://bot:secret@db/bot", "not supported"),
        ("secret://bot@db/bot", "not supported"),
        ("postgresql://bot@db/bot?secret=1", "question mark"),
        ("postgresql://bot:secret@db:99999/bot", "port"),
        ("postgresql://bot:secret@db:0/bot", "port"),
        ("postgresql://bot:secret@/bot?host=db&port=99999", "port"),
        ("postgresql://bot:secret@/bot?host=a,b&port=5432,x", "port"),
        ("postgresql://bot:secret@db", "names no database"),
        ("postgresql://bot:sec@secret@db/bot", "%40"),
        ("postgresql://bot:sec@secret/s@db/bot", "%40"),
        ("postgresql://bot:secret@db/bot?sslmode=maybe", "sslmode"),
        ("postgresql://bot:secret@db/bot?channel_binding=require", "question mark"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
    ],
)
def test_what_is_not_understood_is_named_without_the_password(url: str, word: str) -> None:
    with pytest.raises(StoreError, match=word) as refused:
        address(url, DATA)
    assert "secret" not in str(refused.value)
    assert refused.value.remedy
