"""Checks the moderators' own line of a greeting, and the names in it: no link, no mention, no advice."""

import re
from collections.abc import Callable

from bot.core.errors import BadInput
from bot.core.markup import FULL_STOPS
from bot.core.normalise import fold, normalise, undisguised

NAMES = "{names}"  # the only placeholder, allowed once: several times the names would not fit a message
LONGEST_LINE = 240  # characters
READY = ("1", "2", "3")  # a line that is one of these numbers stands for the language's ready line of that number

_CHINESE = "[\u2e80-\u9fff]"
_MENTION = re.compile(r"@\w|<[@#&]|(?<!\w)@(?=\S)")
_LINK = re.compile(
    r"(?i)\w:/|//|\bwww\.|\]\s*\(|\b(?:mailto|tel|tg|ton|javascript):"
    r"|[^\W_]\.(?:[^\W\d_]{2,}|xn--)"  # discord.gg, t.me, example.рф
    rf"|(?!{_CHINESE})[^\W_][{FULL_STOPS}](?!{_CHINESE})[^\W\d_]{{2,}}"  # kusama。network, but no end of a sentence
    r"|\b\d{1,3}(?:\.\d{1,3}){3}\b"
)
_COIN = r"(?:ksm|kusama|polkadot|dot|crypto|coins?|tokens?|it|this|now|in|cripto|крипт\w*|币|幣)"
_OFFER = re.compile(  # in a name, where nobody speaks of these in earnest
    fold(
        rf"\b(?:buy|sell|hodl|hold|invest|stake|ape|accumulate|compr(?:a|e|ar|en|ad)|vend(?:e|er|an)|куп\w{{1,5}}"
        rf"|покупай\w*|прода\w{{2,5}}|satın al\w*|mua)\b.{{0,20}}\b{_COIN}\b"
        r"|(?:买|買|购|購|卖|賣).{0,9}(?:ksm|币|幣)"
        r"|\b(?:claim|bonus|pre-?sale|pump|recovery|trade|earn)\b.{0,20}\b(?:ksm|kusama|group|now|here|with)\b"
        r"|\b(?:ksm|kusama)\b.{0,20}\b(?:claim|bonus|pre-?sale|pump|recovery|satin al)\b"
        r"|\bair ?-?drops?\b|\bgive ?-?aways?\b|\b(?:free|gratis|bedava) (?:ksm|kusama|coins?|tokens?|crypto)\b"
        r"|\b(?:double|triple|multiply) (?:your|my)\b|\bguarante\w{0,3}\b|\b(?:seed|recovery) phrase\b"
        r"|\b(?:support|admins?|mods?|help ?desk|team|staff)\b.{0,20}\b(?:dm|pm|message|contact) (?:me|us|now)\b"
        r"|(?:buy|sell|free|claim) ?(?:ksm|kusama)"
        r"|\bраздач\w|\b[аэ]ирдроп|\bбесплатн\w{1,3}\b|空投|免费(?:送|领)|助记词"
        r"|\bverify\b.{0,20}\bwallet\b|\bwallet\b.{0,20}\bverify\b|\bpump group\b|\d ?%|\b\d{2,}x\b|\bwhatsapp\b"
    )
)


def fault_in_name(name: str) -> str | None:
    """The name if it offers, advises or asks for secrets, else None. Milder than the check of lines: people are called
    Price, Gia and Ban Ki-moon."""
    return name if _OFFER.search(fold(undisguised(normalise(name)))) else None


def checked(line: str, fault: Callable[[str], str | None]) -> str:
    """The line as it is stored: one line without invisible characters. `fault` gives the part of it that advises,
    urges, promises or weakens the warning (the matcher's `fault_in_line`); it may block for some milliseconds.

    Raises:
        BadInput: it is too long, or has a link, a mention, advice, an unknown placeholder or the known one twice.
    """
    if len(line) > LONGEST_LINE:
        raise BadInput("welcome-message-too-long", {"limit": LONGEST_LINE})
    kept = normalise(line, LONGEST_LINE)
    bare, named = kept.replace(NAMES, " "), kept.replace(NAMES, "Ada")
    if not kept or "{" in bare or "}" in bare or kept.count(NAMES) > 1:
        raise BadInput("welcome-message-placeholder")
    if _LINK.search(named):
        raise BadInput("welcome-message-link")
    if _MENTION.search(named):
        raise BadInput("welcome-message-mention")
    if fault(bare):
        raise BadInput("welcome-message-advice")
    return kept
