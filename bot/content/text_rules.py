"""The rules for single texts: facts and names, duties, references, length, and that each fits every platform."""

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import final

from bot.content.duties import Duties, Wrong
from bot.content.facts import FactCheck, claims_of
from bot.content.layers import Files
from bot.content.purposes import PURPOSES
from bot.content.yaml_file import Document, Where
from bot.core.catalog import LONGEST, Catalog, Entry, Language, Page, length
from bot.core.commands import PAGE_SLOTS, PAGES
from bot.core.disclaimer import Reply, profile_of
from bot.core.errors import Problem
from bot.core.markup import link_in
from bot.core.model import Risk
from bot.core.picture import words_of
from bot.core.sealed_catalog import SealedCatalog
from bot.core.spans import Body, CommandRef, Paragraph, Slot, flatten, walk

_SHORTEST, _LONGEST_PAGE = 200, 1300  # characters of summary and body
_DENSE = "CJK"  # a Chinese character says about what three letters say

_LISTED = {"explainer": "menu", "command": "menu"}  # by what they are called, under which key, if not in the plural

Fit = Callable[[Reply], str | None]
"""Says how a reply exceeds the limits of a platform; None if it fits."""


@final
@dataclass
class Rules:
    """One check of a catalog; `problems` is what it found."""

    catalog: Catalog
    files: Files
    fits: Mapping[str, Fit]
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.source = self.files.source
        self.purpose = PURPOSES[self.source.purpose]
        self.lost = self.files.lost()
        self.sealed = SealedCatalog(self.catalog, today=lambda: date.max)  # as long as they get
        self.least = {
            fact.id: fact.risk for one in self.files.sources for section in one.sections for fact in section.facts
        }
        self.explainers = self.catalog.default.entries.keys() | self.lost
        self.commands = {info.name for info in self.catalog.commands} | self.explainers | PAGES

    def note(self, document: Document, where: Where, what: str, remedy: str) -> None:
        """Keep a problem with the value at `where`."""
        self.problems.append(document.problem(where, what, remedy))

    def notes(self, document: Document, where: Where, found: Iterable[Wrong]) -> None:
        """Keep all these problems with the value at `where`."""
        self.problems += [document.problem(where, what, remedy) for what, remedy in found]

    def names_in(self, body: Body) -> list[str]:
        """The names of networks, tokens and so on that the text says."""
        said = set(flatten(body).split())
        return [name for name in self.source.names if name in said]

    def unknown(self, document: Document, where: Where, wanted: str, known: Iterable[str], kind: str) -> None:
        """Keep the problem that `wanted` is no `kind`, with the nearest that is."""
        near = difflib.get_close_matches(wanted, list(known), n=1)
        remedy = f"Did you mean “{near[0]}”?" if near else f"See {_LISTED.get(kind, f'{kind}s')} in source.yaml."
        self.note(document, where, f"there is no {kind} “{wanted}”", remedy)

    def closed_set(
        self, document: Document, key: str, found: Iterable[str], wanted: Iterable[str], *, whole: bool = True
    ) -> None:
        """Note what does not belong under that key and, if it must be `whole`, what is missing."""
        for missing in sorted(set(wanted) - set(found)) if whole else ():
            self.note(document, (key,), f"“{missing}” is missing under {key}", "Add it.")
        for extra in sorted(set(found) - set(wanted)):
            self.note(document, (key, extra), f"“{extra}” is not known under {key}", "Take it out, or rename it.")

    def fit_profile(self, document: Document, language: Language) -> None:
        """Note what the platforms would not take of the bot's profile."""
        if language.locale not in self.files.policies:  # its warning is another language's until it can be read
            return
        shown = profile_of(language)
        for key, text, most in (("description", shown.description, 400), ("short", shown.short, 120)):
            if len(text) > most:
                what = f"has {len(text)} characters with the warning; the platforms take {most}"
                self.note(document, ("profile", key), what, "Shorten it.")

    def fit(self, document: Document, where: Where, reply: Reply | None) -> None:
        """The sealed text fits every platform."""
        for platform, fit in self.fits.items():
            if reply and (what := fit(reply)):
                remedy = "Shorten the text: nothing is cut when it is sent."
                self.note(document, where, f"does not fit {platform} with the loudest warning: {what}", remedy)


@final
class LanguageTexts:
    """The answers and pages of one language, each with the place of its words and the words themselves."""

    def __init__(self, rules: Rules, language: Language, duties: Duties | None) -> None:
        self._rules, self._language, self._duties = rules, language, duties
        files, locale = rules.files, language.locale
        self._things: list[tuple[Document, Where, Entry | Page]] = [
            (files.answers[locale][command].document, (), entry) for command, entry in language.entries.items()
        ]
        if policy := files.policies.get(locale):
            self._things += [(policy.document, ("pages", key), page) for key, page in language.pages.items()]
        self._texts = [_texts(thing) for _, _, thing in self._things]
        self._known = known = files.duties.get(locale)
        texts = self._prose() if locale == rules.catalog.first and files.whole(locale) else None
        nouns = known is not None and known.capitals == "nouns"
        words = partial(FactCheck, rules.source, known.numbers if known else "", texts, nouns=nouns)
        self._facts = {id(rules.source): words(), **{id(one): words(over=one) for one in files.over}}

    def _prose(self) -> list[str]:
        """Every text of the language that shows how its words are written."""
        files, locale = self._rules.files, self._language.locale
        replaced = [one for former in files.replaced.values() for one in former]
        written = [files.interfaces.get(locale), files.duties.get(locale), *replaced]
        lines = [line for file in written if file for line in file.document.source]
        return [
            *self._rules.catalog.claims.values(),
            *(text for texts in self._texts for text in texts.values()),
            *lines,
        ]

    def check(self) -> None:
        """Note every problem of an answer or page."""
        for (document, where, thing), texts in zip(self._things, self._texts, strict=True):
            self._references(document, where, thing)
            self._words(document, where, thing, texts)
            self._length(document, where, thing)

    def _references(self, document: Document, where: Where, thing: Entry | Page) -> None:
        """Every fact, explainer, command and slot exists, and no fact is louder than the text that cites it."""
        rules = self._rules
        if self._language.locale == rules.catalog.first or isinstance(
            thing, Page
        ):  # translations have none of their own
            claims = claims_of(rules.files.source_of(thing))
            for number, fact in enumerate(thing.facts):
                if fact not in claims and fact in rules.catalog.claims:
                    what = f"the fact “{fact}” is in another folder's source.yaml"
                    rules.note(document, (*where, "facts", number), what, "Write what you say into your own.")
                elif fact not in claims:
                    rules.unknown(document, (*where, "facts", number), fact, claims, "fact")
                elif thing.risk < Risk[(least := rules.least[fact]).upper()]:
                    what = f"is quieter than its fact “{fact}”, which is of {least} risk"
                    rules.note(document, (*where, "risk"), what, f"Write risk: {least}, or leave the fact unsaid.")
            for number, command in enumerate(thing.see_also):
                if command not in rules.explainers:
                    rules.unknown(document, (*where, "see_also", number), command, rules.explainers, "explainer")
        spans = list(walk((Paragraph(thing.summary), *thing.body)))
        for command in dict.fromkeys(span.command for span in spans if isinstance(span, CommandRef)):
            if command not in rules.commands and rules.catalog.find(command) not in rules.commands:
                rules.unknown(document, (*where, "body"), command, rules.commands, "command")
        allowed = PAGE_SLOTS.get(thing.key, frozenset()) if isinstance(thing, Page) else frozenset()
        for span in spans:
            if isinstance(span, Slot) and span.name not in allowed:
                remedy = f"This text may have: {', '.join(sorted(allowed)) or 'none'}."
                rules.note(document, (*where, "body"), f"the slot {{{span.name}}} is unknown here", remedy)

    def _words(self, document: Document, where: Where, thing: Entry | Page, texts: Mapping[Where, str]) -> None:
        """The words name only what the cited facts name, and keep the language's duties."""
        facts = self._facts[id(self._rules.files.source_of(thing))]
        drawn = thing.picture if isinstance(thing, Entry) else None
        picture = {("picture", *part): text for part, text in words_of(drawn)} if drawn else {}
        for part, text in (*texts.items(), *picture.items()):
            place = (*where, *part)
            for words, what, remedy in facts.wrong(text, thing.facts):
                line = document.line_of(place, words)
                self._rules.problems.append(Problem(document.file, line, what, remedy))
            if self._duties:
                self._rules.notes(document, place, self._duties.answer(text))
            if part in picture and (link := link_in(text)):
                self._rules.note(document, place, f"“{link}” looks like a link", "Pictures carry no links.")
        if self._duties:
            text = f"{texts['summary',]}\n{texts['body',]}"
            self._rules.notes(document, (*where, "body"), self._duties.language(text))

    def _length(self, document: Document, where: Where, thing: Entry | Page) -> None:
        """Long enough to say something, short enough for a chat."""
        dense = self._known is not None and _DENSE in self._known.scripts
        least, most = (0, _LONGEST_PAGE) if isinstance(thing, Page) else (_SHORTEST // (3 if dense else 1), LONGEST)
        if not least <= (used := length(thing)) <= most:
            what = f"summary and body have {used} characters; {least} to {most} are wanted"
            remedy = "Shorten it." if used > most else "Say a little more."
            self._rules.note(document, (*where, "body"), what, remedy)


def _texts(thing: Entry | Page) -> dict[Where, str]:
    """The words a reader sees, without the names of commands: they are no prose."""
    summary = flatten((Paragraph(thing.summary),), command=lambda _: "")
    return {("title",): thing.title, ("summary",): summary, ("body",): flatten(thing.body, command=lambda _: "")}
