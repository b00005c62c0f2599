"""The validated files of a pack and of the overlays above it, as one set.

An overlay adds answers and takes the place of those with the same name. Warnings, pages and the bot's own words stay
the pack's: an overlay has them only for a language that the pack does not have.
"""

from collections import defaultdict
from pathlib import PurePosixPath
from typing import final

from bot.content.reading import Reading
from bot.content.schema import AnswerFile, FactsFile, QuestionsFile, TranslationFile
from bot.content.validation import ContentFile
from bot.content.yaml_file import Where
from bot.core.catalog import Entry, Page
from bot.core.model import Risk


@final
class Files:
    """The validated files of a catalog; those of a language by its tag.

    `originals`, which are in the first language, have the structure that all languages share, `rests_on` the source of
    each, both by command; `answers` has those of all languages, those of overlays last; `replaced` the originals that
    are no longer in use; `problems` all that were met; `broken` the names of unusable files and folders; `lost` the
    commands whose files in the first language are among them.
    """

    def __init__(self, read: Reading) -> None:
        self.source, self.over, self.problems, self.broken = read.source, read.over, read.problems, read.broken
        self.policies, self.interfaces, self.duties = read.policies, read.interfaces, read.duties
        self.sources: tuple[FactsFile, ...] = (self.source, *self.over)
        answers_of_all = f"{read.first}/answers/"
        self.lost = frozenset(PurePosixPath(name).stem for name in self.broken if name.startswith(answers_of_all))
        self.originals: dict[str, AnswerFile] = {}
        self.rests_on: dict[str, FactsFile] = {}
        self.answers: dict[str, dict[str, TranslationFile]] = defaultdict(dict)
        self.replaced: dict[str, list[AnswerFile]] = defaultdict(list)
        for facts, answers in zip(self.sources, read.answers, strict=True):
            for command, file in answers[read.first].items():
                if isinstance(file, AnswerFile):
                    self._replace(command, file)
                    self.rests_on[command] = facts
            for locale, files in answers.items():
                for command, added in files.items():
                    if isinstance(added, TranslationFile):
                        self.answers[locale].pop(command, None)
                        self.answers[locale][command] = added
                    else:
                        self._ask(locale, command, added)

    def note(self, file: ContentFile, where: Where, what: str, remedy: str, line: int = 0) -> None:
        """Keep a problem with the value at `where`, or with line `line` (from 1) of its text."""
        self.problems.append(file.document.problem(where, what, remedy, line))

    def source_of(self, thing: Entry | Page) -> FactsFile:
        """What the text rests on: a page on the pack's source, a translation on that of the original."""
        return self.rests_on[thing.command] if isinstance(thing, Entry) else self.source

    def whole(self, locale: str) -> bool:
        """Whether no file that gives that language its words is broken."""
        return not any(name.startswith((f"{locale}/", f"{self.source.language}/answers/")) for name in self.broken)

    def least(self, command: str) -> Risk:
        """The level of the loudest answer whose place was taken by the one in use."""
        return max((Risk[one.risk.upper()] for one in self.replaced[command]), default=Risk.GENERAL)

    def _replace(self, command: str, file: AnswerFile) -> None:
        """Use that answer from now on. Translations of the former one go, since they say what that one says."""
        if former := self.originals.pop(command, None):
            self.replaced[command].append(former)
        for files in self.answers.values():
            files.pop(command, None)
        self.originals[command] = file

    def _ask(self, locale: str, command: str, added: QuestionsFile) -> None:
        """Add the questions to the answer of that name; a problem if there is none."""
        if file := self.answers[locale].get(command):
            questions = {tag: (*file.questions.get(tag, ()), *lines) for tag, lines in added.questions.items()}
            self.answers[locale][command] = file.model_copy(update={"questions": file.questions | questions})
        else:
            what = "has questions alone, and there is no answer of that name and language to add them to"
            remedy = "Correct its name, or write the whole answer."
            self.note(added, (), what, remedy)
