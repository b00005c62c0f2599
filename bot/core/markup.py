"""Parses the writers' markup, and makes words from outside harmless: only writers' words can become markup."""

import re
import unicodedata
from collections.abc import Iterator

from bot.core.spans import Block, Body, Bold, Bullets, CommandRef, Italic, Paragraph, Slot, Span, Text


class MarkupError(ValueError):
    """The markup cannot be read. `line` counts from 1 within the text; `what` and `remedy` are for the writer."""

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
# A dot inside a word is enough: Telegram's list of top-level domains is long. Each pattern starts at the beginning of a
# word only: from every letter of a word of thousands it would take seconds.
_LINK = re.compile(r"(?i)(?<!\w)\w++://\S*|\b(?:tg|ton|mailto|tel):\w\S*|\bwww\.\S+|(?<![\w-])[\w-]++\.[^\W\d_]{2,}")


def parse(source: str) -> Body:
    """Read a writer's text: paragraphs separated by a blank line, `- ` bullets, `**bold**`, `*italic*`, `/command`,
    `{slot}` and a backslash before a character that is no markup.

    Raises:
        MarkupError: an unclosed or crossed mark, a stray brace, or a link.
    """
    blocks: list[Block] = []
    for first_line, lines in _chunks(source):
        link = next(((n, found) for n, line in enumerate(lines) if (found := link_in(line))), None)
        if link:
            raise MarkupError(first_line + link[0], f"“{link[1]}” looks like a link", "Answers carry no links.")
        if lines[0].startswith("- "):
            items = tuple(_spans(line[2:].strip(), first_line + n) for n, line in enumerate(lines))
            blocks.append(Bullets(items))
        else:
            blocks.append(Paragraph(_spans("\n".join(lines), first_line)))
    return tuple(blocks)


def link_in(words: str) -> str | None:
    """The part of these words that a platform might turn into a link by itself, or None."""
    found = _LINK.search(words)
    return found[0] if found else None


def _chunks(source: str) -> Iterator[tuple[int, list[str]]]:
    """Paragraphs and lists, each with the number of its first line; a bullet's indented lines are joined to it."""
    start, chunk = 1, list[str]()
    for number, raw in enumerate(source.splitlines(), 1):
        line = raw.rstrip()
        bulleted = bool(chunk) and chunk[0].startswith("- ")
        if bulleted and raw.startswith("  ") and line.strip():
            chunk[-1] += " " + line.strip()
            continue
        if chunk and (not line or line.startswith("- ") != bulleted):
            yield start, chunk
            chunk = []
        if line:
            start = start if chunk else number
            chunk.append(line)
    if chunk:
        yield start, chunk


def _spans(source: str, line: int) -> tuple[Span, ...]:
    """The spans of one paragraph or bullet, with `line` as the number of its first line."""
    stack: list[tuple[str, list[Span]]] = [("", [])]
    end = 0
    for token in _TOKEN.finditer(source):
        here = line + source.count("\n", 0, token.start())
        _words(stack[-1][1], source[end : token.start()])
        end = token.end()
        if token["brace"]:
            raise MarkupError(here, f"a lone “{token['brace']}”", "Put a backslash before it, or complete {slot}.")
        if token["mark"]:
            _mark(stack, token["mark"], here)
        elif token["command"]:
            stack[-1][1].append(CommandRef(token["command"]))
        elif token["slot"]:
            stack[-1][1].append(Slot(token["slot"]))
        else:
            _words(stack[-1][1], token["escaped"])
    _words(stack[-1][1], source[end:])
    if len(stack) > 1:
        raise MarkupError(line, f"“{stack[-1][0]}” is opened and never closed", "Close it, or write \\* for a star.")
    return tuple(stack[0][1])


def _words(spans: list[Span], words: str) -> None:
    if not words:
        return
    if spans and isinstance(spans[-1], Text):
        spans[-1] = Text(spans[-1].text + words)
    else:
        spans.append(Text(words))


def _mark(stack: list[tuple[str, list[Span]]], mark: str, line: int) -> None:
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


# Dots that an address may have: full stops of other scripts (browsers take U+3002 for a dot), and raised dots.
FULL_STOPS = ".\u3002\u06d4\u0701\u0702\ua4f8\ua60e\U00010a50\U0001d16d"
_RAISED_DOTS = "\u00b7\u2022\u2027\u2219\u22c5\u30fb\u2e31\u16eb\ua78f\u1427"
TRIGGERS = f"@#/$:\\{FULL_STOPS}{_RAISED_DOTS}"
_TRIGGER = re.compile(rf"[{re.escape(TRIGGERS)}]+(?=\S)|\+(?=\d)")
_JOINER = "\u2060"  # WORD JOINER: shows nothing, breaks no line, and is a letter to no link finder
# Letters that show nothing, used to fake empty names.
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5")
_MOST_MARKS = 2  # combining marks kept on one letter: enough for every living script, too few to deface a screen


def plain(words: str, limit: int = 64) -> Text:
    """Words from outside (a name, a question) made safe for any message: at most `limit` characters, one line, without
    control, invisible and right-to-left characters, and without anything that either platform would turn into a link,
    a mention, a hashtag or a command. Each renderer escapes its own markup later.
    """
    kept: list[str] = []
    marks = 0
    for character in unicodedata.normalize("NFKC", words[: limit * 8]):
        category = unicodedata.category(character)
        space = category[0] == "Z" or character in "\t\n\r\v\f"
        if not space and (category[0] == "C" or character in _BLANKS):
            continue  # and the marks after it stay with the letter before
        marks = marks + 1 if category[0] == "M" else 0
        if marks <= _MOST_MARKS:
            kept.append(" " if space else character)
    text = " ".join("".join(kept).split())
    cut = text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
    return Text(_TRIGGER.sub(lambda found: _JOINER.join(found[0]) + _JOINER, cut))
