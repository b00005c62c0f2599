"""The rules for warnings and pages: they are all there, say what the pack's purpose asks for, and fit."""

from collections import defaultdict
from collections.abc import Mapping

from bot.content.duties import WORDS
from bot.content.schema import PolicyFile
from bot.content.text_rules import Rules
from bot.content.yaml_file import Document
from bot.core.catalog import Language
from bot.core.commands import PAGES, REPLY_PAGES
from bot.core.model import Risk
from bot.core.spans import Paragraph, Slot, Span, Text, flatten, walk
from bot.core.topic_menu import every_page

_FILLED = (Text("0" * 24),)  # longer than a version, a revision or a date


def check_purpose(rules: Rules) -> None:
    """A pack with a purpose has the wordings of all its ideas in each language; one without says why."""
    source, wanted = rules.source, rules.purpose.warning
    if wanted and source.reason:
        what = f"the purpose is {source.purpose}, and there is a reason to have no warning"
        rules.note(source.document, ("reason",), what, "Take it out.")
    if not wanted and not source.reason:
        remedy = "Write in one line why no answer can hurt anybody; the page about says it."
        rules.note(source.document, ("purpose",), "the purpose is none, and the key “reason” is missing", remedy)
    for duties in rules.files.duties.values():
        for key, ideas in (("warning", wanted), ("risk", rules.purpose.page)):
            rules.closed_set(duties.document, key, getattr(duties, key), {*ideas, WORDS} if wanted else ())


def check_policy(rules: Rules, language: Language) -> None:
    """Warnings and pages are all there, say what they must and fit."""
    if not (policy := rules.files.policies.get(language.locale)):
        return
    document, wanted = policy.document, rules.purpose.warning
    if wanted and (duties := rules.duties.get(language.locale)):
        for risk, text in language.warnings.items():
            rules.notes(document, ("warnings", risk.name.lower()), duties.warning(risk, text))
        if statement := language.pages.get("risk"):
            text = flatten((Paragraph(statement.summary), *statement.body))
            rules.notes(document, ("pages", "risk", "body"), duties.risk_page(text))
    about = language.pages.get("about")
    slots = {span.name for span in walk(about.body) if isinstance(span, Slot)} if about else set()
    if not wanted and about and "reason" not in slots:
        rules.note(document, ("pages", "about", "body"), "does not say why there is no warning", "Put {reason} in.")
    pages = (PAGES | REPLY_PAGES) - rules.purpose.optional.difference(policy.pages)
    rules.closed_set(document, "pages", policy.pages, pages)
    _fits(rules, document, language, policy)


def _fits(rules: Rules, document: Document, language: Language, policy: PolicyFile) -> None:
    """Each page, as large as it gets, and each page of the menu of topics fits every platform."""
    values: Mapping[str, tuple[Span, ...]] = defaultdict(lambda: _FILLED)
    for key in policy.pages:
        also = "privacy-log" if key == "privacy" and "privacy-log" in language.pages else None
        page = rules.sealed.page(key, language, Risk.HIGH, values=values, also=also)
        rules.fit(document, ("pages", key), page)
    if "topics" in policy.pages:
        for words in every_page(rules.catalog, language):
            rules.fit(document, ("pages", "topics"), rules.sealed.topics(language, Risk.HIGH, words))
