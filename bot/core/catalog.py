"""The texts of one content version, by language, and the lookup of its commands by name."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Final

from bot.core.buttons import Rating
from bot.core.command_text import spelling
from bot.core.commands import PAGES, CommandInfo
from bot.core.model import DEFAULT_LOCALE, Right, Risk, Source
from bot.core.picture import Picture
from bot.core.policy_patterns import PolicyPattern
from bot.core.spans import Body, Paragraph, Span, flatten

_REFERS_TO_RISK = re.compile(r"(?<=[.。!?！？])[^.。!?！？]*/risk[.。]?\s*$")  # the last sentence, if it mentions /risk

LONGEST: Final = 1100  # the most characters of an explainer's summary and body together


@dataclass(frozen=True, slots=True)
class Entry:
    """An explainer in one language, read from `file`. `summary` is the one-line answer, shown in bold above `body`."""

    command: str
    locale: str
    title: str
    summary: tuple[Span, ...]
    body: Body
    risk: Risk
    source: Source
    facts: tuple[str, ...]
    aliases: tuple[str, ...]
    see_also: tuple[str, ...]
    picture: Picture | None = None
    questions: tuple[str, ...] = ()
    review_by: date | None = None
    group: str | None = None
    file: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A text for members that is not an explainer: the risk statement, a policy reply, the help."""

    key: str
    title: str
    summary: tuple[Span, ...]
    body: Body
    risk: Risk
    facts: tuple[str, ...]
    see_also: tuple[str, ...]


def length(text: Entry | Page) -> int:
    """Return the number of characters in summary and body together, not counting names of commands."""
    return sum(len(flatten(part, command=lambda _: "")) for part in ((Paragraph(text.summary),), text.body))


@dataclass(frozen=True, slots=True)
class GreetingWords:
    """The texts of greetings in one language. Without them a greeting has only the warning.

    {names} stands for the names, joined by `name_separator` and, before the last one, `last_separator`; `others_one` or
    `others` adds the number of further members. Moderators may choose a `ready` line instead of `line`.
    """

    title: str = ""
    one: tuple[Span, ...] = ()
    several: tuple[Span, ...] = ()
    others_one: tuple[Span, ...] = ()
    others: tuple[Span, ...] = ()
    raid_summary: tuple[Span, ...] = ()
    name_separator: str = ""
    last_separator: str = ""
    line: tuple[Span, ...] = ()
    ready: tuple[tuple[Span, ...], ...] = ()
    safety: tuple[Span, ...] = ()
    starters: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Language:
    """All texts of one language. It has a warning for every level of `Risk`, unless `reason` says why it needs none.

    `entries` may lack explainers that are not translated; these are shown in the default language, warning included.
    `pages`, `notices` and `rights` are complete.
    """

    locale: str
    name: str
    warnings: Mapping[Risk, str]
    entries: Mapping[str, Entry]
    pages: Mapping[str, Page]
    notices: Mapping[str, Body]
    rights: Mapping[Right, str]
    greeting: GreetingWords = field(default_factory=GreetingWords)
    in_my_language: str = ""  # the label of the button that asks for an answer in the reader's language
    this_chat: str = ""  # what a chat without topics is called
    pictures: bool = True  # whether notices may have pictures
    profile: tuple[str, str] = ("", "")  # the long and the short description of the bot, without the warning
    names: Mapping[str, str] = field(default_factory=dict)  # each language's name in that language, by tag
    # CLDR's patterns for lists: `2`, `start`, `middle` and `end`, each with {0} and {1}; a comma replaces a missing one
    list_patterns: Mapping[str, str] = field(default_factory=dict)
    plurals: Mapping[str, Mapping[str, Body]] = field(
        default_factory=dict
    )  # other forms of notices, by CLDR's category
    plural_form: Callable[[int], str] = lambda _: "other"  # CLDR's category of a number, such as `one` or `few`
    ratings: Mapping[Rating, str] = field(default_factory=dict)  # the labels of the rating buttons
    groups: Mapping[str, str] = field(default_factory=dict)  # the titles of the menu's groups, by id
    menu: Mapping[str, str] = field(default_factory=dict)  # the labels of the menu's paging buttons
    warnings_review_by: date | None = None  # when the warnings must be compared with their rules again
    untranslated: Mapping[str, object] = field(default_factory=dict)  # the texts that interface.yaml lacks
    reason: str = ""
    over: tuple[str, ...] = ()  # a line about each overlay, for the page `about`
    folder: str = ""  # where the language's files are

    def __post_init__(self) -> None:
        missing = [risk.name.lower() for risk in Risk if not self.warnings.get(risk, "").strip()]
        if missing and not self.reason:
            raise ValueError(f"{self.locale}: no warning for {', '.join(missing)}")

    def warning(self, risk: Risk, command: str) -> str | None:
        """Return the warning of that level for an answer to `command`, or None if the content needs none. The page
        /risk does not refer to itself."""
        if self.reason:
            return None
        text = self.warnings[risk]
        return _REFERS_TO_RISK.sub("", text) if command == "risk" else text

    def notice(self, key: str, number: int | None) -> Body:
        """Return the text of a notice, in the plural form for its number."""
        forms = self.plurals.get(key)
        own = forms.get(self.plural_form(number)) if forms and number is not None else None
        return own or self.notices[key]

    def listed(self, items: Sequence[str]) -> str:
        """Join the items as the language writes lists: "a, b and c"."""
        joined = items[-1] if items else ""
        for index in range(len(items) - 2, -1, -1):
            kind = "2" if len(items) == 2 else "start" if not index else "end" if index == len(items) - 2 else "middle"
            joined = self.list_patterns.get(kind, "{0}, {1}").format(items[index], joined)
        return joined


@dataclass(frozen=True)
class Catalog:
    """One content version.

    `language_names()` returns languages' tags by the `spelling` of their names in many languages. The first call takes
    0.4 s.
    """

    revision: str  # differs whenever a text does
    article: str  # the revision of the article that new answers rest on
    languages: Mapping[str, Language]
    commands: tuple[CommandInfo, ...]  # offered to the platforms
    patterns: tuple[PolicyPattern, ...] = ()
    claims: Mapping[str, str] = field(default_factory=dict)  # the text of each fact, by id
    language_names: Callable[[], Mapping[str, str]] = dict
    coins: tuple[str, ...] = ()  # a newcomer's name that offers one is not shown
    subject: str = ""
    first: str = DEFAULT_LOCALE  # the default language, which has every explainer and comes first in all mappings

    @cached_property
    def by_name(self) -> Mapping[str, CommandInfo]:
        """All commands by name."""
        return MappingProxyType({info.name: info for info in self.commands})

    @cached_property
    def spellings(self) -> Mapping[str, str]:
        """Commands by the `spelling` of their names, aliases and titles in all languages. Names win, then aliases."""
        entries = [entry for language in self.languages.values() for entry in language.entries.values()]
        slash = [info for info in self.commands if info.kind == "slash"]
        commands = {spelling(entry.title): entry.command for entry in entries}
        commands |= {spelling(alias): entry.command for entry in entries for alias in entry.aliases}
        commands |= {spelling(name): info.name for info in slash for name in info.names.values()}
        commands |= {spelling(name): name for name in (*PAGES, *self.explainers, *(info.name for info in slash))}
        commands.pop("", None)
        return MappingProxyType(commands)

    @cached_property
    def names(self) -> Mapping[str, tuple[str, ...]]:
        """The title, command and aliases of each explainer in all languages; the default language's title is first."""
        return self._phrases(lambda entry: (entry.title, entry.command, *entry.aliases))

    @cached_property
    def questions(self) -> Mapping[str, tuple[str, ...]]:
        """The questions in each explainer's files, in all languages."""
        return self._phrases(lambda entry: entry.questions)

    def _phrases(self, phrases_of: Callable[[Entry], Iterable[str]]) -> Mapping[str, tuple[str, ...]]:
        """Collect each explainer's phrases in all languages, the default language first, without duplicates."""
        phrases: dict[str, dict[str, None]] = {command: {} for command in self.explainers}
        for language in (self.default, *self.languages.values()):
            for entry in language.entries.values():
                phrases[entry.command] |= dict.fromkeys(phrases_of(entry))
        return MappingProxyType({command: tuple(ordered) for command, ordered in phrases.items()})

    @cached_property
    def default(self) -> Language:
        """The language that has every explainer."""
        return self.languages[self.first]

    @cached_property
    def groups(self) -> Mapping[str, tuple[str, ...]]:
        """The explainers of each menu group, by the group's id; empty if the menu has no groups."""
        entries = self.default.entries.values()
        return {id_: tuple(one.command for one in entries if one.group == id_) for id_ in self.default.groups}

    def find(self, name: str) -> str | None:
        """Return the command with this name, alias or title in any spelling, or None."""
        return self.spellings.get(spelling(name))

    def entry(self, command: str, language: Language) -> Entry | None:
        """Return the explainer in that language, else in the default one; None if it does not exist."""
        return language.entries.get(command) or self.default.entries.get(command)

    @property
    def explainers(self) -> Iterable[str]:
        """The explainers' commands, in the order of the menu."""
        return self.default.entries.keys()


def without_pictures(catalog: Catalog) -> Catalog:
    """Return the catalog without pictures."""
    languages = {}
    for locale, language in catalog.languages.items():
        entries = {command: replace(entry, picture=None) for command, entry in language.entries.items()}
        languages[locale] = replace(language, entries=MappingProxyType(entries), pictures=False)
    return replace(catalog, languages=languages)
