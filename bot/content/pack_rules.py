"""Checks source.yaml and policy.yaml: the pack's purpose, headings, facts, menu, warnings and pages."""

from collections import defaultdict
from collections.abc import Mapping

from bot.content.duties import WORDS
from bot.content.schema import PolicyFile
from bot.content.text_rules import Rules
from bot.core.catalog import Entry, Language, Page
from bot.core.commands import PAGES, REPLY_PAGES
from bot.core.model import Risk
from bot.core.spans import Paragraph, Slot, Span, Text, flatten, walk
from bot.core.topic_menu import every_page

_FILLED = (Text("0" * 24),)  # stands for a slot's value; longer than a version, a revision or a date


def check_purpose(rules: Rules) -> None:
    """Check that each language has wordings for all ideas of the purpose, and that a pack without warnings says why."""
    source, wanted = rules.source, rules.purpose.warning
    if wanted and source.reason:
        what = f"the purpose is {source.purpose}, but there is a reason to have no warning"
        rules.note(source, ("reason",), what, "Remove it.")
    if not wanted and not source.reason:
        remedy = "Write in one line why no answer can hurt anybody; the page about shows it."
        rules.note(source, ("purpose",), "the purpose is none, but the key “reason” is missing", remedy)
    for duties in rules.files.duties.values():
        for key, ideas in (("warning", wanted), ("risk", rules.purpose.page)):
            rules.check_keys(duties, key, {*ideas, WORDS} if wanted else ())


def check_policy(rules: Rules, language: Language) -> None:
    """Check that all warnings and pages exist, say what they must, and fit every platform."""
    if not (policy := rules.files.policies.get(language.locale)):
        return
    wanted = rules.purpose.warning
    if wanted and (duties := rules.duties.get(language.locale)):
        for risk, text in language.warnings.items():
            rules.note_all(policy, ("warnings", risk.name.lower()), duties.warning(risk, text))
        if statement := language.pages.get("risk"):
            text = flatten((Paragraph(statement.summary), *statement.body))
            rules.note_all(policy, ("pages", "risk", "body"), duties.risk_page(text))
    about = language.pages.get("about")
    slots = {span.name for span in walk(about.body) if isinstance(span, Slot)} if about else set()
    if not wanted and about and "reason" not in slots:
        rules.note(policy, ("pages", "about", "body"), "does not say why there is no warning", "Add {reason}.")
    pages = (PAGES | REPLY_PAGES) - rules.purpose.optional.difference(policy.pages)
    rules.check_keys(policy, "pages", pages)
    _fits(rules, language, policy)


def _fits(rules: Rules, language: Language, policy: PolicyFile) -> None:
    """Check that every platform takes each page, filled with long values, and each page of the menu of topics."""
    values: Mapping[str, tuple[Span, ...]] = defaultdict(lambda: _FILLED)
    for key in policy.pages:
        also = "privacy-log" if key == "privacy" and "privacy-log" in language.pages else None
        page = rules.sealed.page(key, language, Risk.HIGH, values=values, also=also)
        rules.check_fit(policy, ("pages", key), page)
    if "topics" in policy.pages:
        for words in every_page(rules.catalog, language):
            rules.check_fit(policy, ("pages", "topics"), rules.sealed.topics(language, Risk.HIGH, words))


def check_sources(rules: Rules) -> None:
    """Check that headings and titles keep the duties, every fact is used, and the menu is complete."""
    _headings(rules)
    _menu(rules)
    _groups(rules)
    if rules.files.is_complete(rules.catalog.first):
        _coverage(rules)


def _headings(rules: Rules) -> None:
    """Check the titles of articles and groups and the headings of sections, since members see them."""
    if not (duties := rules.duties.get(rules.catalog.first)):
        return
    for source in rules.files.sources:
        rules.note_all(source, ("article", "title"), duties.answer(source.article.title or ""))
        for number, section in enumerate(source.sections):
            rules.note_all(source, ("sections", number, "heading"), duties.answer(section.heading))
    for number, group in enumerate(rules.source.groups):
        rules.note_all(rules.source, ("groups", number, "title"), duties.answer(group.title))


def _coverage(rules: Rules) -> None:
    """Check that every fact is there once and that an answer or page uses it."""
    default = rules.catalog.default
    texts: list[Entry | Page] = [*default.entries.values(), *default.pages.values()]
    cited = {fact for text in texts for fact in text.facts}
    cited |= {fact for files in rules.files.replaced.values() for file in files for fact in file.facts}
    seen: set[str] = set()
    for source in rules.files.sources:
        for number, section in enumerate(source.sections):
            for row, fact in enumerate(section.facts):
                where = ("sections", number, "facts", row, "id")
                if fact.id in seen:
                    rules.note(source, where, f"the fact “{fact.id}” is there twice", "Rename one.")
                seen.add(fact.id)
                if fact.id not in cited:
                    what = f"no answer uses the fact “{fact.id}”"
                    remedy = "Cite it in the answer that states it, or remove it."
                    rules.note(source, where, what, remedy)


def _menu(rules: Rules) -> None:
    """Check that the menu lists every explainer once and nothing else."""
    menu = [command for source in rules.files.sources for command in source.menu]
    for command in rules.catalog.explainers:
        if command not in menu:
            what = f"the explainer “{command}” is missing from the menu"
            source = rules.files.sources_by_command[command]
            rules.note(source, ("menu",), what, "Add it once, where readers should find it.")
        elif menu.count(command) > 1:
            *below, top = (one for one in rules.files.sources if command in one.menu)
            what = f"“{command}” is in the menu {'of a folder below already' if below else 'twice'}"
            rules.note(top, ("menu",), what, "Remove it here.")
    for source in rules.files.sources:
        for number, command in enumerate(source.menu):
            if command not in rules.explainers:
                rules.note_unknown(source, ("menu", number), command, rules.explainers, "explainer")


def _groups(rules: Rules) -> None:
    """If the menu has groups, check that each answer is in one of them and each group has an answer."""
    groups = [one.id for one in rules.source.groups]
    for command, answer in rules.files.originals.items():
        if answer.group is not None and answer.group not in groups:
            rules.note_unknown(answer, ("group",), answer.group, groups, "group")
        elif groups and answer.group is None:
            remedy = f"Add group: with one of {', '.join(groups)}. Otherwise /topics does not show it."
            rules.note(answer, (), f"the answer “{command}” is in no group", remedy)
    for number, group in enumerate(groups):
        if groups.index(group) != number:
            rules.note(rules.source, ("groups", number), f"the group “{group}” is there twice", "Rename one.")
        elif not rules.catalog.groups[group] and not rules.files.lost:
            rules.note(rules.source, ("groups", number), f"the group “{group}” has no answer", "Remove it.")
