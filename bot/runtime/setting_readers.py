"""Reads a setting from its text, as people type and paste it.

Each reader returns the value or raises ValueError. The error says what the value should be and never repeats it: it
may be a secret.
"""

import re
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from typing import Final, Literal, final
from urllib.parse import unquote, urlsplit

from bot.runtime.proxy import Proxy

_YES, _NO = frozenset({"true", "yes", "on", "1", "t", "y"}), frozenset({"false", "no", "off", "0", "f", "n"})
_QUOTES: Final = ('""', "''", "``", "“”", "„“", "‘’", "«»")
# What a copied text may carry unseen: soft hyphen, zero-width and direction marks, a byte order mark.
_UNSEEN: Final = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_EDGE: Final = re.compile(rf"^(?:\s|{_UNSEEN.pattern})+|(?:\s|{_UNSEEN.pattern})+$")
_NAME: Final = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_HOST: Final = rf"(?:{_NAME}(?:\.{_NAME})*\.?|\[[0-9A-Fa-f:.]+\])"
_USER: Final = r"(?:[^\s/?#@\[\]{}]+@)?"
_PATH: Final = r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~-]+)*/?"


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


def clean(value: str) -> str:
    """The text without blanks, unseen characters and one pair of quotes around it."""
    text = _EDGE.sub("", value)
    return _EDGE.sub("", text[1:-1]) if text[:1] + text[1:][-1:] in _QUOTES else text


def token(value: str) -> SecretStr:
    """A platform's token, also with `Bot ` before it, as in the header that Discord's documentation shows."""
    text = re.sub(r"^(?:bot|bearer)\s+", "", clean(_UNSEEN.sub("", value)), flags=re.IGNORECASE)
    if not re.fullmatch(r"[A-Za-z0-9._:-]+", text := clean(text)):
        raise ValueError("holds characters that no token has; copy it again, and nothing else with it")
    return SecretStr(text)


def hook_secret(value: str) -> SecretStr:
    """Telegram allows 1 to 256 characters A-Z, a-z, 0-9, _ and -."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value):
        raise ValueError("use 1 to 256 letters, digits, _ and - only")
    return SecretStr(value)


def webhook(value: str) -> str:
    """Where Telegram sends updates. The path is the operator's choice, so only one that needs no escapes is taken."""
    if not re.fullmatch(rf"https://{_USER}{_HOST}(?::(?:443|80|88|8443))?{_PATH}", value):
        raise ValueError(
            "should be like https://bot.example.org/telegram: https, one of the ports 443, 80, 88 and 8443 if any, "
            "and a path of letters, digits and - . _ ~ only"
        )
    return value


def server(value: str) -> str:
    """The address of a Bot API server, without the slash at its end."""
    text = value.rstrip("/")
    if not re.fullmatch(rf"https?://{_USER}{_HOST}(?::\d+)?", text) or not _port(text):
        raise ValueError("should be like https://api.telegram.org: http or https, a host, a port if needed, no path")
    return text


def page(value: str) -> str:
    """The address that a browser opens."""
    if not re.fullmatch(rf"https?://{_HOST}(?::\d+)?{_PATH}", value) or not _port(value):
        raise ValueError("should be like https://bot.example.org/: http or https, a host, a port and a path if needed")
    return value


def proxy(setting: str, value: str) -> Proxy:
    """The proxy that the variable `setting` names, with or without http:// before it."""
    text = (value if "://" in value else f"http://{value}").rstrip("/")
    scheme, _, rest = text.partition("://")
    user, _, host = rest.rpartition("@")
    if scheme.lower() != "http" or not re.fullmatch(rf"{_HOST}(?::\d+)?", host) or not _port(f"http://{host}"):
        raise ValueError(
            "should be like http://proxy.example:3128, with user:password@ before the host if the proxy wants them; "
            "other kinds of proxy (socks, https) cannot be used"
        )
    if re.search(r"[\s/?#@]", user) or not unquote(user).isascii():
        raise ValueError("its user and password should be ASCII, with %40 for @, %2F for /, and so on")
    return Proxy(f"http://{rest}", host if re.search(r":\d+$", host) else f"{host}:80", setting)


def _port(url: str) -> bool:
    """Whether the port can be one."""
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def host(value: str) -> str:
    """An address or a name to listen on; an IPv6 address also in brackets."""
    text = value.removeprefix("[").removesuffix("]")
    try:
        ip_address(text)
    except ValueError:
        if not re.fullmatch(rf"{_NAME}(?:\.{_NAME})*\.?", text):
            raise ValueError("should be an address such as 127.0.0.1 or 0.0.0.0, without scheme and port") from None
    return text


def names(value: str) -> tuple[str, ...]:
    """Names of hosts with commas between them."""
    found = tuple(name.strip().lower().removesuffix(".") for name in value.split(","))
    if not all(re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*", name) for name in found):
        raise ValueError("should be names with commas between them, without port and path")
    return found


def language(value: str) -> str:
    """The short name of a language."""
    if not re.fullmatch(r"[a-z]{2,3}", text := value.lower()):
        raise ValueError("should be the short name of a language, such as en")
    return text


def path(value: str) -> Path:
    """A file or folder; `~` and `~user` at its beginning stand for a home folder."""
    try:
        return Path(value).expanduser()
    except RuntimeError:
        raise ValueError("begins with ~, but that user has no home folder; write the whole path") from None


def one_of(*words: str) -> Callable[[str], str]:
    """A reader of one of these words, in any case."""

    def read(value: str) -> str:
        if value.lower() not in words:
            raise ValueError("should be " + ", ".join(f"'{word}'" for word in words[:-1]) + f" or '{words[-1]}'")
        return value.lower()

    return read


def number(least: int, most: int | None = None) -> Callable[[str], int]:
    """A reader of a whole number."""

    def read(value: str) -> int:
        if not re.fullmatch(r"[-+]?[0-9]{1,12}", value):
            raise ValueError("should be an integer")
        found = int(value)
        if found < least or (most is not None and found > most):
            raise ValueError(f"should be at least {least}" if most is None else f"should be from {least} to {most}")
        return found

    return read


def shards(value: str) -> Literal["auto"] | int:
    """How many shards, or `auto`."""
    return "auto" if value.lower() == "auto" else number(1, 16_000)(value)


def flag(value: str) -> bool:
    """True or false, also as yes, on, 1 and their opposites."""
    if value.lower() not in _YES | _NO:
        raise ValueError("should be a boolean: true or false")
    return value.lower() in _YES
