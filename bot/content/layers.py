"""The validated files of a pack and of the overlays above it, as one set.

An overlay adds answers and takes the place of those with the same name. Warnings, pages and the bot's own words stay
the pack's: an overlay has them only for a language that the pack does not have.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import final

from bot.content.language_schema import DutiesFile, InterfaceFile
from bot.content.schema import (
    AnswerFile,
    FactsFile,
    OverlayFile,
    PolicyFile,
    QuestionsFile,
    SourceFile,
    TranslationFile,
)
from bot.core.catalog import Entry, Page
from bot.core.errors import Problem
from bot.core.model import Risk

Answers = Mapping[str, Mapping[str, QuestionsFile]]
"""The answers of one folder by language and command; what is no whole answer adds questions to one."""


@final
@dataclass(frozen=True, slots=True)
class Files:
    """The validated files of a catalog, by language; `broken` has the names of unusable files and folders."""

    source: SourceFile
    over: tuple[OverlayFile, ...]
    answers: "Layers"
    policies: Mapping[str, PolicyFile]
    interfaces: Mapping[str, InterfaceFile]
    duties: Mapping[str, DutiesFile]
    broken: frozenset[str]

    @property
    def sources(self) -> tuple[FactsFile, ...]:
        """The pack's source, then those of the overlays."""
        return (self.source, *self.over)

    def source_of(self, thing: Entry | Page) -> FactsFile:
        """What the text rests on: a page on the pack's source, a translation on that of the original."""
        return self.answers.sources[thing.command] if isinstance(thing, Entry) else self.source

    def lost(self) -> frozenset[str]:
        """The commands whose files in the first language exist and are broken."""
        answers = f"{self.source.language}/answers/"
        return frozenset(PurePosixPath(name).stem for name in self.broken if name.startswith(answers))

    def whole(self, locale: str) -> bool:
        """Whether no file that gives that language its words is broken."""
        return not any(name.startswith((f"{locale}/", f"{self.source.language}/answers/")) for name in self.broken)


@final
class Layers:
    """The answers in use.

    `originals`, which are in the `first` language, have the structure that all languages share, `sources` what each
    rests on, both by command; `by_language` all files, those of overlays last; `replaced` the originals that are no
    longer in use.
    """

    def __init__(self, layers: Iterable[tuple[FactsFile, Answers]], problems: list[Problem], first: str) -> None:
        """From the pack up; `problems` is where those of additions are noted."""
        self.originals: dict[str, AnswerFile] = {}
        self.sources: dict[str, FactsFile] = {}
        self.by_language: dict[str, dict[str, TranslationFile]] = defaultdict(dict)
        self.replaced: dict[str, list[AnswerFile]] = defaultdict(list)
        for source, answers in layers:
            for command, file in answers[first].items():
                if isinstance(file, AnswerFile):
                    self._replace(command, file)
                    self.sources[command] = source
            for locale, files in answers.items():
                for command, file in files.items():
                    if isinstance(file, TranslationFile):
                        self.by_language[locale].pop(command, None)
                        self.by_language[locale][command] = file
                    elif problem := self._ask(locale, command, file):
                        problems.append(problem)

    def least(self, command: str) -> Risk:
        """The level of the loudest answer whose place was taken by the one in use."""
        return max((Risk[one.risk.upper()] for one in self.replaced[command]), default=Risk.GENERAL)

    def _replace(self, command: str, file: AnswerFile) -> None:
        """Use that answer from now on. Translations of the former one go, since they say what that one says."""
        if former := self.originals.pop(command, None):
            self.replaced[command].append(former)
        for files in self.by_language.values():
            files.pop(command, None)
        self.originals[command] = file

    def _ask(self, locale: str, command: str, added: QuestionsFile) -> Problem | None:
        """Add the questions to the answer of that name; a problem if there is none."""
        if file := self.by_language[locale].get(command):
            questions = {tag: (*file.questions.get(tag, ()), *lines) for tag, lines in added.questions.items()}
            self.by_language[locale][command] = file.model_copy(update={"questions": file.questions | questions})
            return None
        what = "has questions alone, and there is no answer of that name and language to add them to"
        return added.document.problem((), what, "Correct its name, or write the whole answer.")
