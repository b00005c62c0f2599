"""The answers of one content version, immutable: by command, by any spelling, by language."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import final

from bot.core.commands import CommandInfo
from bot.core.model import DEFAULT_LOCALE, Entry, Page, Right, Risk
from bot.core.policy_patterns import PolicyPattern
from bot.core.spans import Body, Span

_SEPARATORS = re.compile(r"[\s_'’-]+")


def spelling(name: str) -> str:
    """A command's name reduced to what all its spellings share: `/Kusama_vs-Polkadot` and `kusamavspolkadot`."""
    return _SEPARATORS.sub("", name.strip().lstrip("/").casefold())


@final
@dataclass(frozen=True, slots=True)
class GreetingWords:
    """How newcomers are greeted. {names} is filled with names parted by the separators, the last before the last one;
    `others_one` and `others` put a number of further people behind them. `ready` are lines that moderators may choose
    instead of `line`. A language without these greets with the warning alone.
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


_NO_GREETING = GreetingWords()
_LEADS_TO_RISK = re.compile(r"(?<=[.。!?！？])[^.。!?！？]*/risk[.。]?\s*$")


@final
@dataclass(frozen=True)
class Language:
    """All words of one language. `warnings` has one text for every level of `Risk`, or it cannot be built.

    `entries` may lack an explainer that is not translated yet; the catalog then answers in the default language,
    warning included. `notices` and `pages` are complete. `names` tells what each language of the catalog calls
    itself, by its tag. `list_patterns` are the language's ways to join the items of a list, as CLDR names them:
    `2`, `start`, `middle` and `end`, each with {0} and {1}; a missing one is a comma.
    """

    locale: str
    name: str
    warnings: Mapping[Risk, str]
    entries: Mapping[str, Entry]
    pages: Mapping[str, Page]
    notices: Mapping[str, Body]
    rights: Mapping[Right, str]
    greeting: GreetingWords = _NO_GREETING
    names: Mapping[str, str] = field(default_factory=dict)
    list_patterns: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        missing = [risk.name.lower() for risk in Risk if not self.warnings.get(risk, "").strip()]
        if missing:
            raise ValueError(f"{self.locale}: no warning for {', '.join(missing)}")

    def warning(self, risk: Risk, command: str) -> str:
        """The warning of that level above an answer to `command`; on the page /risk without the reference to itself."""
        text = self.warnings[risk]
        return _LEADS_TO_RISK.sub("", text) if command == "risk" else text

    def listed(self, items: Sequence[str]) -> str:
        """The items joined the way the language does it: "a, b and c"."""
        joined = items[-1] if items else ""
        for place in range(len(items) - 2, -1, -1):
            kind = "2" if len(items) == 2 else "start" if not place else "end" if place == len(items) - 2 else "middle"
            joined = self.list_patterns.get(kind, "{0}, {1}").format(items[place], joined)
        return joined


@final
@dataclass(frozen=True)
class Catalog:
    """One content version. `revision` tells versions apart by their words."""

    revision: str
    article: str
    languages: Mapping[str, Language]
    commands: tuple[CommandInfo, ...]
    patterns: tuple[PolicyPattern, ...] = ()

    @cached_property
    def _spellings(self) -> Mapping[str, str]:
        """Every spelling of every explainer and page command, in all languages; commands win over aliases."""
        names: dict[str, str] = {}
        for language in self.languages.values():
            for entry in language.entries.values():
                names.update({spelling(alias): entry.command for alias in entry.aliases})
        names.update({spelling(info.name): info.name for info in self.commands if info.kind == "slash"})
        return MappingProxyType(names)

    @cached_property
    def _offered(self) -> Mapping[str, CommandInfo]:
        return MappingProxyType({info.name: info for info in self.commands})

    @cached_property
    def names(self) -> Mapping[str, tuple[str, ...]]:
        """What people may call each explainer, in all languages: its title in the default one first."""
        languages = [self.default, *self.languages.values()]
        entries = [entry for language in languages for entry in language.entries.values()]
        called: dict[str, dict[str, None]] = {command: {} for command in self.explainers}
        for entry in entries:
            called[entry.command] |= dict.fromkeys((entry.title, entry.command, *entry.aliases))
        return MappingProxyType({command: tuple(names) for command, names in called.items()})

    @cached_property
    def questions(self) -> Mapping[str, tuple[str, ...]]:
        """How people ask for each explainer, in all languages, in its writers' words."""
        entries = [entry for language in self.languages.values() for entry in language.entries.values()]
        asked: dict[str, dict[str, None]] = {command: {} for command in self.explainers}
        for entry in entries:
            asked[entry.command] |= dict.fromkeys(entry.questions)
        return MappingProxyType({command: tuple(lines) for command, lines in asked.items()})

    @property
    def default(self) -> Language:
        """The language that has every explainer."""
        return self.languages[DEFAULT_LOCALE]

    def language(self, *wanted: str | None) -> Language:
        """The first language we have among the wanted tags (`es-419` finds `es`), or the default."""
        for tag in wanted:
            for locale in (tag, tag.split("-")[0].split("_")[0].lower()) if tag else ():
                if found := self.languages.get(locale):
                    return found
        return self.default

    def find(self, name: str) -> str | None:
        """The command that this spelling or alias means: hyphens, underscores and case do not matter."""
        return self._spellings.get(spelling(name))

    def command(self, name: str) -> CommandInfo | None:
        """How that command is offered."""
        return self._offered.get(name)

    def entry(self, command: str, language: Language) -> Entry | None:
        """The explainer in that language, else in the default one; None if there is no such explainer."""
        return language.entries.get(command) or self.default.entries.get(command)

    @property
    def explainers(self) -> Iterable[str]:
        """The explainers' commands, in the order in which a menu shows them."""
        return self.default.entries.keys()


def without_pictures(catalog: Catalog) -> Catalog:
    """The same words, and no picture."""

    def plain(language: Language) -> Language:
        entries = {command: replace(entry, picture=None) for command, entry in language.entries.items()}
        return replace(language, entries=MappingProxyType(entries))

    return replace(catalog, languages={locale: plain(one) for locale, one in catalog.languages.items()})
