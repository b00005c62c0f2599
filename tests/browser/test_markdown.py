"""The page's reading of what the renderers made, held against words that try to be markup."""

import random
import re
from typing import Any

from selenium.webdriver import Chrome

from bot.adapters.playground import preview
from bot.core.disclaimer import Reply, seal
from bot.core.model import Answer, Outcome, Risk
from bot.core.spans import Bold, Bullets, CommandRef, Italic, Paragraph, Span, Text
from tests.adapters.playground.stage import real_catalog
from tests.browser.conftest import Served
from tests.browser.page import Page

PIECES = re.split(
    " ",
    r"\ ` * _ ~ | > < # - + [ ] ( ) @ : . ! / 1. 2) -# ## >>> ** __ || ~~ ``` :smile: <@1> <@&2> <#3> <:a:4> <t:5>"
    r" @everyone http:// https://x.y www.a.b discord.gg/abc [a](http://b) </ask:6> <img/src=x> &lt; **bold** _it_ *it*"
    r" ~~no~~ `code` a@b.c a_b_c 2*3*4 x 0 我 😀 é /risk •",
)
SEEN = """
const done = arguments[arguments.length - 1];
Promise.all([import("/page/discord.js"), import("/page/telegram.js")]).then(([discord, telegram]) => done(
  arguments[0].map(([content, text, marked]) => {
    const shown = document.createElement("div");
    shown.append(...discord.markdown(content));
    const other = document.createElement("div");
    other.append(...telegram.entities(text, marked, {}));
    return [shown.textContent, other.textContent, [...other.querySelectorAll("strong, em")].map((one) => one.textContent)];
  })));
"""  # noqa: E501  a line of JavaScript


def _words(choice: random.Random) -> str:
    return choice.choice(["", " "]).join(choice.choices(PIECES, k=choice.randint(1, 6))).strip() or "x"


def _spans(choice: random.Random, depth: int = 0) -> tuple[Span, ...]:
    made: list[Span] = []
    for _ in range(choice.randint(1, 3)):
        kind = choice.choice([Text, Text, CommandRef, Bold, Italic])
        if kind is Text or depth > 1:
            made.append(Text(_words(choice)))
        elif kind is CommandRef:
            made.append(CommandRef("kusama-risks"))
        else:
            made.append(kind(_spans(choice, depth + 1)))
        made.append(Text(choice.choice([" ", ", ", "\n"])))
    return tuple(made)


def _reply(choice: random.Random) -> Reply:
    body = (Paragraph(_spans(choice)), Bullets((_spans(choice), _spans(choice))), Paragraph(_spans(choice)))
    answer = Answer("whatisksm", Outcome.EXPLAINER, _words(choice), body, Risk.HIGH)
    return seal(answer, real_catalog().default, Risk.GENERAL)


def _plain(spans: tuple[Span, ...]) -> str:
    parts = []
    for span in spans:
        match span:
            case Text(text):
                parts.append(text)
            case CommandRef(command):
                parts.append(f"/{command}")
            case Bold(inner) | Italic(inner):
                parts.append(_plain(inner))
    return "".join(parts)


def _expected(reply: Reply) -> str:
    rows = [row for block in reply.body for row in ((block.spans,) if isinstance(block, Paragraph) else block.items)]
    return _squeezed("".join([reply.title, reply.warning or "", *map(_plain, rows)]))


def _squeezed(words: str) -> str:
    return re.sub(r"[\s\u2060]+", "", words)


def test_words_that_try_to_be_markup_are_seen_as_they_were_written(chromium: Chrome, served: Served) -> None:
    Page(chromium, served.url)
    choice = random.Random(20261122)
    replies = [_reply(choice) for _ in range(300)]
    faces = [preview.faces(reply) for reply in replies]
    sent = [[one["discord"]["text"], one["telegram"]["text"], one["telegram"]["entities"]] for one in faces]
    seen: Any = chromium.execute_async_script(SEEN, sent)
    for reply, face, (discord, telegram, marked) in zip(replies, faces, seen, strict=True):
        assert _squeezed(discord) == _expected(reply), face["discord"]["text"]
        assert telegram == face["telegram"]["text"]
        units = telegram.encode("utf-16-le")
        cut = [
            units[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le")
            for e in face["telegram"]["entities"]
        ]
        assert marked == cut
