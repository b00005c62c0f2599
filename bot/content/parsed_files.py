"""The files of the content folder, read and in their shapes."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Generic, TypeVar, final

from bot.content.schema import AnswerFile, DutiesFile, InterfaceFile, PolicyFile, SourceFile, TranslationFile
from bot.content.yaml_file import Document
from bot.core.model import DEFAULT_LOCALE

Value = TypeVar("Value", bound=object)


@final
@dataclass(frozen=True, slots=True)
class Parsed(Generic[Value]):
    """A file in its shape, with the document that knows its lines."""

    document: Document
    value: Value


@final
@dataclass(frozen=True, slots=True)
class Files:
    """The files a catalog was built from, by language."""

    source: Parsed[SourceFile]
    english: Mapping[str, Parsed[AnswerFile]]
    answers: Mapping[str, Mapping[str, Parsed[TranslationFile]]]
    policies: Mapping[str, Parsed[PolicyFile]]
    interfaces: Mapping[str, Parsed[InterfaceFile]]
    duties: Mapping[str, Parsed[DutiesFile]]
    broken: frozenset[str]  # the names of files and folders that could not be used: what they say is unknown

    def lost(self) -> frozenset[str]:
        """The commands whose English files are there and could not be used."""
        paths = [PurePosixPath(name) for name in self.broken if name.startswith(f"{DEFAULT_LOCALE}/answers/")]
        return frozenset(path.stem for path in paths)

    def whole(self, locale: str) -> bool:
        """Whether all files that give that language its words could be used."""
        return not any(name.startswith((f"{locale}/", f"{DEFAULT_LOCALE}/answers/")) for name in self.broken)
