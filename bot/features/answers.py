"""Turns requests into sealed replies, in the same way for every platform."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from itertools import islice

from bot.core.buttons import Rating
from bot.core.catalog import Catalog, Language
from bot.core.command_text import split_command
from bot.core.commands import COMMANDS, PAGES, POLICY_PAGES, CommandInfo
from bot.core.community import Community
from bot.core.disclaimer import Reply, readdress, seal
from bot.core.errors import BadInput, Busy, StoreError
from bot.core.model import Draft, Member, MessageRef, Notice, Outcome, Place, Request, Risk, Suggestion
from bot.core.ports import Matcher
from bot.core.sealed_catalog import SealedCatalog
from bot.core.spans import Span
from bot.core.topic_menu import MOST_AT_ONCE, is_menu
from bot.features.access import Access, has_private_notices, require
from bot.features.question_queue import QuestionQueue, match_by_name

Handler = Callable[[Request, Community], Awaitable[Draft | Reply]]
"""Runs a moderators' command. Returns a draft or a sealed reply, raises BadInput for input that it cannot use and
StoreError if the store fails."""
Counted = Callable[[Place, str, Outcome], None]
"""Called for each reply with its place, command and outcome."""

_FREE_TEXT = ("ask", "explain")
_COMMANDS = {info.name: info for info in COMMANDS}
_MOST_INLINE = 5
_OWN_PAGES = (Outcome.ABOUT, Outcome.RISK)  # answered with the page of the same name


class Responder:
    """Answers requests from the content that `content()` returns at that moment.

    `community_of` returns a community's settings, `facts` the values for the slots of pages, such as {version}.
    `access` refuses requests (None: refuses none). `counted` is called for every reply, `rate` for every rating (None:
    answers have no rating buttons), `on_store_error` when the store fails in a handler, and `unanswered` with the text
    of each question without an answer (None: they are not kept). With `unanswered`, the privacy page mentions it.
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
        """Register the handler of one of `core.commands.COMMANDS`.

        If the command also has a page, the handler is called only when text follows the command. The caller's rights
        are checked before the handler is called. Raises KeyError for an unknown command.
        """
        if command not in _COMMANDS:
            raise KeyError(command)
        self._handlers[command] = handler

    @property
    def commands(self) -> tuple[CommandInfo, ...]:
        """The commands for the platforms' menus; the same tuple object until they change."""
        return self._content().catalog.commands

    def read(self, words: str) -> tuple[str, str]:
        """Return the name of the command that typed words begin with, and the text after it. See `split_command`."""
        return split_command(words, self._content().catalog.spellings)

    def info(self, request: Request) -> CommandInfo:
        """Return the requested command with the right it needs and who sees its answer.

        Finds it by name, alias or title; the returned name is empty if there is none. A button press may also name the
        page of a policy reply.
        """
        name, catalog = request.command, self._content().catalog
        if name not in catalog.by_name and not (request.buttons is not None and name in POLICY_PAGES):
            name = catalog.find(name) or ""
        return catalog.by_name.get(name) or CommandInfo(name)

    async def respond(self, request: Request) -> Reply | None:
        """Answer one request; None means to stay silent.

        A button whose command no longer exists gets a notice. An unknown command gets the help page in a direct chat
        and no answer in a community, where it may be meant for another bot. Raises StoreError if the community's
        settings cannot be read.
        """
        if request.private and isinstance(request.about, Member):
            return self.notice("mention-and-private-refused", request)
        content, info = self._content(), self.info(request)
        if info.name != request.command:
            request = replace(request, command=info.name)
        rates_nothing = request.rating and not (self._rate and content.has(info.name, request.text))
        if rates_nothing or (request.buttons is not None and not info.name):
            return self._notice(Notice("old-button"), request)
        if not info.name and request.place.community:
            return None
        community = await self._community_of(request.place)
        if self._access and (refused := self._access.refusal(request, community, info.needs(request.text))):
            return refused.notice and self._notice(refused.notice, request)
        if request.rating and self._rate:
            return self._notice(self._rate(request, request.rating), request)
        # Private answers and direct chats use the reader's language, public answers that of the place.
        is_personal = request.private or request.place.community is None
        language = content.language(request.locale if is_personal else None, community.language_of(request.place))
        floor = Risk.HIGH if request.guest else max(community.risk_floor, content.operator_floor)
        reply = content.explainer(info.name, language, floor, rated=self._rate is not None)
        reply = reply or await self._answer_other(request, community, content, language, floor)
        shown_in = request.translates
        if shown_in is not None and (problem := content.missing_translation(reply, shown_in, request.locale)):
            return self._notice(problem, request)
        self._counted(request.place, reply.command, reply.outcome)
        private = request.private or reply.private
        if not (request.about or private or request.quote):
            return reply
        return readdress(reply, request.about, private, request.quote)

    async def _answer_other(
        self, request: Request, community: Community, content: SealedCatalog, language: Language, floor: Risk
    ) -> Reply:
        """Answer a request that does not name an explainer."""
        handler = self._handlers.get(request.command)
        if handler and (request.text or request.command not in PAGES):
            draft = await self._run_handler(handler, request, community)
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

    async def _run_handler(self, handler: Handler, request: Request, community: Community) -> Draft | Reply:
        """Check the caller's rights and call the handler. Every handler is called from here."""
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
        private_notice = has_private_notices(request.place)
        if not request.text.strip():
            no_question = f"ask-needs-question-{'discord' if private_notice else 'telegram'}"
            key = "nothing-to-explain" if isinstance(request.about, MessageRef) else no_question
            return readdress(seal(Notice(key), language, floor), None, private_notice)
        try:
            match = await self.questions.match(request.text, (request.place.platform, request.member.id))
        except Busy:
            return readdress(seal(Notice("one-moment"), language, floor), None, private_notice)
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
        return readdress(seal(notice, self._content().language(request.locale), Risk.GENERAL), None, private)

    def notice(self, key: str, request: Request) -> Reply:
        """Return a notice without values in the reader's language. Adapters use it for their own notices."""
        return self._notice(Notice(key), request, private=request.private)

    def suggest(self, text: str, locale: str | None) -> tuple[Suggestion, ...]:
        """Return explainers for autocomplete: 1 to 25, best first, with titles in the reader's language."""
        content = self._content()
        language, found = content.language(locale), self._matcher.suggest(text, MOST_AT_ONCE)
        entries = [(content.catalog.entry(one.command, language), one) for one in found]
        return tuple(Suggestion(one.command, entry.title, one.score) for entry, one in entries if entry)

    async def search(self, text: str, locale: str | None) -> tuple[Reply, ...]:
        """Return replies for an inline query, in the reader's language.

        They carry the loudest warning because the community is unknown. Requests for advice or a price, scams, and
        texts without a match get only the policy reply. While questions are waiting, only patterns and names are
        compared.
        """
        content, language = self._content(), self._content().language(locale)
        commands: Iterable[str] = islice(content.catalog.explainers, _MOST_INLINE)
        if text.strip():
            try:
                match = await self.questions.look_up(text)
            except Busy:
                match = match_by_name(text, content.catalog.patterns, self._matcher.suggest(text, _MOST_INLINE))
            if match.outcome in _OWN_PAGES:
                return (self._page(match.outcome.value, content, language, Risk.HIGH),)
            if match.outcome in (Outcome.ADVICE, Outcome.PRICE, Outcome.SCAM, Outcome.NONE):
                return (content.policy_reply(match.outcome, match.nearest, language, Risk.HIGH),)
            commands = [match.command] if match.command else match.nearest
        return tuple(filter(None, (content.explainer(one, language, Risk.HIGH) for one in commands)))
