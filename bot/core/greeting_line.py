"""What moderators may say to newcomers in their own words. Its law: no link, no mention, no advice, and no more than
one message can hold beside its warning.
"""

import re
from collections.abc import Callable

from bot.core.errors import BadInput
from bot.core.guard import Policy, fold, guard, normalise
from bot.core.guard_disguise import undisguised
from bot.core.markup import FULL_STOPS

NAMES = "{names}"  # the one placeholder, and good for once: a few names many times fit no message
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
# Statements that urge or promise. `guard` knows how people ask for advice; here somebody would give it.
_COIN = r"(?:ksm|kusama|polkadot|dot|crypto|coins?|tokens?|it|this|now|in|cripto|крипт\w*|币|幣)"
_CALL = re.compile(
    fold(
        rf"\b(?:buy|sell|hodl|hold|invest|stake|ape|accumulate|compr(?:a|e|ar|en|ad)|vend(?:e|er|an)|куп\w{{1,5}}"
        rf"|покупай\w*|прода\w{{2,5}}|satın al\w*|mua)\b.{{0,20}}\b{_COIN}\b"
        r"|(?:买|買|购|購|卖|賣).{0,9}(?:ksm|币|幣)"
    )
)
_OFFER = re.compile(  # in a name, where nobody speaks of these in earnest
    r"\b(?:claim|bonus|pre-?sale|pump|recovery|trade|earn)\b.{0,20}\b(?:ksm|kusama|group|now|here|with)\b"
    r"|\b(?:ksm|kusama)\b.{0,20}\b(?:claim|bonus|pre-?sale|pump|recovery|satin al)\b"
    r"|\bverify\b.{0,20}\bwallet\b|\bwallet\b.{0,20}\bverify\b|\bpump group\b|\d ?%|\b\d{2,}x\b|\bwhatsapp\b"
)
_URGING = re.compile(
    fold(
        r"\b(?:profits?|returns?|gains?|yield|apy|apr|passive income|get rich|price|pump|bull ?run|undervalued)\b"
        r"|\d ?(?:%|x\b)|[$€£¥₽₫₺] ?\d|\d ?[$€£¥₽₫₺]|\bguarante\w*|\brisk.?free\b"
        r"|\b(?:ignore|disregard|forget|skip)\b.{0,20}\b(?:warnings?|risks?)\b|\bnot (?:at all )?risky\b"
        r"|\b(?:dm|pm|message) (?:me|us)\b|\bwill (?:dm|pm|message|contact) you\b"
        r"|\b(?:no|zero|without) risks?\b|\bsin riesgos?\b|\bбез риск\w*"
        r"|无风险|零风险|没有风险|\brisksiz\b|\bkhông (?:có )?rủi ro\b"
        r"|\b(?:compr(?:a|e|ar|en|ad)|vend(?:e|er|an)|inviert\w*|invertir|ganancias?|rentabilidad|garantizad\w*|precio)\b"
        r"|\b(?:куп\w{1,5}|покупай\w*|прода\w{2,5}|инвестир\w*|вкладыва\w*|прибыл\w*|доход\w*|гаранти\w*|цен[аеуы])\b"
        r"|买入|購買|购买|卖出|賣出|投资|投資|收益|保证|保證|稳赚|穩賺|价格|價格|暴涨|暴漲"
        r"|\b(?:satın al\w*|yatırım\w*|kazanç\w*|garanti\w*|kâr|fiyat\w*)"
    )
)
_VIETNAMESE = re.compile(r"\b(?:mua|bán|đầu tư|lợi nhuận|cam kết|giá)\b")  # as written: folded, "bán" would be "bạn"


def fault_in_line(line: str) -> str | None:
    """What in a line advises, urges, promises or weakens the warning; None where nothing does."""
    read = fold(line)
    urging = _CALL.search(read) or _URGING.search(read) or _VIETNAMESE.search(line.casefold())
    return line if urging or guard(line) else None


def fault_in_name(name: str) -> str | None:
    """What in a name is a scam's or advice; None where nothing is. Milder than `fault_in_line`: people are called
    Price, Gia and Ban Ki-moon."""
    found, read = guard(name), fold(normalise(name))
    wrong = found is not None and found.policy is not Policy.PRICE
    readings = (read, undisguised(read))
    return name if wrong or any(_CALL.search(one) or _OFFER.search(one) for one in readings) else None


def checked(line: str, fault: Callable[[str], str | None]) -> str:
    """The line as it is kept: one line without invisible characters. `fault` gives what in it advises, urges, promises
    or weakens the warning; it may block for some milliseconds.

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
