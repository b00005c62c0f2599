"""The operator's settings, from the environment or `.env`. The only module that reads the environment.

Read by hand: importing pydantic-settings takes longer than all else that `check` and `ask` do, and 26 MiB at rest.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any, Final, Literal, final
from urllib.parse import unquote, urlsplit

from bot.runtime import setting_readers
from bot.runtime.proxy import Proxy, goes_around
from bot.runtime.setting_readers import SecretStr

_TELLING = 5  # characters: a shorter password is no secret, and ordinary words would vanish from the log
# By what listens on all addresses: the one of them by which this machine reaches it.
REACHED_BY: Final[Mapping[str, str]] = {"0.0.0.0": "127.0.0.1", "::": "::1"}
_FILE: Final = Path(".env")
_DISCORD: Final = "https://discord.com"


class ConfigError(ValueError):
    """A setting cannot be used; the text names each one and what is wrong, a line each."""


# What makes a setting of a text; ValueError says what is wrong with it and never repeats it.
_READERS: Final[Mapping[str, Callable[[str], Any]]] = {
    "discord_token": setting_readers.token,
    "telegram_token": setting_readers.token,
    "telegram_api_url": setting_readers.server,
    "webhook_url": setting_readers.webhook,
    "webhook_secret": setting_readers.hook_secret,
    "http_proxy": SecretStr,
    "https_proxy": SecretStr,
    "all_proxy": SecretStr,
    "no_proxy": str,
    "risk_floor": setting_readers.one_of("general", "elevated", "high"),
    "default_locale": setting_readers.language,
    "responses_dir": setting_readers.path,
    "pictures": setting_readers.flag,
    "data_dir": setting_readers.path,
    "question_log": setting_readers.path,
    "database_url": SecretStr,
    "shards": setting_readers.shards,
    "shard_leases": setting_readers.number(1),
    "host": setting_readers.host,
    "public_url": setting_readers.page,
    "allowed_hosts": setting_readers.names,
    "port": setting_readers.number(0, 65535),
    "playground": setting_readers.flag,
    "log_level": setting_readers.one_of("debug", "info", "warning", "error"),
    "log_format": setting_readers.one_of("console", "json"),
}


@final
@dataclass(frozen=True, kw_only=True)
class Settings:
    """Every setting, by its name in the environment in upper case. An empty value counts as not set."""

    discord_token: SecretStr | None = None
    telegram_token: SecretStr | None = None
    telegram_api_url: str = "https://api.telegram.org"
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    http_proxy: SecretStr | None = None
    https_proxy: SecretStr | None = None
    all_proxy: SecretStr | None = None
    no_proxy: str = ""
    risk_floor: Literal["general", "elevated", "high"] = "general"
    default_locale: str = "en"
    responses_dir: Path = Path("responses")
    pictures: bool = True
    data_dir: Path = Path("data")
    question_log: Path | None = None
    database_url: SecretStr | None = None
    shards: Literal["auto"] | int = "auto"
    shard_leases: int | None = None
    host: str = "127.0.0.1"
    public_url: str | None = None
    allowed_hosts: tuple[str, ...] | None = None
    port: int = 8080
    playground: bool | None = None
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["console", "json"] = "console"

    @property
    def tokens(self) -> dict[str, SecretStr]:
        """The token of each platform that has one."""
        given = {"discord": self.discord_token, "telegram": self.telegram_token}
        return {platform: token for platform, token in given.items() if token}

    def page(self, port: int) -> str:
        """Where the page is opened that listens on `port`: PUBLIC_URL, else by an address of this machine."""
        host = REACHED_BY.get(self.host, self.host)
        return self.public_url or f"http://{f'[{host}]' if ':' in host else host}:{port}/"

    @property
    def serves_playground(self) -> bool:
        """Whether the local page is served: when asked for, or when there is no platform to serve."""
        return not self.tokens if self.playground is None else self.playground

    def proxy(self, platform: str) -> Proxy | None:
        """The proxy that a platform is reached through, None where it is reached directly.

        As with curl: HTTPS_PROXY for an address with https, HTTP_PROXY for one with http, else ALL_PROXY; and none for
        a host that NO_PROXY names. Discord's gateway goes where discord.com goes.

        Raises:
            ConfigError: the variable does not hold the address of a proxy that can be used.
        """
        address = urlsplit(self.telegram_api_url if platform == "telegram" else _DISCORD)
        for name in (f"{address.scheme}_proxy", "all_proxy"):
            if given := getattr(self, name):
                if goes_around(address.netloc, self.no_proxy):
                    return None
                try:
                    return setting_readers.proxy(name.upper(), given.get_secret_value())
                except ValueError as error:
                    raise ConfigError(f"{name.upper()}: {error}") from None
        return None

    @property
    def secrets(self) -> tuple[str, ...]:
        """Everything that must stand in no log; of addresses also the password by itself."""
        given = [getattr(self, name) for name in _READERS]
        whole = [value.get_secret_value() for value in given if isinstance(value, SecretStr)]
        passwords = map(_password, (*whole, self.telegram_api_url, self.webhook_url or ""))
        return (*whole, *(form for one in passwords if len(one) >= _TELLING for form in {one, unquote(one)}))


def _password(address: str) -> str:
    """The password in an address, or nothing: also where the address makes no sense."""
    try:
        return urlsplit(address if "://" in address else f"//{address}").password or ""
    except ValueError:
        return ""


def settings(**given: object) -> Settings:
    """The settings, `given` (from the command line) before the environment before `.env`.

    Raises:
        ConfigError: a value cannot be used. The text never repeats the value, which may be a secret.
    """
    return made({**_in_file(), **_set(os.environ), **{key: str(one) for key, one in given.items() if one is not None}})


def made(values: Mapping[str, str]) -> Settings:
    """The settings of these values, by name in lower case; whatever else is among them is left alone.

    Raises:
        ConfigError: as above.
    """
    read, wrong = dict[str, Any](), list[str]()
    for name, reader in _READERS.items():
        try:
            if values.get(name):
                read[name] = reader(values[name])
        except ValueError as error:
            wrong.append(f"{name.upper()}: {error}")
    made = Settings(**read)
    for platform in made.tokens:
        try:
            made.proxy(platform)
        except ConfigError as error:
            wrong.append(str(error))
    if made.webhook_url and not values.get("webhook_secret"):
        wrong.append("WEBHOOK_SECRET: is missing, and WEBHOOK_URL needs it to know Telegram's calls from others'")
    if wrong:
        raise ConfigError("\n".join(dict.fromkeys(wrong))) from None
    return made


def _in_file() -> dict[str, str]:
    """What `.env` in the working directory says; nothing if there is no such file."""
    try:
        text = _FILE.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return {}
    except IsADirectoryError:
        raise ConfigError(".env: is a folder; remove it, and copy .env.example to .env") from None
    except OSError as error:
        raise ConfigError(f".env: cannot be read ({error.strerror}); let the bot's user read it") from None
    except UnicodeDecodeError:
        raise ConfigError(".env: is not UTF-8 text; save it as UTF-8") from None
    if "\0" in text:  # UTF-16 without its mark
        raise ConfigError(".env: is not UTF-8 text; save it as UTF-8")
    from dotenv import dotenv_values
    from dotenv.parser import parse_stream

    wrong = [
        f".env: line {one.original.line} cannot be read; write it like NAME=value"
        for one in parse_stream(StringIO(text))
        if one.error
    ]
    if wrong:
        raise ConfigError("\n".join(wrong))
    return _set(dotenv_values(stream=StringIO(text)))


def _set(variables: Mapping[str, str | None]) -> dict[str, str]:
    """What has a value, by the setting's name. Where a name stands there in both cases, the lower one counts."""
    found = {name.lower(): setting_readers.clean(variables[name] or "") for name in sorted(variables)}
    return {name: value for name, value in found.items() if value}
