"""The HTTP proxy through which a platform is reached, and error texts for when it fails."""

import re
from dataclasses import dataclass, field
from typing import Final, final
from urllib.parse import unquote

_LABEL: Final = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
HOST_NAME: Final = rf"{_LABEL}(?:\.{_LABEL})*\.?"
HOST: Final = rf"(?:{HOST_NAME}|\[[0-9A-Fa-f:.]+\])"
PORT: Final = r"(?::0*(?:[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5]))?"


@final
@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy. `url` may contain a user and a password: pass it to the HTTP library only. `host` (with its port)
    and `setting`, the environment variable that names the proxy, may be shown.
    """

    url: str = field(repr=False)
    host: str
    setting: str


def proxy_at(address: str, setting: str) -> Proxy:
    """The proxy at an address, which may start with `http://`.

    Raises:
        ValueError: the address is invalid. The error says what it should look like, and does not repeat it.
    """
    text = (address if "://" in address else f"http://{address}").rstrip("/")
    scheme, _, rest = text.partition("://")
    user, _, host = rest.rpartition("@")
    if scheme.lower() != "http" or not re.fullmatch(rf"{HOST}{PORT}", host):
        raise ValueError(
            "should be like http://proxy.example:3128, with user:password@ before the host if the proxy needs them; "
            "other kinds of proxy (socks, https) cannot be used"
        )
    if re.search(r"[\s/?#@]", user) or not unquote(user).isascii():
        raise ValueError("its user and password should be ASCII, with %40 for @, %2F for /, and so on")
    return Proxy(f"http://{rest}", host if re.search(r":\d+$", host) else f"{host}:80", setting)


def goes_around(host: str, no_proxy: str) -> bool:
    """Whether NO_PROXY lists a host (`name` or `name:port`), one of its parent domains, or `*` for every host."""
    # Slow to import. Typeshed does not list this function.
    from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]

    return bool(no_proxy) and bool(proxy_bypass_environment(host, {"no": no_proxy}))


def describe_failure(error: BaseException, proxy: Proxy | None) -> str:
    """Why an HTTP call failed, without its URL. If the proxy is at fault, also says what to do."""
    from aiohttp import (
        ClientConnectorCertificateError,
        ClientConnectorDNSError,
        ClientHttpProxyError,
        ClientProxyConnectionError,
    )

    if proxy and isinstance(
        error, ClientProxyConnectionError | ClientConnectorDNSError
    ):  # the proxy resolves all other names
        return f"the proxy {proxy.host} cannot be reached: start it, or correct {proxy.setting}"
    if proxy and isinstance(error, ClientHttpProxyError):
        return describe_refusal(error.status, proxy)
    if proxy and isinstance(error, ClientConnectorCertificateError):
        return f"behind the proxy {proxy.host} is a certificate of no known authority: set SSL_CERT_FILE to the proxy's"
    return type(error).__name__ + (f" through the proxy {proxy.host}" if proxy else "")


def describe_refusal(status: int, proxy: Proxy) -> str:
    """Why the proxy itself answered with that HTTP status, and what to do."""
    if status == 407:
        fix = f"correct user and password in {proxy.setting}, as in http://user:password@host:port"
    else:
        fix = f"let it pass this host on, or correct {proxy.setting} or NO_PROXY"
    return f"the proxy {proxy.host} refused (HTTP {status}): {fix}"
