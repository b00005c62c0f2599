"""Which shard a guild belongs to, and how a bot is named."""

import base64

import pytest

from bot.adapters.discord import shards


def test_a_guild_belongs_to_the_shard_that_discord_names_and_a_direct_chat_to_the_first() -> None:
    assert shards.shard_of(str(5 << 22 | 3), 4) == 1
    assert shards.shard_of(None, 4) == 0
    assert {shards.shard_of(str(n << 22), 3) for n in range(9)} == {0, 1, 2}


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
