"""Reads the files of a pack and of the overlays above it, and keeps every problem met on the way."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NoReturn, TypeVar, final

from bot.content.files import Seen, is_answer, labels, misfits, not_over, outside, place, seen, size, unreadable
from bot.content.language_schema import DutiesFile, GlossaryFile, PolicyPatternsFile
from bot.content.languages import is_language
from bot.content.purposes import PURPOSES
from bot.content.schema import AnswerFile, OverlayFile, PolicyFile, QuestionsFile, SourceFile, TranslationFile
from bot.content.shipped import completed
from bot.content.validation import ContentFile
from bot.content.yaml_file import MOST_BYTES, Document, YamlProblem, read
from bot.core.errors import ContentError, Problem
from bot.core.model import DEFAULT_LOCALE

_QUOTED = re.compile("“.*”", re.DOTALL)
_MOST_TOGETHER = 4_000_000  # nine times the shipped content; parsing as much takes seconds
_File = TypeVar("_File", bound=ContentFile)
Answers = Mapping[str, Mapping[str, QuestionsFile]]
"""The answers of one folder by language and command; what is no whole answer adds questions to one."""


@final
class Reading:
    """One reading of the pack and of the overlays above it, by their numbers: the files that could be read, and every
    problem met on the way. A language belongs to the lowest folder that has it. `locales` are all languages, the
    `first` one first, also those that were only begun; `broken` the names of unusable files and folders.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._places = labels(folders)
        self._folders = list(self._places.items())
        self._seen = [_seen(one) for one in folders]
        if sum(size(found, MOST_BYTES) for found in self._seen) > _MOST_TOGETHER:
            what = f"its files are larger than {_MOST_TOGETHER // 1_000_000} MB together"
            raise ContentError([Problem(str(folders[0]), 0, what, "Take out what is not needed.")])
        self.problems: list[Problem] = []
        self.broken = {name for found in self._seen for name, one in found.items() if isinstance(one, OSError)}
        self.digest = hashlib.sha256()
        self._own: dict[str, int] = {}  # the number of each language's folder
        for number, found in enumerate(self._seen):
            label, folder = self._folders[number]
            misfit = [*misfits(folder, found), *(not_over(found, self._own) if number else ())]
            self.problems += (replace(one, file=label + one.file) for one in misfit)
            self._own = dict.fromkeys(self._languages(number), number) | self._own
        source = self._file("source.yaml", SourceFile.of)
        self.first = source.language if source else DEFAULT_LOCALE  # it has every answer, and is the pack's
        self._own[self.first] = 0
        self.locales = [self.first, *sorted(self._own.keys() - {self.first})]
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
        """The validated file, or None with the problems noted."""
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
        found = self._seen[number].items()
        return [name for name, one in found if is_language(name) and not isinstance(one, OSError)]

    def _answers(self, number: int) -> Answers:
        """The answers of that folder, those of the first language first."""

        def validated(document: Document) -> QuestionsFile:
            if number and document.values.keys() == {"questions"}:
                return QuestionsFile.of(document)
            return (AnswerFile if document.file.split("/")[-3] == self.first else TranslationFile).of(document)

        others = sorted({*self._languages(number)} - {self.first})
        found: dict[str, dict[str, QuestionsFile]] = {locale: {} for locale in (self.first, *others)}
        for locale, files in found.items():
            for name in sorted(self._seen[number]):
                *above, last = name.split("/")
                if above == [locale, "answers"] and is_answer(last) and (file := self._file(name, validated, number)):
                    files[last.removesuffix(".yaml")] = file
        return found

    def _each(self, name: str, validated: Callable[[Document], _File], *, optional: bool = False) -> dict[str, _File]:
        """The file of that name of every language; an optional one where it exists."""
        files = {
            locale: self._file(f"{locale}/{name}", validated, self._own[locale])
            for locale in self.locales
            if not optional or f"{locale}/{name}" in self._seen[self._own[locale]]
        }
        return {locale: file for locale, file in files.items() if file}

    def refuse(self, problems: Iterable[Problem]) -> NoReturn:
        """Raise ContentError. A file outside the folder is not quoted: it may be a secret."""
        found = list(dict.fromkeys(problems))
        away = {name for name in {problem.file for problem in found} if outside(*place(self._places, name))}
        for number, one in enumerate(found):
            if one.file in away:
                what, remedy = (_QUOTED.sub("“…”", text) for text in (one.what, one.remedy))
                found[number] = replace(one, what=what, remedy=remedy)
        raise ContentError(found)


def _seen(folder: Path) -> Seen:
    """What is in the folder, which can be read itself."""
    found = seen(folder)
    if isinstance(error := found.get(""), OSError):
        raise ContentError([unreadable(str(folder), error)])
    return found


def _policy(source: SourceFile | None, document: Document) -> PolicyFile:
    """The policy, with warnings just where the pack's purpose wants them. Raises as `ContentFile.of`."""
    policy = PolicyFile.of(document)
    if source and bool(policy.warnings) != (wanted := bool(PURPOSES[source.purpose].warning)):
        what = f"the purpose is {source.purpose}, and the key “warnings” is {'missing' if wanted else 'there'}"
        remedy = "Add it, with the three levels." if wanted else "Take it out."
        raise YamlProblem(document.problem(("warnings",), what, remedy))
    return policy
