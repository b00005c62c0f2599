"""A request in, a sealed reply out: every way in which an answer is chosen."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bot.core.catalog import Catalog
from bot.core.community import Community
from bot.core.disclaimer import Reply, seal
from bot.core.errors import BadInput, StoreError
from bot.core.model import (
    DISCORD,
    PLAYGROUND,
    TELEGRAM,
    Answer,
    Draft,
    Match,
    Member,
    MessageRef,
    Notice,
    Outcome,
    Place,
    Request,
    Right,
    Risk,
    Suggestion,
)
from bot.core.sealed_catalog import SealedCatalog
from bot.core.spans import Paragraph, Text, flatten
from bot.features.answers import Responder
from bot.features.question_queue import QuestionQueue
from bot.runtime.content_setup import page_values
from tests.builders import shipped

GUILD, CHAT, INLINE = Place(DISCORD, "1", "2"), Place(TELEGRAM, None, "7"), Place(TELEGRAM)
NEAREST = ("kusama-risks", "whatisksm", "staking")
EXPLAINERS = tuple(shipped().explainers)
ADA = Member("5", "Ada")


def bilingual() -> Catalog:
    """The shipped content, with a second language that has marked words and lacks one explainer."""
    english = shipped().default
    entries = {
        command: replace(entry, locale="es", title=f"ES {entry.title}", aliases=(f"es-{command}",))
        for command, entry in english.entries.items()
        if command != "staking"
    }
    pages = {key: replace(page, title=f"ES {page.title}") for key, page in english.pages.items()}
    warnings = {risk: f"ES {text}" for risk, text in english.warnings.items()}
    spanish = replace(english, locale="es", name="Español", entries=entries, pages=pages, warnings=warnings)
    return replace(shipped(), languages={"en": english, "es": spanish})


@dataclass
class Told:
    """A matcher that finds what it was told to find, and keeps what it was asked."""

    match_: Match = field(default_factory=lambda: found(Outcome.NONE))
    asked: list[str] = field(default_factory=list)

    async def match(self, text: str) -> Match:
        self.asked.append(text)
        return self.match_

    def suggest(self, text: str, limit: int) -> tuple[Suggestion, ...]:
        return tuple(Suggestion(one, one, 1 / (n + 1)) for n, one in enumerate((*EXPLAINERS, "gone", *EXPLAINERS)))[
            :limit
        ]


def found(outcome: Outcome, command: str | None = None) -> Match:
    suggestions = tuple(Suggestion(one, one, 0.5) for one in NEAREST)
    return Match(outcome, command, suggestions, 0.5, "told")


@dataclass
class OneCommunity:
    """Every place belongs to the same community, but direct chats have the defaults."""

    community: Community = field(default_factory=lambda: Community(DISCORD, "1"))

    async def of(self, place: Place) -> Community:
        return self.community if place.community else Community(place.platform, None)


@dataclass
class Bench:
    """A responder with everything around it in the test's hand."""

    communities: OneCommunity = field(default_factory=OneCommunity)
    matcher: Told = field(default_factory=Told)
    operator: Risk = Risk.GENERAL
    counted: list[tuple[Place, str, Outcome]] = field(default_factory=list)
    troubles: list[StoreError] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.edition = SealedCatalog(bilingual(), self.operator)
        self.responder = Responder(
            lambda: self.edition,
            self.communities.of,
            self.matcher,
            page_values,
            counted=lambda *what: self.counted.append(what),
            on_store_error=self.troubles.append,
        )

    async def ask(self, command: str, text: str = "", place: Place = GUILD, **more: Any) -> Reply | None:
        return await self.responder.respond(Request(place, ADA, command, text, **more))

    async def reply(self, command: str, text: str = "", place: Place = GUILD, **more: Any) -> Reply:
        reply = await self.ask(command, text, place, **more)
        assert reply is not None
        return reply


@pytest.fixture
def bench() -> Bench:
    return Bench()


# --- explainers


@pytest.mark.parametrize("command", EXPLAINERS)
async def test_an_explainer_answers_to_every_spelling_and_alias(bench: Bench, command: str) -> None:
    own = await bench.reply(command)
    assert (own.command, own.outcome) == (command, Outcome.EXPLAINER)
    spellings = [command.upper(), command.replace("-", "_"), command.replace("-", ""), f"/{command.title()}"]
    languages = bench.edition.catalog.languages.values()
    aliases = [alias for one in languages if command in one.entries for alias in one.entries[command].aliases]
    for name in [*spellings, *aliases]:
        assert (await bench.reply(name)).digest == own.digest


async def test_title_source_and_related_explainers_come_with_it(bench: Bench) -> None:
    reply = await bench.reply("whatisksm")
    entry = shipped().default.entries["whatisksm"]
    assert reply.title == entry.title
    day = entry.source.checked
    assert reply.source == f"Source: “{entry.source.section}” · checked {day:%B} {day.day}, {day.year}"
    assert [button.command for button in reply.buttons] == list(entry.see_also)
    assert flatten(reply.body).startswith("KSM is the native token of Kusama.")


async def test_a_guest_answers_in_the_readers_language_with_the_loudest_warning(bench: Bench) -> None:
    for command, text in (("relay-chain", ""), ("help", ""), ("ask", "anything")):
        reply = await bench.reply(command, text, Place(DISCORD, None, "2"), guest=True, locale="es")
        assert reply.warning == bench.edition.catalog.languages["es"].warnings[Risk.HIGH]


@pytest.mark.parametrize("operator", Risk)
@pytest.mark.parametrize("floor", Risk)
async def test_the_loudest_of_answer_community_and_operator_warns(floor: Risk, operator: Risk) -> None:
    bench = Bench(OneCommunity(Community(DISCORD, "1", risk_floor=floor)), operator=operator)
    warnings = shipped().default.warnings
    for command in ("whatiskusama", "validators", "whatisksm", "help"):
        entry = shipped().default.entries.get(command)
        own = entry.risk if entry else shipped().default.pages[command].risk
        assert (await bench.reply(command)).warning == warnings[max(own, floor, operator)]


@pytest.mark.parametrize(("about", "private"), [(ADA, False), (None, True), (MessageRef(GUILD, "9"), False)])
async def test_whom_it_is_for_does_not_change_the_digest(
    bench: Bench, about: Member | MessageRef | None, private: bool
) -> None:
    plain = await bench.reply("whatisksm")
    reply = await bench.reply("whatisksm", about=about, private=private)
    assert (reply.to, reply.private) == (about, private)
    assert (reply.digest, reply.warning, reply.body) == (plain.digest, plain.warning, plain.body)


async def test_the_same_request_gets_the_same_digest_on_every_platform(bench: Bench) -> None:
    places = [Place(platform, None, "7") for platform in (DISCORD, TELEGRAM, PLAYGROUND)]
    assert len({(await bench.reply("kusama-vs-polkadot", place=place)).digest for place in places}) == 1


async def test_a_private_answer_for_somebody_else_is_refused_in_private(bench: Bench) -> None:
    reply = await bench.reply("whatisksm", about=Member("6", "Bo"), private=True)
    assert (reply.outcome, reply.private, reply.to, reply.warning) == (Outcome.NOTICE, True, None, None)


# --- whose language


@pytest.mark.parametrize(
    ("place", "community", "reader", "private", "spoken"),
    [
        (GUILD, "es", "en", False, "es"),
        (GUILD, "en", "es", False, "en"),
        (GUILD, "en", "es", True, "es"),
        (GUILD, "es", "de", True, "es"),
        (GUILD, "es", None, True, "es"),
        (CHAT, "en", "es", False, "es"),
        (CHAT, "en", "es-419", False, "es"),
        (CHAT, "en", "de", False, "en"),
        (GUILD, "gone", None, False, "en"),
    ],
)
async def test_private_and_direct_answers_take_the_readers_language(
    place: Place, community: str, reader: str | None, private: bool, spoken: str
) -> None:
    bench = Bench(OneCommunity(Community(DISCORD, "1", community)))
    reply = await bench.reply("whatisksm", place=place, locale=reader, private=private)
    assert reply.locale == spoken
    assert reply.title.startswith("ES ") == (spoken == "es")
    assert str(reply.warning).startswith("ES ") == (spoken == "es")


async def test_what_is_not_translated_comes_in_english_with_the_english_warning() -> None:
    reply = await Bench(OneCommunity(Community(DISCORD, "1", "es"))).reply("staking")
    assert (reply.locale, reply.warning) == ("en", shipped().default.warnings[Risk.HIGH])


# --- what is no command of ours


async def test_an_unknown_command_gets_help_in_a_direct_chat_and_silence_in_a_group(bench: Bench) -> None:
    assert (await bench.reply("ban", place=CHAT)).command == "help"
    assert await bench.ask("ban") is None
    assert await bench.ask("") is None
    assert bench.counted == [(CHAT, "help", Outcome.PAGE)]


@pytest.mark.parametrize("topic", ["whatisksm", "kusama_vs_polkadot", "KSM", "What-is-KSM", "wHAT_is-ksm_"])
async def test_start_with_a_topic_is_that_topic(bench: Bench, topic: str) -> None:
    assert (await bench.reply("start", topic, CHAT)).outcome is Outcome.EXPLAINER


@pytest.mark.parametrize("given", ["risk", "Risk", "topics", "about", "_privacy_", "HELP", "start"])
async def test_start_with_a_page_is_that_page(bench: Bench, given: str) -> None:
    assert (await bench.reply("start", given, CHAT)).command == given.strip("_").lower()


@pytest.mark.parametrize("topic", ["", "unknown", "pin", "start", "😀" * 2000])
async def test_start_with_anything_else_says_hello(bench: Bench, topic: str) -> None:
    assert (await bench.reply("start", topic, CHAT)).command == "start"


@pytest.mark.parametrize("page", ["risk", "topics", "about", "privacy", "help", "start"])
async def test_a_page_answers_its_command_with_its_slots_filled(bench: Bench, page: str) -> None:
    reply = await bench.reply(page)
    assert (reply.command, reply.outcome) == (page, Outcome.PAGE)
    assert reply.warning
    assert "{" not in flatten(reply.body)


async def test_topics_has_a_button_for_every_explainer_and_about_tells_the_content(bench: Bench) -> None:
    topics = await bench.reply("topics")
    assert tuple(button.command for button in topics.buttons) == EXPLAINERS
    assert shipped().revision in flatten((await bench.reply("about")).body)


# --- free text


@pytest.mark.parametrize("command", ["ask", "explain"])
async def test_a_sure_match_is_the_very_explainer(bench: Bench, command: str) -> None:
    bench.matcher.match_ = found(Outcome.EXPLAINER, "whatisksm")
    reply = await bench.reply(command, "what is this coin")
    assert reply.digest == (await bench.reply("whatisksm")).digest
    assert bench.matcher.asked == ["what is this coin"]


@pytest.mark.parametrize("outcome", [Outcome.ADVICE, Outcome.PRICE, Outcome.SCAM])
async def test_a_policy_reply_is_never_an_explainer_whatever_matched(bench: Bench, outcome: Outcome) -> None:
    bench.matcher.match_ = found(outcome, "whatisksm")
    reply = await bench.reply("ask", "should I buy")
    assert (reply.command, reply.outcome) == (outcome.value, outcome)
    assert reply.title == shipped().default.pages[outcome.value].title
    own = shipped().default.pages[outcome.value].see_also
    assert tuple(button.command for button in reply.buttons) == own
    assert reply.warning


@pytest.mark.parametrize(("outcome", "page"), [(Outcome.SUGGEST, "did-you-mean"), (Outcome.NONE, "no-answer")])
async def test_an_unsure_match_offers_the_nearest_as_buttons(bench: Bench, outcome: Outcome, page: str) -> None:
    bench.matcher.match_ = found(outcome)
    reply = await bench.reply("ask", "what about it")
    assert (reply.command, reply.outcome) == (page, outcome)
    assert tuple(button.command for button in reply.buttons) == NEAREST


@pytest.mark.parametrize("outcome", [Outcome.ABOUT, Outcome.RISK])
async def test_a_question_about_the_bot_or_its_disclaimer_gets_that_page(bench: Bench, outcome: Outcome) -> None:
    bench.matcher.match_ = found(outcome)
    for reply in (await bench.reply("ask", "who made you"), *await bench.responder.search("who made you", None)):
        assert (reply.command, reply.outcome) == (outcome.value, Outcome.PAGE)
        assert "{" not in flatten(reply.body)


@pytest.mark.parametrize("command", [None, "gone"])
async def test_a_match_that_leads_nowhere_is_no_answer(bench: Bench, command: str | None) -> None:
    bench.matcher.match_ = found(Outcome.EXPLAINER, command)
    assert (await bench.reply("ask", "hm")).outcome is Outcome.NONE


@pytest.mark.parametrize("text", ["", "  \n\t"])
async def test_a_question_without_words_is_asked_for_and_matched_to_nothing(bench: Bench, text: str) -> None:
    reply = await bench.reply("ask", text)
    assert flatten(reply.body) == flatten(shipped().default.notices["ask-needs-question-discord"])
    reply = await bench.reply("ask", text, about=MessageRef(GUILD, "9"))
    assert flatten(reply.body) == flatten(shipped().default.notices["nothing-to-explain"])
    assert bench.matcher.asked == []


# --- autocomplete and inline


def test_suggestions_are_at_most_25_with_titles_in_the_readers_language(bench: Bench) -> None:
    for locale, start in (("es", "ES "), ("de", "What is Kusama?"), (None, "What is Kusama?")):
        suggestions = bench.responder.suggest("k", locale)
        assert 0 < len(suggestions) <= 25
        assert next(one.title for one in suggestions if one.command == "whatiskusama").startswith(start)
        assert "gone" not in {one.command for one in suggestions}


@pytest.mark.parametrize("outcome", list(Outcome))
async def test_what_is_found_inline_is_sealed_at_the_loudest_level(bench: Bench, outcome: Outcome) -> None:
    bench.matcher.match_ = found(outcome, "whatiskusama" if outcome is Outcome.EXPLAINER else None)
    for text in ("what is it", ""):
        replies = await bench.responder.search(text, "es")
        assert replies
        for reply in replies:
            language = bench.edition.catalog.languages[reply.locale]
            assert reply.warning == language.warning(Risk.HIGH, reply.command)


@pytest.mark.parametrize("outcome", [Outcome.ADVICE, Outcome.PRICE, Outcome.SCAM])
async def test_inline_a_policy_reply_stands_alone(bench: Bench, outcome: Outcome) -> None:
    bench.matcher.match_ = found(outcome, "whatisksm")
    assert [one.outcome for one in await bench.responder.search("buy?", None)] == [outcome]


async def test_inline_nothing_typed_shows_a_few_and_an_unsure_match_its_nearest(bench: Bench) -> None:
    assert [one.command for one in await bench.responder.search(" ", None)] == list(EXPLAINERS[:5])
    bench.matcher.match_ = found(Outcome.SUGGEST)
    assert tuple(one.command for one in await bench.responder.search("x", None)) == NEAREST


# --- handlers


async def test_a_learned_handler_answers_its_command_and_is_sealed_like_all(bench: Bench) -> None:
    seen: list[tuple[Request, Community]] = []

    async def stats(request: Request, community: Community) -> Draft:
        seen.append((request, community))
        return Answer("stats", Outcome.PAGE, "T", (Paragraph((Text("x"),)),), Risk.GENERAL)

    bench.responder.learn("stats", stats)
    bench.communities.community = Community(DISCORD, "1", risk_floor=Risk.HIGH)
    reply = await bench.reply("/Stats", "7 days", rights=Right.MANAGE)
    assert reply.warning == shipped().default.warnings[Risk.HIGH]
    ((request, community),) = seen
    assert (request.command, request.text, community) == ("stats", "7 days", bench.communities.community)


async def test_a_handler_may_give_what_is_sealed_already(bench: Bench) -> None:
    sealed = seal(Notice("pins-none"), shipped().default, Risk.GENERAL)

    async def pins(_: Request, __: Community) -> Reply:
        return sealed

    bench.responder.learn("pins", pins)
    assert (await bench.reply("pins", "all", rights=Right.PIN)).digest == sealed.digest
    assert len(bench.counted) == 1


async def test_bad_input_becomes_its_notice_and_trouble_with_the_store_is_told(bench: Bench) -> None:
    async def settings(request: Request, _: Community) -> Draft:
        if request.text:
            raise StoreError("the disk is full", "Make room")
        raise BadInput("welcome-message-too-long", {"limit": 10})

    bench.responder.learn("settings", settings)
    assert "10" in flatten((await bench.reply("settings", rights=Right.MANAGE)).body)
    reply = await bench.reply("settings", "risk high", rights=Right.MANAGE)
    assert flatten(reply.body) == flatten(shipped().default.notices["storage-problem"])
    assert [str(one) for one in bench.troubles] == ["the disk is full. Make room"]


NEEDED = {
    **dict.fromkeys(("pin", "unpin", "pins"), Right.PIN),
    **dict.fromkeys(("welcome", "settings", "stats", "diagnose", "privacy forget"), Right.MANAGE),
}


@pytest.mark.parametrize(("words", "right"), NEEDED.items())
async def test_no_handler_is_called_without_the_right_that_its_command_needs(
    bench: Bench, words: str, right: Right
) -> None:
    called = []

    async def handler(request: Request, _: Community) -> Draft:
        called.append(request.rights)
        return Notice("pins-none")

    command, _, text = words.partition(" ")
    bench.responder.learn(command, handler)
    refused = await bench.reply(command, text, rights=~right)
    assert flatten(refused.body).startswith("You need the right to")
    assert refused.warning is None
    await bench.reply(command, text, rights=right)
    assert called == [right]
    await bench.reply(command, text, CHAT, rights=~Right.NONE)
    assert called == [right], "in a direct chat nobody is a moderator"


def test_every_handler_belongs_to_a_command_whose_rights_are_known(bench: Bench) -> None:
    async def handler(_: Request, __: Community) -> Draft:
        return Notice("pins-none")

    with pytest.raises(KeyError):
        bench.responder.learn("unknown", handler)


async def test_a_page_with_a_handler_is_handled_only_when_words_follow(bench: Bench) -> None:
    async def privacy(_: Request, __: Community) -> Draft:
        return Notice("forgotten")

    bench.responder.learn("privacy", privacy)
    assert (await bench.reply("privacy")).outcome is Outcome.PAGE
    assert (await bench.reply("privacy", "forget", rights=Right.MANAGE)).outcome is Outcome.NOTICE


async def test_every_reply_is_counted_once_by_what_answered(bench: Bench) -> None:
    await bench.reply("ksm")
    bench.matcher.match_ = found(Outcome.SCAM)
    await bench.reply("ask", "send seed")
    assert bench.counted == [(GUILD, "whatisksm", Outcome.EXPLAINER), (GUILD, "scam", Outcome.SCAM)]


async def test_a_new_edition_is_answered_from_at_once(bench: Bench) -> None:
    before = await bench.reply("whatisksm")
    english = shipped().default
    entry = replace(english.entries["whatisksm"], title="Anew")
    changed = replace(english, entries={**english.entries, "whatisksm": entry})
    bench.edition = SealedCatalog(replace(shipped(), languages={"en": changed}))
    after = await bench.reply("whatisksm")
    assert (after.title, after.digest != before.digest) == ("Anew", True)


async def test_while_too_many_questions_wait_the_answer_is_one_moment(bench: Bench) -> None:
    bench.responder.questions = QuestionQueue(bench.matcher, most=0)
    assert flatten((await bench.reply("ask", "what is ksm?")).body).startswith("One moment, please.")
    assert (await bench.reply("whatisksm")).command == "whatisksm"


async def test_while_questions_wait_an_inline_query_is_answered_by_patterns_and_names(bench: Bench) -> None:
    bench.responder.questions = QuestionQueue(bench.matcher, most=0)
    assert [one.command for one in await bench.responder.search("ksm", "en")] == list(EXPLAINERS[:5])
    assert [one.outcome for one in await bench.responder.search("send me your seed phrase", "en")] == [Outcome.SCAM]
    assert not bench.matcher.asked
