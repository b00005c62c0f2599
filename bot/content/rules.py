"""What must hold across the files: facts cited and covered, names and numbers of the article alone, references that
lead somewhere, closed sets complete, and nothing that does not fit the tightest platform with its loudest warning.
"""

import difflib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import final

from bot.content.facts import FactCheck, commands_in, written
from bot.content.schema import AnswerFile, InterfaceFile, PolicyFile, SourceFile, TranslationFile
from bot.content.wording import Parsed
from bot.content.yamlfile import Document, Where
from bot.core.catalog import Catalog, Language, spelling
from bot.core.commands import COMMANDS, EXPLAINER_PARAMS, PAGE_SLOTS, PAGES, REPLY_PAGES
from bot.core.disclaimer import Reply
from bot.core.edition import Edition
from bot.core.errors import Problem
from bot.core.model import Entry, Page, Right, Risk
from bot.core.notices import SLOTS
from bot.core.spans import Body, Paragraph, Slot, Text, walk

_SHORTEST, _LONGEST, _LONGEST_PAGE = 200, 1100, 1300
_DENSE = frozenset({"zh"})  # a Chinese character says about what three letters say

Fit = Callable[[Reply], str | None]
"""What of a reply does not fit a platform, in words, or None."""


@final
class _Rules:
    """One pass over a catalog; `problems` holds what it found."""

    def __init__(self, catalog: Catalog, source: Parsed[SourceFile], fits: Mapping[str, Fit]) -> None:
        self.catalog = catalog
        self.edition = Edition(catalog)
        self.source = source
        self.fits = fits
        self.claims = {fact.id: fact.claim for section in source.value.sections for fact in section.facts}
        self.sections = {section.id for section in source.value.sections}
        self.problems: list[Problem] = []

    def checker(self, language: Language) -> FactCheck:
        """The fact check of one language."""
        return FactCheck(self.source.value.names, self.source.value.ordinary_words, self.claims, language)

    def note(self, document: Document, where: Where, what: str, remedy: str) -> None:
        """Keep a problem with the value at `where`."""
        self.problems.append(document.problem(where, what, remedy))

    def unknown(self, document: Document, where: Where, wanted: str, known: Iterable[str], kind: str) -> None:
        """Keep the problem that `wanted` is no `kind`, with the nearest that is."""
        near = difflib.get_close_matches(wanted, list(known), n=1)
        remedy = f"Did you mean “{near[0]}”?" if near else f"See {kind}s in source.yaml or the answers' folder."
        self.note(document, where, f"there is no {kind} “{wanted}”", remedy)

    def facts(self, document: Document, where: Where, facts: Iterable[str]) -> None:
        """Every fact cited exists."""
        for number, fact in enumerate(facts):
            if fact not in self.claims:
                self.unknown(document, (*where, "facts", number), fact, self.claims, "fact")

    def see_also(self, document: Document, where: Where, commands: Iterable[str]) -> None:
        """Every related explainer exists."""
        for number, command in enumerate(commands):
            if command not in self.catalog.default.entries:
                known = self.catalog.default.entries
                self.unknown(document, (*where, "see_also", number), command, known, "explainer")

    def words(self, document: Document, where: Where, thing: Entry | Page, check: FactCheck) -> None:
        """A text names only what its facts name, refers to commands that exist and keeps to the length."""
        known = {info.name for info in self.catalog.commands}
        body: Body = (Paragraph(thing.summary), *thing.body)
        for command in dict.fromkeys(commands_in(body)):
            if self.catalog.find(command) not in known and command not in known | PAGES:
                self.unknown(document, (*where, "body"), command, known, "command")
        allowed = PAGE_SLOTS.get(thing.key, frozenset()) if isinstance(thing, Page) else frozenset()
        for span in walk(body):
            if isinstance(span, Slot) and span.name not in allowed:
                remedy = f"This text may have: {', '.join(sorted(allowed)) or 'none'}."
                self.note(document, (*where, "body"), f"the slot {{{span.name}}} is filled by nobody", remedy)
        parts = {"title": thing.title, "summary": written((body[0],), ()), "body": written((), thing.body)}
        for part, text in parts.items():
            for words, what, remedy in check.wrong(text, thing.facts):
                line = document.line_of((*where, part), words)
                self.problems.append(Problem(document.file, line, what, remedy))
        self.length(document, where, len(parts["summary"]) + len(parts["body"]), isinstance(thing, Page))

    def length(self, document: Document, where: Where, length: int, page: bool) -> None:
        """Long enough to say something, short enough for a chat."""
        longest = _LONGEST_PAGE if page else _LONGEST
        shortest = 0 if page else _SHORTEST // 3 if document.file.split("/")[0] in _DENSE else _SHORTEST
        if not shortest <= length <= longest:
            what = f"summary and body have {length} characters; {shortest} to {longest} are wanted"
            self.note(document, (*where, "body"), what, "Shorten it." if length > longest else "Say a little more.")

    def fit(self, document: Document, where: Where, reply: Reply | None) -> None:
        """The sealed text fits every platform."""
        for platform, fit in self.fits.items():
            if reply and (what := fit(reply)):
                remedy = "Shorten the text: nothing is cut when it is sent."
                self.note(document, where, f"does not fit {platform} with the loudest warning: {what}", remedy)


@final
@dataclass(frozen=True, slots=True)
class Files:
    """The files a catalog was built from, by language."""

    source: Parsed[SourceFile]
    answers: Mapping[str, Mapping[str, Parsed[AnswerFile]] | Mapping[str, Parsed[TranslationFile]]]
    policies: Mapping[str, Parsed[PolicyFile]]
    interfaces: Mapping[str, Parsed[InterfaceFile]]


def check_rules(catalog: Catalog, files: Files, fits: Mapping[str, Fit]) -> list[Problem]:
    """Every problem across the files of a catalog, each of which is all right by itself."""
    rules = _Rules(catalog, files.source, fits)
    for locale, language in catalog.languages.items():
        _closed_sets(rules, files.policies[locale], files.interfaces[locale])
        check = rules.checker(language)
        for command, file in files.answers[locale].items():
            _answer(rules, file.document, file.value, language.entries[command], check)
            rules.fit(file.document, ("body",), rules.edition.explainer(command, language, Risk.HIGH))
        for key, page in language.pages.items():
            where = ("pages", key)
            document = files.policies[locale].document
            rules.facts(document, where, page.facts)
            rules.see_also(document, where, page.see_also)
            rules.words(document, where, page, check)
    _menu(rules)
    _coverage(rules)
    _aliases(rules, files)
    return rules.problems


def _answer(
    rules: _Rules, document: Document, file: AnswerFile | TranslationFile, entry: Entry, check: FactCheck
) -> None:
    if file.revision != rules.catalog.article:
        remedy = f"Read it against the article again, then set revision: {rules.catalog.article} and checked."
        rules.note(document, ("revision",), "was checked against another revision of the article", remedy)
    if isinstance(file, AnswerFile):
        rules.facts(document, (), file.facts)
        rules.see_also(document, (), file.see_also)
        if file.section not in rules.sections:
            rules.unknown(document, ("section",), file.section, rules.sections, "section")
    rules.words(document, (), entry, check)


def _closed_sets(rules: _Rules, policy: Parsed[PolicyFile], interface: Parsed[InterfaceFile]) -> None:
    """Pages, notices, rights and commands are all there, and no others."""
    words = interface.value
    sets: list[tuple[Document, str, Iterable[str], Iterable[str]]] = [
        (policy.document, "pages", policy.value.pages, PAGES | REPLY_PAGES),
        (interface.document, "notices", words.notices, SLOTS),
        (interface.document, "rights", words.rights, {right.name.lower() for right in Right if right.name}),
        (interface.document, "explainer_params", words.explainer_params, {one.key for one in EXPLAINER_PARAMS}),
    ]
    for document, key, found, wanted in sets:
        for missing in sorted(set(wanted) - set(found)):
            rules.note(document, (key,), f"“{missing}” is missing under {key}", "Add it.")
        for extra in sorted(set(found) - set(wanted)):
            rules.note(document, (key, extra), f"“{extra}” is not known under {key}", "Take it out, or rename it.")
    for shape in COMMANDS:
        known = words.commands.get(shape.key)
        lacking = {one.key for one in shape.params} - set(known.params) if known else {shape.key}
        for key in sorted(lacking):
            what = f"the words of “{key}” are missing under commands"
            rules.note(interface.document, ("commands", shape.key), what, "Add its name and description.")
    _notices(rules, interface)


def _notices(rules: _Rules, interface: Parsed[InterfaceFile]) -> None:
    """Each notice has just its slots, and speaks of the bot alone."""
    locale = interface.document.file.split("/")[0]
    for key, body in rules.catalog.languages[locale].notices.items():
        slots = {span.name for span in walk(body) if isinstance(span, Slot)}
        if key in SLOTS and slots != SLOTS[key]:
            wanted = ", ".join(f"{{{slot}}}" for slot in sorted(SLOTS[key])) or "none"
            rules.note(
                interface.document, ("notices", key), "has not the slots it must have", f"It must have: {wanted}."
            )
        said = {span.text for span in walk(body) if isinstance(span, Text)}
        for name in rules.source.value.names:
            if any(name in text.split() for text in said):
                what = f"names “{name}”, but a notice carries no warning and speaks of the bot alone"
                rules.note(interface.document, ("notices", key), what, "Say it on a page, or leave the name out.")


def _coverage(rules: _Rules) -> None:
    """Every fact is used by some answer or page."""
    default = rules.catalog.default
    cited = {fact for entry in default.entries.values() for fact in entry.facts}
    cited |= {fact for page in default.pages.values() for fact in page.facts}
    for number, section in enumerate(rules.source.value.sections):
        for row, fact in enumerate(section.facts):
            if fact.id not in cited:
                where = ("sections", number, "facts", row, "id")
                remedy = "Cite it in the answer that says it, or take it out."
                rules.note(rules.source.document, where, f"no answer uses the fact “{fact.id}”", remedy)
    for fact_id, times in Counter(f.id for s in rules.source.value.sections for f in s.facts).items():
        if times > 1:
            rules.note(rules.source.document, ("sections",), f"the fact “{fact_id}” stands twice", "Rename one.")


def _menu(rules: _Rules) -> None:
    """The menu lists every explainer once, and nothing else."""
    menu, document = rules.source.value.menu, rules.source.document
    for command in rules.catalog.explainers:
        if menu.count(command) != 1:
            what = f"the explainer “{command}” stands {menu.count(command)} times in menu"
            rules.note(document, ("menu",), what, "Put it there once, where readers shall find it.")
    for number, command in enumerate(menu):
        if command not in rules.catalog.default.entries:
            rules.unknown(document, ("menu", number), command, rules.catalog.default.entries, "explainer")


def _aliases(rules: _Rules, files: Files) -> None:
    """No two explainers claim the same spelling, in any language."""
    owners = {spelling(info.name): info.name for info in rules.catalog.commands if info.kind == "slash"}
    owners |= {spelling(page): page for page in PAGES}
    for document, command, number, alias in _every_alias(files):
        owner = owners.setdefault(spelling(alias), command)
        if owner != command:
            what = f"the alias “{alias}” belongs to {owner} already"
            rules.note(document, ("aliases", number), what, "Take it out here or there.")


def _every_alias(files: Files) -> Iterator[tuple[Document, str, int, str]]:
    for answers in files.answers.values():
        for command, file in answers.items():
            for number, alias in enumerate(file.value.aliases):
                yield file.document, command, number, alias
