"""Checks the format of settings. No error repeats a value, because it may be a secret."""

import re
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from bot.runtime.proxy import HOST, HOST_NAME, PORT

_PACKED: Final = Path(__file__).parents[1] / "responses"  # where an installed wheel has the answers
_QUOTES: Final = ('""', "''", "``", "“”", "„“", "‘’", "«»")
# Invisible characters that copied text may contain: soft hyphen, zero-width and direction marks, a byte order mark.
_INVISIBLE: Final = "[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
_EDGE: Final = re.compile(rf"^(?:\s|{_INVISIBLE})+|(?:\s|{_INVISIBLE})+$")
_USER: Final = r"(?:[^\s/?#@\[\]{}]+@)?"
_PATH: Final = r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~-]+)*/?"


def clean(value: str) -> str:
    """Strip whitespace, invisible characters and one pair of quotes around the text."""
    text = _EDGE.sub("", value)
    return _EDGE.sub("", text[1:-1]) if text[:1] + text[1:][-1:] in _QUOTES else text


def _like(pattern: str, error: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(error)
        return value

    return check


def token(value: str) -> str:
    """A token. `Bot ` or `Bearer ` before it, as in Discord's Authorization header, is removed."""
    text = clean(re.sub(r"^(?:bot|bearer)\s+", "", clean(re.sub(_INVISIBLE, "", value)), flags=re.IGNORECASE))
    return _like(r"[A-Za-z0-9._:-]+", "has characters that no token has; copy only the token, and copy it again")(text)


def host(value: str) -> str:
    """An IP address, which may be in brackets, or a host name."""
    text = value.removeprefix("[").removesuffix("]")
    try:
        return str(ip_address(text))
    except ValueError:
        error = "should be an address such as 127.0.0.1 or 0.0.0.0, without scheme and port"
        return _like(HOST_NAME, error)(text)


def names(value: str) -> tuple[str, ...]:
    """Host names separated by commas, in lower case."""
    name = _like(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*", "should be names separated by commas, without port and path")
    return tuple(name(one.strip().lower().removesuffix(".")) for one in value.split(","))


def expand_home(value: Path) -> Path:
    """The path with ~ replaced by the home folder."""
    try:
        return value.expanduser()
    except RuntimeError:
        raise ValueError("begins with ~, but that user has no home folder; write the whole path") from None


def packed(value: Path) -> Path:
    """The folder; but if it is `responses` and does not exist, the answers in the installed package."""
    return _PACKED if value == Path("responses") and _PACKED.is_dir() and not value.exists() else value


def folders(value: str) -> list[str]:
    """Paths separated by colons."""
    paths = [clean(path) for path in value.split(":")]
    if not all(paths) or len({*paths}) < len(paths):
        raise ValueError("should be different folders with colons between them, the pack first")
    return paths


hook_secret = _like(r"[A-Za-z0-9_-]{1,256}", "should have 1 to 256 letters, digits, _ and - only")
# The path may have only characters that need no escaping, so that paths can be compared as text.
webhook = _like(
    rf"https://{_USER}{HOST}(?::(?:443|80|88|8443))?{_PATH}",
    "should be like https://bot.example.org/telegram: https, one of the ports 443, 80, 88 and 8443 if any, "
    "and a path of letters, digits and - . _ ~ only",
)
server = _like(
    rf"https?://{_USER}{HOST}{PORT}/*",
    "should be like https://api.telegram.org: http or https, a host, a port if needed, no path",
)
page = _like(
    rf"https?://{HOST}{PORT}{_PATH}",
    "should be like https://bot.example.org/: http or https, a host, a port and a path if needed",
)
locale = _like("[a-z]{2,3}", "should be the short name of a language, such as en")
