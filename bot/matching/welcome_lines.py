"""Checks the welcome line that moderators write: it must not urge, promise, advise or weaken the warning.

The heads for lines were trained on statements, not on questions. The rules cover what a classifier cannot know: letters
of other scripts, contacts, claims about the warning. Each rule is a pattern for folded text, narrow enough that no
honest line of the training files breaks it.
"""

import re
from collections.abc import Callable, Sequence

from bot.core.normalise import fold, foreign_letter, normalise, undisguised
from bot.core.policy_patterns import PolicyPattern, first_match

REFUSED, KEPT = "refused", "kept"
"""The labels of a line, which are also the names of the files in responses/questions/lines/."""

_SURE_OF_LINE, _SURE_OF_SENTENCE = 0.55, 0.8
"""The probabilities at which a line is refused: of the whole line, and of a single sentence in it."""
_MOST_SENTENCES = 12  # no honest line has more; each costs 15 ms, and a line of 240 characters could have 120
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
_WARNING_WORD = re.compile(
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


def why_line_refused(line: str, patterns: Sequence[PolicyPattern], refused: Callable[[str], float]) -> str | None:
    """Return the rule, pattern or words for which a welcome line must be refused; None if the line is fine.

    `refused` gives the probability that the classifier of lines refuses a text; it may block.
    """
    normalised = normalise(line)
    plain = undisguised(normalised)
    if rule := _broken_rule(normalised) or _broken_rule(plain):
        return f"rule about {rule}"
    whole, *sentences = parts(plain)
    if len(sentences) > _MOST_SENTENCES:
        return "too many sentences"
    for part in (whole, *sentences):  # the classifier decides about a part that may be a warning ("never share …")
        if (flagged := first_match(part, patterns)) and not _may_warn(part):
            return f"pattern {flagged.name}"
    if plain and refused(whole) >= _SURE_OF_LINE:
        return whole
    return next((sentence for sentence in sentences if refused(sentence) >= _SURE_OF_SENTENCE), None)


def parts(line: str) -> tuple[str, ...]:
    """Return the line, followed by each of its sentences if it has several."""
    sentences = [part for part in _SENTENCE.split(line) if any(char.isalnum() for char in part)]
    return (line, *sentences) if len(sentences) > 1 else (line,)


def _broken_rule(line: str) -> str | None:
    """Return the subject of the rule that a normalised line breaks, or None."""
    if foreign_letter(line):
        return "letters"
    folded = fold(line)
    if _CONTACT.search(folded):
        return "contact"
    if _SECRET.search(folded) and not _may_warn(folded):
        return "secret"
    return "warning" if _CLAIM.search(folded) else None


def _may_warn(line: str) -> bool:
    """Tell whether the line may warn against what it mentions: it contains "never", "nobody" or a similar word."""
    return bool(_WARNING_WORD.search(fold(line)))
