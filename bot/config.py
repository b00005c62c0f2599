"""The operator's settings, from the environment or `.env`. The only reader of the environment; secrets stay secret."""

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import unquote, urlsplit

from pydantic import Field, SecretStr, StringConstraints, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_TELLING = 5  # characters: a shorter password is no secret, and ordinary words would vanish from the log
RiskName = Literal["general", "elevated", "high"]


class ConfigError(ValueError):
    """A setting cannot be used; the text names each one and what is wrong, a line each."""


class Settings(BaseSettings):
    """Every setting, by its name in the environment in upper case. An empty value counts as not set."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)

    discord_token: SecretStr | None = None
    telegram_token: SecretStr | None = None
    telegram_api_url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+$")] = "https://api.telegram.org"
    webhook_url: Annotated[str, StringConstraints(pattern=r"^https://\S+$")] | None = None
    webhook_secret: SecretStr | None = None
    risk_floor: RiskName = "general"
    default_locale: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")] = "en"
    responses_dir: Path = Path("responses")
    pictures: bool = True
    data_dir: Path = Path("data")
    question_log: Path | None = None
    database_url: SecretStr | None = None
    shards: Literal["auto"] | Annotated[int, Field(ge=1, le=16_000)] = "auto"
    shard_leases: Annotated[int, Field(ge=1)] | None = None
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    playground: bool | None = None
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["console", "json"] = "console"

    @field_validator("webhook_secret")
    @classmethod
    def _telegram_takes_it(cls, value: SecretStr | None) -> SecretStr | None:
        """Telegram allows 1 to 256 characters A-Z, a-z, 0-9, _ and -."""
        word = value.get_secret_value() if value else "x"
        if not (word.isascii() and word.replace("_", "").replace("-", "").isalnum() and len(word) <= 256):
            raise ValueError("use 1 to 256 letters, digits, _ and - only")
        return value

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
        """Everything that must stand in no log; of the database's address also the password by itself."""
        secret = (self.discord_token, self.telegram_token, self.webhook_secret, self.database_url)
        whole = [value.get_secret_value() for value in secret if value]
        password = _password(self.database_url.get_secret_value()) if self.database_url else ""
        return (*whole, *({password, unquote(password)} if len(password) >= _TELLING else ()))


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
    try:
        made = Settings(**{key: value for key, value in given.items() if value is not None})  # type: ignore[arg-type]  # checked by pydantic
    except ValidationError as error:
        rows = [f"{'.'.join(map(str, row['loc'])).upper()}: {row['msg']}" for row in error.errors(include_input=False)]
        raise ConfigError("\n".join(rows)) from None
    except UnicodeDecodeError:
        raise ConfigError(".env: is not UTF-8 text; save it as UTF-8") from None
    if made.webhook_url and not made.webhook_secret:
        raise ConfigError("WEBHOOK_SECRET: is missing, and WEBHOOK_URL needs it to know Telegram's calls from others'")
    return made
