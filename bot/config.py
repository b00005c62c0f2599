"""The operator's settings, from the environment or `.env`. No other module reads settings from the environment.

No error repeats a value, since it may be a secret.
"""

import os
import re
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Annotated, Any, Final, Literal, final
from urllib.parse import unquote, urlsplit

from dotenv import dotenv_values
from dotenv.parser import parse_stream
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from bot.runtime import setting_values
from bot.runtime.proxy import Proxy, goes_around, proxy_at

_SHORTEST_PASSWORD = 5  # characters; hiding a shorter one in the log would hide ordinary words
REACHED_BY: Final[Mapping[str, str]] = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # by wildcard address, one to connect to
_REASONS: Final = {"int_parsing": "should be an integer", "bool_parsing": "should be a boolean: true or false"}


class ConfigError(ValueError):
    """One or more settings cannot be used. The text has a line for each, with its name and what is wrong."""


_AnyCase = BeforeValidator(str.lower)
_Path = Annotated[Path, AfterValidator(setting_values.expand_home)]
_Pack = Annotated[_Path, AfterValidator(setting_values.packed)]
_Token = Annotated[SecretStr, BeforeValidator(setting_values.token)]


@final
class Settings(BaseModel):
    """All settings. A field's name is the environment variable's name in lower case. An empty value means not set."""

    model_config = ConfigDict(frozen=True)

    discord_token: _Token | None = None
    telegram_token: _Token | None = None
    telegram_api_url: Annotated[
        str, AfterValidator(setting_values.server), AfterValidator(lambda url: url.rstrip("/"))
    ] = "https://api.telegram.org"
    webhook_url: Annotated[str, AfterValidator(setting_values.webhook)] | None = None
    webhook_secret: Annotated[SecretStr, BeforeValidator(setting_values.hook_secret)] | None = None
    http_proxy: SecretStr | None = None
    https_proxy: SecretStr | None = None
    all_proxy: SecretStr | None = None
    no_proxy: str = ""
    risk_floor: Annotated[Literal["general", "elevated", "high"], _AnyCase] = "general"
    default_locale: Annotated[str, _AnyCase, AfterValidator(setting_values.locale)] = ""
    responses_dir: _Pack = Field(Path("responses"), validate_default=True)
    content: Annotated[tuple[_Pack, ...], BeforeValidator(setting_values.folders)] | None = None
    pictures: bool = True
    data_dir: _Path = Path("data")
    question_log: _Path | None = None
    database_url: SecretStr | None = None
    shards: Annotated[Literal["auto"] | Annotated[int, Field(ge=1, le=16_000)], _AnyCase] = "auto"
    shard_leases: Annotated[int, Field(ge=1, le=16_000)] | None = None
    host: Annotated[str, AfterValidator(setting_values.host)] = "127.0.0.1"
    public_url: Annotated[str, AfterValidator(setting_values.page)] | None = None
    allowed_hosts: Annotated[tuple[str, ...], BeforeValidator(setting_values.names)] | None = None
    port: int = Field(8080, ge=0, le=65535)
    playground: bool | None = None
    log_level: Annotated[Literal["debug", "info", "warning", "error"], _AnyCase] = "info"
    log_format: Annotated[Literal["console", "json"], _AnyCase] = "console"

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folder of the pack, then those of its overlays, the topmost last."""
        return self.content or (self.responses_dir,)

    @property
    def tokens(self) -> dict[str, SecretStr]:
        """The token of each platform that has one."""
        tokens = {"discord": self.discord_token, "telegram": self.telegram_token}
        return {platform: token for platform, token in tokens.items() if token}

    def page(self, port: int) -> str:
        """Return the URL of the playground on that port: PUBLIC_URL, else one with an address of this machine."""
        host = REACHED_BY.get(self.host, self.host)
        return self.public_url or f"http://{f'[{host}]' if ':' in host else host}:{port}/"

    @property
    def storage(self) -> tuple[str | None, Path]:
        """DATABASE_URL, or None, and the folder of the SQLite file that is used without it: the arguments of
        `bot.store.url.address`.
        """
        return self.database_url.get_secret_value() if self.database_url else None, self.data_dir

    @property
    def serves_playground(self) -> bool:
        """Whether to serve the playground: as PLAYGROUND says, else if no platform has a token."""
        return not self.tokens if self.playground is None else self.playground

    def proxy(self, platform: str) -> Proxy | None:
        """Return the proxy for a platform, None for a direct connection.

        As in curl: HTTPS_PROXY for an https URL, HTTP_PROXY for an http URL, else ALL_PROXY. A host in NO_PROXY has
        none. Discord's gateway uses the proxy of discord.com.

        Raises:
            ConfigError: the variable is not the URL of a proxy that can be used.
        """
        address = urlsplit(self.telegram_api_url if platform == "telegram" else "https://discord.com")
        for name in (f"{address.scheme}_proxy", "all_proxy"):
            if value := getattr(self, name):
                if goes_around(address.netloc, self.no_proxy):
                    return None
                try:
                    return proxy_at(value.get_secret_value(), name.upper())
                except ValueError as error:
                    raise ConfigError(f"{name.upper()}: {error}") from None
        return None

    @property
    def secrets(self) -> tuple[str, ...]:
        """All texts that logs must not show: secret settings, and also the passwords in URLs on their own."""
        values = [getattr(self, name) for name in type(self).model_fields]
        whole = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
        addresses = "\n".join((*whole, self.telegram_api_url, self.webhook_url or ""))
        passwords = re.findall(rf"(?m)^(?:[\w+.-]+://)?+[^/?#:\n]*:([^/?#\n]{{{_SHORTEST_PASSWORD},}})@", addresses)
        return (*whole, *(form for one in passwords for form in {one, unquote(one)}))


def load_settings(**overrides: object) -> Settings:
    """Return the settings. `overrides` (from the command line) override the environment, which overrides `.env`.

    Raises:
        ConfigError: with every problem.
    """
    return settings_from(_in_file(), os.environ, overrides)


def settings_from(*layers: Mapping[str, Any]) -> Settings:
    """Return the settings in these mappings. A later mapping overrides an earlier one.

    Names of no setting are ignored. If a mapping has a name in upper and in lower case, the lower case counts.

    Raises:
        ConfigError: with every problem.
    """
    values = dict[str, str]()
    for layer in layers:
        for name in sorted(layer):
            if layer[name] is not None and (text := setting_values.clean(str(layer[name]))):
                values[name.lower()] = text
    invalid = dict[str, list[str]]()
    try:
        Settings.model_validate(values)
    except ValidationError as error:
        for one in error.errors(include_input=False, include_url=False):
            reason = str(one.get("ctx", {}).get("error", one["msg"])).removeprefix("Input ")
            invalid.setdefault(str(one["loc"][0]), []).append(_REASONS.get(one["type"], reason))
    valid = Settings.model_validate({name: text for name, text in values.items() if name not in invalid})
    problems = [f"{name.upper()}: {' or '.join(reasons)}" for name, reasons in invalid.items()]
    for platform in valid.tokens:
        try:
            valid.proxy(platform)
        except ConfigError as error:
            problems.append(str(error))
    if valid.webhook_url and "webhook_secret" not in values:
        problems.append("WEBHOOK_SECRET: is missing; WEBHOOK_URL needs it to recognise Telegram's requests")
    if problems:
        raise ConfigError("\n".join(dict.fromkeys(problems))) from None
    return valid


def _in_file() -> dict[str, str | None]:
    """Return the variables in `.env` in the working directory, {} if there is no such file."""
    try:
        text = Path(".env").read_bytes().decode("utf-8-sig", "replace")
    except FileNotFoundError:
        return {}
    except IsADirectoryError:
        raise ConfigError(".env: is a folder; remove it, and copy .env.example to .env") from None
    except OSError as error:
        raise ConfigError(f".env: cannot be read ({error.strerror}); let the bot's user read it") from None
    if "\ufffd" in text or "\0" in text:  # UTF-16 without a byte order mark has \0
        raise ConfigError(".env: is not UTF-8 text; save it as UTF-8")
    unreadable = [one.original.line for one in parse_stream(StringIO(text)) if one.error]
    if unreadable:
        what = "cannot be read; write it like NAME=value"
        raise ConfigError("\n".join(f".env: line {line} {what}" for line in unreadable))
    return dotenv_values(stream=StringIO(text))
