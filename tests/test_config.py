"""Settings come from the environment or `.env`; what is wrong with one is told in a line that does not repeat it."""

from pathlib import Path

import pytest

from bot.config import ConfigError, Settings, load_settings

TOKEN = "123456:secret-token-of-nobody"


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An empty folder, and an environment without settings of ours."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_with_nothing_set_the_playground_is_served_on_this_machine_alone() -> None:
    made = load_settings()
    assert (made.tokens, made.serves_playground, made.host, made.port) == ({}, True, "127.0.0.1", 8080)
    assert (made.risk_floor, made.default_locale, made.log_level) == ("general", "", "info")


def test_with_a_token_the_playground_is_served_only_when_asked_for() -> None:
    assert not load_settings(discord_token=TOKEN).serves_playground
    assert load_settings(discord_token=TOKEN, playground=True).serves_playground
    assert not load_settings(playground=False).serves_playground


def test_what_is_given_wins_over_the_environment_and_that_over_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("PORT=1\nHOST=0.0.0.0\nLOG_LEVEL=debug\nUNKNOWN_THING=1\n")
    monkeypatch.setenv("PORT", "2")
    monkeypatch.setenv("HOST", "::1")
    made = load_settings(port=3, host=None)
    assert (made.port, made.host, made.log_level) == (3, "::1", "debug")


def test_an_empty_value_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "")
    monkeypatch.setenv("PORT", "")
    assert (load_settings().tokens, load_settings().port) == ({}, 8080)


@pytest.mark.parametrize("value", ["a:", ":a", "a::b", "a:a"])
def test_content_lists_different_folders_and_wins_over_the_one_of_the_answers(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("RESPONSES_DIR", "alone")
    assert load_settings().folders == (Path("alone"),)
    assert load_settings(content="pack:~/mine").folders == (Path("pack"), Path.home() / "mine")
    with pytest.raises(ConfigError, match="CONTENT: should be different folders with colons between them"):
        load_settings(content=value)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("PORT", "eighty-eighty", "should be an integer"),
        ("PORT", "70000", "65535"),
        ("PORT", "-1", "0"),
        ("RISK_FLOOR", "none-at-all", "'general', 'elevated' or 'high'"),
        ("DEFAULT_LOCALE", "English!", "short name of a language"),
        ("ALLOWED_HOSTS", "https://bot.example", "without port and path"),
        ("LOG_LEVEL", "loudest", "'debug'"),
        ("LOG_FORMAT", "fancy-text", "'console' or 'json'"),
        ("PLAYGROUND", "perhaps-so", "should be a boolean: true or false"),
        ("WEBHOOK_URL", "http://plain.example", "https"),
        ("WEBHOOK_SECRET", "not allowed!", "1 to 256 letters"),
        ("WEBHOOK_SECRET", "ä" * 20, "1 to 256 letters"),
        ("WEBHOOK_SECRET", "x" * 257, "1 to 256 letters"),
    ],
)
def test_a_bad_value_is_told_in_a_line_that_does_not_repeat_it(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError) as caught:
        load_settings()
    (line,) = str(caught.value).splitlines()
    assert line.startswith(f"{name}: ")
    assert told in line
    assert value not in line


@pytest.mark.parametrize(
    "written",
    [
        f'"{TOKEN}"',
        f"'{TOKEN}'",
        f" {TOKEN}\r\n",
        f"\u00a0{TOKEN}\u200b",
        f"“{TOKEN}”",
        f"Bot {TOKEN}",
        f'"bot\u00a0{TOKEN}"',
        f"\ufeff{TOKEN[:9]}\u2060{TOKEN[9:]}",
    ],
)
def test_a_token_is_taken_as_it_was_pasted(written: str) -> None:
    made = load_settings(discord_token=written, telegram_token=written)
    assert {one.get_secret_value() for one in made.tokens.values()} == {TOKEN}


def test_words_are_taken_in_any_case() -> None:
    made = load_settings(log_level="WARNING", log_format="Json", risk_floor="High", default_locale="ES", shards="Auto")
    found = (made.log_level, made.log_format, made.risk_floor, made.default_locale, made.shards)
    assert found == ("warning", "json", "high", "es", "auto")


@pytest.mark.parametrize(
    "url",
    ["https://bot.example", "https://bot.example:8443/a/b.c~d_e-f", "https://1.2.3.4:88/x/", "https://[2001:db8::1]/x"],
)
def test_an_address_for_telegrams_updates_may_have_a_port_and_a_path(url: str) -> None:
    assert load_settings(webhook_url=url, webhook_secret="s").webhook_url == url


PROXY = "http://jo:pass%40word@proxy.example:3128"


@pytest.mark.parametrize(
    ("given", "address", "setting"),
    [
        ({"https_proxy": PROXY}, "https://api.telegram.org", "HTTPS_PROXY"),
        ({"https_proxy": PROXY.removeprefix("http://") + "/"}, "https://api.telegram.org", "HTTPS_PROXY"),
        ({"all_proxy": PROXY, "http_proxy": "other"}, "https://api.telegram.org", "ALL_PROXY"),
        ({"https_proxy": "other", "http_proxy": PROXY}, "http://telegram:8081", "HTTP_PROXY"),
        ({"https_proxy": PROXY}, "http://telegram:8081", None),
        ({"https_proxy": PROXY, "no_proxy": "*"}, "https://api.telegram.org", None),
        ({"https_proxy": PROXY, "no_proxy": "a.example, .telegram.org"}, "https://api.telegram.org", None),
        ({"http_proxy": PROXY, "no_proxy": "telegram:8081"}, "http://telegram:8081", None),
        ({"https_proxy": PROXY, "no_proxy": "gram.org,discord.com"}, "https://api.telegram.org", "HTTPS_PROXY"),
        ({}, "https://api.telegram.org", None),
    ],
)
def test_a_proxy_is_chosen_as_other_programs_choose_it(
    given: dict[str, str], address: str, setting: str | None
) -> None:
    found = load_settings(**given, telegram_api_url=address).proxy("telegram")
    assert (found.setting if found else None) == setting
    assert found is None or (found.url, found.host) == (PROXY, "proxy.example:3128")
    assert "pass" not in repr(found)


def test_a_platform_that_no_proxy_names_is_reached_directly_and_the_other_is_not() -> None:
    given = load_settings(https_proxy=PROXY, no_proxy=".discord.com")
    assert given.proxy("discord") is None
    assert given.proxy("telegram") is not None


@pytest.mark.parametrize(
    "value",
    [
        "socks5://proxy:1",
        "https://proxy:1",
        "http://proxy:port",
        "http://pro xy",
        "http://j:p@w@p",
        "http://j:é@p",
        ":1",
    ],
)
def test_a_proxy_that_cannot_be_used_is_told_without_its_value(value: str) -> None:
    with pytest.raises(ConfigError, match=r"^HTTPS_PROXY: [^\n]*should be") as caught:
        load_settings(https_proxy=value, discord_token=TOKEN, telegram_token=TOKEN)
    assert value not in str(caught.value)


def test_all_bad_values_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "x")
    monkeypatch.setenv("RISK_FLOOR", "x")
    with pytest.raises(ConfigError) as caught:
        load_settings()
    assert [line.partition(":")[0] for line in str(caught.value).splitlines()] == ["RISK_FLOOR", "PORT"]


def test_an_error_leads_to_no_value_even_through_what_caused_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBHOOK_SECRET", "se cret")
    with pytest.raises(ConfigError) as caught:
        load_settings()
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_webhook_needs_its_secret() -> None:
    with pytest.raises(ConfigError, match="WEBHOOK_SECRET"):
        load_settings(webhook_url="https://bot.example/hook")
    assert load_settings(webhook_url="https://bot.example/hook", webhook_secret="s").webhook_url


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"DISCORD_TOKEN=\xff\xfe\n")
    with pytest.raises(ConfigError, match=r"\.env: is not UTF-8"):
        load_settings()


def test_a_token_is_shown_by_no_print() -> None:
    made = load_settings(discord_token=TOKEN, telegram_token=TOKEN, database_url="postgresql://u:hunter2@db/x")
    assert TOKEN not in f"{made!r} {made} {made.model_dump()} {vars(made)}"
    assert "hunter2" not in f"{made!r} {made} {made.model_dump()} {vars(made)}"


def test_secrets_are_all_that_no_log_may_have() -> None:
    made = load_settings(
        discord_token="discord-token",
        telegram_token="telegram-token",
        webhook_secret="hook",
        database_url="postgresql://u:pass%2Fword@db/x",
        https_proxy="me:hidden@proxy:1",
        all_proxy="http://me:sesame@proxy:1",
    )
    assert {"me:hidden@proxy:1", "hidden", "sesame"} <= set(made.secrets)
    assert {"discord-token", "telegram-token", "hook", "postgresql://u:pass%2Fword@db/x"} <= set(made.secrets)
    assert {"pass%2Fword", "pass/word"} <= set(made.secrets)
    assert load_settings().secrets == ()


def test_a_password_in_any_address_is_a_secret() -> None:
    made = load_settings(
        telegram_api_url="https://u:sword%2Ffish@api.example",
        webhook_url="https://u:hunter222@bot.example/hook",
        webhook_secret="hook-secret",
    )
    assert {"sword%2Ffish", "sword/fish", "hunter222"} <= set(made.secrets)


@pytest.mark.parametrize("address", ["postgresql://[bad", "sqlite:///x", "postgresql://u:pw@db/x"])
def test_an_odd_address_of_a_database_is_one_secret(address: str) -> None:
    assert load_settings(database_url=address).secrets == (address,)


def test_shards_are_a_number_or_as_discord_recommends(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (load_settings().shards, load_settings().shard_leases) == ("auto", None)
    monkeypatch.setenv("SHARDS", "4")
    monkeypatch.setenv("SHARD_LEASES", "2")
    assert (load_settings().shards, load_settings().shard_leases) == (4, 2)
    monkeypatch.setenv("SHARDS", "none")
    monkeypatch.setenv("SHARD_LEASES", "0")
    with pytest.raises(ConfigError, match=r"SHARDS.*\n(.*\n)*SHARD_LEASES"):
        load_settings()
