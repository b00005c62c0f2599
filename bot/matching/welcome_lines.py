"""Judges the words that moderators add to a greeting: nothing in them may urge, promise, advise or weaken the warning.

The heads for it were trained on statements, not on questions. The rules are for what a classifier cannot know: letters
of other scripts, contacts, claims about the warning. Each is a pattern for folded text, narrow enough that no honest
line of the training files breaks one.
"""

import re
from collections.abc import Callable, Sequence

from bot.core.normalise import fold, foreign_letter, normalise, undisguised
from bot.core.policy_patterns import PolicyPattern, first_match

REFUSED, KEPT = "refused", "kept"
"""The labels of a line: the files of responses/questions/lines/."""

_SURE_OF_LINE, _SURE_OF_SENTENCE = 0.55, 0.8
"""The probability from which a line for a greeting is refused, and that from which it is for one sentence alone."""
_SENTENCE = re.compile(r"(?<=[.!?;。！？；])\s*")
_CONTACT = re.compile(
    r"(?<![\w/#])[a-z]\w*_\w+"  # the handle of a person or channel; commands and channels keep their / and #
    r"|\d(?:[ ().+-]{0,3}\d){6,}|#\d{4}\b|\bt ?\.? ?me\b(?: slash|/)"
    r"|\b(?:dot|punto) (?:com|net|network|org|io|me|gifts?|app|xyz|site|info|club)\b"
    r"|\b(?:whatsapp|wechat|viber)\b|微信"
)
_SECRET = re.compile(
    r"\bmnemonics?\b|мнемони[кч]|助[记記][词詞]|\b(?:12|24|twelve|twenty.?four) (?:secret )?words\b"
    r"|\b(?:12|24|doce) palabras\b|\b(?:12|24|двенадцать) слов|\b(?:12|24|on iki) kelime|\b(?:12|24|muoi hai) tu\b"
)
_WARNED_OF = re.compile(
    r"\b(?:never|not|don'?t|nobody|no one|anyone|nunca|no|nadie|никогда|никому|никто|не|asla|kimseyl?e"
    r"|hicbir|dung|khong)\b|不要|不会|绝不|勿|别|任何人|没有?人"
)
_IS = r"(?:is|are|was|were|does|do|isn'?t|aren'?t|doesn'?t)"
_WEAK = (
    r"(?:only|just|merely|not|nothing|outdated|old|optional|boilerplate|exaggerat\w*"
    r"|a (?:formality|joke|lie)|for \w+ers\b)"
)
_CLAIM = re.compile(
    rf"/risk (?:says )?(?:{_IS}|has|only|just|exaggerat\w*|es|era|fue|no|solo|—|-|это|не|устарел\w*|только|la|chi"
    r"|khong|eski\w*|sadece|degil\w*)(?!\w)|/risk ?(?:是|只|不|已)"
    rf"|\b(?:warning|disclaimer|sign|triangle)s?\b(?: \w+){{0,3}} {_IS} {_WEAK}"
    r"|\b(?:scroll past|do without|without|skip|ignore|overlook|needs?) (?:the|this|that|any|our)\b(?: \w+){0,2} "
    r"(?:warnings?|disclaimers?|sign|triangle)\b"
    r"|\b(?:nobody|no one)\b(?: \w+){0,3} lost\b|\bnadie\b(?: \w+){0,3} perdido\b|\bchua ai\b(?: \w+){0,2} mat\b"
    r"|никто\b.{0,20} терял|kimse\b.{0,20} kaybetmedi"
)


def fault_in_line(line: str, patterns: Sequence[PolicyPattern], refused: Callable[[str], float]) -> str | None:
    """What in a line for a greeting urges, promises, advises or weakens the warning; None where nothing does. `refused`
    gives the probability that the classifier of lines refuses a text; it may block.
    """
    known = normalise(line)
    read = undisguised(known)
    if rule := _broken_rule(known) or _broken_rule(read):
        return f"rule about {rule}"
    whole, *sentences = parts(read)
    for part in (whole, *sentences):  # one that may warn ("never share …") is left to the classifier
        if (flagged := first_match(part, patterns)) and not _warns(part):
            return f"pattern {flagged.name}"
    if read and refused(whole) >= _SURE_OF_LINE:
        return whole
    return next((sentence for sentence in sentences if refused(sentence) >= _SURE_OF_SENTENCE), None)


def parts(line: str) -> tuple[str, ...]:
    """The line and, where it has several, each of its sentences: what is wrong with one is wrong with the line."""
    sentences = [part for part in _SENTENCE.split(line) if any(char.isalnum() for char in part)]
    return (line, *sentences) if len(sentences) > 1 else (line,)


def _broken_rule(line: str) -> str | None:
    """Which rule a normalised line breaks, in a word, or None."""
    if foreign_letter(line):
        return "letters"
    read = fold(line)
    if _CONTACT.search(read):
        return "contact"
    if _SECRET.search(read) and not _warns(read):
        return "secret"
    return "warning" if _CLAIM.search(read) else None


def _warns(line: str) -> bool:
    """Whether the line may warn of what it names: "never", "nobody" or the like stands in it."""
    return bool(_WARNED_OF.search(fold(line)))
