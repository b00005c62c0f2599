"""Content for tests: the folder the bot is shipped with, copies of it to break, and values made of a few words."""

import shutil
from collections.abc import Hashable, Iterable, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path

from cachetools import LRUCache

from bot.adapters.discord import render as discord
from bot.adapters.telegram import render as telegram
from bot.content.loader import load
from bot.content.text_rules import Fit
from bot.core import command_text
from bot.core.catalog import Catalog
from bot.core.errors import ContentError, Problem
from bot.matching import newcomer_names
from bot.runtime.content_setup import read_content

ROOT = Path(__file__).parent.parent
RESPONSES = ROOT / "responses"
FITS: Mapping[str, Fit] = {"Discord": discord.overflow, "Telegram": telegram.overflow}


def no_fault(_: str) -> None:
    """Stands for the judge of moderators' lines that finds nothing wrong."""


async def why_name_hidden(name: str) -> str | None:
    """The judge of newcomers' names without the classifier."""
    return newcomer_names.why_name_hidden(name, shipped().patterns, lambda _: 0.0, shipped().coins)


def urging(line: str) -> str | None:
    """A judge that knows one call to act."""
    return line if "Buy" in line else None


@cache
def shipped() -> Catalog:
    """The catalog of the answers the bot is shipped with."""
    return load([RESPONSES], FITS)


_READ: LRUCache[Hashable, Catalog] = LRUCache(32)


def read_once(*folders: Path) -> Catalog:
    """What `read_content` makes of folders: those that say what others said make the same catalog, and are not read
    again.
    """
    said = _said(folders)
    if said in _READ:
        return _READ[said]
    catalog = read_content(*folders)
    if said is not None and said == _said(folders):  # nobody wrote meanwhile
        _READ[said] = catalog
    return catalog


def _said(folders: Iterable[Path]) -> Hashable:
    """Everything in the folders, or None if it cannot be read."""
    try:
        return tuple(
            frozenset(
                (one.relative_to(top), one.is_file() and sha256(one.read_bytes()).digest()) for one in top.rglob("*")
            )
            for top in folders
        )
    except OSError:
        return None


def read(words: str) -> tuple[str, str]:
    """The command that typed words begin with among the shipped ones, and what stands behind it."""
    return command_text.split_command(words, shipped().spellings)


class Folder:
    """A copy of the content folder that a test may break, in these languages, or in all: one is read in a fifth of the
    time.
    """

    def __init__(self, path: Path, *languages: str) -> None:
        self.path = path / "responses"
        folders = [f"{one}/**/*.yaml" for one in languages or ("*",)]
        for file in (one for part in ("source.yaml", "trained/*", *folders) for one in RESPONSES.glob(part)):
            target = self.path / file.relative_to(RESPONSES)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)

    def text(self, name: str) -> str:
        """What a file holds."""
        return (self.path / name).read_text(encoding="utf-8")

    def write(self, name: str, text: str | bytes) -> None:
        """Put a file there, with its folders."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))

    def edit(self, name: str, old: str, new: str) -> int:
        """Replace words that must be there; returns the line where they stood."""
        text = self.text(name)
        assert old in text, f"{name} has no {old!r}"
        self.write(name, text.replace(old, new, 1))
        return text[: text.index(old)].count("\n") + 1

    def line(self, name: str, words: str) -> int:
        """The line of a file where these words stand first."""
        text = self.text(name)
        assert words in text, f"{name} has no {words!r}"
        return text[: text.index(words)].count("\n") + 1

    def load(self) -> Catalog:
        """What the bot would make of the folder."""
        return load([self.path], FITS)

    def problems(self) -> tuple[Problem, ...]:
        """What the check says; none when the folder is right."""
        try:
            self.load()
        except ContentError as error:
            return error.problems
        return ()
