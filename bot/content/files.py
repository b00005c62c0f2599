"""Which files of the content folder are content, and what the system says of each.

People's folders hold more than content: shadows of a Mac, backups of an editor, a copy of a language. What is left
behind by a program is passed over; anything else that is no content is a problem by name, so that no file is ignored
without a word.
"""

import errno
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

from bot.core.errors import Problem

Seen = Mapping[str, os.stat_result | OSError]
"""By name relative to the content folder ("" is the folder itself): what it is, or why nobody can tell."""
Stamp = Mapping[str, tuple[int, ...]]
"""By name, what the system changes when somebody writes the file, moves it or changes who may read it."""

_HELPERS = frozenset({"questions", "schema"})
_WORDS = frozenset(  # what a language's folder holds
    {"interface.yaml", "policy.yaml", "policy_patterns.yaml", "duties.yaml", "glossary.yaml", "answers"}
)
_LEAVING = re.compile(
    r"^[.~]|^#.*#$|~$|^4913$|^(thumbs|ehthumbs)\.db$|^desktop\.ini$|^icon\r$|^__macosx$|^lost\+found$|^\$recycle\.bin$"
    r"|^system volume information$|^@eadir$|___jb_(tmp|old|bak)___$"
    r"|\.(sw[a-z]|bak\d*|orig|rej|tmp|temp|part|crdownload|kate-swp|autosave|save|old|lock)$",
    re.IGNORECASE,
)
NAME = r"^[a-z0-9]+(-[a-z0-9]+)*$"
"""What a command, a page or a fact may be called."""
_COMMAND = re.compile(NAME)
_LONGEST_COMMAND = 32
_ENDINGS = re.compile(r"(?i)(\.ya?ml|\.txt)+$")
_TAG = re.compile(r"([a-z]{2})(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
# ISO 639-1. Telegram takes no other codes, and one that it does not know makes it refuse every menu.
_CODES = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el "
    "en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu "
    "ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na "
    "nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so "
    "sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu "
)
_LANGUAGES = frozenset(_CODES.split())
_REMEDIES = {
    errno.EACCES: "Give the user that runs the bot the right to read it (chmod a+r, and a+rx for a folder).",
    errno.EPERM: "Give the user that runs the bot the right to read it (chmod a+r, and a+rx for a folder).",
    errno.EISDIR: "Put a text file in its place.",
    errno.ENOTDIR: "Put a folder in its place.",
    errno.ELOOP: "It is a link that leads to itself: let it lead to the file.",
}


def seen(folder: Path) -> Seen:
    """Everything in the folder that may be content, and every folder of it that cannot be read."""
    found: dict[str, os.stat_result | OSError] = {}
    _look(folder, "", found)
    for name in list(found):
        if is_language(name):
            _look(folder, name, found)
            if f"{name}/answers" in found:
                _look(folder, f"{name}/answers", found)
    return found


def stamp(folder: Path) -> Stamp:
    """What tells two states of the folder apart, links followed."""
    return {name: _marks(one) for name, one in seen(folder).items()}


def is_language(name: str) -> bool:
    """Whether a folder of that name holds a language: es, pt-BR, zh-Hant."""
    tag = _TAG.fullmatch(name)
    return tag is not None and tag[1] in _LANGUAGES


def is_answer(name: str) -> bool:
    """Whether an answer's file may be called so."""
    stem = name.removesuffix(".yaml")
    return stem != name and len(stem) <= _LONGEST_COMMAND and bool(_COMMAND.fullmatch(stem))


def outside(folder: Path, name: str) -> bool:
    """Whether that file of the content leads, by a link, out of the folder."""
    try:
        return not (folder / name).resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # a link to itself; RuntimeError before Python 3.13
        return True


def quoted(folder: Path, problem: Problem) -> str | None:
    """The first 200 characters of the line that a problem names, or None if it names none that can be read.

    A link may lead out of the folder, to a file with a secret in it: no line of such a file is returned.
    """
    if outside(folder, problem.file):
        return None
    try:
        lines = (folder / problem.file).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return None  # the problem itself says that the file cannot be read
    return lines[problem.line - 1][:200] if 0 < problem.line <= len(lines) else None


def unreadable(name: str, error: OSError) -> Problem:
    """The problem with a file or folder that the system does not let us read."""
    reason = (error.strerror or "unreadable").lower()
    remedy = _REMEDIES.get(error.errno or 0, "Check that it exists; if it is a link, let it lead to the file.")
    return Problem(_shown(name), 0, f"cannot be read ({reason})", remedy)


def misfits(folder: Path, found: Seen) -> Iterator[Problem]:
    """A problem for all that is there and would be ignored."""
    for name, one in found.items():
        *above, last = name.split("/")
        folder_there = not isinstance(one, OSError) and not _is_file(one)
        if not name or (isinstance(one, OSError) and not above and is_language(name)):
            assert isinstance(one, OSError)
            yield unreadable(name or str(folder), one)
        elif not above and folder_there and not is_language(name) and name not in _HELPERS:
            yield _no_language(name)
        elif len(above) == 1 and last not in _WORDS and (folder_there or re.search(r"(?i)\.ya?ml", last)):
            yield _ignored(name, last, _WORDS)
        elif len(above) == 1 and last == "answers" and isinstance(one, OSError):
            yield unreadable(name, one)
        elif len(above) > 1 and not is_answer(last) and not re.search(r"(?i)^readme|\.md$", last):
            yield _no_answer(name, last)


def _look(folder: Path, below: str, found: dict[str, os.stat_result | OSError]) -> None:
    try:
        names = os.listdir(folder / below)
    except OSError as error:
        found[below] = error
        return
    for name in names:
        if not _LEAVING.search(name):
            path = f"{below}/{name}" if below else name
            try:
                found[path] = (folder / path).stat()
            except OSError as error:
                found[path] = error


def _is_file(one: os.stat_result) -> bool:
    return one.st_mode & 0o170000 != 0o040000


def _marks(one: os.stat_result | OSError) -> tuple[int, ...]:
    if isinstance(one, OSError):
        return (-(one.errno or 1),)
    return (one.st_mtime_ns, one.st_ctime_ns, one.st_size, one.st_ino, one.st_dev) if _is_file(one) else ()


def _no_language(name: str) -> Problem:
    language, *rest = name.replace("_", "-").split("-")
    parts = [part.title() if len(part) == 4 else part.upper() for part in rest]
    likely = "-".join([language.lower(), *parts])
    remedy = "Name it by a language's code, such as es or pt-BR, or move it out of this folder."
    if is_language(likely):
        remedy = f"Name it {likely}, or move it out of this folder."
    return Problem(_shown(name), 0, "is a folder whose name is no language's", remedy)


def _ignored(name: str, last: str, known: Iterable[str]) -> Problem:
    stems = {name.removesuffix(".yaml"): name for name in known}
    near = get_close_matches(_ENDINGS.sub("", last).lower(), stems, n=1)
    remedy = f"Name it {stems[near[0]]}." if near else "Move it to answers if it is an answer, else out of this folder."
    return Problem(_shown(name), 0, "is not read", remedy)


def _no_answer(name: str, last: str) -> Problem:
    likely = re.sub(r"[^a-z0-9]+", "-", _ENDINGS.sub("", last).lower()).strip("-")
    remedy = "Use a-z, 0-9 and single hyphens, at most 32 of them."
    if last.endswith(".yaml") and last.count(".") == 1:
        return Problem(_shown(name), 0, "its name is no command", remedy)
    if _ENDINGS.search(last) and is_answer(f"{likely}.yaml"):
        remedy = f"Name it {likely}.yaml if it is an answer, else move it out of this folder."
    else:
        remedy = "An answer's file is called <command>.yaml; move anything else out of this folder."
    return Problem(_shown(name), 0, "is not read", remedy)


def _shown(name: str) -> str:
    """The name as it can be printed, whatever bytes it has."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")
