"""A request in, a sealed reply out: the one place where answers are chosen, the same for every platform."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import final

from bot.core.catalog import Catalog, Language
from bot.core.commands import PAGES, CommandInfo
from bot.core.community import Community
from bot.core.disclaimer import Reply, address, seal
from bot.core.errors import BadInput, Busy, StoreError
from bot.core.model import Draft, Match, Member, MessageRef, Notice, Outcome, Place, Request, Risk, Suggestion
from bot.core.ports import Communities, Matcher
from bot.core.sealed_catalog import SealedCatalog
from bot.core.spans import Span
from bot.features.access import Access, Refused
from bot.features.question_queue import QuestionQueue

Handler = Callable[[Request, Community], Awaitable[Draft | Reply | None]]
"""A moderators' command: what it did, as a draft, or sealed already as others will see it; None to stay silent. Raises
BadInput for words it cannot use."""
Counted = Callable[[Place, str, Outcome], None]
"""Told of each reply: where, which command answered, and how."""

_FREE_TEXT = ("ask", "explain")
_ALWAYS = frozenset({*PAGES, *_FREE_TEXT})
_MOST_INLINE = 5
_MOST_CHOICES = 25  # Discord's limit for autocomplete
_POLICY = {
    Outcome.ADVICE: "advice",
    Outcome.PRICE: "price",
    Outcome.SCAM: "scam",
    Outcome.SUGGEST: "did-you-mean",
    Outcome.NONE: "no-answer",
}

_OWN_PAGES = (Outcome.ABOUT, Outcome.RISK)
"""Questions about the bot and for its disclaimer: answered by the pages of the same names."""


def _unheard(*_: object) -> None:
    """Stands where nobody listens."""


@final
class Responder:
    """Answers requests from the edition that `edition()` gives at that moment.

    `facts` gives what fills the slots of the pages ({version} and the like); `gate` turns requests away (None: none),
    `counted` is told of every reply, `trouble` of what the store refuses; `unanswered` keeps the words of questions
    without an answer (None: they are not kept), which the privacy page then tells.
    """

    def __init__(
        self,
        edition: Callable[[], SealedCatalog],
        communities: Communities,
        matcher: Matcher,
        facts: Callable[[Catalog, Language], Mapping[str, tuple[Span, ...]]],
        *,
        gate: Access | None = None,
        counted: Counted = _unheard,
        trouble: Callable[[StoreError], None] = _unheard,
        unanswered: Callable[[str], None] | None = None,
    ) -> None:
        self._edition = edition
        self._communities = communities
        self._matcher, self.questions = matcher, QuestionQueue(matcher)
        self._facts = facts
        self._gate = gate
        self._counted = counted
        self._trouble = trouble
        self._unanswered = unanswered
        self._handlers: dict[str, Handler] = {}
        self._offered: tuple[Catalog, tuple[CommandInfo, ...]] | None = None

    def learn(self, command: str, handler: Handler) -> None:
        """Let `handler` answer the command from now on; if it has a page too, the handler answers when words follow."""
        self._handlers[command] = handler
        self._offered = None

    @property
    def commands(self) -> tuple[CommandInfo, ...]:
        """What to offer to the platforms' menus now: everything that somebody here answers. The same as long as it
        does not change."""
        catalog = self._edition().catalog
        if self._offered is None or self._offered[0] is not catalog:
            known = {*catalog.explainers, *_ALWAYS, *self._handlers}
            self._offered = catalog, tuple(info for info in catalog.commands if info.name in known)
        return self._offered[1]

    async def respond(self, request: Request) -> Reply | None:
        """Answer one request; None means to stay silent.

        An unknown command is answered with the help in a direct chat, and with silence in a community, where it
        may be meant for another bot.
        """
        if request.private and isinstance(request.about, Member):
            return self.notice("mention-and-private-refused", request)
        edition = self._edition()
        command = edition.catalog.find(request.command) or request.command
        if request.place.community and not self._knows(command, edition):
            return None
        request = replace(request, command=command)
        community = await self._communities.of(request.place)
        if refused := self._refusal(request, community, edition):
            told = refused.notice and seal(refused.notice, edition.language(request.locale), Risk.GENERAL)
            return told and address(told, None, private=True)
        language = self._language(edition, request, community)
        reply = await self._reply(request, community, edition, language)
        if reply is None:
            return None
        self._counted(request.place, reply.command, reply.outcome)
        return address(reply, request.about, request.private)

    def _refusal(self, request: Request, community: Community, edition: SealedCatalog) -> Refused | None:
        info = edition.catalog.command(request.command)
        guarded = info is not None and info.guarded(request.text)
        return self._gate and self._gate.refusal(request, community, guarded=guarded)

    def _knows(self, command: str, edition: SealedCatalog) -> bool:
        return command in self._handlers or command in edition.catalog.default.entries or command in _ALWAYS

    async def _reply(
        self, request: Request, community: Community, edition: SealedCatalog, language: Language
    ) -> Reply | None:
        floor, command = max(community.risk_floor, edition.operator_floor), request.command
        handler = self._handlers.get(command)
        if handler and (request.text or command not in PAGES):
            draft = await self._handled(handler, request, community)
            return draft if draft is None or isinstance(draft, Reply) else seal(draft, language, floor)
        if explainer := edition.explainer(command, language, floor):
            return explainer
        if command in _FREE_TEXT:
            return await self._ask(request, edition, language, floor)
        if command == "start" and request.text:
            topic = edition.catalog.find(request.text)
            if topic and (explainer := edition.explainer(topic, language, floor)):
                return explainer
        return self._page(command if command in PAGES else "help", edition, language, floor)

    async def _handled(self, handler: Handler, request: Request, community: Community) -> Draft | Reply | None:
        try:
            return await handler(request, community)
        except BadInput as bad:
            return Notice(bad.key, bad.values, bad.rows)
        except StoreError as error:
            self._trouble(error)
            return Notice("storage-problem")

    async def _ask(self, request: Request, edition: SealedCatalog, language: Language, floor: Risk) -> Reply:
        if not request.text.strip():
            answering = isinstance(request.about, MessageRef)
            return seal(Notice("nothing-to-explain" if answering else "ask-needs-question"), language, floor)
        try:
            match = await self.questions.match(request.text, (request.place.platform, request.member.id))
        except Busy:
            return seal(Notice("one-moment"), language, floor)
        sure = match.command if match.outcome is Outcome.EXPLAINER else None
        explainer = edition.explainer(sure, language, floor) if sure else None
        if match.outcome in _OWN_PAGES:
            return self._page(match.outcome.value, edition, language, floor)
        if match.outcome is Outcome.NONE and self._unanswered:
            self._unanswered(request.text)
        return explainer or self._policy(match, edition, language, floor)

    def _policy(self, match: Match, edition: SealedCatalog, language: Language, floor: Risk) -> Reply:
        """The reply that declines or offers a choice: never an explainer the asker did not pick."""
        outcome = match.outcome if match.outcome in _POLICY else Outcome.NONE
        nearest = [suggestion.command for suggestion in match.suggestions]
        commands = nearest if outcome in (Outcome.SUGGEST, Outcome.NONE) else None
        return edition.page(_POLICY[outcome], language, floor, outcome=outcome, commands=commands)

    def _page(self, key: str, edition: SealedCatalog, language: Language, floor: Risk) -> Reply:
        commands = edition.catalog.explainers if key == "topics" else None
        also = "privacy-log" if key == "privacy" and self._unanswered else None
        return edition.page(
            key, language, floor, commands=commands, values=self._facts(edition.catalog, language), also=also
        )

    def notice(self, key: str, request: Request) -> Reply:
        """A notice without values, for an adapter that has something to say about itself."""
        language = self._edition().language(request.locale)
        return address(seal(Notice(key), language, Risk.GENERAL), None, request.private)

    def suggest(self, text: str, locale: str | None) -> tuple[Suggestion, ...]:
        """Explainers for an autocomplete: at most 25, best first, never empty, titles in the reader's language."""
        edition = self._edition()
        language = edition.language(locale)
        found = self._matcher.suggest(text, _MOST_CHOICES)
        entries = [(edition.catalog.entry(one.command, language), one) for one in found]
        return tuple(Suggestion(one.command, entry.title, one.score) for entry, one in entries if entry)

    async def search(self, text: str, locale: str | None) -> tuple[Reply, ...]:
        """Replies for an inline query, in the reader's language, sealed at the loudest level since no community is
        known. A request for advice or a scam pattern finds the policy reply alone.

        Raises:
            Busy: too many questions are waiting.
        """
        edition = self._edition()
        language = edition.language(locale)
        if not text.strip():
            commands = list(edition.catalog.explainers)[:_MOST_INLINE]
        else:
            match = await self.questions.match(text, object())
            if match.outcome in _OWN_PAGES:
                return (self._page(match.outcome.value, edition, language, Risk.HIGH),)
            if match.outcome in (Outcome.ADVICE, Outcome.PRICE, Outcome.SCAM, Outcome.NONE):
                return (self._policy(match, edition, language, Risk.HIGH),)
            commands = [match.command] if match.command else [one.command for one in match.suggestions]
        return tuple(filter(None, (edition.explainer(one, language, Risk.HIGH) for one in commands)))

    @staticmethod
    def _language(edition: SealedCatalog, request: Request, community: Community) -> Language:
        """A private or direct answer is in the reader's language, a public one in the community's."""
        if request.private or request.place.community is None:
            return edition.language(request.locale, community.locale)
        return edition.language(community.locale)
