"""The rules for each source.yaml: its headings, its facts, and its part of the menu."""

from bot.content.text_rules import Rules
from bot.core.catalog import Entry, Page


def check_sources(rules: Rules) -> None:
    """What is shown of them keeps the duties, every fact is used, and the menu is complete."""
    _headings(rules)
    _menu(rules)
    _groups(rules)
    if rules.files.whole(rules.catalog.first):
        _coverage(rules)


def _headings(rules: Rules) -> None:
    """The article's title and headings, which answers show as their source, and the groups keep the duties too."""
    if not (duties := rules.duties.get(rules.catalog.first)):
        return
    for source in rules.files.sources:
        rules.notes(source.document, ("article", "title"), duties.answer(source.article.title or ""))
        for number, section in enumerate(source.sections):
            rules.notes(source.document, ("sections", number, "heading"), duties.answer(section.heading))
    for number, group in enumerate(rules.source.groups):
        rules.notes(rules.source.document, ("groups", number, "title"), duties.answer(group.title))


def _coverage(rules: Rules) -> None:
    """Every fact is there once, and some answer or page uses it."""
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
                    rules.note(source.document, where, f"the fact “{fact.id}” is there twice", "Rename one.")
                seen.add(fact.id)
                if fact.id not in cited:
                    what = f"no answer uses the fact “{fact.id}”"
                    remedy = "Cite it in the answer that says it, or take it out."
                    rules.note(source.document, where, what, remedy)


def _menu(rules: Rules) -> None:
    """The menu lists every explainer once, and nothing else."""
    menu = [command for source in rules.files.sources for command in source.menu]
    for command in rules.catalog.explainers:
        if command not in menu:
            document = rules.files.rests_on[command].document
            what = f"the explainer “{command}” is missing from the menu"
            rules.note(document, ("menu",), what, "Put it there once, where readers shall find it.")
        elif menu.count(command) > 1:
            *below, top = (one for one in rules.files.sources if command in one.menu)
            what = f"“{command}” is in the menu {'of a folder below already' if below else 'twice'}"
            rules.note(top.document, ("menu",), what, "Take it out here.")
    for source in rules.files.sources:
        for number, command in enumerate(source.menu):
            if command not in rules.explainers:
                rules.unknown(source.document, ("menu", number), command, rules.explainers, "explainer")


def _groups(rules: Rules) -> None:
    """Where the menu has groups, each answer is in one of them, and each group has an answer."""
    groups = [one.id for one in rules.source.groups]
    for command, answer in rules.files.originals.items():
        if answer.group is not None and answer.group not in groups:
            rules.unknown(answer.document, ("group",), answer.group, groups, "group")
        elif groups and answer.group is None:
            remedy = f"Write group: and one of {', '.join(groups)}; /topics does not show it otherwise."
            rules.note(answer.document, (), f"the answer “{command}” is in no group", remedy)
    for number, group in enumerate(groups):
        if groups.index(group) != number:
            rules.note(rules.source.document, ("groups", number), f"the group “{group}” is there twice", "Rename one.")
        elif not rules.catalog.groups[group] and not rules.files.lost:
            rules.note(rules.source.document, ("groups", number), f"the group “{group}” has no answer", "Take it out.")
