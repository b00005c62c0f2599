"""The playground over HTTP on loopback: what it answers, to whom, and under which headers."""

import asyncio
import json
import logging
from dataclasses import replace
from datetime import UTC, datetime
from itertools import repeat
from pathlib import Path
from typing import Any, cast

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler

import bot.adapters.playground
from bot.adapters.playground.preview import faces
from bot.adapters.playground.requests import COMMUNITY
from bot.core.catalog import length
from bot.core.community import Community
from bot.core.disclaimer import Reply
from bot.core.errors import Problem
from bot.core.model import PLAYGROUND, Member, Notice, Outcome, Place, Request, Risk, Suggestion
from bot.core.ports import Communities
from bot.core.sealed_catalog import SealedCatalog
from bot.features.answers import Responder
from bot.features.forums import Forums
from bot.features.settings_command import SettingsCommand
from bot.runtime.content_setup import page_values
from bot.runtime.http_server import serving
from tests.adapters.playground.stage import Defaults, LiveContent, playground_of, real_catalog, stage
from tests.house import house
from tests.runtime.test_http_limits import SOON, write

Client = TestClient[web.Request, web.Application]
PAGE = Path(bot.adapters.playground.__file__).parent / "page"
PROBLEM = Problem("en/answers/whatisksm.yaml", 12, "“risk” is not known", "Write general, elevated or high.")


async def ask(client: Client, **question: Any) -> Any:
    """The answer, whatever its status."""
    response = await client.post("/api/ask", json=question)
    return await response.json()


async def test_an_answer_is_what_both_renderers_made_of_the_same_reply() -> None:
    here = stage()
    async with here.client() as client:
        told = await ask(client, text="/kusama_vs_polkadot", locale="en")
    sealed = SealedCatalog(real_catalog()).explainer("kusama-vs-polkadot", real_catalog().default, Risk.GENERAL)
    assert sealed is not None
    assert told["digest"] == sealed.digest
    assert told["faces"] == faces(sealed, shared=False)
    assert told["asked"]["spelled"] == {"discord": "/kusama-vs-polkadot", "telegram": "/kusama_vs_polkadot"}
    assert told["faces"]["telegram"]["text"].split("\n")[1] == told["warning"]


async def test_forgetting_waits_for_a_press_of_the_moderators_own_button() -> None:
    forgotten: list[Place] = []

    class Forgetful(Defaults):
        async def forget(self, place: Place) -> None:
            forgotten.append(place)

    whole, communities = stage(), cast(Communities, Forgetful())
    privacy = SettingsCommand(
        lambda: whole.shelf.edition, communities, lambda: datetime.fromtimestamp(1000, UTC)
    ).privacy
    whole.responder.learn("privacy", privacy)
    async with whole.client() as client:
        asked = await ask(client, text="/privacy forget", **{"as": "moderator"})
        ((button,),) = asked["faces"]["telegram"]["buttons"]
        assert asked["faces"]["discord"]["buttons"] == [[button]]
        assert not forgotten
        told = await ask(client, press=button["id"], **{"as": "moderator"})
    assert "Everything is deleted" in told["body"]
    assert forgotten == [COMMUNITY]


async def test_every_button_on_either_side_can_be_pressed() -> None:
    async with stage().client() as client:
        told = await ask(client, text="/topics")
        ids = {b["id"] for face in told["faces"].values() for row in face["buttons"] for b in row}
        assert len(ids) == len(list(real_catalog().explainers))
        pressed = [await ask(client, press=one) for one in sorted(ids)]
    assert [one["outcome"] for one in pressed] == ["explainer"] * len(ids)


async def test_ratings_are_counted_in_place_and_shown_beside_the_answer_in_its_language(tmp_path: Path) -> None:
    async with house(tmp_path / "data") as home:
        playground = playground_of(home.responder, LiveContent(home.edition), ratings=home.statistics.ratings)
        app = web.Application()
        app.add_routes(playground.routes())
        async with TestClient(TestServer(app)) as client:
            told = await ask(client, text="/whatisksm", **{"as": "member"})
            for face in told["faces"].values():
                assert [one["id"] for one in face["buttons"][-1]] == [
                    "v1:en:whatisksm:helpful",
                    "v1:en:whatisksm:wrong",
                ]
            thanks = await ask(client, press="v1:en:whatisksm:wrong", **{"as": "member"})
            again = await ask(client, press="v1:en:whatisksm:wrong", **{"as": "member"})
            shown = {}
            for locale in ("en", "es"):
                sheets = await (await client.get("/api/content", params={"locale": locale})).json()
                shown[locale] = next(one["ratings"] for one in sheets if one["command"] == "whatisksm")
            playground.close()
    assert (thanks["outcome"], thanks["private"]) == ("notice", True)
    assert thanks["body"].startswith("Thank you. Your rating was counted without your name.")
    assert "already" in again["body"]
    assert shown == {"en": {"helpful": 0, "wrong": 1}, "es": {"helpful": 0, "wrong": 0}}


async def test_a_question_is_answered_with_how_it_was_judged() -> None:
    async with stage().client() as client:
        sure = await ask(client, text="Is Kusama a testnet?")
        advice = await ask(client, text="/ask should I buy KSM")
        command = await ask(client, text="/whatisksm")
    assert (sure["outcome"], sure["command"]) == ("explainer", "is-kusama-a-testnet")
    assert sure["match"]["score"] == 0.97
    assert sure["match"]["why"] == "the title"
    assert len(sure["match"]["nearest"]) == 3
    assert advice["outcome"] == "advice"
    assert command["match"] is None


async def test_an_unknown_command_is_answered_with_the_help_in_a_direct_chat_and_with_silence_among_others() -> None:
    async with stage().client() as client:
        assert (await ask(client, text="/nonsense"))["command"] == "help"
        assert "another bot" in (await ask(client, text="/nonsense", **{"as": "member"}))["silent"]


@pytest.mark.parametrize("role", ["member", "moderator"])
async def test_a_question_in_a_group_needs_a_mention_a_command_or_a_finger(role: str) -> None:
    words = "What is KSM?"
    async with stage().client() as client:
        plain = await ask(client, text=words, **{"as": role})
        mention = await ask(client, text=f"@KusamaBot, {words}", **{"as": role})
        answers = {"message": "m1", "text": words}
        explained = await ask(client, text="/explain", answers=answers, **{"as": role})
    assert "begin by mentioning it" in plain["silent"]
    assert [one["command"] for one in (mention, explained)] == ["whatisksm", "whatisksm"]
    assert "> https://discord.com/channels/playground/general/m1" in explained["faces"]["discord"]["text"]


async def test_an_answer_for_a_member_names_that_one_and_a_private_one_for_somebody_is_refused() -> None:
    async with stage().client() as client:
        told = await ask(client, text="/whatisksm", **{"for": "newcomer"})
        assert told["to"]["name"] == "newcomer"
        assert told["faces"]["discord"]["text"].startswith(f"<@{told['to']['id']}>\n")
        refused = await ask(client, text="/whatisksm", private=True, **{"for": "newcomer"})
    assert refused["outcome"] == "notice"
    assert "private" in refused["body"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b'{"text": "a", "evil": 1}', 400),
        (b'{"press": "v1:en:../../x"}', 400),
        (b'{"press": "forged"}', 400),
        (b'{"text": "' + b"a" * 5000 + b'"}', 413),
        (b'{"text": "' + b"a" * 70000 + b'"}', 413),
        (b"[" * 60000, 400),
    ],
)
async def test_a_bad_body_gets_a_clear_4xx_and_never_a_traceback(body: bytes, status: int) -> None:
    async with stage().client() as client:
        response = await client.post("/api/ask", data=body, headers={"Content-Type": "application/json"})
        told = await response.json()
    assert response.status == status
    assert told["error"]
    assert "Traceback" not in json.dumps(told)


async def test_a_form_of_another_site_is_no_json() -> None:
    async with stage().client() as client:
        response = await client.post("/api/ask", data=b'{"text":"a"}', headers={"Content-Type": "text/plain"})
    assert response.status == 415


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
@pytest.mark.parametrize("path", ["/", "/page/main.js", "/api/commands", "/events"])
async def test_nothing_is_given_to_another_site(headers: dict[str, str], path: str) -> None:
    async with stage().client() as client:
        response = await client.get(path, headers=headers)
        told = await response.json()
    assert response.status == 403
    assert told["error"]


async def test_a_page_of_ours_may_ask_under_the_name_it_was_opened_by() -> None:
    async with stage().client() as client:
        for name in ("127.0.0.1", "localhost", "LOCALHOST", "192.168.1.5", "[::1]"):
            host = f"{name}:{client.port}"
            response = await client.get("/api/commands", headers={"Host": host, "Origin": f"http://{host}"})
            assert response.status == 200


async def test_a_link_on_another_site_may_be_followed_to_the_page_and_to_nothing_else() -> None:
    followed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    async with stage().client() as client:
        got = [(await client.get(path, headers=followed)).status for path in ("/", "/api/commands", "/events")]
        looked = await client.head("/events")
    assert got == [200, 403, 403]
    assert looked.status == 405


async def test_every_answer_forbids_what_the_page_does_not_need() -> None:
    async with stage().client() as client:
        for path in ("/", "/page/page.css", "/page/nothing", "/api/commands", "/api/suggest?locale=*"):
            response = await client.get(path)
            policy = response.headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
            assert "unsafe" not in policy
            assert "frame-ancestors 'none'" in policy
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert response.headers["Referrer-Policy"] == "no-referrer"


async def test_only_the_pages_own_files_are_served() -> None:
    async with stage().client() as client:
        for name in ("..%2fadapter.py", "adapter.py", ".hidden", "nothing.js"):
            response = await client.get(f"/page/{name}")
            assert response.status == 404
        first = await client.get("/")
        again = await client.get("/", headers={"If-None-Match": first.headers["ETag"]})
    assert first.content_type == "text/html"
    assert again.status == 304


async def test_whoever_does_not_take_the_files_that_they_ask_for_is_let_go_of() -> None:
    ask_for_one = b"GET /page/page.css HTTP/1.1\r\nHost: localhost\r\n\r\n"
    async with serving(stage().playground.routes(), "127.0.0.1", 0, limits=SOON) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 12)
        with pytest.raises(ConnectionError):  # it reads nothing; its writing shows when the server has gone
            await write(writer, repeat(ask_for_one))
        writer.close()
        del reader


def test_the_page_is_small_has_no_script_inside_and_asks_no_other_host() -> None:
    files = {path.name: path.read_text(encoding="utf-8") for path in PAGE.iterdir()}
    assert sum(len(text.encode()) for text in files.values()) < 150_000
    for name, text in files.items():
        for forbidden in ("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", "https://", " style="):
            assert forbidden not in text, name
        assert "http://" not in text.replace("http://www.w3.org/2000/svg", ""), name
    assert "<script>" not in files["index.html"]


async def test_the_menu_names_commands_as_each_platform_does_and_hides_the_moderators_from_others() -> None:
    here = stage()

    async def pins(request: Request, community: Community) -> Notice:
        return Notice("pins-none")

    here.responder.learn("pins", pins)
    async with here.client() as client:
        everyone = await (await client.get("/api/commands", params={"locale": "en"})).json()
        moderator = await (await client.get("/api/commands", params={"as": "moderator"})).json()
    versus = next(one for one in everyone if one["name"] == "kusama-vs-polkadot")
    assert versus["spelled"] == {"discord": "/kusama-vs-polkadot", "telegram": "/kusama_vs_polkadot"}
    ask_ = next(one for one in everyone if one["name"] == "ask")
    assert [param["required"] for param in ask_["params"]] == [True, False]
    assert "pins" not in {one["name"] for one in everyone}
    assert "pins" in {one["name"] for one in moderator}


async def test_explainers_are_suggested_while_somebody_types() -> None:
    async with stage().client() as client:
        found = await (await client.get("/api/suggest", params={"text": "collator", "locale": "en"})).json()
        refused = await client.get("/api/suggest", params={"text": "a", "locale": "*"})
    assert found[0]["command"] == "collators"
    assert refused.status == 400


async def test_the_writers_side_tells_what_each_answer_rests_on_and_how_much_room_is_left() -> None:
    async with stage().client() as client:
        sheets = {one["command"]: one for one in await (await client.get("/api/content")).json()}
        told = await ask(client, text="/staking")
    staking = sheets["staking"]
    assert sheets.keys() == set(real_catalog().explainers)
    assert staking["file"] == "en/answers/staking.yaml"
    text = told["faces"]["telegram"]["text"]  # staking's own warning is the loudest already
    assert staking["room"]["telegram"] == 4096 - len(text.encode("utf-16-le")) // 2
    assert staking["room"]["rule"] == 1100 - length(real_catalog().default.entries["staking"])


@pytest.mark.parametrize("locale", sorted(real_catalog().languages))
async def test_each_fact_of_an_answer_stands_beside_one_sentence_in_every_language(locale: str) -> None:
    catalog = real_catalog()
    async with stage().client() as client:
        for command in catalog.explainers:
            whole = await (await client.get(f"/api/content/{command}", params={"locale": locale})).json()
            cited = [fact["id"] for line in whole["lines"] for fact in line["facts"]]
            assert sorted(cited) == sorted(catalog.default.entries[command].facts)
            assert len(whole["languages"]) + len(whole["untranslated"]) == len(catalog.languages)
            warnings = [one["warning"] for one in whole["levels"].values()]
            entry = catalog.entry(command, catalog.languages[locale])
            assert entry
            assert catalog.languages[entry.locale].warnings[Risk.HIGH] == warnings[-1]
        missing = await client.get("/api/content/nothing")
    assert missing.status == 404


async def test_a_fact_stands_beside_the_sentence_that_says_it() -> None:
    async with stage().client() as client:
        lines = (await (await client.get("/api/content/whatisksm")).json())["lines"]
    beside = {fact["id"]: line["text"] for line in lines for fact in line["facts"]}
    assert beside["ksm-several-roles"] == "It has several roles and is not simply a coin to pay with."
    assert beside["ksm-older-explanations"].startswith("Older explanations")


async def _event(stream: aiohttp.ClientResponse, wanted: str) -> Any:
    """What the next event of that name says."""
    while True:
        name = (await stream.content.readline()).decode().removeprefix("event: ").strip()
        data = (await stream.content.readline()).decode().removeprefix("data: ")
        await stream.content.readline()
        if name == wanted:
            return json.loads(data)


async def test_a_page_is_told_how_the_content_stands_and_what_becomes_wrong_with_it() -> None:
    here = stage()
    async with here.client() as client, client.get("/events") as stream:
        content = await _event(stream, "content")
        assert (content["revision"], content["problems"]) == (real_catalog().revision, [])
        here.shelf.problems = (PROBLEM,)
        here.playground.changed()
        content = await _event(stream, "content")
        assert content["problems"] == [
            {
                "file": PROBLEM.file,
                "line": 12,
                "what": PROBLEM.what,
                "remedy": PROBLEM.remedy,
                "quote": f"risk: {len(PROBLEM.what)}",
            }
        ]
        assert content["revision"] == real_catalog().revision
        here.shelf.problems = ()
        here.shelf.edition = SealedCatalog(replace(real_catalog(), revision="another"))
        here.playground.changed()
        content = await _event(stream, "content")
        assert (content["revision"], content["problems"]) == ("another", [])


async def test_of_thousands_of_problems_a_hundred_are_shown_and_each_line_is_read_once() -> None:
    read = list[Problem]()
    here = stage()
    here.shelf.problems = tuple(replace(PROBLEM, line=number) for number in range(3000))
    page = playground_of(here.responder, here.shelf, quote=read.append)
    for _ in range(3):
        content = page._state()["content"]
        assert (len(content["problems"]), content["count"]) == (100, 3000)
    assert read == [*here.shelf.problems[:100]]
    page.changed()
    page._state()
    assert len(read) == 200, "the file may have changed"


@pytest.mark.parametrize(
    ("folders", "named"),
    [(["garden"], ("garden/", "garden", "garden/")), (["garden", "team"], ("garden/, team/", "team", ""))],
)
async def test_a_page_is_told_where_the_files_lie_and_where_a_new_one_goes(
    folders: list[str], named: tuple[str, str, str]
) -> None:
    here = stage()
    here.shelf.edition = SealedCatalog(replace(real_catalog(), first="es"))
    here.playground = playground_of(here.responder, here.shelf, folders)
    async with here.client() as client, client.get("/events") as stream:
        content = await _event(stream, "content")
    assert (content["words"]["folders"], content["folder"], content["prefix"]) == named
    assert content["first"] == "es"


async def test_fifty_pages_are_told_and_all_streams_end_when_the_playground_closes() -> None:
    here = stage()
    async with here.client() as client:
        streams = [await client.get("/events") for _ in range(50)]
        for stream in streams:
            await _event(stream, "standing")
        here.playground.close()
        rests = await asyncio.gather(*(stream.read() for stream in streams))
    assert rests == [b""] * 50


async def test_addresses_that_take_every_stream_lose_their_oldest_to_a_newcomer() -> None:
    here, app = stage(), web.Application()
    addresses = iter([f"2001:db8:0:{number % 2}::{number:x}" for number in range(130)] + ["192.0.2.1"])

    @web.middleware
    async def come_from(request: web.Request, handler: Handler) -> web.StreamResponse:
        return await handler(request.clone(remote=next(addresses)))

    app.middlewares.append(come_from)
    app.add_routes(here.playground.routes())
    async with TestClient(TestServer(app), connector=aiohttp.TCPConnector(limit=0)) as client:
        streams = [await client.get("/events") for _ in range(131)]
        for stream in streams[:3]:  # two were over the bound of their networks, one made room for the stranger
            assert b"event: standing" in await stream.read()
        for stream in streams[3:]:
            await _event(stream, "standing")
        here.playground.close()


class Broken(Responder):
    """Fails at every question, in words that nobody else should read."""

    async def respond(self, request: Request) -> Reply | None:
        raise RuntimeError(f"secret {request.text}")

    def suggest(self, text: str, locale: str | None) -> tuple[Suggestion, ...]:
        raise RuntimeError(f"secret {text}")


async def test_a_fault_inside_is_told_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    whole = stage()
    broken = Broken(lambda: whole.shelf.edition, Defaults().of, whole.matcher, page_values)
    playground = playground_of(broken, whole.shelf)
    app = web.Application()
    app.add_routes(playground.routes())
    async with TestClient(TestServer(app)) as client:
        with caplog.at_level(logging.ERROR):
            told = await ask(client, text="my words")
            response = await client.get("/api/suggest", params={"text": "my words"})
        assert told["outcome"] == "notice"
        assert response.status == 500
        assert "secret" not in await response.text()
    assert "RuntimeError" in caplog.text
    assert "secret my words" not in caplog.text


async def test_the_digest_is_the_one_that_every_platform_gets() -> None:
    here = stage()
    async with here.client() as client:
        told = await ask(client, text="/whatisksm", locale="en")
    for place in (Place("discord", None, "1"), Place("telegram", None, "2"), Place(PLAYGROUND, None, "direct")):
        reply = await here.responder.respond(Request(place, Member("9"), "whatisksm", locale="en"))
        assert reply is not None
        assert reply.digest == told["digest"]


async def test_an_address_that_asks_too_much_is_told_to_wait_and_the_page_still_opens() -> None:
    async with stage().client() as client:
        statuses = [(await client.get("/api/suggest", params={"text": "k"})).status for _ in range(150)]
        assert statuses[:40] == [200] * 40
        assert 429 in statuses
        refused = await client.post("/api/ask", json={"text": "/whatisksm"})
        while refused.status != 429:
            refused = await client.post("/api/ask", json={"text": "/whatisksm"})
        assert "one moment" in (await refused.json())["error"]
        assert (await client.get("/")).status == 200


@pytest.mark.parametrize(
    ("question", "seen"),
    [
        ({"text": "/whatisksm", "as": "member"}, ("all", "all")),
        ({"text": "/whatisksm", "as": "member", "private": True}, ("alone", "all")),
        ({"text": "/help", "as": "member"}, ("all", "alone")),
        ({"text": "/settings", "as": "moderator"}, ("alone", "alone")),
        ({"text": "/settings", "as": "channel"}, ("nobody", "all")),
        ({"press": "v1:en:kusama-risks", "as": "member"}, ("alone", "alone")),
        ({"press": "v1:*en:whatisksm", "as": "member", "locale": "ru"}, ("alone", "alone")),
        ({"press": "v1:*en:whatisksm", "as": "member", "locale": "en"}, ("alone", "bubble")),
        ({"press": "v1:en:withdrawn", "as": "member"}, ("alone", "bubble")),
        ({"press": "v1:en:kusama-risks"}, ("all", "all")),
        ({"text": "/whatisksm", "as": "passer-by"}, ("all", "all")),
    ],
)
async def test_each_pane_says_who_sees_the_answer(
    tmp_path: Path, question: dict[str, Any], seen: tuple[str, str]
) -> None:
    async with house(tmp_path / "data") as home:
        home.edition = SealedCatalog(real_catalog())
        app = web.Application()
        app.add_routes(playground_of(home.responder, LiveContent(home.edition)).routes())
        async with TestClient(TestServer(app)) as client:
            told = await ask(client, **question)
    assert (told["seen"]["discord"], told["seen"]["telegram"]) == seen


async def test_a_passer_by_gets_the_loudest_warning_and_no_buttons_of_telegrams() -> None:
    loudest = real_catalog().default.warnings[Risk.HIGH]
    async with stage().client() as client:
        told = await ask(client, text="/whatiskusama", **{"as": "passer-by"})
        refused = await ask(client, text="/pin whatisksm", **{"as": "passer-by"})
    assert told["warning"] == loudest
    assert told["faces"]["telegram"]["buttons"] == []
    assert told["faces"]["discord"]["buttons"]
    assert refused["outcome"] in ("notice", "page")


async def test_a_channel_has_pins_of_its_own_and_the_moderators_menu() -> None:
    whole = stage()
    whole.teach_pinning()
    async with whole.client() as client:
        menu = await (await client.get("/api/commands", params={"locale": "en", "as": "channel"})).json()
        assert "pin" in [one["name"] for one in menu]
        told = await ask(client, text="/pin whatisksm", **{"as": "channel"})
    assert told["seen"] == {"discord": "nobody", "telegram": "all"}
    assert [ref.place.community for ref in whole.pinned] == ["channel"]


def test_the_page_is_small() -> None:
    """It is served as it lies there, so that its source is what the browser shows."""
    page = Path(bot.adapters.playground.__file__).parent / "page"
    assert sum(file.stat().st_size for file in page.iterdir()) < 72_000


async def test_the_title_of_a_new_post_is_answered_where_the_forum_is_named(tmp_path: Path) -> None:
    async with house(tmp_path / "data") as home:
        home.matcher.outcome, home.matcher.command = Outcome.EXPLAINER, "whatisksm"
        forums = Forums(
            lambda: home.edition, home.communities, home.responder.questions, home.statistics.count, lambda: home.now
        )
        app = web.Application()
        page = playground_of(home.responder, LiveContent(home.edition), titles=forums.on_post)
        app.add_routes(page.routes())
        async with TestClient(TestServer(app)) as client:
            before = await ask(client, text="What is KSM?", **{"as": "forum"})
            saved = await ask(client, text="/settings forum here on", **{"as": "moderator"})
            after = await ask(client, text="What is KSM?", **{"as": "forum"})
            too_long = await ask(client, text="x" * 101, **{"as": "forum"})
    assert "surely asks" in before["silent"]
    assert "Saved." in saved["body"]
    assert (after["command"], after["silent"]) == ("whatisksm", None)
    assert after["warning"]
    assert "100 characters" in too_long["error"]
