"""What the values of settings may look like. No error repeats a value: it may be a secret."""

import re
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from bot.runtime.proxy import HOST, HOST_NAME, PORT

_PACKED: Final = Path(__file__).parents[1] / "responses"  # the answers in a wheel
_QUOTES: Final = ('""', "''", "``", "“”", "„“", "‘’", "«»")
# What a copied text may carry unseen: soft hyphen, zero-width and direction marks, a byte order mark.
_UNSEEN: Final = "[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
_EDGE: Final = re.compile(rf"^(?:\s|{_UNSEEN})+|(?:\s|{_UNSEEN})+$")
_USER: Final = r"(?:[^\s/?#@\[\]{}]+@)?"
_PATH: Final = r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~-]+)*/?"


def clean(value: str) -> str:
    """The text without blanks, invisible characters and one pair of quotes around it."""
    text = _EDGE.sub("", value)
    return _EDGE.sub("", text[1:-1]) if text[:1] + text[1:][-1:] in _QUOTES else text


def _like(pattern: str, error: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(error)
        return value

    return check


def token(value: str) -> str:
    """A token, also with `Bot ` before it as in Discord's documentation of the Authorization header."""
    text = clean(re.sub(r"^(?:bot|bearer)\s+", "", clean(re.sub(_UNSEEN, "", value)), flags=re.IGNORECASE))
    return _like(r"[A-Za-z0-9._:-]+", "has characters that no token has; copy the token again, and nothing else")(text)


def host(value: str) -> str:
    """An IP address, also in brackets, or a host's name."""
    text = value.removeprefix("[").removesuffix("]")
    try:
        return str(ip_address(text))
    except ValueError:
        error = "should be an address such as 127.0.0.1 or 0.0.0.0, without scheme and port"
        return _like(HOST_NAME, error)(text)


def names(value: str) -> tuple[str, ...]:
    """Hosts' names with commas between them."""
    name = _like(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*", "should be names separated by commas, without port and path")
    return tuple(name(one.strip().lower().removesuffix(".")) for one in value.split(","))


def home(value: Path) -> Path:
    """The path with the home folder in place of ~."""
    try:
        return value.expanduser()
    except RuntimeError:
        raise ValueError("begins with ~, but that user has no home folder; write the whole path") from None


def packed(value: Path) -> Path:
    """The folder; for `responses` where there is none, the answers that the installed package brought."""
    return _PACKED if value == Path("responses") and _PACKED.is_dir() and not value.exists() else value


def folders(value: str) -> list[str]:
    """Paths with colons between them."""
    found = [clean(one) for one in value.split(":")]
    if not all(found) or len({*found}) < len(found):
        raise ValueError("should be different folders with colons between them, the pack first")
    return found


hook_secret = _like(r"[A-Za-z0-9_-]{1,256}", "should have 1 to 256 letters, digits, _ and - only")
# The path may have only what needs no escapes, so that it can be compared character by character.
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
