"""The sealed replies of one content version. Each explainer is sealed once per language and floor."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date

from bot.core.buttons import Button, PageButton
from bot.core.catalog import Catalog, Language
from bot.core.command_text import spelling
from bot.core.commands import POLICY_PAGES
from bot.core.disclaimer import Reply, seal
from bot.core.model import Answer, Notice, Outcome, Risk
from bot.core.spans import Bold, Bullets, Paragraph, Span, Text, fill
from bot.core.topic_menu import menu


class SealedCatalog:
    """Makes sealed replies from a catalog.

    `operator_floor` is the lowest level of warning that this bot gives, `locale` the language where none was chosen.
    An explainer whose review was due before `today()` says so.
    """

    def __init__(
        self,
        catalog: Catalog,
        operator_floor: Risk = Risk.GENERAL,
        locale: str = "",
        today: Callable[[], date] = lambda: date.min,
    ) -> None:
        self.catalog = catalog
        self.operator_floor = operator_floor
        self.locale = locale or catalog.first
        self._today = today
        self._explainers: dict[tuple[str, str, Risk, bool, bool], Reply] = {}

    def language(self, *wanted: str | None) -> Language:
        """Return the first of the wanted languages that the catalog has, else the operator's."""
        return next(filter(None, map(self.find_language, (*wanted, self.locale))), self.catalog.default)

    def find_language(self, tag: str | None) -> Language | None:
        """Return the language with that tag, or None if the catalog lacks it. `es-419` finds `es`."""
        languages = self.catalog.languages
        return languages.get(tag) or languages.get(re.split("[-_]", tag)[0].lower()) if tag else None

    def language_called(self, name: str) -> Language | None:
        """Return the language with that name, or None. The name may be in any language, a tag, or both together as
        notices show them.
        """
        languages, wanted = self.catalog.languages, spelling(name)
        shown = {spelling(words): one for one in languages.values() for words in (one.name, one.name + one.locale)}
        own = shown.get(wanted)
        return own or languages.get(self.catalog.language_names().get(wanted, "")) or self.find_language(name)

    def explainer(self, command: str, language: Language, floor: Risk, *, rated: bool = False) -> Reply | None:
        """Return the sealed explainer, or None if it does not exist. If it is not translated, it is in the default
        language, warning included. With `rated`, for an answer to a member, it has rating buttons below the others.
        """
        entry = self.catalog.entry(command, language)
        if entry is None:
            return None
        overdue = entry.review_by is not None and entry.review_by < self._today()
        key = (command, language.locale, floor, rated, overdue)
        if known := self._explainers.get(key):
            return known
        language = self.catalog.languages[entry.locale]
        body = (Paragraph((Bold(entry.summary),)), *entry.body)
        buttons = self.buttons(entry.see_also, language)
        if rated:
            buttons += tuple(Button(label, command, language.locale, one) for one, label in language.ratings.items())
        draft = Answer(
            command,
            Outcome.EXPLAINER,
            entry.title,
            body,
            entry.risk,
            replace(entry.source, line=f"{entry.source.line} · {entry.source.overdue}") if overdue else entry.source,
            buttons,
            picture=entry.picture,
            translation=self._translation(command, language),
        )
        reply = self._explainers[key] = seal(draft, language, max(floor, self.operator_floor))
        return reply

    def has(self, command: str, locale: str | None) -> bool:
        """Tell whether the explainer exists in that language itself."""
        language = self.catalog.languages.get(locale or "")
        return language is not None and command in language.entries

    def seal_all(self) -> None:
        """Seal every explainer in advance, at the floor that most communities have."""
        for language in self.catalog.languages.values():
            for command in self.catalog.explainers:
                self.explainer(command, language, Risk.GENERAL, rated=True)

    def page(
        self,
        key: str,
        language: Language,
        floor: Risk,
        *,
        outcome: Outcome = Outcome.PAGE,
        commands: Iterable[str] | None = None,
        values: Mapping[str, tuple[Span, ...]] | None = None,
        also: str | None = None,
    ) -> Reply:
        """Return a sealed page. `values` fill its slots. `commands` are the explainers of its buttons; None stands for
        those of its `see_also`. `also` is the key of another page whose text is appended.

        Raises:
            KeyError: no such page, or a slot without a value; the content check refuses such content.
        """
        page = language.pages[key]
        buttons = self.buttons(page.see_also if commands is None else commands, language)
        parts = [page, language.pages[also]] if also else [page]
        blocks = [block for part in parts for block in (Paragraph((Bold(part.summary),)), *part.body)]
        if key == "about" and language.over:
            # after the first paragraph, which says that the answers rest on the article
            blocks[2:2] = [Paragraph((Text(line),)) for line in language.over]
        body = fill(tuple(blocks), {} if values is None else values)
        translation = self._translation(key, language)
        draft = Answer(key, outcome, page.title, body, page.risk, buttons=buttons, translation=translation)
        return seal(draft, language, max(floor, self.operator_floor))

    def policy_reply(self, outcome: Outcome, nearest: Iterable[str], language: Language, floor: Risk) -> Reply:
        """Return the page for a question with that outcome. It never shows an explainer that the member did not choose;
        the pages that offer a choice have a button for each of the `nearest` explainers.
        """
        page = next((page for page, one in POLICY_PAGES.items() if one is outcome), "no-answer")
        outcome = POLICY_PAGES[page]
        commands = nearest if outcome in (Outcome.SUGGEST, Outcome.NONE) else None
        return self.page(page, language, floor, outcome=outcome, commands=commands)

    def topics(self, language: Language, floor: Risk, words: str = "") -> Reply:
        """Return the page of the topics menu that the words after `/topics` name; see `topic_menu.menu`."""
        page, shown = language.pages["topics"], menu(words, self.catalog, language)
        first, translation = page.summary, self._translation("topics", language)
        if shown.page:
            first = (Text(shown.head),)
            translation = translation and PageButton(translation.label, "topics", translation.locale, page=shown.page)
        body = (Paragraph((Bold(first),)), *page.body)
        buttons = shown.buttons
        draft = Answer("topics", Outcome.PAGE, page.title, body, page.risk, buttons=buttons, translation=translation)
        return seal(draft, language, max(floor, self.operator_floor))

    def title(self, command: str, language: Language) -> str:
        """Return the explainer's title in that language, else in the default one.

        Raises:
            KeyError: there is no such explainer.
        """
        return (self.catalog.entry(command, language) or self.catalog.default.entries[command]).title

    def table_of_contents(self, language: Language, floor: Risk, entries: tuple[tuple[Span, ...], ...]) -> Reply:
        """Return a table of contents: the topics page with a list of these entries instead of buttons."""
        page = language.pages["topics"]
        body = (Paragraph((Bold(page.summary),)), Bullets(entries))
        draft = Answer("topics", Outcome.PAGE, page.title, body, page.risk)
        return seal(draft, language, max(floor, self.operator_floor))

    def _translation(self, command: str, language: Language) -> Button | None:
        """Return the button that asks for the same in the reader's language; None if there is only one language."""
        several = len(self.catalog.languages) > 1
        return Button.translating(language.in_my_language, command, language.locale) if several else None

    def missing_translation(self, reply: Reply, shown_in: str, tag: str | None) -> Notice | None:
        """Return the notice that says why there is no translation for a reader of the language `tag`.

        `shown_in` is the language of the answer whose translation was asked for. None if `reply` is a translation.
        """
        language = self.find_language(tag)
        if language and reply.locale != shown_in:
            return None
        return Notice("translation-same" if language and language.locale == shown_in else "translation-none")

    def buttons(self, commands: Iterable[str], language: Language) -> tuple[Button, ...]:
        """Return a button for each of these explainers that exists, labelled with its title."""
        entries = (self.catalog.entry(command, language) for command in commands)
        return tuple(Button(entry.title, entry.command, language.locale) for entry in entries if entry)
