"""`new`: write the folder of a pack about another subject, with two answers, that the check finds right."""

import argparse
import re
import shlex
import sys
from pathlib import Path
from typing import Final

from bot.cli.problems import is_free, is_tag, tell
from bot.content.purposes import PURPOSES
from bot.content.starter import pack
from bot.core.model import DEFAULT_LOCALE
from bot.runtime.content import read_content

_STEPS: Final = """Created {folder}, and it passes the check. Next:
1. Put your facts into {folder}/source.yaml and your answers into {folder}/{language}/answers/
   (docs/your-own.md shows how).
2. RESPONSES_DIR={quoted} {python} -m bot check     lists what is wrong, with file, line and remedy
3. RESPONSES_DIR={quoted} {python} -m bot run       shows it in your browser; with tokens it serves the platforms"""


def main(options: argparse.Namespace) -> int:
    """0 when the pack is written; 1 when the folder holds something, or an answer is missing."""
    folder: Path = options.folder
    if not is_free(folder):
        return 1
    title = options.title or _asked("What is it about, in a word or two? ")
    names = options.names if options.names is not None else _asked("Which names may answers use (with commas)? ")
    purpose = options.purpose or _asked(f"What must its warnings be about ({', '.join(PURPOSES)})? ")
    asked = "" if options.title else _asked("In which language are its answers (its tag, such as en)? ")
    language = options.language or asked or DEFAULT_LOCALE
    reason = options.reason or (_asked("Why does nothing in it need a warning? ") if purpose == "none" else "")
    if not is_tag(language):
        return 1
    if not title or purpose not in PURPOSES or (purpose == "none") != bool(reason):
        tell("Nothing was written. Give a title and a purpose, and with the purpose none (only then) a reason.")
        return 1
    listed = [*re.findall(r"\b[A-Z][\w-]*", title), *filter(None, map(str.strip, names.split(",")))]
    for name, text in pack(title, list(dict.fromkeys(listed)), purpose, reason, language).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    read_content(folder)
    python = shlex.quote(sys.orig_argv[0])  # as it was typed
    print(_STEPS.format(folder=folder, quoted=shlex.quote(str(folder)), language=language, python=python))
    if (folder / "TRANSLATE.md").exists():
        print(f"Some of its texts are still in English: {folder}/TRANSLATE.md lists them.")
    return 0


def _asked(question: str) -> str:
    try:
        return input(question).strip()
    except EOFError:
        return ""
