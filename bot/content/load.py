"""The content folder to a catalog, all or nothing: every problem of every file is found before any is told."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar, final

from bot.content.rules import Files, check_rules
from bot.content.schema import NAME, AnswerFile, InterfaceFile, PolicyFile, SourceFile, TranslationFile
from bot.content.shape import shaped
from bot.content.texts import Fit
from bot.content.wording import LanguageBuilder, Parsed, commands_of
from bot.content.yamlfile import YamlProblem, read
from bot.core.catalog import Catalog
from bot.core.commands import CommandInfo
from bot.core.errors import ContentError, Problem
from bot.core.model import DEFAULT_LOCALE

MenuFit = Callable[[Sequence[CommandInfo]], Iterable[str]]
"""What in the commands a platform would refuse, in words."""
NO_MENUS: Mapping[str, MenuFit] = MappingProxyType({})

_PARTS = ("interface.yaml", "policy.yaml", "answers")  # what makes a folder a language
_COMMAND = re.compile(NAME)
_File = TypeVar("_File")


@final
class _Loading:
    """One reading of the folder: the files that could be read, and every problem met on the way."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self.digest = hashlib.sha256()

    def file(self, name: str, shape: type[_File]) -> Parsed[_File] | None:
        """The file in its shape, or None with the problems noted."""
        try:
            document = read(self.folder / name, name)
        except YamlProblem as error:
            self.problems.append(error.problem)
            return None
        self.digest.update(f"{name}\0{document.values!r}\0".encode("utf-8", "surrogatepass"))
        found = shaped(shape, document.values)
        if isinstance(found, list):
            self.problems += [document.problem(flaw.where, flaw.what, flaw.remedy) for flaw in found]
            return None
        return Parsed(document, found)

    def answers(self, locale: str, shape: type[_File]) -> dict[str, Parsed[_File]]:
        """Every answer of a language, by command."""
        names = sorted(path.name for path in self.folder.glob(f"{locale}/answers/*.yaml"))
        for name in names:
            if not _COMMAND.fullmatch(name[:-5]) or len(name) > 32 + 5:
                what, remedy = "its name is no command", "Use a-z, 0-9 and single hyphens, at most 32 of them."
                self.problems.append(Problem(f"{locale}/answers/{name}", 0, what, remedy))
        for path in sorted(self.folder.glob(f"{locale}/answers/*.yml")):
            name = f"{locale}/answers/{path.name}"
            self.problems.append(Problem(name, 0, "is not read", "Let its name end in .yaml."))
        files = {name[:-5]: self.file(f"{locale}/answers/{name}", shape) for name in names}
        return {command: file for command, file in files.items() if file}

    def each(self, locales: Iterable[str], name: str, shape: type[_File]) -> dict[str, Parsed[_File]]:
        """The file of that name of every language."""
        files = {locale: self.file(f"{locale}/{name}", shape) for locale in locales}
        return {locale: file for locale, file in files.items() if file}


def load(folder: Path, fits: Mapping[str, Fit], menus: Mapping[str, MenuFit] = NO_MENUS) -> Catalog:
    """Read and check the whole folder. `fits` and `menus` tell for each platform what does not fit it.

    Raises:
        ContentError: with every problem, sorted by file and line.
    """
    loading = _Loading(folder)
    source = loading.file("source.yaml", SourceFile)
    locales = _locales(folder)
    english = loading.answers(DEFAULT_LOCALE, AnswerFile)
    answers: dict[str, Any] = {
        one: english if one == DEFAULT_LOCALE else loading.answers(one, TranslationFile) for one in locales
    }
    policies = loading.each(locales, "policy.yaml", PolicyFile)
    interfaces = loading.each(locales, "interface.yaml", InterfaceFile)
    if loading.problems or source is None:
        raise ContentError(loading.problems)
    names = MappingProxyType({locale: file.value.language for locale, file in interfaces.items()})
    languages = {
        locale: LanguageBuilder(locale, source.value, english, names, loading.problems).build(
            answers[locale], policies[locale], interfaces[locale]
        )
        for locale in locales
    }
    catalog = Catalog(
        revision=loading.digest.hexdigest()[:12],
        article=source.value.article.revision,
        languages=languages,
        commands=commands_of(languages, {one: file.value for one, file in interfaces.items()}),
    )
    problems = loading.problems or check_rules(catalog, Files(source, answers, policies, interfaces), fits)
    if problems:
        raise ContentError(problems)
    for platform, refused in menus.items():
        for what in refused(catalog.commands):
            remedy = "Correct the name or description where the command's words stand."
            problems.append(Problem("menu", 0, f"{platform} would refuse the commands: {what}", remedy))
    if problems:
        raise ContentError(problems)
    return catalog


def _locales(folder: Path) -> list[str]:
    """The languages there are, those included that were only begun."""
    parts = [path for part in _PARTS for path in folder.glob(f"*/{part}")]
    return sorted({path.parent.name for path in parts} | {DEFAULT_LOCALE})
