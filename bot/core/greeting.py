"""The text of a greeting. Nobody is mentioned, a name is shown as plain words, and the warning is above all of it. The
moderators' own line has no link, no mention and no advice.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from bot.core.catalog import GreetingWords, Language
from bot.core.community import Community
from bot.core.disclaimer import Reply, seal
from bot.core.errors import BadInput
from bot.core.join_window import LONGEST_NAME, MOST_NAMES, NAMELESS, Gathered
from bot.core.markup import FULL_STOPS, TRIGGERS, plain
from bot.core.model import PLAYGROUND, Answer, Outcome, Risk
from bot.core.normalise import normalise
from bot.core.sealed_catalog import SealedCatalog
from bot.core.spans import Body, CommandRef, Paragraph, Span, Text, fill_spans

NAMES = "{names}"  # the only placeholder, allowed once: several times the names would not fit a message
LONGEST_LINE = 240  # characters
READY = ("1", "2", "3")  # a line that is one of these numbers stands for the language's ready line of that number

_STARTERS = "start"  # the page whose related explainers are offered to new members
_JOINER = "\u2060"  # WORD JOINER: shows nothing, breaks no line, and ends every address and handle
_TRIGGERS = frozenset(f"{TRIGGERS}+")
_PART = re.compile(rf"{re.escape(NAMES)}|(?<![\w/:.])/([A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*)(?![\w/])")
_CHINESE = "[\u2e80-\u9fff]"
_MENTION = re.compile(r"@\w|<[@#&]|(?<!\w)@(?=\S)")
_LINK = re.compile(
    r"(?i)\w:/|//|\bwww\.|\]\s*\(|\b(?:mailto|tel|tg|ton|javascript):"
    r"|[^\W_]\.(?:[^\W\d_]{2,}|xn--)"  # discord.gg, t.me, example.рф
    rf"|(?!{_CHINESE})[^\W_][{FULL_STOPS}](?!{_CHINESE})[^\W\d_]{{2,}}"  # example。network, but no end of a sentence
    r"|\b\d{1,3}(?:\.\d{1,3}){3}\b"
)


def greeting(content: SealedCatalog, community: Community, gathered: Gathered) -> Reply:
    """The sealed greeting for those who were gathered, in its channel's language and at the community's floor."""
    language = content.language(community.language_of(community.welcome))
    words = language.greeting
    page = language.pages.get(_STARTERS)
    buttons = content.buttons(page.see_also if page else (), language)
    body = _body(content, words, community.welcome_line, gathered)
    draft = Answer("welcome", Outcome.PAGE, words.title, body, Risk.GENERAL, buttons=buttons)
    return seal(draft, language, max(community.risk_floor, content.operator_floor))


def longest(content: SealedCatalog, language: Language) -> tuple[Reply, ...]:
    """The longest greetings in that language, without and with a line that has the names inside, to check that they fit
    every platform. Stars and at signs need the most escaping, so they give the longest text.
    """
    names = tuple(plain(f"{number}{'@*' * LONGEST_NAME}", LONGEST_NAME) for number in range(MOST_NAMES))
    gathered = Gathered(1_000_000, names, datetime.min.replace(tzinfo=UTC))
    line = "*@" * (LONGEST_LINE // 2)
    community = Community(PLAYGROUND, None, language.locale, Risk.HIGH)
    lines = (line, f"{NAMES}{line}"[:LONGEST_LINE])
    return tuple(greeting(content, replace(community, welcome_line=one), gathered) for one in lines)


def _body(content: SealedCatalog, words: GreetingWords, line: str | None, gathered: Gathered) -> Body:
    who = _who(words, gathered)
    theirs = _line(content, line, who) if line else None
    if line in READY and words.ready:
        theirs = words.ready[READY.index(line)]
    named = line is not None and NAMES in line
    first: tuple[tuple[Span, ...], ...]
    if gathered.raid or not who:
        joined = fill_spans(words.raid_summary, {"count": (Text(str(gathered.count)),)})
        first = (joined, words.line if theirs is None or named else theirs)
    elif theirs is not None and named:
        first = (theirs,)
    else:
        sentence = words.one if gathered.count == 1 else words.several
        first = (fill_spans(sentence, {"names": who}), theirs or words.line)
    return tuple(map(Paragraph, (*first, words.safety, words.starters)))


def _who(words: GreetingWords, gathered: Gathered) -> tuple[Span, ...]:
    """“Ada, Bo and 37 others”; empty where no name is shown. Somebody who joined alone without a name is “…”."""
    names = gathered.names or (NAMELESS,) * (gathered.count == 1)
    others = gathered.count - len(names)
    if gathered.raid or not names:
        return ()
    joined: list[Span] = []
    for number, name in enumerate(names):
        if number:
            last = number == len(names) - 1 and not others
            joined.append(Text(words.last_separator if last else words.name_separator))
        # Nothing of the name may join what is beside it to a link or a mention.
        joined.append(Text(f"{_JOINER}{name.text}{_JOINER}") if _TRIGGERS.intersection(name.text) else name)
    if not others:
        return tuple(joined)
    pattern = words.others_one if others == 1 else words.others
    return fill_spans(pattern, {"names": tuple(joined), "count": (Text(str(others)),)})


def _line(content: SealedCatalog, line: str, who: tuple[Span, ...]) -> tuple[Span, ...]:
    """The moderators' line: {names} is filled, our own commands can be pressed, all else is plain words."""
    spans: list[Span] = []
    end = 0
    for part in _PART.finditer(line):
        command = content.catalog.find(part[1]) if part[1] else None
        if part[1] and command is None:
            continue
        spans.append(_piece(line[end : part.start()]))
        spans += (CommandRef(command),) if command else who
        end = part.end()
    return (*spans, _piece(line[end:]))


def _piece(words: str) -> Text:
    """Plain words, with the spaces at their ends, which `plain` takes off."""
    text = plain(words, LONGEST_LINE).text
    before = " " if text and words[:1].isspace() else ""
    after = " " if words[-1:].isspace() else _JOINER if text[-1:] in _TRIGGERS else ""
    return Text(f"{before}{text}{after}")


def checked(line: str, fault: Callable[[str], str | None]) -> str:
    """The line as it is stored: one line without invisible characters. `fault` gives the part of it that advises,
    urges, promises or weakens the warning (the matcher's `fault_in_line`); it may block for some milliseconds.

    Raises:
        BadInput: it is too long, or has a link, a mention, advice, an unknown placeholder or the known one twice, or
            is a number without a ready line.
    """
    if len(line) > LONGEST_LINE:
        raise BadInput("welcome-message-too-long", {"limit": LONGEST_LINE})
    kept = normalise(line, LONGEST_LINE)
    bare, named = kept.replace(NAMES, " "), kept.replace(NAMES, "Ada")
    if not kept or "{" in bare or "}" in bare or kept.count(NAMES) > 1:
        raise BadInput("welcome-message-placeholder")
    if kept.isdecimal() and kept not in READY:
        raise BadInput("welcome-ready")
    if _LINK.search(named):
        raise BadInput("welcome-message-link")
    if _MENTION.search(named):
        raise BadInput("welcome-message-mention")
    if fault(bare):
        raise BadInput("welcome-message-advice")
    return kept
