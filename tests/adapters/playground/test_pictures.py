"""The playground shows the pictures that Discord would, from its own address."""

from dataclasses import replace

import pytest

from bot.adapters.playground import views
from bot.core.catalog import without_pictures
from bot.core.model import Risk
from bot.core.sealed_catalog import SealedCatalog
from tests.adapters.playground.stage import real_catalog, stage


@pytest.mark.parametrize("locale", ["en", "zh"])
async def test_the_discord_pane_is_told_of_the_picture_and_can_fetch_it(locale: str) -> None:
    async with stage().client() as client:
        response = await client.post("/api/ask", json={"text": "/kusama-vs-polkadot", "locale": locale})
        answer = await response.json()
        picture = await client.get(f"/picture/{answer['digest']}.png")
        png = await picture.read()
    entry = real_catalog().languages[locale].entries["kusama-vs-polkadot"]
    assert entry.picture is not None
    assert answer["faces"]["discord"]["picture"] == entry.picture.alt
    assert "picture" not in answer["faces"]["telegram"]
    assert (picture.status, picture.content_type) == (200, "image/png")
    assert png.startswith(b"\x89PNG")
    assert "img-src 'self'" in picture.headers["Content-Security-Policy"]
    assert picture.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("digest", ["0" * 32, "x", "..%2f..%2fpyproject"])
async def test_there_is_no_picture_under_any_other_address(digest: str) -> None:
    async with stage().client() as client:
        response = await client.get(f"/picture/{digest}.png")
        assert response.status == 404


async def test_another_site_may_not_show_the_picture() -> None:
    reply = SealedCatalog(real_catalog()).explainer("kusama-vs-polkadot", real_catalog().default, Risk.GENERAL)
    assert reply is not None
    async with stage().client() as client:
        response = await client.get(f"/picture/{reply.digest}.png", headers={"Sec-Fetch-Site": "cross-site"})
        assert response.status == 403


async def test_an_answer_without_a_picture_speaks_of_none() -> None:
    here = stage()
    here.shelf.edition = SealedCatalog(replace(without_pictures(real_catalog()), revision="plain"))
    async with here.client() as client:
        response = await client.post("/api/ask", json={"text": "/kusama-vs-polkadot"})
        answer = await response.json()
        assert (await client.get(f"/picture/{answer['digest']}.png")).status == 404
    assert "picture" not in answer["faces"]["discord"]


def test_every_picture_of_the_edition_is_found_by_its_digest() -> None:
    edition = SealedCatalog(real_catalog())
    found = 0
    for language in real_catalog().languages.values():
        for command in ("how-kusama-works", "kusama-vs-polkadot"):
            for floor in Risk:
                reply = edition.explainer(command, language, floor)
                assert reply is not None
                assert views.pictured(edition, reply.digest) == reply
                found += 1
    assert found == 6 * 2 * 3
