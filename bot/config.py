"""The operator's settings, from the environment or `.env`. The only reader of the environment; secrets stay secret.

Read by hand: importing pydantic-settings takes longer than all else that `check` and `ask` do, and 26 MiB at rest.
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, final
from urllib.parse import unquote, urlsplit

_TELLING = 5  # characters: a shorter password is no secret, and ordinary words would vanish from the log
_FILE: Final = Path(".env")
_YES, _NO = frozenset({"true", "yes", "on", "1", "t", "y"}), frozenset({"false", "no", "off", "0", "f", "n"})


class ConfigError(ValueError):
    """A setting cannot be used; the text names each one and what is wrong, a line each."""


@final
class SecretStr:
    """A text that no print, log or traceback shows."""

    __slots__ = ("_secret",)

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def get_secret_value(self) -> str:
        """The text itself."""
        return self._secret

    def __repr__(self) -> str:
        return "SecretStr('***')"


def _like(pattern: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(f"should match the pattern {pattern}")
        return value

    return read


def _one_of(*words: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in words:
            raise ValueError("should be " + ", ".join(f"'{word}'" for word in words[:-1]) + f" or '{words[-1]}'")
        return value

    return read


def _number(least: int, most: int | None = None) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not re.fullmatch(r"\s*[-+]?\d{1,12}\s*", value):
            raise ValueError("should be an integer")
        number = int(value)
        if number < least or (most is not None and number > most):
            raise ValueError(f"should be at least {least}" if most is None else f"should be from {least} to {most}")
        return number

    return read


def _shards(value: str) -> Literal["auto"] | int:
    return "auto" if value == "auto" else _number(1, 16_000)(value)


def _flag(value: str) -> bool:
    if value.lower() not in _YES | _NO:
        raise ValueError("should be a boolean: true or false")
    return value.lower() in _YES


def _names(value: str) -> tuple[str, ...]:
    names = tuple(name.strip().lower().removesuffix(".") for name in value.split(","))
    if not all(re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*", name) for name in names):
        raise ValueError("should be names with commas between them, without port and path")
    return names


def _hook_secret(value: str) -> SecretStr:
    """Telegram allows 1 to 256 characters A-Z, a-z, 0-9, _ and -."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value):
        raise ValueError("use 1 to 256 letters, digits, _ and - only")
    return SecretStr(value)


# What makes a setting of a text; ValueError says what is wrong with it and never repeats it.
_READERS: Final[Mapping[str, Callable[[str], Any]]] = {
    "discord_token": SecretStr,
    "telegram_token": SecretStr,
    "telegram_api_url": _like(r"https?://[^\s/]+"),
    "webhook_url": _like(r"https://\S+"),
    "webhook_secret": _hook_secret,
    "risk_floor": _one_of("general", "elevated", "high"),
    "default_locale": _like(r"[a-z]{2,3}"),
    "responses_dir": Path,
    "pictures": _flag,
    "data_dir": Path,
    "question_log": Path,
    "database_url": SecretStr,
    "shards": _shards,
    "shard_leases": _number(1),
    "host": str,
    "allowed_hosts": _names,
    "port": _number(0, 65535),
    "playground": _flag,
    "log_level": _one_of("debug", "info", "warning", "error"),
    "log_format": _one_of("console", "json"),
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

    @property
    def serves_playground(self) -> bool:
        """Whether the local page is served: when asked for, or when there is no platform to serve."""
        return not self.tokens if self.playground is None else self.playground

    @property
    def secrets(self) -> tuple[str, ...]:
        """Everything that must stand in no log; of addresses also the password by itself."""
        secret = (self.discord_token, self.telegram_token, self.webhook_secret, self.database_url)
        whole = [value.get_secret_value() for value in secret if value]
        database = self.database_url.get_secret_value() if self.database_url else ""
        passwords = map(_password, (database, self.telegram_api_url, self.webhook_url or ""))
        return (*whole, *(form for one in passwords if len(one) >= _TELLING for form in {one, unquote(one)}))


def _password(address: str) -> str:
    """The password in an address, or nothing: also where the address makes no sense."""
    try:
        return urlsplit(address).password or ""
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
    if wrong:
        raise ConfigError("\n".join(wrong)) from None
    made = Settings(**read)
    if made.webhook_url and not made.webhook_secret:
        raise ConfigError("WEBHOOK_SECRET: is missing, and WEBHOOK_URL needs it to know Telegram's calls from others'")
    return made


def _in_file() -> dict[str, str]:
    if not _FILE.is_file():
        return {}
    from dotenv import dotenv_values

    try:
        return _set(dotenv_values(_FILE))
    except UnicodeDecodeError:
        raise ConfigError(".env: is not UTF-8 text; save it as UTF-8") from None


def _set(variables: Mapping[str, str | None]) -> dict[str, str]:
    """What has a value, by the setting's name."""
    return {name.lower(): value for name, value in variables.items() if value}
