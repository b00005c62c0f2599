"""Answers requests: a request in, a sealed reply out, the same for every platform."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from itertools import islice

from bot.core.buttons import Rating
from bot.core.catalog import Catalog, Language
from bot.core.commands import COMMANDS, PAGES, POLICY_PAGES, CommandInfo
from bot.core.community import Community
from bot.core.disclaimer import Reply, address, seal
from bot.core.errors import BadInput, Busy, StoreError
from bot.core.model import Draft, Member, MessageRef, Notice, Outcome, Place, Request, Risk, Suggestion
from bot.core.ports import Matcher
from bot.core.sealed_catalog import SealedCatalog
from bot.core.spans import Span
from bot.core.topic_menu import MOST_AT_ONCE, is_menu
from bot.core.typed import read
from bot.features.access import Access, require, speaks_aside
from bot.features.question_queue import QuestionQueue, by_name

Handler = Callable[[Request, Community], Awaitable[Draft | Reply]]
"""Does what a moderators' command asks and returns what it did, as a draft or sealed already. Raises BadInput for words
that cannot be used."""
Counted = Callable[[Place, str, Outcome], None]
"""Called for each reply: where, which command answered, and with which outcome."""

_FREE_TEXT = ("ask", "explain")
_COMMANDS = {info.name: info for info in COMMANDS}
_MOST_INLINE = 5
_OWN_PAGES = (Outcome.ABOUT, Outcome.RISK)  # answered by the pages of the same names


class Responder:
    """Answers requests from the content that `content()` gives at that moment.

    `community_of` gives a community's settings, `facts` the values for the slots of the pages ({version} and the like).
    `access` turns requests away (None: none). `counted` is called for every reply, `rate` for every rating (None:
    answers have no buttons for it), `on_store_error` for what the store refuses, `unanswered` with the words of
    questions without an answer (None: they are not kept), which the privacy page then says.
    """

    def __init__(
        self,
        content: Callable[[], SealedCatalog],
        community_of: Callable[[Place], Awaitable[Community]],
        matcher: Matcher,
        facts: Callable[[Catalog, Language], Mapping[str, tuple[Span, ...]]],
        *,
        access: Access | None = None,
        counted: Counted = lambda *_: None,
        rate: Callable[[Request, Rating], Notice] | None = None,
        on_store_error: Callable[[StoreError], None] = lambda _: None,
        unanswered: Callable[[str], None] | None = None,
    ) -> None:
        self._content, self._community_of, self._facts = content, community_of, facts
        self._matcher, self.questions = matcher, QuestionQueue(matcher)
        self._access, self._counted, self._unanswered = access, counted, unanswered
        self._on_store_error, self._rate = on_store_error, rate
        self._handlers: dict[str, Handler] = {}

    def learn(self, command: str, handler: Handler) -> None:
        """Let `handler` answer one of `core.commands.COMMANDS` from now on. If it has a page too, the handler answers
        only when words follow. The rights that the caller needs are checked before the handler is called."""
        if command not in _COMMANDS:
            raise KeyError(command)
        self._handlers[command] = handler

    @property
    def commands(self) -> tuple[CommandInfo, ...]:
        """The commands for the platforms' menus. The same tuple until they change."""
        return self._content().catalog.commands

    def read(self, words: str) -> tuple[str, str]:
        """The command that typed words begin with, by its own name, and what stands behind it: `typed.read`."""
        return read(words, self._content().catalog.spellings)

    def info(self, request: Request) -> CommandInfo:
        """The command that is asked for, however it was spelled: which right it needs, and who sees its answer. Its
        name is empty if there is none. A button may also ask for a policy reply once more.
        """
        name, catalog = request.command, self._content().catalog
        if name not in catalog.by_name and not (request.buttons is not None and name in POLICY_PAGES):
            name = catalog.find(name) or ""
        return catalog.by_name.get(name) or CommandInfo(name)

    async def respond(self, request: Request) -> Reply | None:
        """Answer one request; None means to stay silent. A button whose target is gone is answered with a notice.

        An unknown command is answered with the help in a direct chat, and with silence in a community, where it may be
        meant for another bot.
        """
        if request.private and isinstance(request.about, Member):
            return self.notice("mention-and-private-refused", request)
        content, info = self._content(), self.info(request)
        if info.name != request.command:
            request = replace(request, command=info.name)
        is_old = request.rating and not (self._rate and content.has(info.name, request.text))
        if is_old or (request.buttons is not None and not info.name):
            return self._notice(Notice("old-button"), request)
        if not info.name and request.place.community:
            return None
        community = await self._community_of(request.place)
        if self._access and (refused := self._access.refusal(request, community, info.needs(request.text))):
            return refused.notice and self._notice(refused.notice, request)
        if request.rating and self._rate:
            return self._notice(self._rate(request, request.rating), request)
        # A private or direct answer is in the reader's language, a public one in that of the place.
        own = request.private or request.place.community is None
        language = content.language(request.locale if own else None, community.language_of(request.place))
        floor = Risk.HIGH if request.guest else max(community.risk_floor, content.operator_floor)
        reply = content.explainer(info.name, language, floor, rated=self._rate is not None)
        reply = reply or await self._other(request, community, content, language, floor)
        if request.translates is not None and (why := content.untranslated(reply, request.translates, request.locale)):
            return self._notice(why, request)
        self._counted(request.place, reply.command, reply.outcome)
        private = request.private or reply.private
        if not (request.about or private or request.quote):
            return reply
        return address(reply, request.about, private, request.quote)

    async def _other(
        self, request: Request, community: Community, content: SealedCatalog, language: Language, floor: Risk
    ) -> Reply:
        """The answer to what is not an explainer."""
        handler = self._handlers.get(request.command)
        if handler and (request.text or request.command not in PAGES):
            draft = await self._handled(handler, request, community)
            return seal(draft, language, floor, community) if isinstance(draft, Draft) else draft
        if request.buttons is not None and request.command in POLICY_PAGES:
            return content.policy_reply(POLICY_PAGES[request.command], request.buttons, language, floor)
        if request.command in _FREE_TEXT:
            return await self._ask(request, content, language, floor)
        page, words = request.command, request.text
        if page in ("start", "topics") and not request.buttons and (topic := content.catalog.find(words)):
            if explainer := content.explainer(topic, language, floor, rated=self._rate is not None):
                return explainer
            page, words = (topic, "") if topic in PAGES else (page, words)
        if page == "topics":
            if request.buttons is None and not is_menu(words, content.catalog):
                return await self._ask(request, content, language, floor)
            return content.topics(language, floor, words)
        return self._page(page if page in PAGES and page in language.pages else "help", content, language, floor)

    async def _handled(self, handler: Handler, request: Request, community: Community) -> Draft | Reply:
        """What the handler says, after the caller's rights were checked: the only place where they are."""
        try:
            if needed := _COMMANDS[request.command].needs(request.text):
                require(request, needed)
            return await handler(request, community)
        except BadInput as bad:
            return Notice(bad.key, bad.values, bad.rows)
        except StoreError as error:
            self._on_store_error(error)
            return Notice("storage-problem")

    async def _ask(self, request: Request, content: SealedCatalog, language: Language, floor: Risk) -> Reply:
        aside = speaks_aside(request.place)
        if not request.text.strip():
            needed = f"ask-needs-question-{'discord' if aside else 'telegram'}"
            key = "nothing-to-explain" if isinstance(request.about, MessageRef) else needed
            return address(seal(Notice(key), language, floor), None, aside)
        try:
            match = await self.questions.match(request.text, (request.place.platform, request.member.id))
        except Busy:
            return address(seal(Notice("one-moment"), language, floor), None, aside)
        if match.outcome in _OWN_PAGES:
            return self._page(match.outcome.value, content, language, floor)
        if match.outcome is Outcome.NONE and self._unanswered:
            self._unanswered(request.text)
        sure = match.outcome is Outcome.EXPLAINER and match.command
        explainer = content.explainer(sure, language, floor, rated=self._rate is not None) if sure else None
        return explainer or content.policy_reply(match.outcome, match.nearest, language, floor)

    def _page(self, key: str, content: SealedCatalog, language: Language, floor: Risk) -> Reply:
        also = "privacy-log" if key == "privacy" and self._unanswered else None
        values = self._facts(content.catalog, language)
        return content.page(key, language, floor, values=values, also=also)

    def _notice(self, notice: Notice, request: Request, *, private: bool = True) -> Reply:
        return address(seal(notice, self._content().language(request.locale), Risk.GENERAL), None, private)

    def notice(self, key: str, request: Request) -> Reply:
        """A notice without values in the reader's language, for an adapter's own words."""
        return self._notice(Notice(key), request, private=request.private)

    def suggest(self, text: str, locale: str | None) -> tuple[Suggestion, ...]:
        """Explainers for an autocomplete: at most 25, best first, never empty, titles in the reader's language."""
        content = self._content()
        language, found = content.language(locale), self._matcher.suggest(text, MOST_AT_ONCE)
        entries = [(content.catalog.entry(one.command, language), one) for one in found]
        return tuple(Suggestion(one.command, entry.title, one.score) for entry, one in entries if entry)

    async def search(self, text: str, locale: str | None) -> tuple[Reply, ...]:
        """Replies for an inline query, in the reader's language, at the loudest level since no community is known. What
        is declined finds only the policy reply. While questions wait, only patterns and names are compared.
        """
        content, language = self._content(), self._content().language(locale)
        commands: Iterable[str] = islice(content.catalog.explainers, _MOST_INLINE)
        if text.strip():
            try:
                match = await self.questions.look_up(text)
            except Busy:
                match = by_name(text, content.catalog.patterns, self._matcher.suggest(text, _MOST_INLINE))
            if match.outcome in _OWN_PAGES:
                return (self._page(match.outcome.value, content, language, Risk.HIGH),)
            if match.outcome in (Outcome.ADVICE, Outcome.PRICE, Outcome.SCAM, Outcome.NONE):
                return (content.policy_reply(match.outcome, match.nearest, language, Risk.HIGH),)
            commands = [match.command] if match.command else match.nearest
        return tuple(filter(None, (content.explainer(one, language, Risk.HIGH) for one in commands)))
