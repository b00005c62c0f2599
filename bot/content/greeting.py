"""What must hold for the words of greetings: their slots, and that the longest greeting fits every platform."""

from bot.content.parsed_files import Parsed
from bot.content.schema import InterfaceFile
from bot.content.text_rules import Rules
from bot.core.greeting import longest
from bot.core.spans import Paragraph, Slot, flatten, walk

_SLOTS = {
    "one": {"names"},
    "several": {"names"},
    "others_one": {"names"},
    "others": {"names", "count"},
    "raid_summary": {"count"},
    "line": set[str](),
    "safety": set[str](),
    "starters": set[str](),
}


def check_greeting(rules: Rules, file: Parsed[InterfaceFile]) -> None:
    """Note every problem with the greetings of that language."""
    document = file.document
    language = rules.catalog.languages[document.file.split("/")[0]]
    right = True
    for key, wanted in _SLOTS.items():
        found = {span.name for span in walk((Paragraph(getattr(language.greeting, key)),)) if isinstance(span, Slot)}
        if found != wanted:
            right, slots = False, ", ".join(f"{{{slot}}}" for slot in sorted(wanted)) or "none"
            rules.note(document, ("welcome", key), "has not the slots it must have", f"It must have: {slots}.")
    for number, line in enumerate(language.greeting.ready):
        named = [span.name for span in walk((Paragraph(line),)) if isinstance(span, Slot)]
        named += [name for name in rules.source.value.names if name in flatten((Paragraph(line),)).split()]
        if named:
            what = f"has “{named[0]}”, but moderators are shown this line without a warning"
            rules.note(document, ("welcome", "ready", number), what, "Take it out.")
    if right:  # else it cannot be filled
        for reply in longest(rules.edition, language):
            rules.fit(document, ("welcome",), reply)
