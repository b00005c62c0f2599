"""Reads the content folder into a catalog, all or nothing: every problem of every file is found before any is told."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any, NoReturn, TypeVar, final

from bot.content.builder import LanguageBuilder, commands_of
from bot.content.files import is_answer, is_language, misfits, outside, seen, unreadable
from bot.content.parsed_files import Files, Parsed
from bot.content.policy_patterns import PolicyPatternsFile, patterns_of
from bot.content.rules import check_rules
from bot.content.schema import (
    AnswerFile,
    DutiesFile,
    GlossaryFile,
    InterfaceFile,
    PolicyFile,
    SourceFile,
    TranslationFile,
)
from bot.content.shape import shaped
from bot.content.text_rules import Fit
from bot.content.yaml_file import YamlProblem, read
from bot.core.catalog import Catalog
from bot.core.commands import CommandInfo
from bot.core.errors import ContentError, Problem
from bot.core.model import DEFAULT_LOCALE
from bot.core.policy_patterns import PolicyPattern

MenuFit = Callable[[Sequence[CommandInfo]], Iterable[str]]
"""What in the commands a platform would refuse, in words."""
NO_MENUS: Mapping[str, MenuFit] = MappingProxyType({})

_QUOTED = re.compile("“.*”", re.DOTALL)
_File = TypeVar("_File")


@final
class _Loading:
    """One reading of the folder: the files that could be read, and every problem met on the way."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seen = seen(folder)
        self.problems: list[Problem] = list(misfits(folder, self.seen))
        self.broken = {name for name, one in self.seen.items() if isinstance(one, OSError)}
        self.digest = hashlib.sha256()

    def file(self, name: str, shape: type[_File]) -> Parsed[_File] | None:
        """The file in its shape, or None with the problems noted."""
        try:
            document = read(self.folder / name, name)
        except YamlProblem as error:
            self.problems += error.problems
            self.broken.add(name)
            return None
        self.problems += document.problems
        self.digest.update(f"{name}\0{document.values!r}\0".encode("utf-8", "surrogatepass"))
        found = shaped(shape, document.values)
        if isinstance(found, list):
            self.problems += [document.problem(flaw.where, flaw.what, flaw.remedy) for flaw in found]
            self.broken.add(name)
            return None
        return Parsed(document, found)

    def locales(self) -> list[str]:
        """The languages there are, those included that were only begun."""
        found = {name for name, one in self.seen.items() if is_language(name) and not isinstance(one, OSError)}
        return sorted(found | {DEFAULT_LOCALE})

    def answers(self, locale: str, shape: type[_File]) -> dict[str, Parsed[_File]]:
        """Every answer of a language, by command."""
        paths = sorted(PurePosixPath(name) for name in self.seen if name.startswith(f"{locale}/answers/"))
        files = {path.stem: self.file(str(path), shape) for path in paths if is_answer(path.name)}
        return {command: file for command, file in files.items() if file}

    def each(self, locales: Iterable[str], name: str, shape: type[_File]) -> dict[str, Parsed[_File]]:
        """The file of that name of every language."""
        files = {locale: self.file(f"{locale}/{name}", shape) for locale in locales}
        return {locale: file for locale, file in files.items() if file}

    def refuse(self, problems: Iterable[Problem]) -> NoReturn:
        """Raise ContentError; what stands in a file outside the folder is not quoted: it may be a secret."""
        away = {name for name in {problem.file for problem in problems} if outside(self.folder, name)}
        raise ContentError(
            [
                replace(one, what=_QUOTED.sub("“…”", one.what), remedy=_QUOTED.sub("“…”", one.remedy))
                if one.file in away
                else one
                for one in dict.fromkeys(problems)
            ]
        )


def load(folder: Path, fits: Mapping[str, Fit], menus: Mapping[str, MenuFit] = NO_MENUS) -> Catalog:
    """Read and check the whole folder. `fits` and `menus` tell for each platform what does not fit it.

    Raises:
        ContentError: with every problem, sorted by file and line.
    """
    loading = _Loading(folder)
    if isinstance(error := loading.seen.get(""), OSError):
        raise ContentError([unreadable(str(folder), error)])
    source = loading.file("source.yaml", SourceFile)
    locales = loading.locales()
    english = loading.answers(DEFAULT_LOCALE, AnswerFile)
    answers: dict[str, Any] = {
        one: english if one == DEFAULT_LOCALE else loading.answers(one, TranslationFile) for one in locales
    }
    policies = loading.each(locales, "policy.yaml", PolicyFile)
    interfaces = loading.each(locales, "interface.yaml", InterfaceFile)
    duties = loading.each(locales, "duties.yaml", DutiesFile)
    loading.each([one for one in locales if f"{one}/glossary.yaml" in loading.seen], "glossary.yaml", GlossaryFile)
    if not (source and policies and interfaces) or f"{DEFAULT_LOCALE}/answers" in loading.broken:
        loading.refuse(loading.problems)
    files = Files(source, english, answers, policies, interfaces, duties, frozenset(loading.broken))
    with_patterns = [one for one in locales if f"{one}/policy_patterns.yaml" in loading.seen]
    patterns = loading.each(with_patterns, "policy_patterns.yaml", PolicyPatternsFile)
    catalog = _catalog(loading, files, patterns_of(patterns.values(), loading.problems))
    problems = [*loading.problems, *check_rules(catalog, files, fits)]
    if not any(problem.file.endswith("/interface.yaml") for problem in problems):
        for platform, refused in menus.items():
            for what in refused(catalog.commands):
                remedy = "Correct the name or description where the command's words stand."
                problems.append(Problem("menu", 0, f"{platform} would refuse the commands: {what}", remedy))
    if problems:
        loading.refuse(problems)
    return catalog


def _catalog(loading: _Loading, files: Files, patterns: tuple[PolicyPattern, ...]) -> Catalog:
    """What the files that could be read make. A language whose own policy or interface could not be read borrows
    another's, so that its answers can be checked all the same.
    """
    lost = files.lost()
    names = MappingProxyType({locale: file.value.language for locale, file in files.interfaces.items()})
    policy, interface = next(iter(files.policies.values())), next(iter(files.interfaces.values()))
    languages = {
        locale: LanguageBuilder(locale, files.source.value, files.english, lost, names, loading.problems).build(
            answers, files.policies.get(locale, policy), files.interfaces.get(locale, interface)
        )
        for locale, answers in files.answers.items()
    }
    return Catalog(
        revision=loading.digest.hexdigest()[:12],
        article=files.source.value.article.revision,
        languages=languages,
        commands=commands_of(languages, {one: file.value for one, file in files.interfaces.items()}),
        patterns=patterns,
    )
