"""`new`: writes the folder of a pack about another subject, with two answers, that passes `check`."""

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
from bot.runtime.content_setup import read_content

_STEPS: Final = """Created {folder}, and it passes the check. Next:
1. Put your facts into {folder}/source.yaml and your answers into {folder}/{language}/answers/
   (docs/your-own.md shows how).
2. RESPONSES_DIR={quoted} {python} -m bot check     lists every mistake, with file, line and fix
3. RESPONSES_DIR={quoted} {python} -m bot run       shows it in your browser; with tokens it serves the platforms"""


def main(options: argparse.Namespace) -> int:
    """Write the pack, asking for what the options lack. Returns 0, or 1 if the folder is not empty or a value is
    missing or wrong; then nothing is written.
    """
    folder: Path = options.folder
    if not is_free(folder):
        return 1
    title = options.title or _input("What is it about, in a word or two? ")
    names = options.names if options.names is not None else _input("Which names may answers use (comma-separated)? ")
    purpose = options.purpose or _input(f"What must its warnings be about ({', '.join(PURPOSES)})? ")
    asked = "" if options.title else _input("In which language are its answers (a tag such as en)? ")
    language = options.language or asked or DEFAULT_LOCALE
    reason = options.reason or (_input("Why does nothing in it need a warning? ") if purpose == "none" else "")
    if not is_tag(language):
        return 1
    if not title or purpose not in PURPOSES or (purpose == "none") != bool(reason):
        purposes = ", ".join(PURPOSES)
        tell(f"Nothing was written. Give a title, a purpose ({purposes}), and only with the purpose none a reason.")
        return 1
    listed = [*re.findall(r"\b[A-Z][\w-]*", title), *filter(None, map(str.strip, names.split(",")))]
    for name, text in pack(title, list(dict.fromkeys(listed)), purpose, reason, language).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    read_content(folder)
    python = shlex.quote(sys.orig_argv[0])  # as the operator typed it
    print(_STEPS.format(folder=folder, quoted=shlex.quote(str(folder)), language=language, python=python))
    if (folder / "TRANSLATE.md").exists():
        print(f"Some of its texts are still in English: {folder}/TRANSLATE.md lists them.")
    return 0


def _input(question: str) -> str:
    try:
        return input(question).strip()
    except EOFError:
        return ""
