"""Rules for welcome lines that a classifier cannot know: letters of other scripts, contacts, claims about the warning.

Each is a pattern for folded text, narrow enough that no honest line of the training files breaks one.
"""

import re

from bot.core.normalise import fold, foreign_letter

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


def broken_rule(line: str) -> str | None:
    """Which rule a normalised line breaks, in a word, or None."""
    if foreign_letter(line):
        return "letters"
    read = fold(line)
    if _CONTACT.search(read):
        return "contact"
    if _SECRET.search(read) and not warns(read):
        return "secret"
    return "warning" if _CLAIM.search(read) else None


def warns(line: str) -> bool:
    """Whether the line may warn of what it names: "never", "nobody" or the like stands in it."""
    return bool(_WARNED_OF.search(fold(line)))
