"""Both platforms through a proxy, by their real names and over TLS: the bot as operators run it, behind a firewall."""

import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from tests.command import called
from tests.fakes.discord_server import DiscordServer
from tests.fakes.proxy import Certificate, Proxy
from tests.fakes.telegram import TelegramServer
from tests.whole.process import ended, json_of, running

USER, PASSWORD = "jo", "sésame@/1".replace("é", "e")
WRITTEN = f"{USER}:sesame%40%2F1"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return Certificate(tmp_path_factory.mktemp("certificate"))


@asynccontextmanager
async def platforms() -> AsyncIterator[tuple[TelegramServer, DiscordServer, dict[str, int]]]:
    """Both, where they are by name, and the port of each behind the proxy."""
    async with TelegramServer(privacy=False) as telegram, DiscordServer(point=False) as discord:
        discord.gateway.url = "wss://gateway.discord.gg"
        ports = {"api.telegram.org": int(telegram.base_url.split(":")[2].partition("/")[0])}
        yield telegram, discord, ports | {"discord.com": discord.port, "gateway.discord.gg": discord.port}


def settings(certificate: Certificate, telegram: TelegramServer, discord: DiscordServer, **more: str) -> dict[str, str]:
    tokens = {"TELEGRAM_TOKEN": telegram.token, "DISCORD_TOKEN": discord.token}
    return tokens | {"SSL_CERT_FILE": str(certificate.path)} | more


async def test_both_platforms_are_served_through_the_proxy(tmp_path: Path, certificate: Certificate) -> None:
    async with platforms() as (telegram, discord, ports), Proxy(certificate, ports, user=f"{USER}:{PASSWORD}") as proxy:
        given = settings(certificate, telegram, discord, All_Proxy=f"http://{WRITTEN}@127.0.0.1:{proxy.port}")
        async with running(tmp_path, module=("bot",), **given) as bot:
            guild = discord.guild()
            await discord.gateway.connected(1)
            await telegram.until_polling()
            telegram.send(telegram.chat("supergroup"), telegram.member(), "/whatisksm")
            await telegram.wait_for("sendMessage")
            said = await discord.slash(guild.channel(), guild.member("ada"), "whatisksm").message()
            assert "⚠️" in said.content
            assert await bot.stop() == 0
            log = "\n".join(bot.log)
        assert {target.removesuffix(":443") for target in proxy.asked} == set(ports)
        assert "sesame" not in log


async def test_doctor_says_through_which_proxy_it_went_and_tells_no_password(
    tmp_path: Path, certificate: Certificate
) -> None:
    async with platforms() as (telegram, discord, ports), Proxy(certificate, ports, user=f"{USER}:{PASSWORD}") as proxy:
        given = settings(certificate, telegram, discord, https_proxy=f"{WRITTEN}@127.0.0.1:{proxy.port}/")
        code, out, _ = await ended(tmp_path, "doctor", **given)
    assert code == 0, out
    for platform in ("discord", "telegram"):
        assert f"ok     {platform} proxy: 127.0.0.1:{proxy.port} (HTTPS_PROXY)" in out
        assert f"ok     {platform} token: logged in as" in out
    assert "sesame" not in out


async def test_a_host_that_no_proxy_names_is_reached_directly(tmp_path: Path, certificate: Certificate) -> None:
    """The fake of Telegram stands at an address, not at its name, so that it can be reached at all."""
    async with platforms() as (telegram, discord, ports), Proxy(certificate, ports) as proxy:
        given = settings(
            certificate,
            telegram,
            discord,
            HTTP_PROXY=f"http://127.0.0.1:{proxy.port}",
            HTTPS_PROXY=f"http://127.0.0.1:{proxy.port}",
            TELEGRAM_API_URL=telegram.base_url.removesuffix("/bot"),
        )
        code, out, _ = await ended(tmp_path, "doctor", no_proxy="example.org, 127.0.0.1", **given)
        assert "telegram proxy: none" in out
        assert "telegram token: logged in" in out
        assert f"discord proxy: 127.0.0.1:{proxy.port}" in out
        assert code == 0
        assert set(proxy.asked) == {"discord.com:443"}


@pytest.fixture
def dead() -> Iterator[int]:
    """A port where nobody listens."""
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


async def test_a_proxy_that_refuses_is_named_with_what_to_do(tmp_path: Path, certificate: Certificate) -> None:
    async with platforms() as (telegram, discord, ports):
        for user, status, words in (("jo:other", 0, "user and password"), (None, 502, "let it pass this host on")):
            async with Proxy(certificate, ports, user=user, status=status) as proxy:
                address = f"http://{WRITTEN}@127.0.0.1:{proxy.port}"
                given = settings(certificate, telegram, discord, HTTPS_PROXY=address)
                told = f"the proxy 127.0.0.1:{proxy.port} refused (HTTP {status or 407}): "
                code, out, _ = await called(tmp_path, "doctor", "--json", **given)
                found = {one["subject"]: one["what"] for one in json_of(out)}
                async with running(tmp_path, module=("bot",), **given) as bot:
                    for platform in ("discord", "telegram"):
                        assert told in found[platform]
                        assert words in found[platform]
                        await bot.says(f"{platform}: .*the proxy 127.0.0.1:{proxy.port} refused .*HTTPS_PROXY")
                    assert "Traceback" not in "\n".join(bot.log)
                    assert "sesame" not in "\n".join(bot.log)
            assert code == 1


async def test_a_proxy_whose_certificate_is_not_trusted_is_named_with_what_to_do(
    tmp_path: Path, certificate: Certificate
) -> None:
    async with platforms() as (telegram, discord, ports), Proxy(certificate, ports) as proxy:
        given = settings(certificate, telegram, discord, HTTPS_PROXY=f"127.0.0.1:{proxy.port}", SSL_CERT_FILE="")
        code, out, _ = await called(tmp_path, "doctor", **given)
    assert code == 1
    assert out.count("a certificate of no known authority: set SSL_CERT_FILE to the proxy's") == 2


async def test_a_proxy_whose_name_is_unknown_is_named_with_what_to_do(tmp_path: Path) -> None:
    given = {"DISCORD_TOKEN": "a.b.c", "TELEGRAM_TOKEN": "1:abc", "https_proxy": "proxy.invalid:3128"}
    code, out, _ = await called(tmp_path, "doctor", **given)
    assert code == 1
    assert out.count("the proxy proxy.invalid:3128 cannot be reached: start it, or correct HTTPS_PROXY") == 2


async def test_a_proxy_that_is_not_there_is_named_with_what_to_do(
    tmp_path: Path, certificate: Certificate, dead: int
) -> None:
    async with platforms() as (telegram, discord, _):
        given = settings(certificate, telegram, discord, all_proxy=f"http://{WRITTEN}@127.0.0.1:{dead}")
        code, out, _ = await called(tmp_path, "doctor", **given)
        assert code == 1
        assert out.count(f"the proxy 127.0.0.1:{dead} cannot be reached: start it, or correct ALL_PROXY") == 2
        async with running(tmp_path, module=("bot",), **given) as bot:
            for platform in ("discord", "telegram"):
                await bot.says(f"{platform}: .*the proxy 127.0.0.1:{dead} cannot be reached")
            assert "Traceback" not in "\n".join(bot.log)
            assert "sesame" not in "\n".join(bot.log) + out
