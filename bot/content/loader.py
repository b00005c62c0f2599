"""Reads the content folder into a catalog, or reports every problem of every file at once."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import NoReturn, TypeVar, final

from bot.content.builder import LanguageBuilder, commands_of
from bot.content.facts import claims_of
from bot.content.files import is_answer, is_language, misfits, outside, seen, size, unreadable
from bot.content.language_names import names_of
from bot.content.language_schema import DutiesFile, GlossaryFile, InterfaceFile, PolicyPatternsFile
from bot.content.purposes import PURPOSES
from bot.content.rules import check_rules
from bot.content.schema import AnswerFile, PolicyFile, SourceFile, TranslationFile
from bot.content.text_rules import Files, Fit
from bot.content.validation import ContentFile
from bot.content.yaml_file import MOST_BYTES, YamlProblem, read
from bot.core.catalog import Catalog
from bot.core.commands import CommandInfo
from bot.core.errors import ContentError, Problem
from bot.core.model import DEFAULT_LOCALE, Outcome
from bot.core.normalise import normalise, undisguised
from bot.core.policy_patterns import PolicyPattern, compiled, first_match

MenuFit = Callable[[Sequence[CommandInfo]], Iterable[str]]
"""What in the commands a platform would refuse, in words."""
NO_MENUS: Mapping[str, MenuFit] = MappingProxyType({})

_GRAVEST_FIRST = (Outcome.SCAM, Outcome.ADVICE, Outcome.PRICE)
_QUOTED = re.compile("“.*”", re.DOTALL)
_MOST_TOGETHER = 4_000_000  # nine times the shipped content; parsing as much takes seconds
_File = TypeVar("_File", bound=ContentFile)


@final
class _Loading:
    """One reading of the folder: the files that could be read, and every problem met on the way."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seen = seen(folder)
        self.problems: list[Problem] = list(misfits(folder, self.seen))
        self.broken = {name for name, one in self.seen.items() if isinstance(one, OSError)}
        self.digest = hashlib.sha256()

    def file(self, name: str, model: type[_File]) -> _File | None:
        """The validated file, or None with the problems noted."""
        try:
            document = read(self.folder / name, name)
            self.problems += document.problems
            self.digest.update(f"{name}\0{document.values!r}\0".encode("utf-8", "surrogatepass"))
            return model.of(document)
        except YamlProblem as error:
            self.problems += error.problems
            self.broken.add(name)
            return None

    def locales(self) -> list[str]:
        """The languages of the folder, also those that were only begun."""
        found = {name for name, one in self.seen.items() if is_language(name) and not isinstance(one, OSError)}
        return sorted(found | {DEFAULT_LOCALE})

    def answers(self, locale: str, model: type[_File]) -> dict[str, _File]:
        """Every answer of a language, by command."""
        paths = sorted(PurePosixPath(name) for name in self.seen if name.startswith(f"{locale}/answers/"))
        files = {path.stem: self.file(str(path), model) for path in paths if is_answer(path.name)}
        return {command: file for command, file in files.items() if file}

    def each(self, name: str, model: type[_File], *, optional: bool = False) -> dict[str, _File]:
        """The file of that name of every language; an optional one where it exists."""
        paths = {locale: f"{locale}/{name}" for locale in self.locales()}
        files = {one: self.file(path, model) for one, path in paths.items() if path in self.seen or not optional}
        return {locale: file for locale, file in files.items() if file}

    def warned(self, source: SourceFile, policies: dict[str, PolicyFile]) -> dict[str, PolicyFile]:
        """The policies that have warnings just where the pack's purpose wants them; a problem for each other one."""
        wanted, kept = bool(PURPOSES[source.purpose].warning), {}
        for locale, policy in policies.items():
            if bool(policy.warnings) == wanted:
                kept[locale] = policy
                continue
            what = f"the purpose is {source.purpose}, and the key “warnings” is {'missing' if wanted else 'there'}"
            remedy = "Add it, with the three levels." if wanted else "Take it out."
            self.problems.append(policy.document.problem(("warnings",), what, remedy))
            self.broken.add(policy.document.file)
        return kept

    def refuse(self, problems: Iterable[Problem]) -> NoReturn:
        """Raise ContentError. A file outside the folder is not quoted: it may be a secret."""
        found = list(dict.fromkeys(problems))
        away = {name for name in {problem.file for problem in found} if outside(self.folder, name)}
        for number, one in enumerate(found):
            if one.file in away:
                what, remedy = (_QUOTED.sub("“…”", text) for text in (one.what, one.remedy))
                found[number] = replace(one, what=what, remedy=remedy)
        raise ContentError(found)


def load(folder: Path, fits: Mapping[str, Fit], menus: Mapping[str, MenuFit] = NO_MENUS) -> Catalog:
    """Read and check the whole folder; `fits` and `menus` say for each platform what does not fit it.

    Raises:
        ContentError: with every problem, sorted by file and line.
    """
    loading = _Loading(folder)
    if isinstance(error := loading.seen.get(""), OSError):
        raise ContentError([unreadable(str(folder), error)])
    if size(loading.seen, MOST_BYTES) > _MOST_TOGETHER:
        what = f"its files are larger than {_MOST_TOGETHER // 1_000_000} MB together"
        raise ContentError([Problem(str(folder), 0, what, "Take out what is not needed.")])
    source = loading.file("source.yaml", SourceFile)
    locales = loading.locales()
    english = loading.answers(DEFAULT_LOCALE, AnswerFile)
    others = {one: loading.answers(one, TranslationFile) for one in locales if one != DEFAULT_LOCALE}
    policies = loading.each("policy.yaml", PolicyFile)
    policies = loading.warned(source, policies) if source else policies
    interfaces = loading.each("interface.yaml", InterfaceFile)
    duties = loading.each("duties.yaml", DutiesFile)
    loading.each("glossary.yaml", GlossaryFile, optional=True)
    patterns = loading.each("policy_patterns.yaml", PolicyPatternsFile, optional=True)
    if not (source and policies and interfaces) or f"{DEFAULT_LOCALE}/answers" in loading.broken:
        loading.refuse(loading.problems)
    answers = {one: english if one == DEFAULT_LOCALE else others[one] for one in locales}
    files = Files(source, english, answers, policies, interfaces, duties, frozenset(loading.broken))
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


def _catalog(loading: _Loading, files: Files, patterns: tuple[PolicyPattern, ...]) -> Catalog:
    """The catalog of the files that could be read. A language whose own policy or interface is broken borrows
    another's, so that its answers can be checked all the same.
    """
    names = MappingProxyType({locale: file.language for locale, file in files.interfaces.items()})
    policy, interface = next(iter(files.policies.values())), next(iter(files.interfaces.values()))
    languages = {}
    for locale, answers in files.answers.items():
        builder = LanguageBuilder(locale, files.source, files.english, files.lost(), names, loading.problems)
        own = files.policies.get(locale, policy), files.interfaces.get(locale, interface)
        built = builder.build(answers, *own)
        duties = files.duties.get(locale)
        languages[locale] = replace(built, warnings_review_by=duties.review_by) if duties else built
    return Catalog(
        revision=loading.digest.hexdigest()[:12],
        article=files.source.article.revision,
        languages=languages,
        commands=commands_of(languages, files.interfaces),
        patterns=patterns,
        claims=MappingProxyType(claims_of(files.source)),
        language_names=partial(names_of, frozenset(languages)),
        coins=files.source.coins,
        subject=files.source.subject,
    )


def _completed(catalog: Catalog, interfaces: Mapping[str, InterfaceFile]) -> Catalog:
    """The catalog with what a language has not translated of its interface in the default language."""
    default, whole = catalog.default, interfaces[DEFAULT_LOCALE]
    languages = {}
    for locale, language in catalog.languages.items():
        own = interfaces[locale]
        borrowed = {key: forms for key, forms in default.plurals.items() if key not in language.notices}
        languages[locale] = replace(
            language,
            notices=MappingProxyType({**default.notices, **language.notices}),
            plurals=MappingProxyType({**borrowed, **language.plurals}),
            rights=MappingProxyType({**default.rights, **language.rights}),
            untranslated=tuple(
                f"{key} → {name}"
                for key in ("commands", "explainer_params", "notices", "rights")
                for name in getattr(whole, key)
                if name not in getattr(own, key)
            ),
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
