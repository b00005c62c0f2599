"""Goes through every text that is shown and holds it to the duties of its language."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from bot.content.facts import written
from bot.content.parsed_files import Files
from bot.content.text_rules import Rules
from bot.content.wording_duties import Duties, Wrong, common_words
from bot.content.yaml_file import Document, Where
from bot.core.catalog import Language
from bot.core.model import DEFAULT_LOCALE, Risk
from bot.core.picture import words_of
from bot.core.spans import Paragraph

_WARNED: Final = ("welcome", "source_line", "sections")  # of the interface, what is shown under a warning


def check_duties(rules: Rules, files: Files) -> None:
    """Note every text that does not keep its duties."""
    common = {locale: common_words(file.value) for locale, file in files.duties.items()}
    for locale, file in files.duties.items():
        others = {other: words - common[locale] for other, words in common.items() if other != locale}
        duties = Duties(file.value, others)
        if locale == DEFAULT_LOCALE:
            _source(rules, duties)
        _answers(rules, files, rules.catalog.languages[locale], duties)
        if policy := files.policies.get(locale):
            for risk in Risk:
                where = ("warnings", risk.name.lower())
                text = getattr(policy.value.warnings, risk.name.lower())
                _note(rules, policy.document, where, duties.warning(risk, text))
            for key, page in rules.catalog.languages[locale].pages.items():
                _text(rules, policy.document, ("pages", key), duties, page)
        if interface := files.interfaces.get(locale):
            for place, text in _strings(interface.document.values, ()):
                check: Callable[[str], Iterator[Wrong]] = duties.answer if place[0] in _WARNED else duties.notice
                _note(rules, interface.document, place, check(text))


def _answers(rules: Rules, files: Files, language: Language, duties: Duties) -> None:
    for command, entry in language.entries.items():
        document = files.answers[language.locale][command].document
        _text(rules, document, (), duties, entry)
        for where, text in words_of(entry.picture) if entry.picture else ():
            _note(rules, document, ("picture", *where), duties.answer(text))


def _text(rules: Rules, document: Document, where: Where, duties: Duties, thing: Any) -> None:
    summary, body = written((Paragraph(thing.summary),), ()), written((), thing.body)
    for part, text in (("title", thing.title), ("summary", summary), ("body", body)):
        _note(rules, document, (*where, part), duties.answer(text))
    _note(rules, document, (*where, "body"), duties.language(f"{summary}\n{body}"))


def _source(rules: Rules, duties: Duties) -> None:
    """The article's title and headings, which every answer names as its source."""
    source, document = rules.source.value, rules.source.document
    _note(rules, document, ("article", "title"), duties.answer(source.article.title or ""))
    for number, section in enumerate(source.sections):
        _note(rules, document, ("sections", number, "heading"), duties.answer(section.heading))


def _strings(value: Any, where: Where) -> Iterator[tuple[Where, str]]:
    if isinstance(value, str):
        yield where, value
    for key, inner in value.items() if isinstance(value, dict) else ():
        yield from _strings(inner, (*where, key))


def _note(rules: Rules, document: Document, where: Where, found: Iterable[Wrong]) -> None:
    for what, remedy in found:
        rules.note(document, where, what, remedy)
