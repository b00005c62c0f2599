"""Combines the validated files of a pack and of its overlays into one set.

An overlay adds answers, and replaces answers of the same name. Warnings, pages and the bot's own texts come from the
pack. An overlay has them only for a language that the pack does not have.
"""

from collections import defaultdict
from pathlib import PurePosixPath
from typing import final

from bot.content.file_model import ContentFile
from bot.content.pack_files import PackFiles
from bot.content.schema import AnswerFile, FactsFile, QuestionsFile, TranslationFile
from bot.content.yaml_file import Where
from bot.core.catalog import Entry, Page
from bot.core.model import Risk


@final
class MergedFiles:
    """The validated files of a catalog.

    - `policies`, `interfaces`, `duties`: the files of each language by its tag.
    - `originals`: the answers in the first language by command. They have the structure that all languages share.
    - `sources_by_command`: the source file whose facts each answer cites.
    - `answers`: the answers by language tag and command, those of overlays last.
    - `replaced`: the originals that an overlay replaced, by command.
    - `problems`: all problems found so far.
    - `broken`: the names of unusable files and folders.
    - `lost`: the commands whose file in the first language is unusable.
    """

    def __init__(self, read: PackFiles) -> None:
        self.source, self.over, self.problems, self.broken = read.source, read.over, read.problems, read.broken
        self.policies, self.interfaces, self.duties = read.policies, read.interfaces, read.duties
        self.sources: tuple[FactsFile, ...] = (self.source, *self.over)
        first_answers = f"{read.first}/answers/"
        self.lost = frozenset(PurePosixPath(name).stem for name in self.broken if name.startswith(first_answers))
        self.originals: dict[str, AnswerFile] = {}
        self.sources_by_command: dict[str, FactsFile] = {}
        self.answers: dict[str, dict[str, TranslationFile]] = defaultdict(dict)
        self.replaced: dict[str, list[AnswerFile]] = defaultdict(list)
        for facts, answers in zip(self.sources, read.answers, strict=True):
            for command, file in answers[read.first].items():
                if isinstance(file, AnswerFile):
                    self._replace(command, file)
                    self.sources_by_command[command] = facts
            for locale, files in answers.items():
                for command, added in files.items():
                    if isinstance(added, TranslationFile):
                        self.answers[locale].pop(command, None)
                        self.answers[locale][command] = added
                    else:
                        self._add_questions(locale, command, added)

    def note(self, file: ContentFile, where: Where, what: str, remedy: str, line: int = 0) -> None:
        """Record a problem with the value at `where`, or with line `line` (from 1) of its text."""
        self.problems.append(file.document.problem(where, what, remedy, line))

    def source_of(self, thing: Entry | Page) -> FactsFile:
        """Return the source file whose facts a text cites: the pack's for a page, the original's for a translation."""
        return self.sources_by_command[thing.command] if isinstance(thing, Entry) else self.source

    def is_complete(self, locale: str) -> bool:
        """Return whether the language's files and the answers in the first language are all usable."""
        return not any(name.startswith((f"{locale}/", f"{self.source.language}/answers/")) for name in self.broken)

    def least_risk(self, command: str) -> Risk:
        """Return the lowest level that the answer may have: the highest of the answers that it replaces."""
        return max((Risk[one.risk.upper()] for one in self.replaced[command]), default=Risk.GENERAL)

    def _replace(self, command: str, file: AnswerFile) -> None:
        """Make this answer the original. Drop the translations of the former one: they say something else."""
        if former := self.originals.pop(command, None):
            self.replaced[command].append(former)
        for files in self.answers.values():
            files.pop(command, None)
        self.originals[command] = file

    def _add_questions(self, locale: str, command: str, added: QuestionsFile) -> None:
        """Add the questions to the answer of that name. Record a problem if there is none."""
        if file := self.answers[locale].get(command):
            questions = {tag: (*file.questions.get(tag, ()), *lines) for tag, lines in added.questions.items()}
            self.answers[locale][command] = file.model_copy(update={"questions": file.questions | questions})
        else:
            what = "has only questions, and there is no answer of that name and language to add them to"
            remedy = "Correct its name, or write a complete answer."
            self.note(added, (), what, remedy)
