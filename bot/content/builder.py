"""Checked files to the words of one language. Mistakes in the markup are noted where they stand, and loading goes on
to find the rest.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, final

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from bot.content.parsed_files import Parsed
from bot.content.picture import picture
from bot.content.schema import (
    AnswerFile,
    InterfaceFile,
    PageFile,
    ParamWords,
    PolicyFile,
    SourceFile,
    TranslationFile,
    Warnings,
    WelcomeWords,
)
from bot.content.yaml_file import Document, Where
from bot.core.catalog import GreetingWords, Language
from bot.core.commands import COMMANDS, EXPLAINER_PARAMS, CommandInfo, Param, ParamShape
from bot.core.errors import Problem
from bot.core.markup import MarkupError, link_in, parse
from bot.core.model import DEFAULT_LOCALE, Entry, Page, Right, Risk, Source
from bot.core.spans import Body, Paragraph, Span


def conventions(locale: str) -> Locale:
    """How the language writes dates and lists; the default language's way where nobody has noted it (CLDR)."""
    try:
        return Locale.parse(locale, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(DEFAULT_LOCALE)


def written_date(day: date, locale: str) -> str:
    """The day as that language writes it in full."""
    return format_date(day, "long", conventions(locale))


@final
@dataclass(frozen=True, slots=True)
class LanguageBuilder:
    """Builds one language from its files. `english` has the structure that all languages share, `lost` the commands
    whose English files could not be read, `names` what each language calls itself.
    """

    locale: str
    source: SourceFile
    english: Mapping[str, Parsed[AnswerFile]]
    lost: frozenset[str]
    names: Mapping[str, str]
    problems: list[Problem]

    def build(
        self,
        answers: Mapping[str, Parsed[TranslationFile]],
        policy: Parsed[PolicyFile],
        interface: Parsed[InterfaceFile],
    ) -> Language:
        """The language; markup mistakes and translations without an original are added to `problems`."""
        words, document = interface.value, interface.document
        pages = {key: self._page(key, page, policy.document) for key, page in policy.value.pages.items()}
        notices = {key: self._body(document, ("notices", key), text) for key, text in words.notices.items()}
        return Language(
            locale=self.locale,
            name=words.language,
            warnings=self._warnings(policy.document, policy.value.warnings),
            entries=MappingProxyType(self._entries(answers, interface)),
            pages=MappingProxyType(pages),
            notices=MappingProxyType(notices),
            rights=MappingProxyType({right: words.rights.get(str(right.name).lower(), "") for right in Right}),
            greeting=self._greeting(words.welcome, document),
            names=self.names,
            list_patterns=MappingProxyType(dict(conventions(self.locale).list_patterns["standard"])),
        )

    def _entries(
        self, answers: Mapping[str, Parsed[TranslationFile]], interface: Parsed[InterfaceFile]
    ) -> dict[str, Entry]:
        """The explainers in the menu's order."""
        order = {command: number for number, command in enumerate(self.source.menu)}
        known = [command for command in answers if command in self.english]
        for command in answers.keys() - {*known, *self.lost}:
            remedy = "Rename it like the English file, or add the English one."
            self.problems.append(answers[command].document.problem((), "translates no English answer", remedy))
        known.sort(key=lambda command: order.get(command, len(order)))
        self._plain(interface.document, ("source_line",), interface.value.source_line)
        return {command: self._entry(command, answers[command], interface.value) for command in known}

    def _entry(self, command: str, file: Parsed[TranslationFile], interface: InterfaceFile) -> Entry:
        words, document, original = file.value, file.document, self.english[command].value
        return Entry(
            command=command,
            locale=self.locale,
            title=self._plain(document, ("title",), words.title),
            summary=self._summary(document, ("summary",), words.summary),
            body=self._body(document, ("body",), words.body),
            risk=Risk[original.risk.upper()],
            source=self._source(original.section, words.checked, interface),
            facts=tuple(original.facts),
            aliases=tuple(words.aliases),
            questions=tuple(line for lines in words.questions.values() for line in lines),
            see_also=tuple(original.see_also),
            picture=picture(words.picture),
        )

    def _source(self, section: str, checked: date, interface: InterfaceFile) -> Source:
        """The section in the language's words, the day in its way to write dates, the article as far as it is known."""
        headings = {one.id: one.heading for one in self.source.sections} | interface.sections
        heading, article = headings.get(section, ""), self.source.article
        parts = [interface.source_line.format(section=heading, date=written_date(checked, self.locale))]
        parts += filter(None, (article.title, article.url))
        return Source(heading, checked, " · ".join(parts))

    def _page(self, key: str, page: PageFile, document: Document) -> Page:
        where = ("pages", key)
        return Page(
            key=key,
            title=self._plain(document, (*where, "title"), page.title),
            summary=self._summary(document, (*where, "summary"), page.summary),
            body=self._body(document, (*where, "body"), page.body),
            risk=Risk[page.risk.upper()],
            facts=tuple(page.facts),
            see_also=tuple(page.see_also),
        )

    def _greeting(self, words: WelcomeWords, document: Document) -> GreetingWords:
        plain = {"title", "name_separator", "last_separator"}
        said: dict[str, Any] = {
            key: self._plain(document, ("welcome", key), text)
            if key in plain
            else self._summary(document, ("welcome", key), text)
            for key, text in vars(words).items()
            if key != "ready"
        }
        ready = (self._summary(document, ("welcome", "ready", row), text) for row, text in enumerate(words.ready))
        return GreetingWords(**said, ready=tuple(ready))

    def _body(self, document: Document, where: Where, text: str) -> Body:
        """The text's tree; what is wrong is noted and left out, so that the rest is looked at as well."""
        while True:
            try:
                return parse(text)
            except MarkupError as error:
                self.problems.append(document.problem(where, error.what, error.remedy, error.line))
                link = link_in(text)
                wrong = rf"{re.escape(link)}\S*" if link else r"\*" if "*" in error.what else "[{}]"
                text = re.sub(wrong, "", text)

    def _summary(self, document: Document, where: Where, text: str) -> tuple[Span, ...]:
        body = self._body(document, where, text)
        if body and not isinstance(body[0], Paragraph):
            self.problems.append(document.problem(where, "is a list item", "Take out the dash at its start."))
        return body[0].spans if body and isinstance(body[0], Paragraph) else ()

    def _plain(self, document: Document, where: Where, text: str) -> str:
        """Words that have no markup, since they stand above the warning or are the warning."""
        if link := link_in(text):
            self.problems.append(document.problem(where, f"“{link}” looks like a link", "Answers carry no links."))
        if "**" in text:
            self.problems.append(document.problem(where, "has ** where no markup is read", "Take out the stars."))
        return text

    def _warnings(self, document: Document, warnings: Warnings) -> Mapping[Risk, str]:
        """The warning of each level; each must lead to the whole statement."""
        texts = {risk: getattr(warnings, risk.name.lower()) for risk in Risk}
        for risk, text in texts.items():
            where = ("warnings", risk.name.lower())
            self._plain(document, where, text)
            if not re.search(r"(?<!\S)/risk(?![\w-])", text):
                what = "does not lead to the whole risk statement"
                self.problems.append(document.problem(where, what, "Put /risk into it."))
        return MappingProxyType(texts)


def commands_of(languages: Mapping[str, Language], interfaces: Mapping[str, InterfaceFile]) -> tuple[CommandInfo, ...]:
    """Everything the bot offers, described in every language: explainers first, in the menu's order."""
    explainers = languages["en"].entries if "en" in languages else {}
    explainer_params = tuple(
        _param(shape, {one: words.explainer_params for one, words in interfaces.items()}) for shape in EXPLAINER_PARAMS
    )
    offered = [
        CommandInfo(
            name=command,
            kind="slash",
            names={"en": command},
            descriptions={
                locale: language.entries[command].title
                for locale, language in languages.items()
                if command in language.entries
            },
            params=explainer_params,
        )
        for command in explainers
    ]
    for shape in COMMANDS:
        words = {one: file.commands[shape.key] for one, file in interfaces.items() if shape.key in file.commands}
        offered.append(
            CommandInfo(
                name=shape.key,
                kind=shape.kind,
                names={one: word.name for one, word in words.items()},
                descriptions={one: word.description for one, word in words.items()},
                params=tuple(_param(one, {k: word.params for k, word in words.items()}) for one in shape.params),
                audience=shape.audience,
            )
        )
    return tuple(offered)


def _param(shape: ParamShape, words: Mapping[str, Mapping[str, ParamWords]]) -> Param:
    known = {one: params[shape.key] for one, params in words.items() if shape.key in params}
    return Param(
        key=shape.key,
        kind=shape.kind,
        names={one: word.name for one, word in known.items()},
        descriptions={one: word.description for one, word in known.items()},
        required=shape.required,
        choices=shape.choices,
        audience=shape.audience,
    )
