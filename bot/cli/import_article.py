"""`import`: drafts files of a pack from an article in Markdown: a section and an empty answer for each heading."""

import argparse
import calendar
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from bot.cli.problems import is_free, is_tag, tell
from bot.content.default_texts import dumped
from bot.core.normalise import fold

_HEADING = re.compile(r"(?m)^ {0,3}#{1,6}[ \t]+(.+?)[ \t]*#*$")
_FENCED = re.compile(r"(?ms)^(```|~~~).*?^\1")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])|\n+")
_WORD_WITHIN = re.compile(r"(?<=[\w,] )[^\W\d_][\w-]+")  # a word inside a sentence; if capitalised, it may be a name
_LONGEST_COMMAND = 32
_DATES = {*calendar.month_name, *calendar.day_name}  # capitalised in English, but not names


def main(options: argparse.Namespace) -> int:
    """Write the drafts. Returns 0, or 1 without writing if the article cannot be read or has no headings, the language
    is not a tag, or the folder is not empty.
    """
    folder: Path = options.folder
    if not (is_free(folder) and is_tag(options.language)):
        return 1
    try:
        files = drafts(options.article.read_text("utf-8-sig"), options.language, datetime.now(UTC).date())
    except OSError as error:
        tell(f"{options.article} cannot be read ({error.strerror}). Name a Markdown file.")
        return 1
    except UnicodeDecodeError:
        tell(f"{options.article} is not UTF-8 text. Name a Markdown file saved as UTF-8.")
        return 1
    if len(files) == 1:
        what = f"{options.article} has no headings with text below them."
        tell(f"{what} Write a line such as `## What it is` above each part.")
        return 1
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    drafted = f"{len(files) - 1} section{'s' if len(files) > 2 else ''}"
    print(f"Drafted {drafted} in {folder}. Move the sections and names in its source.yaml to your pack,")
    print("and write the facts in your own words. Each empty answer quotes its section: write the answer,")
    print("then move its file to your pack as well.")
    return 0


def drafts(text: str, language: str, today: date) -> dict[str, str]:
    """Return the drafted files by name. `language` is the tag of the article's language.

    `source.yaml` has the sections without facts, words that may be names, and the first heading as title. Each answer
    has an empty summary and body, and quotes the sentences of its section in comments.
    """
    text = _FENCED.sub("", text)
    revision = hashlib.sha256(text.encode()).hexdigest()[:12]
    parts = list(_sections(text))
    words = Counter(word for word in _WORD_WITHIN.findall(text) if word[0].isupper())
    names = [name for name, _ in words.most_common() if name not in _DATES]
    sections = [{"id": id_, "heading": heading, "facts": []} for id_, heading, _ in parts]
    menu = [id_ for id_, _, _ in parts]
    title = {"title": _plain(first[1])} if (first := _HEADING.search(text)) else {}
    source = dumped({"article": {"revision": revision, **title}, "names": names, "menu": menu, "sections": sections})
    files = {"source.yaml": source}
    for id_, heading, sentences in parts:
        quoted = "".join(f"#   {sentence}\n" for sentence in sentences)
        draft = dict[str, object](title=heading, summary="", body="", risk="general", section=id_, facts=[])
        draft |= {"checked": today, "revision": revision, "questions": {language: [heading]}}
        files[f"{language}/answers/{id_}.yaml"] = f"# What this section says:\n{quoted}{dumped(draft)}"
    return files


def _sections(text: str) -> Iterator[tuple[str, str, list[str]]]:
    """Yield the id, heading and sentences of each section that has any.

    The id of a heading without Latin letters is `section` and a number: command names have only Latin letters.
    """
    seen: Counter[str] = Counter()
    _, *parts = _HEADING.split(text)
    for heading, body in zip(parts[::2], parts[1::2], strict=True):
        sentences = [sentence.strip() for sentence in _SENTENCE.split(body) if sentence.strip()]
        plain = _plain(heading)
        id_ = re.sub(r"[^a-z0-9]+", "-", fold(plain)).strip("-")[: _LONGEST_COMMAND - 3].strip("-") or "section"
        if sentences:
            seen[id_] += 1
            yield id_ if seen[id_] == 1 else f"{id_}-{seen[id_]}", plain, sentences


def _plain(heading: str) -> str:
    """Return the heading without markup, cut to the 80 characters of a title."""
    return re.sub(r"[*_`\[\]]|\(https?://[^)]*\)", "", heading).strip()[:80]
