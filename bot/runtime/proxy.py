"""The proxy that a platform is reached through, and what to say when that fails."""

from dataclasses import dataclass, field
from typing import final


@final
@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy. `url` is for the HTTP library and may hold a user and a password; `host` (with its port) and
    `setting`, the variable that names it, may be shown.
    """

    url: str = field(repr=False)
    host: str
    setting: str


def goes_around(host: str, no_proxy: str) -> bool:
    """Whether NO_PROXY names a host (`name` or `name:port`): names with commas between them, each also for all names
    below it, `*` for every host.
    """
    # Imported here because it takes longer to load than all the settings. Typeshed does not list it.
    from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]

    return bool(no_proxy) and bool(proxy_bypass_environment(host, {"no": no_proxy}))


def told(error: BaseException, proxy: Proxy | None) -> str:
    """Why an exchange over HTTP failed, without its address; names the proxy, and what to do if the fault is there."""
    from aiohttp import (
        ClientConnectorCertificateError,
        ClientConnectorDNSError,
        ClientHttpProxyError,
        ClientProxyConnectionError,
    )

    if proxy and isinstance(error, ClientProxyConnectionError | ClientConnectorDNSError):  # it looks names up itself
        return f"the proxy {proxy.host} cannot be reached: start it, or correct {proxy.setting}"
    if proxy and isinstance(error, ClientHttpProxyError):
        return refused(error.status, proxy)
    if proxy and isinstance(error, ClientConnectorCertificateError):
        return f"behind the proxy {proxy.host} is a certificate of no known authority: set SSL_CERT_FILE to the proxy's"
    return type(error).__name__ + (f" through the proxy {proxy.host}" if proxy else "")


def refused(status: int, proxy: Proxy) -> str:
    """Why the proxy itself answered with that status."""
    if status == 407:
        fix = f"correct user and password in {proxy.setting}, as in http://user:password@host:port"
    else:
        fix = f"let it pass this host on, or correct {proxy.setting} or NO_PROXY"
    return f"the proxy {proxy.host} refused (HTTP {status}): {fix}"
