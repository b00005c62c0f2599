"""The answers of one content version: by command, by any spelling, by language."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Final

from bot.core.buttons import Rating
from bot.core.commands import PAGES, CommandInfo
from bot.core.model import DEFAULT_LOCALE, Right, Risk, Source
from bot.core.picture import Picture
from bot.core.policy_patterns import PolicyPattern
from bot.core.spans import Body, Paragraph, Span, flatten
from bot.core.typed import spelling

_LEADS_TO_RISK = re.compile(r"(?<=[.。!?！？])[^.。!?！？]*/risk[.。]?\s*$")  # the last sentence, if it refers to /risk

LONGEST: Final = 1100  # characters of an explainer's summary and body together


@dataclass(frozen=True, slots=True)
class Entry:
    """One explainer in one language, from `file`. `summary` is the one-line answer, shown in bold above `body`."""

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
    """A text for members that is no explainer: the risk statement, a policy reply, the help."""

    key: str
    title: str
    summary: tuple[Span, ...]
    body: Body
    risk: Risk
    facts: tuple[str, ...]
    see_also: tuple[str, ...]


def length(text: Entry | Page) -> int:
    """The characters of summary and body together, without the names of commands."""
    return sum(len(flatten(part, command=lambda _: "")) for part in ((Paragraph(text.summary),), text.body))


@dataclass(frozen=True, slots=True)
class GreetingWords:
    """How new members are greeted in a language.

    {names} is filled with the names joined by `name_separator` and, before the last one, `last_separator`; `others_one`
    and `others` add the number of further people. `ready` are lines that moderators may choose instead of `line`. A
    language without these greets with the warning alone.
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
    """All texts of one language. Without a `reason` why it needs none, it has a warning for every level of `Risk`.

    `entries` may lack explainers that are not translated yet; they are answered in the default language, warning
    included. `notices`, `rights` and `pages` are complete; `untranslated` has what interface.yaml lacks.
    `in_my_language` is the label of a button, `this_chat` what a chat without topics is called. Without `pictures`,
    notices have none either. `profile` has the bot's longer and its shorter description, without the warning. `names`
    has each language's own name by its tag. `list_patterns` are CLDR's patterns to join a list: `2`, `start`, `middle`
    and `end`, each with {0} and {1}; a missing one is a comma. `plurals` has other forms of notices, by CLDR's names
    (`one`, `few`), which `plural_form` gives for a number. Answers have a button for each of `ratings`, which are
    labels. `groups` has the titles of the menu's groups by their ids, `menu` the labels of what turns its pages. By
    `warnings_review_by` the warnings are compared with their norms again. `over` ends the page `about`, a line for each
    overlay; its files are in `folder`.
    """

    locale: str
    name: str
    warnings: Mapping[Risk, str]
    entries: Mapping[str, Entry]
    pages: Mapping[str, Page]
    notices: Mapping[str, Body]
    rights: Mapping[Right, str]
    greeting: GreetingWords = field(default_factory=GreetingWords)
    in_my_language: str = ""
    this_chat: str = ""
    pictures: bool = True
    profile: tuple[str, str] = ("", "")
    names: Mapping[str, str] = field(default_factory=dict)
    list_patterns: Mapping[str, str] = field(default_factory=dict)
    plurals: Mapping[str, Mapping[str, Body]] = field(default_factory=dict)
    plural_form: Callable[[int], str] = lambda _: "other"
    ratings: Mapping[Rating, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    menu: Mapping[str, str] = field(default_factory=dict)
    warnings_review_by: date | None = None
    untranslated: Mapping[str, object] = field(default_factory=dict)
    reason: str = ""
    over: tuple[str, ...] = ()
    folder: str = ""

    def __post_init__(self) -> None:
        missing = [risk.name.lower() for risk in Risk if not self.warnings.get(risk, "").strip()]
        if missing and not self.reason:
            raise ValueError(f"{self.locale}: no warning for {', '.join(missing)}")

    def warning(self, risk: Risk, command: str) -> str | None:
        """The warning of that level for an answer to `command`; on the page /risk without the reference to itself. None
        in a language whose content needs none."""
        if self.reason:
            return None
        text = self.warnings[risk]
        return _LEADS_TO_RISK.sub("", text) if command == "risk" else text

    def notice(self, key: str, number: int | None) -> Body:
        """The words of a notice, in the form that the number in it asks for."""
        forms = self.plurals.get(key)
        own = forms.get(self.plural_form(number)) if forms and number is not None else None
        return own or self.notices[key]

    def listed(self, items: Sequence[str]) -> str:
        """The items joined as the language does it: "a, b and c"."""
        joined = items[-1] if items else ""
        for place in range(len(items) - 2, -1, -1):
            kind = "2" if len(items) == 2 else "start" if not place else "end" if place == len(items) - 2 else "middle"
            joined = self.list_patterns.get(kind, "{0}, {1}").format(items[place], joined)
        return joined


@dataclass(frozen=True)
class Catalog:
    """One content version. `revision` is different for different texts. `claims` has what each fact says, by id;
    `language_names()` the languages' tags by the `spelling` of what people call them, which takes 0.4 s at first.
    `coins` are what swindlers offer who know the `subject`. `first` is the tag of the language that has every explainer
    and stands first wherever words are by language. The platforms offer `commands`; new answers rest on `article`.
    """

    revision: str
    article: str
    languages: Mapping[str, Language]
    commands: tuple[CommandInfo, ...]
    patterns: tuple[PolicyPattern, ...] = ()
    claims: Mapping[str, str] = field(default_factory=dict)
    language_names: Callable[[], Mapping[str, str]] = dict
    coins: tuple[str, ...] = ()
    subject: str = ""
    first: str = DEFAULT_LOCALE

    @cached_property
    def by_name(self) -> Mapping[str, CommandInfo]:
        """All commands by their names."""
        return MappingProxyType({info.name: info for info in self.commands})

    @cached_property
    def spellings(self) -> Mapping[str, str]:
        """The command for every spelling of its name, aliases and titles, in all languages: names win, then aliases."""
        entries = [entry for language in self.languages.values() for entry in language.entries.values()]
        slash = [info for info in self.commands if info.kind == "slash"]
        found = {spelling(entry.title): entry.command for entry in entries}
        found |= {spelling(alias): entry.command for entry in entries for alias in entry.aliases}
        found |= {spelling(name): info.name for info in slash for name in info.names.values()}
        found |= {spelling(name): name for name in (*PAGES, *self.explainers, *(info.name for info in slash))}
        found.pop("", None)
        return MappingProxyType(found)

    @cached_property
    def names(self) -> Mapping[str, tuple[str, ...]]:
        """What people may call each explainer, in all languages: its title in the default one first."""
        return self._of_each(lambda entry: (entry.title, entry.command, *entry.aliases))

    @cached_property
    def questions(self) -> Mapping[str, tuple[str, ...]]:
        """How people ask for each explainer, in all languages, in its writers' words."""
        return self._of_each(lambda entry: entry.questions)

    def _of_each(self, phrases: Callable[[Entry], Iterable[str]]) -> Mapping[str, tuple[str, ...]]:
        """The phrases of each explainer in all languages, the default one first, without repetition."""
        found: dict[str, dict[str, None]] = {command: {} for command in self.explainers}
        for language in (self.default, *self.languages.values()):
            for entry in language.entries.values():
                found[entry.command] |= dict.fromkeys(phrases(entry))
        return MappingProxyType({command: tuple(ordered) for command, ordered in found.items()})

    @cached_property
    def default(self) -> Language:
        """The language that has every explainer."""
        return self.languages[self.first]

    @cached_property
    def groups(self) -> Mapping[str, tuple[str, ...]]:
        """The explainers of each group of the menu, by its id; empty if the menu is one list."""
        entries = self.default.entries.values()
        return {id_: tuple(one.command for one in entries if one.group == id_) for id_ in self.default.groups}

    def find(self, name: str) -> str | None:
        """The command with this name, alias or title, however it is spelled."""
        return self.spellings.get(spelling(name))

    def entry(self, command: str, language: Language) -> Entry | None:
        """The explainer in that language, else in the default one; None if there is no such explainer."""
        return language.entries.get(command) or self.default.entries.get(command)

    @property
    def explainers(self) -> Iterable[str]:
        """The explainers' commands, in the order in which a menu shows them."""
        return self.default.entries.keys()


def without_pictures(catalog: Catalog) -> Catalog:
    """The same texts without any picture."""
    languages = {}
    for locale, language in catalog.languages.items():
        entries = {command: replace(entry, picture=None) for command, entry in language.entries.items()}
        languages[locale] = replace(language, entries=MappingProxyType(entries), pictures=False)
    return replace(catalog, languages=languages)
