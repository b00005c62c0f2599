"""Reads content folders into a catalog, or reports all problems of all files at once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType

from bot.content.builder import LanguageBuilder
from bot.content.facts import claims_of
from bot.content.language_schema import InterfaceFile, ParamWords, PolicyPatternsFile
from bot.content.languages import names_of
from bot.content.merged_files import MergedFiles
from bot.content.pack_files import PackFiles
from bot.content.rules import check_rules
from bot.content.text_rules import Fit
from bot.core.catalog import Catalog, Language
from bot.core.commands import COMMANDS, EXPLAINER_PARAMS, PAGES, CommandInfo, Param, offered
from bot.core.errors import Problem
from bot.core.model import Outcome
from bot.core.normalise import normalise, undisguised
from bot.core.policy_patterns import PolicyPattern, compiled, first_match

MenuFit = Callable[[Sequence[CommandInfo]], Iterable[str]]
"""Returns a sentence for each thing in the commands that a platform would refuse."""
NO_MENUS: Mapping[str, MenuFit] = MappingProxyType({})

_GRAVEST_FIRST = (Outcome.SCAM, Outcome.ADVICE, Outcome.PRICE)


def load(folders: Sequence[Path], fits: Mapping[str, Fit], menus: Mapping[str, MenuFit] = NO_MENUS) -> Catalog:
    """Read and check a pack and its overlays.

    `fits` and `menus` have a check for each platform: whether a reply fits it, and whether it takes the commands.

    Raises:
        ContentError: with every problem, sorted by file and line.
    """
    read = PackFiles(folders)
    files = MergedFiles(read)
    catalog = _catalog(read, files)
    check_rules(catalog, files, fits)
    problems = read.problems
    if not any(problem.file.endswith("/interface.yaml") for problem in problems):
        remedy = "Correct the name or description in the command's words."
        for platform, refused in menus.items():
            reasons = (f"{platform} would refuse the commands: {what}" for what in refused(catalog.commands))
            problems += [Problem("menu", 0, reason, remedy) for reason in reasons]
    if problems:
        read.refuse(problems)
    return catalog


def _catalog(read: PackFiles, files: MergedFiles) -> Catalog:
    """Build the catalog from the files that could be read.

    A language whose policy or interface is unusable borrows another's, so that its answers can still be checked.
    """
    names = MappingProxyType({locale: file.language for locale, file in files.interfaces.items()})
    policy, interface = next(iter(files.policies.values())), next(iter(files.interfaces.values()))
    languages: dict[str, Language] = {}
    for locale in read.locales:
        builder = LanguageBuilder(locale, files, names, languages.get(read.first))
        languages[locale] = builder.build(files.policies.get(locale, policy), files.interfaces.get(locale, interface))
    return Catalog(
        revision=read.digest.hexdigest()[:12],
        article=files.sources[-1].article.revision,
        languages=languages,
        commands=_commands(languages, files.interfaces),
        patterns=_patterns(read.patterns.values(), files),
        claims=MappingProxyType({fact: claim for one in files.sources for fact, claim in claims_of(one).items()}),
        language_names=partial(names_of, frozenset(languages)),
        coins=tuple(coin for one in files.sources for coin in one.coins),
        subject=files.source.subject,
        first=files.source.language,
    )


def _commands(languages: Mapping[str, Language], interfaces: Mapping[str, InterfaceFile]) -> tuple[CommandInfo, ...]:
    """Return all commands with their words in every language: explainers first, in menu order."""
    options = {locale: words.explainer_params for locale, words in interfaces.items()}
    params = tuple(_param(one, options) for one in EXPLAINER_PARAMS)
    explainers, own = list[CommandInfo](), list[CommandInfo]()
    default = next(iter(languages.values()))
    for command in default.entries:
        entries = {locale: language.entries.get(command) for locale, language in languages.items()}
        titles = {locale: entry.title for locale, entry in entries.items() if entry}
        explainers.append(CommandInfo(command, "slash", {default.locale: command}, titles, params))
    for info in (one for one in COMMANDS if one.name not in PAGES or one.name in default.pages):
        words = {one: file.commands[info.name] for one, file in interfaces.items() if info.name in file.commands}
        names = {one: word.name for one, word in words.items()}
        descriptions = {one: word.description for one, word in words.items()}
        options = {one: {**interfaces[one].explainer_params, **word.params} for one, word in words.items()}
        params = tuple(_param(one, options) for one in info.params)
        own.append(replace(info, names=names, descriptions=descriptions, params=params))
    return offered(explainers, own)


def _param(param: Param, words: Mapping[str, Mapping[str, ParamWords]]) -> Param:
    known = {one: params[param.key] for one, params in words.items() if param.key in params}
    names = {one: word.name for one, word in known.items()}
    return replace(param, names=names, descriptions={one: word.description for one, word in known.items()})


def _patterns(pattern_files: Iterable[PolicyPatternsFile], files: MergedFiles) -> tuple[PolicyPattern, ...]:
    """Return the patterns of all languages, the gravest outcome first. Check each with its two phrases."""
    patterns = []
    for file in pattern_files:
        for number, words in enumerate(file.patterns):
            where = ("patterns", number)
            try:
                pattern = PolicyPattern(words.name, Outcome(words.outcome), compiled(words.pattern))
            except ValueError as error:
                what = f"the pattern: {error}"
                files.note(file, (*where, "pattern"), what, "Correct the pattern.")
                continue
            patterns.append(pattern)
            for key, phrase, wanted, what in (
                ("catches", words.catches, True, "is not matched by the pattern"),
                ("spares", words.spares, False, "is matched by the pattern"),
            ):
                if bool(first_match(undisguised(normalise(phrase)), [pattern])) != wanted:
                    remedy = "Change the pattern or the phrase."
                    files.note(file, (*where, key), what, remedy)
    return tuple(sorted(patterns, key=lambda one: _GRAVEST_FIRST.index(one.outcome)))
