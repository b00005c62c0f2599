"""Which shard is whose, and what the leases on them are called."""

import base64

import pytest

from bot.adapters.discord import shards
from bot.adapters.discord.shards import Shard


def test_a_guild_belongs_to_the_shard_that_discord_names_and_a_direct_chat_to_the_first() -> None:
    assert shards.of(str(5 << 22 | 3), 4) == 1
    assert shards.of(None, 4) == 0
    assert {shards.of(str(n << 22), 3) for n in range(9)} == {0, 1, 2}


def test_every_shard_has_a_lease_that_tells_it() -> None:
    names = shards.leases("42", 3)
    assert [shards.leased(name, 3) for name in names] == [Shard(0, 3), Shard(1, 3), Shard(2, 3)]
    assert [shards.leased(name, 3).first for name in names] == [True, False, False]


def test_shards_of_one_bucket_begin_one_after_another() -> None:
    turns = [shards.turn("42", Shard(n, 4), 2) for n in range(4)]
    assert turns[0] == turns[2]
    assert turns[1] == turns[3]
    assert turns[0] != turns[1]


ID = "1234567890123456789"


@pytest.mark.parametrize(
    ("token", "found"),
    [
        (f"{base64.urlsafe_b64encode(ID.encode()).decode().rstrip('=')}.Gabcde.secret", ID),
        ("7000000001:AAsecret", "7000000001"),
    ],
)
def test_a_bot_is_named_by_the_open_part_of_its_token(token: str, found: str) -> None:
    assert shards.account(token) == found


@pytest.mark.parametrize("token", ["fake.discord.token", "secret", "", "é.ü", "::", "MTIz", "YWJj.x.y"])
def test_of_a_token_without_such_a_part_a_fingerprint_is_told_and_nothing_else(token: str) -> None:
    name = shards.account(token)
    assert len(name) == 16
    assert not token or token not in name
    assert shards.account(token + "x") != name
