"""What must hold across the files: facts cited and covered, names and numbers of the article alone, references that
lead somewhere, closed sets complete, and nothing that does not fit the tightest platform with its loudest warning.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from bot.content.duty_rules import check_duties
from bot.content.facts import FactCheck
from bot.content.greeting import check_greeting
from bot.content.parsed_files import Files, Parsed
from bot.content.picture import wrong_picture
from bot.content.schema import AnswerFile, InterfaceFile, TranslationFile
from bot.content.text_rules import Fit, Rules
from bot.content.yaml_file import Document
from bot.core.catalog import Catalog, Language, spelling
from bot.core.commands import COMMANDS, EXPLAINER_PARAMS, PAGES, REPLY_PAGES
from bot.core.disclaimer import Reply
from bot.core.errors import Problem
from bot.core.model import DEFAULT_LOCALE, Entry, Right, Risk
from bot.core.notices import SLOTS
from bot.core.spans import Slot, Span, Text, walk

_FILLED = (Text("0" * 24),)  # longer than a version, a revision or a date


def check_rules(catalog: Catalog, files: Files, fits: Mapping[str, Fit]) -> list[Problem]:
    """Every problem of the files that could be read, and across them."""
    rules = Rules(catalog, files.source, fits, files.lost())
    check_duties(rules, files)
    for locale, language in catalog.languages.items():
        check = rules.checker(language, files.whole(locale))
        for command, entry in language.entries.items():
            file, originals = files.answers[locale][command], catalog.default.entries
            _answer(rules, file.document, file.value, entry, check)
            rules.problems += wrong_picture(file.document, entry, language, originals, check)
            rules.fit(file.document, ("body",), rules.edition.explainer(command, language, Risk.HIGH))
        if interface := files.interfaces.get(locale):
            _interface(rules, interface)
        if not (policy := files.policies.get(locale)):
            continue
        _closed_set(rules, policy.document, "pages", policy.value.pages, PAGES | REPLY_PAGES)
        for key, page in language.pages.items():
            where = ("pages", key)
            document = policy.document
            rules.facts(document, where, page.facts, page.risk)
            rules.see_also(document, where, page.see_also)
            rules.words(document, where, page, check)
            rules.fit(document, where, _longest(rules, key, language))
    _menu(rules)
    if files.whole(DEFAULT_LOCALE):
        _coverage(rules)
    _aliases(rules, files)
    return rules.problems


def _longest(rules: Rules, key: str, language: Language) -> Reply:
    """The page as large as it gets: slots filled, all topics as buttons where it lists them."""
    commands = rules.catalog.explainers if key == "topics" else None
    also = "privacy-log" if key == "privacy" and "privacy-log" in language.pages else None
    values: Mapping[str, tuple[Span, ...]] = defaultdict(lambda: _FILLED)
    return rules.edition.page(key, language, Risk.HIGH, commands=commands, values=values, also=also)


def _answer(
    rules: Rules, document: Document, file: AnswerFile | TranslationFile, entry: Entry, check: FactCheck
) -> None:
    if file.revision != rules.catalog.article:
        remedy = f"Read it against the article again, then set revision: {rules.catalog.article} and checked."
        rules.note(document, ("revision",), "was checked against another revision of the article", remedy)
    if isinstance(file, AnswerFile):
        rules.facts(document, (), file.facts, entry.risk)
        rules.see_also(document, (), file.see_also)
        if file.section not in rules.sections:
            rules.unknown(document, ("section",), file.section, rules.sections, "section")
    rules.words(document, (), entry, check)


def _closed_set(rules: Rules, document: Document, key: str, found: Iterable[str], wanted: Iterable[str]) -> None:
    """Under that key stands all that is wanted, and nothing else."""
    for missing in sorted(set(wanted) - set(found)):
        rules.note(document, (key,), f"“{missing}” is missing under {key}", "Add it.")
    for extra in sorted(set(found) - set(wanted)):
        rules.note(document, (key, extra), f"“{extra}” is not known under {key}", "Take it out, or rename it.")


def _interface(rules: Rules, interface: Parsed[InterfaceFile]) -> None:
    """Notices, rights and commands are all there, and no others."""
    words, document = interface.value, interface.document
    _closed_set(rules, document, "notices", words.notices, SLOTS)
    if words.sections:  # without them, the article's own headings in source.yaml are shown
        _closed_set(rules, document, "sections", words.sections, rules.sections)
    _closed_set(rules, document, "rights", words.rights, {right.name.lower() for right in Right if right.name})
    _closed_set(rules, document, "explainer_params", words.explainer_params, {one.key for one in EXPLAINER_PARAMS})
    for shape in COMMANDS:
        known = words.commands.get(shape.key)
        lacking = {one.key for one in shape.params} - set(known.params) if known else {shape.key}
        for key in sorted(lacking):
            what = f"the words of “{key}” are missing under commands"
            rules.note(document, ("commands", shape.key), what, "Add its name and description.")
    _notices(rules, interface)
    check_greeting(rules, interface)


def _notices(rules: Rules, interface: Parsed[InterfaceFile]) -> None:
    """Each notice has just its slots, and speaks of the bot alone."""
    locale = interface.document.file.split("/")[0]
    for key, body in rules.catalog.languages[locale].notices.items():
        slots = {span.name for span in walk(body) if isinstance(span, Slot)}
        if key in SLOTS and slots != SLOTS[key]:
            wanted = ", ".join(f"{{{slot}}}" for slot in sorted(SLOTS[key])) or "none"
            rules.note(
                interface.document, ("notices", key), "has not the slots it must have", f"It must have: {wanted}."
            )
        said = {word for span in walk(body) if isinstance(span, Text) for word in span.text.split()}
        for name in rules.source.value.names:
            if name in said:
                what = f"names “{name}”, but a notice carries no warning and speaks of the bot alone"
                rules.note(interface.document, ("notices", key), what, "Say it on a page, or leave the name out.")


def _coverage(rules: Rules) -> None:
    """Every fact stands once and is used by some answer or page."""
    default = rules.catalog.default
    cited = {fact for entry in default.entries.values() for fact in entry.facts}
    cited |= {fact for page in default.pages.values() for fact in page.facts}
    seen: set[str] = set()
    for number, section in enumerate(rules.source.value.sections):
        for row, fact in enumerate(section.facts):
            where = ("sections", number, "facts", row, "id")
            if fact.id in seen:
                rules.note(rules.source.document, where, f"the fact “{fact.id}” stands twice", "Rename one.")
            seen.add(fact.id)
            if fact.id not in cited:
                remedy = "Cite it in the answer that says it, or take it out."
                rules.note(rules.source.document, where, f"no answer uses the fact “{fact.id}”", remedy)


def _menu(rules: Rules) -> None:
    """The menu lists every explainer once, and nothing else."""
    menu, document = rules.source.value.menu, rules.source.document
    for command in rules.catalog.explainers:
        if menu.count(command) != 1:
            what = f"the explainer “{command}” is missing from the menu, or stands there twice"
            rules.note(document, ("menu",), what, "Put it there once, where readers shall find it.")
    for number, command in enumerate(menu):
        if command not in rules.catalog.default.entries.keys() | rules.lost:
            rules.unknown(document, ("menu", number), command, rules.catalog.default.entries, "explainer")


def _aliases(rules: Rules, files: Files) -> None:
    """No two explainers claim the same spelling, in any language."""
    ours = {*PAGES, *(shape.key for shape in COMMANDS)}
    owners = {spelling(one): one for one in ours}
    for command, answer in files.answers[DEFAULT_LOCALE].items():
        if (owner := owners.setdefault(spelling(command), command)) != command or command in ours:
            rules.note(answer.document, (), f"its command is taken by /{owner}", "Give the file another name.")
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
