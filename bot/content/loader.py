"""Reads the content folder into a catalog, or reports every problem of every file at once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType

from bot.content.builder import LanguageBuilder
from bot.content.command_words import commands_of
from bot.content.facts import claims_of
from bot.content.language_names import names_of
from bot.content.language_schema import DutiesFile, GlossaryFile, InterfaceFile, PolicyPatternsFile
from bot.content.layers import Files, Layers
from bot.content.lent import Lender, lacking
from bot.content.reading import Reading
from bot.content.rules import check_rules
from bot.content.schema import OverlayFile, PolicyFile, SourceFile
from bot.content.text_rules import Fit
from bot.core.catalog import Catalog
from bot.core.commands import CommandInfo
from bot.core.errors import Problem
from bot.core.model import DEFAULT_LOCALE, Outcome
from bot.core.normalise import normalise, undisguised
from bot.core.policy_patterns import PolicyPattern, compiled, first_match

MenuFit = Callable[[Sequence[CommandInfo]], Iterable[str]]
"""What in the commands a platform would refuse, in words."""
NO_MENUS: Mapping[str, MenuFit] = MappingProxyType({})

_BORROWED = {"commands", "explainer_params", "notices", "rights"}
_GRAVEST_FIRST = (Outcome.SCAM, Outcome.ADVICE, Outcome.PRICE)


def load(
    folder: Path,
    fits: Mapping[str, Fit],
    menus: Mapping[str, MenuFit] = NO_MENUS,
    over: Sequence[Path] = (),
) -> Catalog:
    """Read and check a pack with the overlays `over` it; `fits` and `menus` say for each platform what does not fit it.

    Raises:
        ContentError: with every problem, sorted by file and line.
    """
    loading = Reading(folder, over)
    source = loading.file("source.yaml", SourceFile.of)
    loading.begin_with(source.language if source else DEFAULT_LOCALE)
    overlays = [loading.file("source.yaml", OverlayFile.of, number) for number in range(1, len(over) + 1)]
    answers = [loading.answers(number) for number in range(len(over) + 1)]
    policies = loading.each("policy.yaml", PolicyFile)
    policies = loading.warned(source, policies) if source else policies
    lender = Lender(source, loading.first)
    interfaces = loading.each("interface.yaml", InterfaceFile, lent=lender.words)
    duties = loading.each("duties.yaml", DutiesFile)
    loading.each("glossary.yaml", GlossaryFile, optional=True)
    patterns = loading.each("policy_patterns.yaml", PolicyPatternsFile, optional=True)
    known = tuple(one for one in overlays if one)
    unusable = not (source and policies and interfaces) or f"{loading.first}/answers" in loading.broken
    if source is None or unusable or len(known) < len(over):
        loading.refuse(loading.problems)
    layers = Layers(zip((source, *known), answers, strict=True), loading.problems, loading.first)
    files = Files(source, known, layers, policies, interfaces, duties, frozenset(loading.broken))
    catalog = _catalog(loading, files, _patterns(patterns.values(), loading.problems))
    problems = [*loading.problems, *check_rules(catalog, files, fits)]
    if not any(problem.file.endswith("/interface.yaml") for problem in problems):
        remedy = "Correct the name or description in the command's words."
        for platform, refused in menus.items():
            reasons = (f"{platform} would refuse the commands: {what}" for what in refused(catalog.commands))
            problems += [Problem("menu", 0, reason, remedy) for reason in reasons]
    if problems:
        loading.refuse(problems)
    return _completed(catalog, interfaces)


def _catalog(loading: Reading, files: Files, patterns: tuple[PolicyPattern, ...]) -> Catalog:
    """The catalog of the files that could be read. A language whose own policy or interface is broken borrows
    another's, so that its answers can be checked all the same.
    """
    names = MappingProxyType({locale: file.language for locale, file in files.interfaces.items()})
    policy, interface = next(iter(files.policies.values())), next(iter(files.interfaces.values()))
    languages = {}
    for locale in loading.locales:
        builder = LanguageBuilder(locale, files, names, loading.problems)
        built = builder.build(files.policies.get(locale, policy), files.interfaces.get(locale, interface))
        duties = files.duties.get(locale)
        languages[locale] = replace(built, warnings_review_by=duties.review_by) if duties else built
    return Catalog(
        revision=loading.digest.hexdigest()[:12],
        article=files.sources[-1].article.revision,
        languages=languages,
        commands=commands_of(languages, files.interfaces),
        patterns=patterns,
        claims=MappingProxyType({fact: claim for one in files.sources for fact, claim in claims_of(one).items()}),
        language_names=partial(names_of, frozenset(languages)),
        coins=tuple(coin for one in files.sources for coin in one.coins),
        subject=files.source.subject,
        first=files.source.language,
    )


def _completed(catalog: Catalog, interfaces: Mapping[str, InterfaceFile]) -> Catalog:
    """The catalog with what a language has not translated of its interface in the default language, which is whole."""
    default, whole = catalog.default, interfaces[catalog.first].model_dump(include=_BORROWED)
    languages = {}
    for locale, language in catalog.languages.items():
        own = interfaces[locale]
        borrowed = {key: forms for key, forms in default.plurals.items() if key not in language.notices}
        languages[locale] = replace(
            language,
            notices=MappingProxyType({**default.notices, **language.notices}),
            plurals=MappingProxyType({**borrowed, **language.plurals}),
            rights=MappingProxyType({**default.rights, **language.rights}),
            untranslated={**(lacking(whole, own.document.values) if locale != catalog.first else {}), **own.lent},
        )
    return replace(catalog, languages=languages)


def _patterns(files: Iterable[PolicyPatternsFile], problems: list[Problem]) -> tuple[PolicyPattern, ...]:
    """The patterns of all languages, the gravest outcome first; each is tried with its two phrases."""
    found = []
    for file in files:
        for number, words in enumerate(file.patterns):
            where = ("patterns", number)
            try:
                made = PolicyPattern(words.name, Outcome(words.outcome), compiled(words.pattern))
            except ValueError as error:
                what = f"the pattern: {error}"
                problems.append(file.document.problem((*where, "pattern"), what, "Correct the pattern."))
                continue
            found.append(made)
            for key, phrase, wanted, what in (
                ("catches", words.catches, True, "is not caught by the pattern"),
                ("spares", words.spares, False, "is not spared by the pattern"),
            ):
                if bool(first_match(undisguised(normalise(phrase)), [made])) != wanted:
                    remedy = "Change the pattern or the phrase."
                    problems.append(file.document.problem((*where, key), what, remedy))
    return tuple(sorted(found, key=lambda one: _GRAVEST_FIRST.index(one.outcome)))
