"""Reads the files of a pack and of the overlays above it, and keeps every problem met on the way."""

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import NoReturn, TypeVar, final

from bot.content.files import is_answer, labels, misfits, not_over, outside, place, seen, size, unreadable
from bot.content.languages import is_language
from bot.content.layers import Answers
from bot.content.purposes import PURPOSES
from bot.content.schema import AnswerFile, PolicyFile, QuestionsFile, SourceFile, TranslationFile
from bot.content.validation import ContentFile
from bot.content.yaml_file import MOST_BYTES, Document, YamlProblem, read
from bot.core.errors import ContentError, Problem
from bot.core.model import DEFAULT_LOCALE

_QUOTED = re.compile("“.*”", re.DOTALL)
_MOST_TOGETHER = 4_000_000  # nine times the shipped content; parsing as much takes seconds
_File = TypeVar("_File", bound=ContentFile)


@final
class Reading:
    """One reading of the pack and of the overlays above it, by their numbers: the files that could be read, and every
    problem met on the way. A language belongs to the lowest folder that has it.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._places = labels(folders)
        self._folders = list(self._places.items())
        self._seen = [seen(one) for one in folders]
        for one, found in zip(folders, self._seen, strict=True):
            if isinstance(error := found.get(""), OSError):
                raise ContentError([unreadable(str(one), error)])
        if sum(size(found, MOST_BYTES) for found in self._seen) > _MOST_TOGETHER:
            what = f"its files are larger than {_MOST_TOGETHER // 1_000_000} MB together"
            raise ContentError([Problem(str(folders[0]), 0, what, "Take out what is not needed.")])
        self.problems: list[Problem] = []
        self.broken = {name for found in self._seen for name, one in found.items() if isinstance(one, OSError)}
        self.digest = hashlib.sha256()
        self.first = DEFAULT_LOCALE
        self._own: dict[str, int] = {}  # the number of each language's folder
        for number, found in enumerate(self._seen):
            label, folder = self._folders[number]
            misfit = [*misfits(folder, found), *(not_over(found, self._own) if number else ())]
            self.problems += (replace(one, file=label + one.file) for one in misfit)
            self._own = dict.fromkeys(self._languages(number), number) | self._own

    def file(self, name: str, validated: Callable[[Document], _File], number: int = 0) -> _File | None:
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

    def begin_with(self, language: str) -> None:
        """Take that for the first language, which has every answer; it is the pack's."""
        self.first, self._own[language] = language, 0

    @property
    def locales(self) -> list[str]:
        """All languages, the first one first, also those that were only begun."""
        return [self.first, *sorted(self._own.keys() - {self.first})]

    def _languages(self, number: int) -> list[str]:
        found = self._seen[number].items()
        return [name for name, one in found if is_language(name) and not isinstance(one, OSError)]

    def answers(self, number: int) -> Answers:
        """The answers of that folder, those of the first language first."""
        others = sorted({*self._languages(number)} - {self.first})
        kinds: dict[str, type[QuestionsFile]] = {self.first: AnswerFile, **dict.fromkeys(others, TranslationFile)}
        return {locale: self._answers(number, locale, kind) for locale, kind in kinds.items()}

    def _answers(self, number: int, locale: str, kind: type[QuestionsFile]) -> dict[str, QuestionsFile]:
        def validated(document: Document) -> QuestionsFile:
            return (QuestionsFile if number and document.values.keys() == {"questions"} else kind).of(document)

        paths = sorted(PurePosixPath(name) for name in self._seen[number] if name.startswith(f"{locale}/answers/"))
        files = {path.stem: self.file(str(path), validated, number) for path in paths if is_answer(path.name)}
        return {command: file for command, file in files.items() if file}

    def each(self, name: str, validated: Callable[[Document], _File], *, optional: bool = False) -> dict[str, _File]:
        """The file of that name of every language; an optional one where it exists."""
        files = {
            locale: self.file(f"{locale}/{name}", validated, self._own[locale])
            for locale in self.locales
            if not optional or f"{locale}/{name}" in self._seen[self._own[locale]]
        }
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
            self.broken.add(f"{locale}/policy.yaml")
        return kept

    def refuse(self, problems: Iterable[Problem]) -> NoReturn:
        """Raise ContentError. A file outside the folder is not quoted: it may be a secret."""
        found = list(dict.fromkeys(problems))
        away = {name for name in {problem.file for problem in found} if outside(*place(self._places, name))}
        for number, one in enumerate(found):
            if one.file in away:
                what, remedy = (_QUOTED.sub("“…”", text) for text in (one.what, one.remedy))
                found[number] = replace(one, what=what, remedy=remedy)
        raise ContentError(found)
