"""Decides which files of a content folder are content.

Folders also contain other files: hidden files of macOS, backups of an editor, a copy of a language. Files that programs
leave behind are skipped. Any other file that is not content is a problem, so that no file is ignored silently.
"""

import errno
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from bot.content.languages import is_language
from bot.core.errors import Problem

Listing = Mapping[str, os.stat_result | OSError]
"""The status of each path relative to the content folder ("" is the folder itself), or the error of reading it."""
Stamp = Mapping[str, tuple[int, ...]]
"""The state of each path: it changes when the file is written or moved, or when its permissions change."""

_HELPERS = frozenset({"questions", "schema", "trained"})
_IN_LANGUAGE = ("interface.yaml", "policy.yaml", "policy_patterns.yaml", "duties.yaml", "glossary.yaml", "answers")
_PACK_ONLY = {
    "policy.yaml": "warnings and pages of a language that it already has",
    "duties.yaml": "rules for the texts of a language",
    "interface.yaml": "the bot's own texts in a language that it already has",
    "policy_patterns.yaml": "patterns of questions that get a policy reply",
    "glossary.yaml": "the glossary of a language that it already has",
    "trained": "trained heads",
    "questions": "questions for training",
}
_LEFT_BEHIND = re.compile(
    r"^[.~]|^#.*#$|~$|^4913$|^(thumbs|ehthumbs)\.db$|^desktop\.ini$|^icon\r$|^__macosx$|^lost\+found$|^\$recycle\.bin$"
    r"|^system volume information$|^@eadir$|___jb_(tmp|old|bak)___$"
    r"|\.(sw[a-z]|bak\d*|orig|rej|tmp|temp|part|crdownload|kate-swp|autosave|save|old|lock)$",
    re.IGNORECASE,
)
NAME = r"^[a-z0-9]+(-[a-z0-9]+)*$"
"""The form of the name of a command, page or fact."""
_LONGEST_COMMAND = 32
_ENDINGS = re.compile(r"(?i)(\.ya?ml|\.txt)+$")
_READ_RIGHT = "Give the user that runs the bot the right to read it (chmod a+r, and a+rx for a folder)."
_REMEDIES = {
    errno.EACCES: _READ_RIGHT,
    errno.EPERM: _READ_RIGHT,
    errno.EISDIR: "Put a text file in its place.",
    errno.ENOTDIR: "Put a folder in its place.",
    errno.ELOOP: "It is a link to itself. Link it to the file.",
}


def scan(folder: Path) -> Listing:
    """Return everything in the folder that may be content, and every subfolder that cannot be read."""
    listing = dict(_listed(folder, ""))
    for name in filter(is_language, list(listing)):
        listing |= _listed(folder, name)
        if f"{name}/answers" in listing:
            listing |= _listed(folder, f"{name}/answers")
    return listing


def _listed(folder: Path, below: str) -> Iterator[tuple[str, os.stat_result | OSError]]:
    """Yield the entries of the subfolder `below`, or the subfolder itself with the error of reading it."""
    try:
        names = [name for name in os.listdir(folder / below) if not _LEFT_BEHIND.search(name)]
    except OSError as error:
        yield below, error
        return
    for name in names:
        path = f"{below}/{name}" if below else name
        try:
            yield path, (folder / path).stat()
        except OSError as error:
            yield path, error


def stamps(folders: Iterable[Path]) -> list[Stamp]:
    """Return the state of each folder, following links. Two states differ if anything in the folder changed."""
    return [{name: _marks(status) for name, status in scan(folder).items()} for folder in folders]


def _marks(status: os.stat_result | OSError) -> tuple[int, ...]:
    if isinstance(status, OSError):
        return (-(status.errno or 1),)
    if S_ISDIR(status.st_mode):
        return ()
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino, status.st_dev


def is_answer(name: str) -> bool:
    """Return whether an answer's file may have that name."""
    stem = name.removesuffix(".yaml")
    return stem != name and len(stem) <= _LONGEST_COMMAND and bool(re.fullmatch(NAME, stem))


def size(listing: Listing, most: int) -> int:
    """Return the number of bytes to read from all YAML files together, at most `most` from each."""
    files = (one for name, one in listing.items() if name.endswith(".yaml") and not isinstance(one, OSError))
    return sum(min(one.st_size, most) for one in files if S_ISREG(one.st_mode))


def outside(folder: Path, name: str) -> bool:
    """Return whether that content file is a link that leads out of the folder, or to itself."""
    try:
        return not (folder / name).resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # a link to itself; RuntimeError before Python 3.13
        return True


def labels(folders: Sequence[Path]) -> dict[str, Path]:
    """Return the folders of a pack and its overlays by the prefix of their files' names in problems.

    The prefix is the folder and a slash, or "" if there is only one folder.
    """
    return {f"{one}/" if len(folders) > 1 else "": one for one in folders}


def locate(places: Mapping[str, Path], file: str) -> tuple[Path, str]:
    """Return the folder of a file that a problem names, and the file's name in it. `places` come from `labels`."""
    label = max((one for one in places if file.startswith(one)), key=len, default=next(iter(places)))
    return places[label], file.removeprefix(label)


def quoted(folders: Sequence[Path], problem: Problem) -> str | None:
    """Return the first 200 characters of the line that a problem names. None if there is no such line to read.

    A link may lead out of the folder to a file with a secret in it, so no line of such a file is returned.
    """
    folder, name = locate(labels(folders), problem.file)
    if outside(folder, name):
        return None
    try:
        lines = (folder / name).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return None  # the problem itself says that the file cannot be read
    return lines[problem.line - 1][:200] if 0 < problem.line <= len(lines) else None


def unreadable(name: str, error: OSError) -> Problem:
    """Return the problem for a file or folder that cannot be read."""
    reason = (error.strerror or "unreadable").lower()
    remedy = _REMEDIES.get(error.errno or 0, "Check that it exists, and if it is a link, where it leads.")
    return _problem(name, f"cannot be read ({reason})", remedy)


def misfits(folder: Path, listing: Listing) -> Iterator[Problem]:
    """Yield a problem for each entry of the folder that would otherwise be ignored."""
    for name, status in listing.items():
        *above, last = name.split("/")
        is_folder = not isinstance(status, OSError) and S_ISDIR(status.st_mode)
        if isinstance(status, OSError) and (not name or is_language(name) or last == "answers"):
            yield unreadable(name or str(folder), status)
        elif not above and is_folder and not is_language(name) and name not in _HELPERS:
            yield _problem(name, "is a folder whose name is not a language tag", _language_remedy(name))
        elif len(above) == 1 and last not in _IN_LANGUAGE and (is_folder or re.search(r"(?i)\.ya?ml", last)):
            yield _problem(name, "is not read", _name_remedy(last))
        elif len(above) > 1 and not is_answer(last) and not re.search(r"(?i)^readme|\.md$", last):
            what = "its name cannot be a command" if last.endswith(".yaml") and last.count(".") == 1 else "is not read"
            yield _problem(name, what, _answer_remedy(last))


def not_in_overlay(listing: Listing, languages: Collection[str]) -> Iterator[Problem]:
    """Yield a problem for each entry of an overlay that only the pack may have.

    `languages` are the languages of the folders below the overlay.
    """
    for name in listing:
        language, _, last = name.partition("/")
        if what := _PACK_ONLY.get(last if language in languages else name):
            yield _problem(name, f"is in an overlay, but only the pack may have {what}", "Remove it from this folder.")


def _language_remedy(name: str) -> str:
    language, *rest = name.replace("_", "-").split("-")
    likely = "-".join([language.lower(), *(part.title() if len(part) == 4 else part.upper() for part in rest)])
    if is_language(likely):
        return f"Name it {likely}, or move it out of this folder."
    return "Name it with a language tag, such as es or pt-BR, or move it out of this folder."


def _name_remedy(last: str) -> str:
    stems = {name.removesuffix(".yaml"): name for name in _IN_LANGUAGE}
    near = get_close_matches(_ENDINGS.sub("", last).lower(), stems, n=1)
    return f"Name it {stems[near[0]]}." if near else "If it is an answer, move it to answers, else out of this folder."


def _answer_remedy(last: str) -> str:
    if last.endswith(".yaml") and last.count(".") == 1:
        return "Use at most 32 characters: a-z, 0-9 and single hyphens."
    likely = re.sub(r"[^a-z0-9]+", "-", _ENDINGS.sub("", last).lower()).strip("-")
    if _ENDINGS.search(last) and is_answer(f"{likely}.yaml"):
        return f"Name it {likely}.yaml if it is an answer, else move it out of this folder."
    return "An answer's file is named <command>.yaml. Move anything else out of this folder."


def _problem(name: str, what: str, remedy: str) -> Problem:
    printable = name.encode("utf-8", "backslashreplace").decode("utf-8")  # a name may have any bytes
    return Problem(printable, 0, what, remedy)
