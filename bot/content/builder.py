"""Builds a language's texts for the catalog from its validated files.

A markup mistake is recorded with its line and the faulty part is skipped, so that the other checks still run.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, final

from bot.content.default_texts import lacking
from bot.content.file_model import ContentFile
from bot.content.language_schema import InterfaceFile
from bot.content.languages import conventions, written_date
from bot.content.merged_files import MergedFiles
from bot.content.schema import (
    ComparisonWords,
    DiagramWords,
    FactsFile,
    OverlayFile,
    PageFile,
    PolicyFile,
    TranslationFile,
)
from bot.content.yaml_file import Where
from bot.core.buttons import Rating
from bot.core.catalog import Entry, GreetingWords, Language, Page
from bot.core.markup import MarkupError, link_in, parse
from bot.core.model import Right, Risk, Source
from bot.core.picture import Box, Comparison, Diagram, Layer, Picture, Row
from bot.core.spans import Body, Paragraph, Span

_BORROWED = {"commands", "explainer_params", "notices", "rights"}


@final
@dataclass(frozen=True, slots=True)
class LanguageBuilder:
    """Builds one language. Markup mistakes are added to the problems of `files`.

    `names` has each language's name for itself. Interface texts that the language lacks are taken from `first`, the
    first language, which is complete; `first` is None while that language itself is built.
    """

    locale: str
    files: MergedFiles
    names: Mapping[str, str]
    first: Language | None

    def build(self, policy: PolicyFile, interface: InterfaceFile) -> Language:
        """Return the language. A translation without an answer in the first language is recorded as a problem."""
        duties = self.files.duties.get(self.locale)
        pages = {key: self._page(key, page, policy) for key, page in policy.pages.items()}
        notices = {key: self._body(interface, ("notices", key), text) for key, text in interface.notices.items()}
        rights = {right: text for right in Right if (text := interface.rights.get(str(right.name).lower()))}
        plurals = self._plurals(interface)
        if first := self.first:
            plurals = {key: forms for key, forms in first.plurals.items() if key not in notices} | plurals
            notices, rights = {**first.notices, **notices}, {**first.rights, **rights}
        description, short = (self._plain(interface, ("profile", key), text) for key, text in interface.profile)
        return Language(
            locale=self.locale,
            name=interface.language,
            warnings=self._warnings(policy),
            folder=interface.document.file.removesuffix("/interface.yaml"),
            reason=self.files.source.reason or "",
            over=tuple(self._overlay_line(overlay, interface) for overlay in self.files.over),
            entries=MappingProxyType(self._entries(interface)),
            pages=MappingProxyType(pages),
            notices=MappingProxyType(notices),
            rights=MappingProxyType(rights),
            ratings=MappingProxyType({rating: getattr(interface.ratings, rating.value) for rating in Rating}),
            groups=MappingProxyType({group.id: group.title for group in self.files.source.groups} | interface.groups),
            menu=MappingProxyType(dict(interface.menu)),
            greeting=self._greeting(interface),
            in_my_language=self._plain(interface, ("in_my_language",), interface.in_my_language),
            this_chat=self._plain(interface, ("this_chat",), interface.this_chat),
            profile=(description, short),
            names=self.names,
            plurals=MappingProxyType(plurals),
            plural_form=conventions(self.locale).plural_form,
            list_patterns=MappingProxyType(conventions(self.locale).lists),
            warnings_review_by=duties.review_by if duties else None,
            untranslated=self._untranslated(interface),
        )

    def _untranslated(self, interface: InterfaceFile) -> dict[str, Any]:
        """Return the texts that the interface lacks, in its structure: borrowed from the first language, or lent."""
        complete = self.files.interfaces.get(self.files.source.language) if self.first else None
        borrowed = lacking(complete.model_dump(include=_BORROWED), interface.document.values) if complete else {}
        return {**borrowed, **interface.document.lent}

    def _plurals(self, interface: InterfaceFile) -> dict[str, Mapping[str, Body]]:
        """Return the notices that have texts for several plural forms."""
        return {
            key: {form: self._body(interface, ("plurals", key, form), text) for form, text in forms.items()}
            for key, forms in interface.plurals.items()
        }

    def _entries(self, interface: InterfaceFile) -> dict[str, Entry]:
        """Return the explainers in menu order. Record the files that translate no answer of the first language."""
        answers = self.files.answers[self.locale]
        originals, first = self.files.originals, self.files.source.language
        for command in answers.keys() - originals.keys() - self.files.lost:
            remedy = f"Rename it like the file in {first}, or add one there."
            what = f"translates no answer in {first}, the first language"
            self.files.note(answers[command], (), what, remedy)
        menu = (command for source in self.files.sources for command in source.menu)
        order = {command: number for number, command in enumerate(menu)}
        known = sorted(answers.keys() & originals.keys(), key=lambda name: (order.get(name, len(order)), name))
        self._plain(interface, ("source_line",), interface.source_line)
        return {command: self._entry(command, answers[command], interface) for command in known}

    def _entry(self, command: str, file: TranslationFile, interface: InterfaceFile) -> Entry:
        original, source = self.files.originals[command], self.files.sources_by_command[command]
        return Entry(
            command=command,
            locale=self.locale,
            title=self._plain(file, ("title",), file.title),
            summary=self._line(file, ("summary",), file.summary),
            body=self._body(file, ("body",), file.body),
            risk=Risk[original.risk.upper()],
            source=self._source(source, original.section, file, interface),
            facts=original.facts,
            aliases=file.aliases,
            questions=tuple(line for lines in file.questions.values() for line in lines),
            see_also=original.see_also,
            picture=_picture(file.picture),
            review_by=file.review_by,
            group=original.group,
            file=file.document.file,
        )

    def _source(self, source: FactsFile, section: str, file: TranslationFile, interface: InterfaceFile) -> Source:
        """Return the source of an answer: heading and dates in this language, the article's title and URL if any."""
        headings = {one.id: one.heading for one in source.sections}
        if isinstance(source, OverlayFile):
            headings |= {one.id: one.headings[self.locale] for one in source.sections if self.locale in one.headings}
        else:
            headings |= interface.sections
        heading, article = headings.get(section, ""), source.article
        parts = (
            interface.source_line.format(section=heading, date=written_date(file.checked, self.locale)),
            article.title if article.title != heading else None,
            article.url,
        )
        overdue = interface.overdue.format(date=written_date(file.review_by, self.locale)) if file.review_by else ""
        return Source(heading, file.checked, " · ".join(filter(None, parts)), overdue, article.title or "")

    def _overlay_line(self, overlay: OverlayFile, interface: InterfaceFile) -> str:
        """Return the line about an overlay on the page `about`."""
        line = interface.overlay_line.format(title=self._plain(overlay, ("article", "title"), overlay.article.title))
        return " ".join(filter(None, (line, overlay.article.url)))

    def _page(self, key: str, page: PageFile, file: PolicyFile) -> Page:
        where = ("pages", key)
        return Page(
            key=key,
            title=self._plain(file, (*where, "title"), page.title),
            summary=self._line(file, (*where, "summary"), page.summary),
            body=self._body(file, (*where, "body"), page.body),
            risk=Risk[page.risk.upper()],
            facts=page.facts,
            see_also=page.see_also,
        )

    def _greeting(self, interface: InterfaceFile) -> GreetingWords:
        texts: dict[str, Any] = {}
        for key, text in interface.welcome:
            read = self._plain if key in ("title", "name_separator", "last_separator") else self._line
            if key != "ready":
                texts[key] = read(interface, ("welcome", key), text)
        ready = (
            self._line(interface, ("welcome", "ready", row), text) for row, text in enumerate(interface.welcome.ready)
        )
        return GreetingWords(**texts, ready=tuple(ready))

    def _body(self, file: ContentFile, where: Where, text: str) -> Body:
        """Parse the text. Record each markup mistake, remove it from the text and parse again."""
        while True:
            try:
                return parse(text)
            except MarkupError as error:
                self.files.note(file, where, error.what, error.remedy, error.line)
                link = link_in(text)
                mistake = rf"{re.escape(link)}\S*" if link else r"\*" if "*" in error.what else "[{}]"
                text = re.sub(mistake, "", text)

    def _line(self, file: ContentFile, where: Where, text: str) -> tuple[Span, ...]:
        body = self._body(file, where, text)
        if body and not isinstance(body[0], Paragraph):
            self.files.note(file, where, "is a list item", "Remove the dash at its start.")
        return body[0].spans if body and isinstance(body[0], Paragraph) else ()

    def _plain(self, file: ContentFile, where: Where, text: str) -> str:
        """Return the text unchanged. Record links and bold markup in it: it is shown as it is written."""
        if link := link_in(text):
            self.files.note(file, where, f"“{link}” looks like a link", "Answers carry no links.")
        if "**" in text:
            self.files.note(file, where, "has ** in a text without markup", "Remove the asterisks.")
        return text

    def _warnings(self, policy: PolicyFile) -> Mapping[Risk, str]:
        """Return the warning of each level. Record a problem if one does not name /risk, the whole risk statement."""
        for level, text in policy.warnings or ():
            self._plain(policy, ("warnings", level), text)
            if not re.search(r"(?<!\S)/risk(?![\w-])", text):
                what = "does not name /risk, the whole risk statement"
                self.files.note(policy, ("warnings", level), what, "Add /risk.")
        return MappingProxyType({Risk[level.upper()]: text for level, text in policy.warnings or ()})


def _picture(words: DiagramWords | ComparisonWords | None) -> Picture | None:
    if words is None:
        return None
    if isinstance(words, ComparisonWords):
        return Comparison(words.alt, words.columns, tuple(Row(row.label, row.cells) for row in words.rows))
    layers = (
        Layer(layer.label, layer.text or "", tuple(Box(box.label, box.text or "") for box in layer.boxes))
        for layer in words.layers
    )
    return Diagram(words.alt, tuple(layers))
