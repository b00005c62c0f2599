"""`import`: propose the files of a pack from the headings of an article in Markdown: for each a section, and an empty
answer to fill.
"""

import argparse
import calendar
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from bot.cli.problems import is_free, is_tag, tell
from bot.content.shipped import dumped
from bot.core.normalise import fold

_HEADING = re.compile(r"(?m)^ {0,3}#{1,6}[ \t]+(.+?)[ \t]*#*$")
_FENCED = re.compile(r"(?ms)^(```|~~~).*?^\1")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])|\n+")
_WORD_WITHIN = re.compile(r"(?<=[\w,] )[^\W\d_][\w-]+")  # with a capital it may be a name
_LONGEST_COMMAND = 32
_DATES = {*calendar.month_name, *calendar.day_name}  # English has them with a capital


def main(options: argparse.Namespace) -> int:
    """0 when the proposals are written; 1 when the article cannot be read or has no headings, the language's tag is
    none, or the folder holds something.
    """
    folder: Path = options.folder
    if not (is_free(folder) and is_tag(options.language)):
        return 1
    try:
        files = proposals(options.article.read_text("utf-8-sig"), options.language, datetime.now(UTC).date())
    except (OSError, UnicodeDecodeError) as error:
        tell(f"{options.article} cannot be read as UTF-8 text ({error}). Name a Markdown file.")
        return 1
    if len(files) == 1:
        tell(
            f"{options.article} has no headings with text below. Write a line such as `## What it is` above each part."
        )
        return 1
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    drafted = f"{len(files) - 1} section{'s' if len(files) > 2 else ''}"
    print(f"Drafted {drafted} in {folder}. Move the sections and names in its source.yaml to your pack,")
    print(
        "and write the facts in your own words. Each empty answer quotes its section: write it, then move it as well."
    )
    return 0


def proposals(text: str, language: str, today: date) -> dict[str, str]:
    """The files by name: `source.yaml` has the sections and what may be names, and each answer an empty summary and
    body. The facts are left to the writer, who says them in own words; `# ` lines quote what the section says. The
    first heading is the title. `language` is the tag of the article's.
    """
    text = _FENCED.sub("", text)
    revision = hashlib.sha256(text.encode()).hexdigest()[:12]
    found = list(_sections(text))
    words = Counter(word for word in _WORD_WITHIN.findall(text) if word[0].isupper())
    names = [name for name, _ in words.most_common() if name not in _DATES]
    sections = [{"id": one, "heading": heading, "facts": []} for one, heading, _ in found]
    menu = [one for one, _, _ in found]
    title = {"title": _plain(first[1])} if (first := _HEADING.search(text)) else {}
    source = dumped({"article": {"revision": revision, **title}, "names": names, "menu": menu, "sections": sections})
    files = {"source.yaml": source}
    for one, heading, said in found:
        quoted = "".join(f"#   {sentence}\n" for sentence in said)
        draft = dict[str, object](title=heading, summary="", body="", risk="general", section=one, facts=[])
        draft |= {"checked": today, "revision": revision, "questions": {language: [heading]}}
        files[f"{language}/answers/{one}.yaml"] = f"# What this section says:\n{quoted}{dumped(draft)}"
    return files


def _sections(text: str) -> Iterator[tuple[str, str, list[str]]]:
    """The id, heading and sentences of each section that says something. A heading without a Latin letter is numbered,
    since platforms take no other letters in a command's name.
    """
    seen: Counter[str] = Counter()
    _, *parts = _HEADING.split(text)
    for heading, body in zip(parts[::2], parts[1::2], strict=True):
        said = [sentence.strip() for sentence in _SENTENCE.split(body) if sentence.strip()]
        plain = _plain(heading)
        one = re.sub(r"[^a-z0-9]+", "-", fold(plain)).strip("-")[: _LONGEST_COMMAND - 3].strip("-") or "section"
        if said:
            seen[one] += 1
            yield one if seen[one] == 1 else f"{one}-{seen[one]}", plain, said


def _plain(heading: str) -> str:
    """The heading without markup, cut where a title has to end."""
    return re.sub(r"[*_`\[\]]|\(https?://[^)]*\)", "", heading).strip()[:80]
