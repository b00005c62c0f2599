"""Parses the content's markup into spans, and makes words from outside harmless, so that they never become markup."""

import re
import unicodedata
from collections.abc import Iterator

from bot.core.spans import Block, Body, Bold, Bullets, CommandRef, Italic, Paragraph, Slot, Span, Text


class MarkupError(ValueError):
    """The markup cannot be parsed. `line` counts from 1 within the text; `what` and `remedy` are for the writer."""

    def __init__(self, line: int, what: str, remedy: str) -> None:
        self.line, self.what, self.remedy = line, what, remedy
        super().__init__(f"line {line}: {what}")


_TOKEN = re.compile(
    r"\\(?P<escaped>[\\*/{}-])"
    r"|(?P<mark>\*\*|\*)"
    r"|(?<![\w/:.])/(?P<command>[a-z0-9]+(?:-[a-z0-9]+)*)(?![\w/])"
    r"|\{(?P<slot>[a-z_]+)\}"
    r"|(?P<brace>[{}])"
)
# Any dot within a word counts, because Telegram's list of top-level domains is long. Each alternative starts only at
# the beginning of a word: starting at every letter of a very long word would take seconds.
_LINK = re.compile(r"(?i)(?<!\w)\w++://\S*|\b(?:tg|ton|mailto|tel):\w\S*|\bwww\.\S+|(?<![\w-])[\w-]++\.[^\W\d_]{2,}")


def parse(source: str) -> Body:
    """Parse a text of the content.

    The markup is: paragraphs separated by a blank line, bullets (`- `), `**bold**`, `*italic*`, `/command`, `{slot}`,
    and a backslash before a character that is not meant as markup.

    Raises:
        MarkupError: an unclosed or crossed mark, a stray brace, or a link.
    """
    blocks: list[Block] = []
    for first_line, lines in _chunks(source):
        for offset, line in enumerate(lines):
            if link := link_in(line):
                raise MarkupError(first_line + offset, f"“{link}” looks like a link", "Answers carry no links.")
        if lines[0].startswith("- "):
            items = tuple(_spans(line[2:].strip(), first_line + n) for n, line in enumerate(lines))
            blocks.append(Bullets(items))
        else:
            blocks.append(Paragraph(_spans("\n".join(lines), first_line)))
    return tuple(blocks)


def link_in(words: str) -> str | None:
    """Return the first part of the words that a platform might turn into a link, or None."""
    link = _LINK.search(words)
    return link[0] if link else None


def _chunks(source: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines of each paragraph and list, with the number of the first one.

    The indented lines that continue a bullet are joined to it.
    """
    start, chunk = 1, list[str]()
    for number, raw in enumerate(source.splitlines(), 1):
        line = raw.rstrip()
        in_list = bool(chunk) and chunk[0].startswith("- ")
        if in_list and raw.startswith("  ") and line.strip():
            chunk[-1] += " " + line.strip()
            continue
        if chunk and (not line or line.startswith("- ") != in_list):
            yield start, chunk
            chunk = []
        if line:
            start = start if chunk else number
            chunk.append(line)
    if chunk:
        yield start, chunk


def _spans(source: str, line: int) -> tuple[Span, ...]:
    """Parse a paragraph or bullet; `line` is the number of its first line. Each open mark is a level of the stack."""
    stack: list[tuple[str, list[Span]]] = [("", [])]
    end = 0
    for token in _TOKEN.finditer(source):
        token_line = line + source.count("\n", 0, token.start())
        _add_text(stack[-1][1], source[end : token.start()])
        end = token.end()
        if token["brace"]:
            raise MarkupError(
                token_line, f"a lone “{token['brace']}”", "Put a backslash before it, or complete {slot}."
            )
        if token["mark"]:
            _add_mark(stack, token["mark"], token_line)
        elif token["command"]:
            stack[-1][1].append(CommandRef(token["command"]))
        elif token["slot"]:
            stack[-1][1].append(Slot(token["slot"]))
        else:
            _add_text(stack[-1][1], token["escaped"])
    _add_text(stack[-1][1], source[end:])
    if len(stack) > 1:
        raise MarkupError(line, f"“{stack[-1][0]}” is opened and never closed", "Close it, or write \\* for a star.")
    return tuple(stack[0][1])


def _add_text(spans: list[Span], text: str) -> None:
    if not text:
        return
    if spans and isinstance(spans[-1], Text):
        spans[-1] = Text(spans[-1].text + text)
    else:
        spans.append(Text(text))


def _add_mark(stack: list[tuple[str, list[Span]]], mark: str, line: int) -> None:
    """Open the mark, or close it if it is the innermost open one."""
    if stack[-1][0] == mark:
        _, inner = stack.pop()
        if not inner:
            raise MarkupError(line, f"“{mark}{mark}” holds nothing", "Take it out, or write words between the marks.")
        stack[-1][1].append(Bold(tuple(inner)) if mark == "**" else Italic(tuple(inner)))
    elif any(mark == opened for opened, _ in stack):
        raise MarkupError(line, f"“{mark}” closes across another mark", "Close the inner mark first.")
    else:
        stack.append((mark, []))


# Dots that an address may contain: full stops of other scripts (browsers treat U+3002 as a dot), and raised dots.
FULL_STOPS = ".\u3002\u06d4\u0701\u0702\ua4f8\ua60e\U00010a50\U0001d16d"
_RAISED_DOTS = "\u00b7\u2022\u2027\u2219\u22c5\u30fb\u2e31\u16eb\ua78f\u1427"
TRIGGERS = f"@#/$:\\{FULL_STOPS}{_RAISED_DOTS}"
_TRIGGER = re.compile(rf"[{re.escape(TRIGGERS)}]+(?=\S)|\+(?=\d)")
_JOINER = "\u2060"  # WORD JOINER: invisible, no line break, and not a letter for link detection
# Letters without a visible shape, used for names that look empty.
_INVISIBLE_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5")
_MOST_MARKS = 2  # combining marks kept on a letter: enough for every living script, too few to cover other lines


def plain(words: str, limit: int = 64) -> Text:
    """Make words from outside, such as a name or a question, safe for any message.

    The result is one line of at most `limit` characters, not counting word joiners. It has no invisible, control or
    text-direction characters, and nothing that either platform would turn into a link, a mention, a hashtag or a
    command. The renderers escape their own markup later.
    """
    chars: list[str] = []
    marks = 0
    for char in unicodedata.normalize("NFKC", words[: limit * 8]):
        category = unicodedata.category(char)
        space = category[0] == "Z" or char in "\t\n\r\v\f"
        if not space and (category[0] == "C" or char in _INVISIBLE_LETTERS):
            continue  # marks that follow belong to the letter before
        marks = marks + 1 if category[0] == "M" else 0
        if marks <= _MOST_MARKS:
            chars.append(" " if space else char)
    text = " ".join("".join(chars).split())
    cut = text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
    return Text(_TRIGGER.sub(lambda trigger: _JOINER.join(trigger[0]) + _JOINER, cut))
