"""The warning cannot be left out: the five locks, tried one by one, and then on everything the bot can say."""

import copy
import dataclasses
import itertools
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.discord import render as discord
from bot.adapters.telegram import render as telegram
from bot.core.catalog import Language
from bot.core.commands import PAGE_SLOTS
from bot.core.community import Community
from bot.core.disclaimer import Profile, Reply, profile_of, readdress, seal
from bot.core.greeting import greeting
from bot.core.join_window import JoinBatch
from bot.core.markup import plain
from bot.core.model import DISCORD, Answer, Member, MessageRef, Notice, Outcome, Place, Risk, Source
from bot.core.notices import SLOTS
from bot.core.sealed_catalog import SealedCatalog
from bot.core.spans import Paragraph, Text, flatten, walk
from tests.adapters.discord.reader import read
from tests.builders import ROOT, shipped

ANSWER = Answer("x", Outcome.EXPLAINER, "Title", (Paragraph((Text("Body."),)),), Risk.GENERAL)
ENGLISH = shipped().default


def _reply(risk: Risk = Risk.GENERAL, floor: Risk = Risk.GENERAL) -> Reply:
    return seal(dataclasses.replace(ANSWER, risk=risk), ENGLISH, floor)


# --- type: mypy refuses everything that is not sealed

SNIPPET = """
from bot.core.disclaimer import Reply, seal
from bot.core.model import Answer, MessageRef, Notice, Place
from bot.core.ports import Platform

async def speak(to: Platform, place: Place, ref: MessageRef, answer: Answer, notice: Notice, reply: Reply) -> None:
    await to.post(place, reply)
    await to.edit(ref, reply)
    await to.post(place, "words")  # refused
    await to.post(place, answer)  # refused
    await to.post(place, notice)  # refused
    await to.post(place, None)  # refused
    await to.edit(ref, "words")  # refused
    await to.edit(ref, answer)  # refused
    reply.warning = None  # refused

class Child(Reply):  # refused
    pass
"""


def test_mypy_refuses_words_that_are_not_sealed(tmp_path: Path) -> None:
    snippet = tmp_path / "snippet.py"
    snippet.write_text(SNIPPET, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--config-file", "pyproject.toml", "--no-error-summary", str(snippet)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    # The path before the line may be an earlier run's: mypy keeps what it found in a file of the same words.
    refused = {int(line) for line in re.findall(r"snippet\.py:(\d+): error:", told)}
    assert refused == {n for n, row in enumerate(SNIPPET.splitlines(), 1) if "# refused" in row}, told


# --- key: only seal() makes a reply


def _fields(reply: Reply) -> dict[str, object]:
    return {field.name: getattr(reply, field.name) for field in dataclasses.fields(reply)}


@pytest.mark.parametrize("key", [None, object(), "key", True])
def test_a_reply_cannot_be_built_without_the_key(key: object) -> None:
    with pytest.raises(TypeError, match="seal"):
        Reply(**_fields(_reply()), key=key)  # type: ignore[arg-type]  # the wrong thing is the test


def test_a_reply_cannot_be_built_without_naming_a_key() -> None:
    with pytest.raises(TypeError, match="key"):
        Reply(**_fields(_reply()))  # type: ignore[arg-type]  # the wrong thing is the test


def test_a_reply_cannot_be_replaced_in_part() -> None:
    with pytest.raises((TypeError, ValueError)):
        dataclasses.replace(_reply(), warning=None)  # type: ignore[call-arg]  # the wrong thing is the test
    with pytest.raises(TypeError, match="seal"):
        dataclasses.replace(_reply(), warning=None, key=object())


def test_a_reply_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        _reply().warning = None  # type: ignore[misc]  # the wrong thing is the test
    with pytest.raises((AttributeError, TypeError)):
        _reply().extra = "words"  # type: ignore[attr-defined]  # the wrong thing is the test


def test_a_reply_has_no_subclasses() -> None:
    with pytest.raises(TypeError, match="subclasses"):
        type("Child", (Reply,), {})


def test_a_copy_of_a_reply_says_the_same() -> None:
    reply = _reply()
    assert copy.copy(reply) == reply
    assert copy.deepcopy(reply).warning == reply.warning


def test_a_reply_for_somebody_else_keeps_words_and_digest() -> None:
    reply = _reply()
    other = readdress(reply, Member("7"), True)
    assert (other.warning, other.body, other.digest) == (reply.warning, reply.body, reply.digest)
    assert (other.to, other.private) == (Member("7"), True)


# --- totality


def test_risk_has_no_zero() -> None:
    assert [int(risk) for risk in Risk] == [1, 2, 3]
    with pytest.raises(ValueError, match="0"):
        Risk(0)


@pytest.mark.parametrize("risk", Risk)
@pytest.mark.parametrize("text", [None, "", "  \n"])
def test_a_language_without_all_its_warnings_cannot_be_built(risk: Risk, text: str | None) -> None:
    warnings = {one: words for one, words in ENGLISH.warnings.items() if one is not risk}
    if text is not None:
        warnings[risk] = text
    with pytest.raises(ValueError, match=risk.name.lower()):
        dataclasses.replace(ENGLISH, warnings=warnings)


@pytest.mark.parametrize(("risk", "floor"), [*itertools.product(Risk, Risk)])
def test_a_floor_only_raises(risk: Risk, floor: Risk) -> None:
    assert _reply(risk, floor).warning == ENGLISH.warnings[max(risk, floor)]


@pytest.mark.parametrize(("operator", "floor"), [*itertools.product(Risk, Risk)])
def test_nothing_goes_below_the_operators_floor(operator: Risk, floor: Risk) -> None:
    edition = SealedCatalog(shipped(), operator)
    for command in shipped().explainers:
        own = ENGLISH.entries[command].risk
        reply = edition.explainer(command, ENGLISH, floor)
        assert reply is not None
        assert reply.warning == ENGLISH.warnings[max(own, operator, floor)]
    assert edition.page("help", ENGLISH, floor).warning == ENGLISH.warnings[max(operator, floor)]


def test_a_notice_comes_from_the_closed_set_alone() -> None:
    with pytest.raises(KeyError):
        Notice("buy-now")
    with pytest.raises(ValueError, match="slow-down"):
        Notice("slow-down")
    with pytest.raises(ValueError, match="settings-saved"):
        Notice("settings-saved", {"words": 1})


def test_every_notice_is_sealed_without_a_warning_and_says_only_its_own_words() -> None:
    for language in shipped().languages.values():
        for key, slots in SLOTS.items():
            reply = seal(Notice(key, dict.fromkeys(slots, 7)), language, Risk.HIGH)
            assert (reply.warning, reply.title, reply.source, reply.outcome) == (None, "", None, Outcome.NOTICE)
            assert flatten(reply.body) == _sevens(flatten(language.notices[key]), slots)


def _sevens(words: str, slots: frozenset[str]) -> str:
    for slot in slots:
        words = words.replace(f"{{{slot}}}", "7")
    return words


def test_no_notice_names_the_network_or_its_token() -> None:
    for language in shipped().languages.values():
        for key, body in language.notices.items():
            words = " ".join(span.text for span in walk(body) if isinstance(span, Text)).casefold()
            assert not {"kusama", "ksm", "polkadot"} & set(words.replace(".", " ").split()), key


def test_a_source_line_names_section_and_day() -> None:
    line = "Source: “A {title}” · checked January 2, 2026"
    draft = dataclasses.replace(ANSWER, source=Source("A {title}", date(2026, 1, 2), line))
    assert seal(draft, ENGLISH, Risk.GENERAL).source == line


# --- property: everything the bot can say, wherever it says it

HERE = Place(DISCORD, "1", "2")
TO: tuple[Member | MessageRef | None, ...] = (None, Member("9" * 20, "@everyone"), MessageRef(HERE, "3"))
EVERY = [
    pytest.param(language, floor, id=f"{language.locale}-{floor.name.lower()}")
    for language, floor in itertools.product(shipped().languages.values(), Risk)
]


def _surfaces(reply: Reply) -> Iterator[Reply]:
    """The reply in public, in private, for a member, as an answer: as every adapter hands it on."""
    for to, private in itertools.product(TO, (False, True)):
        yield readdress(reply, to, private)


def _everything(edition: SealedCatalog, language: Language, floor: Risk) -> Iterator[Reply]:
    """Explainers as they are pinned and as they answer somebody, pages, and greetings."""
    for command, rated in itertools.product(edition.catalog.explainers, (False, True)):
        reply = edition.explainer(command, language, floor, rated=rated)
        assert reply is not None
        yield reply
    for key in language.pages:
        values = {slot: (Text("0" * 24),) for slot in PAGE_SLOTS.get(key, ())}
        commands = edition.catalog.explainers if key in ("topics", "did-you-mean", "no-answer") else None
        yield edition.page(key, language, floor, commands=commands, values=values)
    names = tuple(plain(name) for name in ("Ada", "<@&1>", "**", "t.me/x", "x" * 200))
    for gathered in (
        JoinBatch(1, names[:1], datetime(2026, 1, 1, tzinfo=UTC)),
        JoinBatch(400, names, datetime(2026, 1, 1, tzinfo=UTC)),
        JoinBatch(50_000, (), datetime(2026, 1, 1, tzinfo=UTC), raid=True),
    ):
        yield greeting(edition, Community(DISCORD, "1", language.locale, floor), gathered)


PRESSING = discord.Renderer()
PRESSING.learn({info.name: "9" * 20 for info in shipped().commands if info.kind == "slash"})


def _assert_shown_on_discord(reply: Reply, warning: str) -> None:
    message = discord.render(reply)
    pressed = PRESSING.render(reply).content
    assert len(pressed.encode("utf-16-le")) // 2 <= 2000
    assert re.sub(r"<(/[a-z-]+):9{20}>", r"\1", pressed) == message.content
    assert f"{'9' * 20}>" in pressed.split("\n")[2 if message.mention else 1] or "/risk" not in warning
    screen = read(message.content).words.split("\n")
    if message.mention:
        assert screen.pop(0) == f"<@{message.mention}>"
    assert screen[:3] == [reply.title, warning, ""]
    assert "".join(screen[3:]).strip()
    assert len(message.content.encode("utf-16-le")) // 2 <= 2000
    assert f"\n{message.content.split(chr(10))[1 if not message.mention else 2]}\n\n" in message.content
    assert discord.overflow(reply) is None


def _assert_shown_on_telegram(reply: Reply, warning: str) -> None:
    message = telegram.render(reply)
    lines = message.text.split("\n")
    assert lines[:3] == [reply.title, warning, ""]
    assert "".join(lines[3:]).strip()
    start = len(f"{reply.title}\n".encode("utf-16-le")) // 2
    end = start + len(warning.encode("utf-16-le")) // 2
    touching = [one for one in message.entities if one.offset < end and one.offset + one.length > start]
    assert touching == [telegram.Entity("bold", start, end - start)]
    assert len(message.text.encode("utf-16-le")) // 2 <= 4096
    assert telegram.overflow(reply) is None


@pytest.mark.parametrize(("language", "floor"), EVERY)
def test_whatever_is_said_wherever_has_its_whole_warning_under_the_title(language: Language, floor: Risk) -> None:
    edition = SealedCatalog(shipped())
    said = 0
    for sealed in _everything(edition, language, floor):
        entry = edition.catalog.entry(sealed.command, language)  # in English where it is not translated yet
        spoken = edition.catalog.languages[entry.locale] if entry else language
        loudest = [risk for risk in Risk if spoken.warning(risk, sealed.command) == sealed.warning]
        assert loudest, sealed.command
        assert max(loudest) >= floor
        for reply in _surfaces(sealed):
            said += 1
            assert reply.warning
            _assert_shown_on_discord(reply, reply.warning)
            _assert_shown_on_telegram(reply, reply.warning)
    assert said > 6 * 30


_WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=300)


@given(_WORDS, _WORDS, st.sampled_from(Risk), st.sampled_from(Risk), st.sampled_from(TO))
def test_no_body_and_no_name_moves_the_warning(
    words: str, title: str, risk: Risk, floor: Risk, to: Member | MessageRef | None
) -> None:
    title = plain(title).text.replace("\u2060", "") or "Title"
    body = (Paragraph((Text(words), Text(words))),)
    reply = readdress(seal(dataclasses.replace(ANSWER, title=title, body=body, risk=risk), ENGLISH, floor), to, False)
    warning = ENGLISH.warnings[max(risk, floor)]
    lines = read(discord.render(reply).content).words.split("\n")
    assert warning in lines[1:3]
    assert telegram.render(reply).text.split("\n")[1] == warning


@given(_WORDS, st.sampled_from(Risk))
def test_no_quoted_question_moves_the_warning_or_stands_above_it(words: str, floor: Risk) -> None:
    reply = readdress(seal(ANSWER, ENGLISH, floor), None, False, words)
    shown = [reply.title, reply.warning, ""]
    quote = plain(words, 150).text
    on_discord = read(discord.render(reply).content).words.split("\n")
    assert on_discord[:3] == shown
    lines = telegram.render(reply).text.split("\n")
    assert lines[:3] == shown
    assert lines[3:] == ([f"“{quote}”", "", "Body."] if quote else ["Body."])
    assert len(on_discord) == len(lines)


def test_a_notice_and_what_one_person_reads_hold_no_quoted_words() -> None:
    assert readdress(seal(ANSWER, ENGLISH, Risk.GENERAL), None, True, "secret").quote is None
    assert readdress(seal(Notice("settings-saved"), ENGLISH, Risk.GENERAL), None, False, "secret").quote is None


def test_a_profile_has_the_warning_in_every_language_and_is_made_in_one_place() -> None:
    for language in shipped().languages.values():
        shown = profile_of(language)
        assert shown.description.endswith(language.warnings[Risk.GENERAL])
        assert (language.warning(Risk.GENERAL, "risk") or "-") in shown.short
        assert len(shown.description) <= 400
        assert len(shown.short) <= 120
    with pytest.raises(TypeError):
        Profile("Buy", "Buy", object())
