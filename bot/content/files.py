"""Which files of the content folder are content.

People's folders have more than content: hidden files of a Mac, an editor's backups, a copy of a language. Files that
programs leave behind are skipped; any other file that is not content is a problem, so that no file is ignored silently.
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

Seen = Mapping[str, os.stat_result | OSError]
"""By name relative to the content folder ("" is the folder itself): its status, or the error of reading it."""
Stamp = Mapping[str, tuple[int, ...]]
"""By name, what changes when somebody writes the file, moves it or changes who may read it."""

_HELPERS = frozenset({"questions", "schema", "trained"})
_IN_LANGUAGE = ("interface.yaml", "policy.yaml", "policy_patterns.yaml", "duties.yaml", "glossary.yaml", "answers")
_THE_PACKS_OWN = {
    "policy.yaml": "the warnings and pages of a language that it has",
    "duties.yaml": "what a language's texts must say and must not",
    "interface.yaml": "the bot's words in a language that it has",
    "policy_patterns.yaml": "the wordings that are declined",
    "glossary.yaml": "the words of a language that it has",
    "trained": "trained heads",
    "questions": "the questions for training",
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
    errno.ELOOP: "It is a link that leads to itself: let it lead to the file.",
}


def seen(folder: Path) -> Seen:
    """Everything in the folder that may be content, and every folder of it that cannot be read."""
    found = dict(_listed(folder, ""))
    for name in filter(is_language, list(found)):
        found |= _listed(folder, name)
        if f"{name}/answers" in found:
            found |= _listed(folder, f"{name}/answers")
    return found


def _listed(folder: Path, below: str) -> Iterator[tuple[str, os.stat_result | OSError]]:
    """What the folder has `below`, or that name with the error of reading it."""
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
    """The state of each folder, links followed; two states differ if anything in it changed."""
    return [{name: _marks(one) for name, one in seen(folder).items()} for folder in folders]


def _marks(one: os.stat_result | OSError) -> tuple[int, ...]:
    if isinstance(one, OSError):
        return (-(one.errno or 1),)
    return () if S_ISDIR(one.st_mode) else (one.st_mtime_ns, one.st_ctime_ns, one.st_size, one.st_ino, one.st_dev)


def is_answer(name: str) -> bool:
    """Whether an answer's file may have that name."""
    stem = name.removesuffix(".yaml")
    return stem != name and len(stem) <= _LONGEST_COMMAND and bool(re.fullmatch(NAME, stem))


def size(found: Seen, most: int) -> int:
    """The bytes to read of all YAML files together; no more than `most` are read of each."""
    files = (one for name, one in found.items() if name.endswith(".yaml") and not isinstance(one, OSError))
    return sum(min(one.st_size, most) for one in files if S_ISREG(one.st_mode))


def outside(folder: Path, name: str) -> bool:
    """Whether that file of the content is a link to a place outside the folder."""
    try:
        return not (folder / name).resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # a link to itself; RuntimeError before Python 3.13
        return True


def labels(folders: Sequence[Path]) -> dict[str, Path]:
    """The folders of a pack and its overlays, by what stands before a file's name in problems: nothing where there is
    only one."""
    return {f"{one}/" if len(folders) > 1 else "": one for one in folders}


def place(places: Mapping[str, Path], file: str) -> tuple[Path, str]:
    """The folder of the file that a problem names, and the file's name in it. `places` are the `labels`."""
    label = max((one for one in places if file.startswith(one)), key=len, default=next(iter(places)))
    return places[label], file.removeprefix(label)


def quoted(folders: Sequence[Path], problem: Problem) -> str | None:
    """The first 200 characters of the line that a problem names, or None if it names none that can be read.

    A link may lead out of the folder, to a file with a secret in it: no line of such a file is returned.
    """
    folder, name = place(labels(folders), problem.file)
    if outside(folder, name):
        return None
    try:
        lines = (folder / name).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return None  # the problem itself says that the file cannot be read
    return lines[problem.line - 1][:200] if 0 < problem.line <= len(lines) else None


def unreadable(name: str, error: OSError) -> Problem:
    """The problem with a file or folder that cannot be read."""
    reason = (error.strerror or "unreadable").lower()
    remedy = _REMEDIES.get(error.errno or 0, "Check that it exists; if it is a link, let it lead to the file.")
    return _problem(name, f"cannot be read ({reason})", remedy)


def misfits(folder: Path, found: Seen) -> Iterator[Problem]:
    """A problem for everything in the folder that would be ignored."""
    for name, one in found.items():
        *above, last = name.split("/")
        a_folder = not isinstance(one, OSError) and S_ISDIR(one.st_mode)
        if isinstance(one, OSError) and (not name or is_language(name) or last == "answers"):
            yield unreadable(name or str(folder), one)
        elif not above and a_folder and not is_language(name) and name not in _HELPERS:
            yield _problem(name, "is a folder whose name is no language's", _language_remedy(name))
        elif len(above) == 1 and last not in _IN_LANGUAGE and (a_folder or re.search(r"(?i)\.ya?ml", last)):
            yield _problem(name, "is not read", _name_remedy(last))
        elif len(above) > 1 and not is_answer(last) and not re.search(r"(?i)^readme|\.md$", last):
            command = last.endswith(".yaml") and last.count(".") == 1
            yield _problem(name, "its name is no command" if command else "is not read", _answer_remedy(last))


def not_over(found: Seen, languages: Collection[str]) -> Iterator[Problem]:
    """A problem for everything in an overlay that the pack alone can have, with its languages."""
    for name in found:
        language, _, last = name.partition("/")
        if what := _THE_PACKS_OWN.get(last if language in languages else name):
            yield _problem(name, f"is in an overlay, but {what} are the pack's own", "Take it out of this folder.")


def _language_remedy(name: str) -> str:
    language, *rest = name.replace("_", "-").split("-")
    likely = "-".join([language.lower(), *(part.title() if len(part) == 4 else part.upper() for part in rest)])
    form = likely if is_language(likely) else "by a language's code, such as es or pt-BR"
    return f"Name it {form}, or move it out of this folder."


def _name_remedy(last: str) -> str:
    stems = {name.removesuffix(".yaml"): name for name in _IN_LANGUAGE}
    near = get_close_matches(_ENDINGS.sub("", last).lower(), stems, n=1)
    return f"Name it {stems[near[0]]}." if near else "Move it to answers if it is an answer, else out of this folder."


def _answer_remedy(last: str) -> str:
    if last.endswith(".yaml") and last.count(".") == 1:
        return "Use a-z, 0-9 and single hyphens, at most 32 of them."
    likely = re.sub(r"[^a-z0-9]+", "-", _ENDINGS.sub("", last).lower()).strip("-")
    if _ENDINGS.search(last) and is_answer(f"{likely}.yaml"):
        return f"Name it {likely}.yaml if it is an answer, else move it out of this folder."
    return "An answer's file is called <command>.yaml; move anything else out of this folder."


def _problem(name: str, what: str, remedy: str) -> Problem:
    printable = name.encode("utf-8", "backslashreplace").decode("utf-8")  # a name may have any bytes
    return Problem(printable, 0, what, remedy)
