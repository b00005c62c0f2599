"""Checks rules across files: required keys are complete, references exist, and names are unique."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.content.language_schema import InterfaceFile
from bot.content.languages import conventions
from bot.content.merged_files import MergedFiles
from bot.content.pack_rules import check_policy, check_purpose, check_sources
from bot.content.schema import AnswerFile, TranslationFile
from bot.content.text_rules import Fit, Rules, check_texts
from bot.content.yaml_file import Where
from bot.core.catalog import Catalog, Entry, Language
from bot.core.command_text import spelling
from bot.core.commands import COMMANDS, EXPLAINER_PARAMS, PAGES
from bot.core.greeting import longest
from bot.core.model import Right, Risk
from bot.core.notices import PLURALS, SLOTS
from bot.core.picture import Comparison, shape_of
from bot.core.spans import Body, Paragraph, Slot, walk

# Texts of the interface that are shown under a warning.
_WARNED = {
    "welcome",
    "source_line",
    "overdue",
    "overlay_line",
    "sections",
    "in_my_language",
    "profile",
    "groups",
    "menu",
}
_GREETING_SLOTS = {
    **{key: {"names"} for key in ("one", "several", "others_one")},
    **{key: set[str]() for key in ("line", "safety", "starters")},
    "others": {"names", "count"},
    "raid_summary": {"count"},
}


def check_rules(catalog: Catalog, files: MergedFiles, fits: Mapping[str, Fit]) -> None:
    """Check the files that could be read, alone and together, and add every problem to those of `files`."""
    rules = Rules(catalog, files, fits)
    check_purpose(rules)
    for locale, language in catalog.languages.items():
        check_texts(rules, language)
        for command, entry in language.entries.items():
            _answer(rules, language, command, entry)
        if interface := files.interfaces.get(locale):
            _interface(rules, interface, language)
        check_policy(rules, language)
    check_sources(rules)
    _aliases(rules)


def _answer(rules: Rules, language: Language, command: str, entry: Entry) -> None:
    source = rules.files.source_of(entry)
    file, revision = rules.files.answers[language.locale][command], source.article.revision
    if file.revision != revision:
        remedy = f"Compare it with the article again, then set revision: {revision} and checked."
        rules.note(file, ("revision",), "was checked against another revision of the article", remedy)
    if entry.risk < (least := rules.files.least_risk(command)) and isinstance(file, AnswerFile):
        what = f"has a lower risk than the answer that it replaces, which is of {least.name.lower()} risk"
        rules.note(file, ("risk",), what, f"Write risk: {least.name.lower()}.")
    sections = [section.id for section in source.sections]
    if isinstance(file, AnswerFile) and file.section not in sections:
        rules.note_unknown(file, ("section",), file.section, sections, "section")
    _picture(rules, file, entry)
    rules.check_fit(file, ("body",), rules.sealed.explainer(command, language, Risk.HIGH, rated=True))


def _picture(rules: Rules, file: TranslationFile, entry: Entry) -> None:
    """Check that each row has all cells, and that a translated picture has the same parts as the original."""
    if not (picture := entry.picture):
        return
    if isinstance(picture, Comparison):
        for number, row in enumerate(picture.rows):
            if len(row.cells) != len(picture.columns):
                what = f"the row has {len(row.cells)} cells, but there are {len(picture.columns)} columns"
                rules.note(file, ("picture", "rows", number), what, "Write a cell for each column.")
    original = rules.catalog.default.entries[entry.command].picture
    if original is None or shape_of(original) != shape_of(picture):
        remedy = "Translate the picture of the first language part by part, or remove the picture."
        rules.note(file, ("picture",), "does not have the parts of the picture in the first language", remedy)


def _interface(rules: Rules, file: InterfaceFile, language: Language) -> None:
    """Check that the interface has no unknown keys, in the first language all keys, and only allowed words."""
    whole = language.locale == rules.catalog.first
    rules.check_keys(file, "notices", SLOTS, whole=whole)
    needed = conventions(language.locale).forms
    rules.check_keys(file, "plurals", PLURALS & file.notices.keys() if needed else ())
    for key, forms in file.plurals.items():
        if set(forms) != set(needed):
            remedy = f"It must have: {', '.join(needed)}."
            rules.note(file, ("plurals", key), "does not have the forms it needs", remedy)
    if file.sections:  # without them, the article's own headings in source.yaml are shown
        rules.check_keys(file, "sections", [one.id for one in rules.source.sections])
    if file.groups:  # without them, the titles in source.yaml are shown
        rules.check_keys(file, "groups", [one.id for one in rules.source.groups])
    rights, params = {str(right.name).lower() for right in Right}, {one.key for one in EXPLAINER_PARAMS}
    rules.check_keys(file, "rights", rights, whole=whole)
    rules.check_keys(file, "explainer_params", params, whole=whole)
    for command in COMMANDS if whole else ():
        known = file.commands.get(command.name)
        params = {one.key for one in command.params if one not in EXPLAINER_PARAMS}
        for key in sorted(params - set(known.params) if known else {command.name}):
            what = f"“{key}” is missing under commands"
            rules.note(file, ("commands", command.name), what, "Add its name and description.")
    if duties := rules.duties.get(language.locale):
        for where, text in _strings(file.document.values, ()):
            check = duties.answer if where[0] in _WARNED else duties.notice
            rules.note_all(file, where, check(text))
    _notices(rules, file, language)
    _greeting(rules, file, language)
    rules.check_profile(file, language)


def _notices(rules: Rules, file: InterfaceFile, language: Language) -> None:
    """Check that each notice has exactly its slots and speaks only of the bot."""
    texts: list[tuple[Where, Body]] = [(("notices", key), body) for key, body in language.notices.items()]
    texts += [(("plurals", key, form), body) for key, forms in language.plurals.items() for form, body in forms.items()]
    for where, body in texts:
        if where not in file.document.lines:  # borrowed or lent from texts that were checked
            continue
        if where[1] in SLOTS:
            _slots(rules, file, where, body, SLOTS[str(where[1])])
        for name in rules.names_in(body):
            what = f"names “{name}”, but a notice has no warning and speaks only of the bot"
            rules.note(file, where, what, "Say it on a page, or leave the name out.")


def _greeting(rules: Rules, file: InterfaceFile, language: Language) -> None:
    """Check that the greeting's texts have their slots and that the longest greeting fits every platform."""
    words = language.greeting
    valid = [
        _slots(rules, file, ("welcome", key), (Paragraph(getattr(words, key)),), wanted)
        for key, wanted in _GREETING_SLOTS.items()
    ]
    for number, line in enumerate(words.ready):
        slots = [span.name for span in walk((Paragraph(line),)) if isinstance(span, Slot)]
        for name in (*slots, *rules.names_in((Paragraph(line),)))[:1]:
            what = f"has “{name}”, but moderators see this line without a warning"
            rules.note(file, ("welcome", "ready", number), what, "Remove it.")
    if all(valid):  # else the slots cannot be filled
        for reply in longest(rules.sealed, language):
            rules.check_fit(file, ("welcome",), reply)


def _slots(rules: Rules, file: InterfaceFile, where: Where, body: Body, wanted: Iterable[str]) -> bool:
    """Return whether the text has exactly these slots. Record a problem if not."""
    if {span.name for span in walk(body) if isinstance(span, Slot)} == set(wanted):
        return True
    slots = ", ".join(f"{{{slot}}}" for slot in sorted(wanted)) or "none"
    rules.note(file, where, "does not have the slots it needs", f"It must have: {slots}.")
    return False


def _strings(value: Any, where: Where) -> Iterator[tuple[Where, str]]:
    if isinstance(value, str):
        yield where, value
    for key, inner in value.items() if isinstance(value, dict) else ():
        yield from _strings(inner, (*where, key))


def _aliases(rules: Rules) -> None:
    """Check that no name, alias or title of an explainer, in any language, also names another one or a command."""
    ours = {*PAGES, *(command.name for command in COMMANDS)}
    owners = {spelling(one): one for one in ours}
    above = tuple(one.document.file.removesuffix("source.yaml") for one in rules.files.over)
    files = [one for answers in rules.files.answers.values() for one in answers.items()]
    files.sort(key=lambda one: one[1].document.file.startswith(above))  # the problem then names the overlay's file
    for command, answer in rules.files.originals.items():
        if (owner := owners.setdefault(spelling(command), command)) != command or command in ours:
            rules.note(answer, (), f"its command is already used by /{owner}", "Give the file another name.")
    for command, file in files:
        for number, alias in enumerate(file.aliases):
            if (owner := owners.setdefault(spelling(alias), command)) != command:
                what = f"the alias “{alias}” belongs to {owner} already"
                rules.note(file, ("aliases", number), what, "Remove it from one of them.")
    for command, file in files:
        if (owner := owners.setdefault(spelling(file.title), command)) != command:
            what = f"the title “{file.title}” is a name of {owner} already"
            rules.note(file, ("title",), what, "Choose another title, or remove that name there.")
