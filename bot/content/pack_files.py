"""Reads the files of a pack and of its overlays and collects all problems."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NoReturn, TypeVar, final

from bot.content.default_texts import completed
from bot.content.file_model import ContentFile
from bot.content.files import (
    Listing,
    is_answer,
    labels,
    locate,
    misfits,
    not_in_overlay,
    outside,
    scan,
    size,
    unreadable,
)
from bot.content.language_schema import DutiesFile, GlossaryFile, PolicyPatternsFile
from bot.content.languages import is_language
from bot.content.purposes import PURPOSES
from bot.content.schema import AnswerFile, OverlayFile, PolicyFile, QuestionsFile, SourceFile, TranslationFile
from bot.content.yaml_file import MOST_BYTES, Document, YamlProblem, read
from bot.core.errors import ContentError, Problem
from bot.core.model import DEFAULT_LOCALE

_QUOTED = re.compile("“.*”", re.DOTALL)
_MOST_TOGETHER = 4_000_000  # bytes, nine times the shipped content; parsing that many takes seconds
_File = TypeVar("_File", bound=ContentFile)
Answers = Mapping[str, Mapping[str, QuestionsFile]]
"""The answers of one folder by language and command. A plain QuestionsFile adds questions to an answer."""


@final
class PackFiles:
    """The files of a pack (folder 0) and of its overlays (from 1) that could be read, and all `problems`.

    A language's own files come from the lowest folder that has the language. `locales` are all languages, complete or
    not, the first language, `first`, at the beginning. `broken` has the names of unusable files and folders.

    Raises:
        ContentError: there is too little to check: a folder, a source.yaml, or every policy or interface is unusable.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._places = labels(folders)
        self._folders = list(self._places.items())
        self._listings = [_listing(folder) for folder in folders]
        if sum(size(listing, MOST_BYTES) for listing in self._listings) > _MOST_TOGETHER:
            what = f"its files are larger than {_MOST_TOGETHER // 1_000_000} MB together"
            raise ContentError([Problem(str(folders[0]), 0, what, "Remove what is not needed.")])
        self.problems: list[Problem] = []
        self.broken = {name for files in self._listings for name, one in files.items() if isinstance(one, OSError)}
        self.digest = hashlib.sha256()
        self._folder_of: dict[str, int] = {}  # the number of each language's folder
        for number, listing in enumerate(self._listings):
            label, folder = self._folders[number]
            misfit = [*misfits(folder, listing), *(not_in_overlay(listing, self._folder_of) if number else ())]
            self.problems += (replace(one, file=label + one.file) for one in misfit)
            self._folder_of = dict.fromkeys(self._languages(number), number) | self._folder_of
        source = self._file("source.yaml", SourceFile.of)
        self.first = source.language if source else DEFAULT_LOCALE  # the pack's language that has every answer
        self._folder_of[self.first] = 0
        self.locales = [self.first, *sorted(self._folder_of.keys() - {self.first})]
        over = [self._file("source.yaml", OverlayFile.of, number) for number in range(1, len(folders))]
        self.over = tuple(filter(None, over))
        self.answers = [self._answers(number) for number in range(len(folders))]
        self.policies = self._each("policy.yaml", partial(_policy, source))
        self.interfaces = self._each("interface.yaml", partial(completed, source, self.first))
        self.duties = self._each("duties.yaml", DutiesFile.of)
        self._each("glossary.yaml", GlossaryFile.of, optional=True)
        self.patterns = self._each("policy_patterns.yaml", PolicyPatternsFile.of, optional=True)
        usable = self.policies and self.interfaces and all(over) and f"{self.first}/answers" not in self.broken
        if source is None or not usable:
            self.refuse(self.problems)
        self.source = source

    def _file(self, name: str, validated: Callable[[Document], _File], number: int = 0) -> _File | None:
        """Return the validated file. None if it is unusable; the problems are recorded."""
        label, folder = self._folders[number]
        try:
            document = read(folder / name, label + name)
            self.problems += document.problems
            marked = f"{number}:{name}" if number else name
            self.digest.update(f"{marked}\0{document.values!r}\0".encode("utf-8", "surrogatepass"))
            return validated(document)
        except YamlProblem as error:
            self.problems += error.problems
            self.broken.add(name)
            return None

    def _languages(self, number: int) -> list[str]:
        listing = self._listings[number].items()
        return [name for name, status in listing if is_language(name) and not isinstance(status, OSError)]

    def _answers(self, number: int) -> Answers:
        """Return the answers of that folder, those of the first language first."""

        def validated(document: Document) -> QuestionsFile:
            if number and document.values.keys() == {"questions"}:
                return QuestionsFile.of(document)
            return (AnswerFile if document.file.split("/")[-3] == self.first else TranslationFile).of(document)

        others = sorted({*self._languages(number)} - {self.first})
        answers: dict[str, dict[str, QuestionsFile]] = {locale: {} for locale in (self.first, *others)}
        for locale, files in answers.items():
            for name in sorted(self._listings[number]):
                *above, last = name.split("/")
                if above == [locale, "answers"] and is_answer(last) and (file := self._file(name, validated, number)):
                    files[last.removesuffix(".yaml")] = file
        return answers

    def _each(self, name: str, validated: Callable[[Document], _File], *, optional: bool = False) -> dict[str, _File]:
        """Return the file of that name of every language that has a usable one. An optional file may be missing."""
        files = {
            locale: self._file(f"{locale}/{name}", validated, self._folder_of[locale])
            for locale in self.locales
            if not optional or f"{locale}/{name}" in self._listings[self._folder_of[locale]]
        }
        return {locale: file for locale, file in files.items() if file}

    def refuse(self, problems: Iterable[Problem]) -> NoReturn:
        """Raise ContentError with the problems, without quotes from files outside the folder: they may be secret."""
        unique = list(dict.fromkeys(problems))
        away = {name for name in {problem.file for problem in unique} if outside(*locate(self._places, name))}
        for number, one in enumerate(unique):
            if one.file in away:
                what, remedy = (_QUOTED.sub("“…”", text) for text in (one.what, one.remedy))
                unique[number] = replace(one, what=what, remedy=remedy)
        raise ContentError(unique)


def _listing(folder: Path) -> Listing:
    """Scan the folder. Raises ContentError if the folder itself cannot be read."""
    listing = scan(folder)
    if isinstance(error := listing.get(""), OSError):
        raise ContentError([unreadable(str(folder), error)])
    return listing


def _policy(source: SourceFile | None, document: Document) -> PolicyFile:
    """Return the policy, with warnings if and only if the pack's purpose has them. Raises as `ContentFile.of`."""
    policy = PolicyFile.of(document)
    if source and bool(policy.warnings) != (wanted := bool(PURPOSES[source.purpose].warning)):
        what = f"the purpose is {source.purpose}, but the key “warnings” is {'missing' if wanted else 'there'}"
        remedy = "Add it, with the three levels." if wanted else "Remove it."
        raise YamlProblem(document.problem(("warnings",), what, remedy))
    return policy
