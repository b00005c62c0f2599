"""Checks single texts: facts and names, duties, references, length, and whether each fits every platform."""

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from itertools import chain
from typing import final

from bot.content.duties import Duties, Mistake
from bot.content.facts import FactCheck, claims_of
from bot.content.file_model import ContentFile
from bot.content.merged_files import MergedFiles
from bot.content.purposes import PURPOSES
from bot.content.yaml_file import Where
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
_DENSE = "CJK"  # a Chinese character stands for about three letters

_LISTED = {"explainer": "menu", "command": "menu"}  # where source.yaml lists a kind of id, if not under its plural

_Thing = tuple[ContentFile, Where, Entry | Page]
"""An answer or page, with the file and the place of its texts."""
Fit = Callable[[Reply], str | None]
"""Returns how a reply exceeds the limits of a platform, or None if it fits."""


@final
class Rules:
    """What the checks of one catalog share. Problems are added to those of `files`.

    `fits` has a check for each platform of whether a reply fits its limits.
    """

    def __init__(self, catalog: Catalog, files: MergedFiles, fits: Mapping[str, Fit]) -> None:
        self.catalog, self.files, self.source, self.note, self._fits = catalog, files, files.source, files.note, fits
        self.purpose = PURPOSES[files.source.purpose]
        self.duties = Duties.of(files.duties, self.purpose)
        self.sealed = SealedCatalog(catalog, today=lambda: date.max)  # with the line on overdue reviews, the longest
        sections = [section for source in files.sources for section in source.sections]
        self.fact_risks = {fact.id: fact.risk for section in sections for fact in section.facts}
        self.explainers = catalog.default.entries.keys() | files.lost
        self.commands = {info.name for info in catalog.commands} | self.explainers | PAGES

    def note_all(self, file: ContentFile, where: Where, found: Iterable[Mistake]) -> None:
        """Record all these problems with the value at `where`."""
        for what, remedy in found:
            self.note(file, where, what, remedy)

    def names_in(self, body: Body) -> list[str]:
        """Return the names of source.yaml that the text uses."""
        words = set(flatten(body).split())
        return [name for name in self.source.names if name in words]

    def note_unknown(self, file: ContentFile, where: Where, wanted: str, known: Iterable[str], kind: str) -> None:
        """Record the problem that there is no `kind` with the id `wanted`, and suggest the nearest known id."""
        near = difflib.get_close_matches(wanted, list(known), n=1)
        remedy = f"Did you mean “{near[0]}”?" if near else f"See {_LISTED.get(kind, f'{kind}s')} in source.yaml."
        self.note(file, where, f"there is no {kind} “{wanted}”", remedy)

    def check_keys(self, file: ContentFile, key: str, wanted: Iterable[str], *, whole: bool = True) -> None:
        """Record what does not belong under that key of the file and, if it must be `whole`, what is missing."""
        found, wanted = set(getattr(file, key)), set(wanted)
        for missing in sorted(wanted - found) if whole else ():
            self.note(file, (key,), f"“{missing}” is missing under {key}", "Add it.")
        for extra in sorted(found - wanted):
            self.note(file, (key, extra), f"“{extra}” is not known under {key}", "Remove it, or rename it.")

    def check_profile(self, file: ContentFile, language: Language) -> None:
        """Record which texts of the bot's profile are too long for the platforms."""
        if language.locale not in self.files.policies:  # the warning is then another language's
            return
        shown = profile_of(language)
        for key, text, most in (("description", shown.description, 400), ("short", shown.short, 120)):
            if len(text) > most:
                what = f"has {len(text)} characters with the warning; the platforms take {most}"
                self.note(file, ("profile", key), what, "Shorten it.")

    def check_fit(self, file: ContentFile, where: Where, reply: Reply | None) -> None:
        """Record a problem for each platform that the sealed text does not fit."""
        for platform, fit in self._fits.items():
            if reply and (what := fit(reply)):
                remedy = "Shorten the text: the bot never cuts a message."
                self.note(file, where, f"does not fit {platform} with the loudest warning: {what}", remedy)


def check_texts(rules: Rules, language: Language) -> None:
    """Record every problem of the answers and pages of a language."""
    files, locale = rules.files, language.locale
    things: list[_Thing] = [(files.answers[locale][command], (), entry) for command, entry in language.entries.items()]
    if policy := files.policies.get(locale):
        things += [(policy, ("pages", key), page) for key, page in language.pages.items()]
    known, texts = files.duties.get(locale), [_texts(thing) for _, _, thing in things]
    first = locale == rules.catalog.first
    prose = [*_prose(rules, locale, texts)] if first and files.is_complete(locale) else None
    nouns, dense = (known.capitals == "nouns", _DENSE in known.scripts) if known else (False, False)
    check = partial(FactCheck, rules.source, known.numbers if known else "", prose, nouns=nouns)
    checks = {id(rules.source): check(), **{id(one): check(over=one) for one in files.over}}
    for thing, its_texts in zip(things, texts, strict=True):
        if first or isinstance(thing[2], Page):  # translations have no references of their own
            _references(rules, *thing)
        _commands_and_slots(rules, *thing)
        _words(rules, thing, its_texts, checks[id(files.source_of(thing[2]))], rules.duties.get(locale))
        _length(rules, *thing, dense=dense)


def _texts(thing: Entry | Page) -> dict[Where, str]:
    """Return the texts that a reader sees, without command names, which are not prose."""
    summary = flatten((Paragraph(thing.summary),), command=lambda _: "")
    return {("title",): thing.title, ("summary",): summary, ("body",): flatten(thing.body, command=lambda _: "")}


def _prose(rules: Rules, locale: str, texts: Iterable[Mapping[Where, str]]) -> Iterator[str]:
    """Yield all texts of the language, to look up which words are in lower case somewhere."""
    files = rules.files
    yield from rules.catalog.claims.values()
    yield from (text for its_texts in texts for text in its_texts.values())
    written = [files.interfaces.get(locale), files.duties.get(locale), *chain(*files.replaced.values())]
    yield from (line for file in written if file for line in file.document.source)


def _references(rules: Rules, file: ContentFile, where: Where, thing: Entry | Page) -> None:
    """Check that every fact and explainer exists, and that no fact has a higher risk than the text that cites it."""
    claims = claims_of(rules.files.source_of(thing))
    for number, fact in enumerate(thing.facts):
        if fact not in claims and fact in rules.catalog.claims:
            what = f"the fact “{fact}” is in another folder's source.yaml"
            rules.note(file, (*where, "facts", number), what, "Write the fact into your own source.yaml.")
        elif fact not in claims:
            rules.note_unknown(file, (*where, "facts", number), fact, claims, "fact")
        elif thing.risk < Risk[(least := rules.fact_risks[fact]).upper()]:
            what = f"has a lower risk than its fact “{fact}”, which is of {least} risk"
            rules.note(file, (*where, "risk"), what, f"Write risk: {least}, or leave the fact out.")
    for number, command in enumerate(thing.see_also):
        if command not in rules.explainers:
            rules.note_unknown(file, (*where, "see_also", number), command, rules.explainers, "explainer")


def _commands_and_slots(rules: Rules, file: ContentFile, where: Where, thing: Entry | Page) -> None:
    """Check that every command in the text exists and that every slot is one that the text may have."""
    spans = list(walk((Paragraph(thing.summary), *thing.body)))
    for command in dict.fromkeys(span.command for span in spans if isinstance(span, CommandRef)):
        if command not in rules.commands and rules.catalog.find(command) not in rules.commands:
            rules.note_unknown(file, (*where, "body"), command, rules.commands, "command")
    allowed = PAGE_SLOTS.get(thing.key, frozenset()) if isinstance(thing, Page) else frozenset()
    for span in spans:
        if isinstance(span, Slot) and span.name not in allowed:
            remedy = f"This text may have: {', '.join(sorted(allowed)) or 'none'}."
            rules.note(file, (*where, "body"), f"the slot {{{span.name}}} is unknown here", remedy)


def _words(rules: Rules, place: _Thing, texts: Mapping[Where, str], facts: FactCheck, duties: Duties | None) -> None:
    """Check the texts, and those of the picture, against the cited facts and the language's duties."""
    file, where, thing = place
    picture = thing.picture if isinstance(thing, Entry) else None
    labels = {("picture", *part): text for part, text in words_of(picture)} if picture else {}
    for part, text in (*texts.items(), *labels.items()):
        for words, what, remedy in facts.mistakes(text, thing.facts):
            line = file.document.line_of((*where, *part), words)
            rules.files.problems.append(Problem(file.document.file, line, what, remedy))
        if duties:
            rules.note_all(file, (*where, *part), duties.answer(text))
        if part in labels and (link := link_in(text)):
            rules.note(file, (*where, *part), f"“{link}” looks like a link", "Pictures have no links.")
    if duties:
        text = f"{texts['summary',]}\n{texts['body',]}"
        rules.note_all(file, (*where, "body"), duties.language(text))


def _length(rules: Rules, file: ContentFile, where: Where, thing: Entry | Page, *, dense: bool) -> None:
    """Check the number of characters of summary and body. A `dense` script needs fewer."""
    least, most = (0, _LONGEST_PAGE) if isinstance(thing, Page) else (_SHORTEST // (3 if dense else 1), LONGEST)
    if not least <= (used := length(thing)) <= most:
        what = f"summary and body have {used} characters; {least} to {most} are allowed"
        remedy = "Shorten it." if used > most else "Say a little more."
        rules.note(file, (*where, "body"), what, remedy)
