"""What must hold for one text: its facts, names and references exist, its length suits a chat, and nothing of it that
does not fit the tightest platform with its loudest warning gets by.
"""

import difflib
from collections.abc import Callable, Iterable, Mapping
from typing import final

from bot.content.facts import FactCheck, commands_in, written
from bot.content.parsed_files import Parsed
from bot.content.schema import SourceFile
from bot.content.yaml_file import Document, Where
from bot.core.catalog import Catalog, Language
from bot.core.commands import PAGE_SLOTS, PAGES
from bot.core.disclaimer import Reply
from bot.core.errors import Problem
from bot.core.model import Entry, Page, Risk
from bot.core.sealed_catalog import SealedCatalog
from bot.core.spans import Body, Paragraph, Slot, walk

_SHORTEST, _LONGEST, _LONGEST_PAGE = 200, 1100, 1300
_DENSE = frozenset({"zh"})  # a Chinese character says about what three letters say

Fit = Callable[[Reply], str | None]
"""What of a reply does not fit a platform, in words, or None."""


@final
class Rules:
    """One pass over a catalog; `problems` holds what it found. `lost` are commands whose files could not be read."""

    def __init__(
        self, catalog: Catalog, source: Parsed[SourceFile], fits: Mapping[str, Fit], lost: frozenset[str]
    ) -> None:
        self.lost = lost
        self.catalog = catalog
        self.edition = SealedCatalog(catalog)
        self.source = source
        self.fits = fits
        self.claims = {fact.id: fact.claim for section in source.value.sections for fact in section.facts}
        self.least = {fact.id: fact.risk for section in source.value.sections for fact in section.facts}
        self.sections = {section.id for section in source.value.sections}
        self.problems: list[Problem] = []

    def checker(self, language: Language, whole: bool) -> FactCheck:
        """The fact check of one language; `whole` tells whether all its files could be used."""
        return FactCheck(self.source.value.names, self.source.value.ordinary_words, self.claims, language, whole)

    def note(self, document: Document, where: Where, what: str, remedy: str) -> None:
        """Keep a problem with the value at `where`."""
        self.problems.append(document.problem(where, what, remedy))

    def unknown(self, document: Document, where: Where, wanted: str, known: Iterable[str], kind: str) -> None:
        """Keep the problem that `wanted` is no `kind`, with the nearest that is."""
        near = difflib.get_close_matches(wanted, list(known), n=1)
        remedy = f"Did you mean “{near[0]}”?" if near else f"See {kind}s in source.yaml or the answers' folder."
        self.note(document, where, f"there is no {kind} “{wanted}”", remedy)

    def facts(self, document: Document, where: Where, facts: Iterable[str], risk: Risk) -> None:
        """Every fact cited exists, and none is louder than the text that cites it."""
        for number, fact in enumerate(facts):
            if fact not in self.claims:
                self.unknown(document, (*where, "facts", number), fact, self.claims, "fact")
            elif risk < Risk[(least := self.least[fact]).upper()]:
                what = f"is quieter than its fact “{fact}”, which is of {least} risk"
                self.note(document, (*where, "risk"), what, f"Write risk: {least}, or leave the fact unsaid.")

    def see_also(self, document: Document, where: Where, commands: Iterable[str]) -> None:
        """Every related explainer exists."""
        for number, command in enumerate(commands):
            if command not in self.catalog.default.entries.keys() | self.lost:
                known = self.catalog.default.entries
                self.unknown(document, (*where, "see_also", number), command, known, "explainer")

    def words(self, document: Document, where: Where, thing: Entry | Page, check: FactCheck) -> None:
        """A text names only what its facts name, refers to commands that exist and keeps to the length."""
        known = {info.name for info in self.catalog.commands} | self.lost
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
