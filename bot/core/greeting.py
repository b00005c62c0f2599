"""Builds the text of greetings. They mention nobody, show names as plain words, and begin with the risk warning. The
moderators' own line may contain no link, no mention and no advice.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from bot.core.catalog import GreetingWords, Language
from bot.core.community import Community
from bot.core.disclaimer import Reply, seal
from bot.core.errors import BadInput
from bot.core.join_window import LONGEST_NAME, MOST_NAMES, NAMELESS, JoinBatch
from bot.core.markup import FULL_STOPS, TRIGGERS, plain
from bot.core.model import PLAYGROUND, Answer, Outcome, Risk
from bot.core.normalise import normalise
from bot.core.sealed_catalog import SealedCatalog
from bot.core.spans import Body, CommandRef, Paragraph, Span, Text, fill_spans

NAMES = "{names}"  # the only placeholder; allowed once, because the message would get too long
LONGEST_LINE = 240  # characters
READY = ("1", "2", "3")  # a line that is one of these numbers selects that ready line of the language

_STARTERS = "start"  # the page whose related explainers are offered to new members
_JOINER = "\u2060"  # WORD JOINER: invisible, no line break, and ends every address and handle
_TRIGGERS = frozenset(f"{TRIGGERS}+")
_PART = re.compile(rf"{re.escape(NAMES)}|(?<![\w/:.])/([A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*)(?![\w/])")
_CHINESE = "[\u2e80-\u9fff]"
_MENTION = re.compile(r"@\w|<[@#&]|(?<!\w)@(?=\S)")
_LINK = re.compile(
    r"(?i)\w:/|//|\bwww\.|\]\s*\(|\b(?:mailto|tel|tg|ton|javascript):"
    r"|[^\W_]\.(?:[^\W\d_]{2,}|xn--)"  # discord.gg, t.me, example.рф
    rf"|(?!{_CHINESE})[^\W_][{FULL_STOPS}](?!{_CHINESE})[^\W\d_]{{2,}}"  # example。network, but not a sentence's end
    r"|\b\d{1,3}(?:\.\d{1,3}){3}\b"
)


def greeting(content: SealedCatalog, community: Community, batch: JoinBatch) -> Reply:
    """Return the sealed greeting, in the language of the welcome channel and at the community's floor."""
    language = content.language(community.language_of(community.welcome))
    words = language.greeting
    page = language.pages.get(_STARTERS)
    buttons = content.buttons(page.see_also if page else (), language)
    body = _body(content, words, community.welcome_line, batch)
    draft = Answer("welcome", Outcome.PAGE, words.title, body, Risk.GENERAL, buttons=buttons)
    return seal(draft, language, max(community.risk_floor, content.operator_floor))


def longest(content: SealedCatalog, language: Language) -> tuple[Reply, ...]:
    """Return the longest possible greetings in that language, to check that they fit every platform.

    One has a line with {names} and one has a line without. Asterisks and at signs need the most escaping, so they make
    the longest texts.
    """
    names = tuple(plain(f"{number}{'@*' * LONGEST_NAME}", LONGEST_NAME) for number in range(MOST_NAMES))
    batch = JoinBatch(1_000_000, names, datetime.min.replace(tzinfo=UTC))
    line = "*@" * (LONGEST_LINE // 2)
    community = Community(PLAYGROUND, None, language.locale, Risk.HIGH)
    lines = (line, f"{NAMES}{line}"[:LONGEST_LINE])
    return tuple(greeting(content, replace(community, welcome_line=one), batch) for one in lines)


def _body(content: SealedCatalog, words: GreetingWords, line: str | None, batch: JoinBatch) -> Body:
    names = _names(words, batch)
    own_line = _line(content, line, names) if line else None
    if line in READY and words.ready:
        own_line = words.ready[READY.index(line)]
    has_names = line is not None and NAMES in line
    first: tuple[tuple[Span, ...], ...]
    if batch.raid or not names:
        joined = fill_spans(words.raid_summary, {"count": (Text(str(batch.count)),)})
        first = (joined, words.line if own_line is None or has_names else own_line)
    elif own_line is not None and has_names:
        first = (own_line,)
    else:
        sentence = words.one if batch.count == 1 else words.several
        first = (fill_spans(sentence, {"names": names}), own_line or words.line)
    return tuple(map(Paragraph, (*first, words.safety, words.starters)))


def _names(words: GreetingWords, batch: JoinBatch) -> tuple[Span, ...]:
    """Return the names as in "Ada, Bo and 37 others"; empty if no name is shown. A single nameless member is "…"."""
    names = batch.names or (NAMELESS,) * (batch.count == 1)
    others = batch.count - len(names)
    if batch.raid or not names:
        return ()
    joined: list[Span] = []
    for number, name in enumerate(names):
        if number:
            last = number == len(names) - 1 and not others
            joined.append(Text(words.last_separator if last else words.name_separator))
        # No part of the name may form a link or a mention together with the text next to it.
        joined.append(Text(f"{_JOINER}{name.text}{_JOINER}") if _TRIGGERS.intersection(name.text) else name)
    if not others:
        return tuple(joined)
    pattern = words.others_one if others == 1 else words.others
    return fill_spans(pattern, {"names": tuple(joined), "count": (Text(str(others)),)})


def _line(content: SealedCatalog, line: str, names: tuple[Span, ...]) -> tuple[Span, ...]:
    """Return the moderators' line: {names} is filled, the bot's commands become references, the rest is plain text."""
    spans: list[Span] = []
    end = 0
    for part in _PART.finditer(line):
        command = content.catalog.find(part[1]) if part[1] else None
        if part[1] and command is None:
            continue
        spans.append(_plain_part(line[end : part.start()]))
        spans += (CommandRef(command),) if command else names
        end = part.end()
    return (*spans, _plain_part(line[end:]))


def _plain_part(words: str) -> Text:
    """Apply `plain`, but keep the spaces at both ends, which it strips."""
    text = plain(words, LONGEST_LINE).text
    before = " " if text and words[:1].isspace() else ""
    after = " " if words[-1:].isspace() else _JOINER if text[-1:] in _TRIGGERS else ""
    return Text(f"{before}{text}{after}")


def checked(line: str, fault: Callable[[str], str | None]) -> str:
    """Check the moderators' line and return it as it is stored: one line without invisible characters.

    `fault` is the matcher's `why_line_refused`, which returns why a line is refused or None; it may block for some
    milliseconds.

    Raises:
        BadInput: it is too long, or has a link, a mention, advice, an unknown placeholder or the known one twice, or
            is a number without a ready line.
    """
    if len(line) > LONGEST_LINE:
        raise BadInput("welcome-message-too-long", {"limit": LONGEST_LINE})
    stored = normalise(line, LONGEST_LINE)
    without_names, with_names = stored.replace(NAMES, " "), stored.replace(NAMES, "Ada")
    if not stored or "{" in without_names or "}" in without_names or stored.count(NAMES) > 1:
        raise BadInput("welcome-message-placeholder")
    if stored.isdecimal() and stored not in READY:
        raise BadInput("welcome-ready")
    if _LINK.search(with_names):
        raise BadInput("welcome-message-link")
    if _MENTION.search(with_names):
        raise BadInput("welcome-message-mention")
    if fault(without_names):
        raise BadInput("welcome-message-advice")
    return stored
