"""Finds newcomers' names that a greeting must count but not show.

Those are names that offer something, ask for secrets or for contact, or attack the warning. A name is not a sentence,
so single words decide, most of them only next to a coin. In doubt a name is not shown, but ordinary names must pass:
people are called Price, Gift, Will and Ban Ki-moon.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from string import ascii_lowercase

import yaml

from bot.core.normalise import fold, normalise, undisguised
from bot.core.policy_patterns import PolicyPattern, first_match

_RULES = Path(__file__).parent / "base" / "names.yaml"
_LONGEST = 100  # characters of a name that are read; both platforms allow less
_SURE_OF_NAME = 0.82
"""The probability at which the classifier of welcome lines refuses a name that contains a coin. Used on all names, the
classifier would refuse every tenth ordinary one."""


def _words(words: str) -> str:
    """Turn words separated by spaces into a pattern; `~` is a space within a word, `*` any further letters."""
    return "|".join(fold(word).replace("~", r"\W+").replace("*", r"\w*") for word in words.split())


@cache
def _rules() -> Mapping[str, re.Pattern[str]]:
    """Return the patterns of names.yaml by name.

    The words of `against_warning` are a word of `weakens` and one of `warning` within 20 characters, in either order.
    """
    rules = yaml.load(_RULES.read_text("utf-8"), yaml.CSafeLoader)
    words = {name: rf"\b(?:{_words(rule['words'])})\b" for name, rule in rules.items()}
    near = rf"{words['weakens']}.{{0,20}}{words['warning']}|{words['warning']}.{{0,20}}{words['weakens']}"
    words["against_warning"] = near
    return {name: re.compile("|".join((words[name], *rule.get("patterns", ())))) for name, rule in rules.items()}


_CONTACT = re.compile(
    r"\b(?:tg|telegram|телеграм\w*|тг|discord|dsc|insta(?:gram)?|skype|viber|signal|dm|pm)\b"
    r"(?:\s*[:@=>→]|\W+\S*[\w][_\d/]|\s*\.?gg\b)"
    r"|(?:^|\W)(?:dm|pm) \w|\b(?:t ?\.?me|gg|com|io|net|org|ru|xyz|app)\s*/|\btme\b|#\d{4}\b"
    r"|(?<!\w)\d(?:[\s().+-]{0,3}\d){6,}|(?=\w*\d)\b\w{30,}"
)
_JOINED = "buy|sell|free|claim|win|earn|get|gratis"
_APART = re.compile(r"[\W_]+")
_SIGNS = str.maketrans("013457@$€®", "oieastaser")
# The alphabets of generators of "fancy" names, from a to z; a dot stands where the letter is in another one.
_ALPHABETS = (
    "ᗩᗷᑕᗪᗴᖴᘜᕼᓰᒍᛕᒪᗰᘉᗝᑭᑫᖇᔕᖶᑌᐯᗯ᙭ᖻᘔ",
    "ᗅᙖᑢᗞᕮᖵᘏᕻᓮᒎ.ᒐᙢᑎᝪᑬᕴᖈᔑᙢᙀᕓᙎᕽᖾᗱ",
    "ꓮꓐꓚꓓꓰꓝꓖꓧꓲꓙꓗꓡꓟꓠꓳꓑ.ꓣꓢꓔꓴꓦꓪꓫꓬꓜ",
    "ᎪᏴᏟᎠᎬ.ᏀᎻᎥᎫᏦᏞᎷ..Ꮲ.ᏒᏚᎢ.ᏙᎳ.ᎩᏃ",
    "ꍏꌃꉓꀸꍟꎇꁅꃅꀤꀭꀘ꒒ꂵꈤꂦꉣꆰꋪꌗ꓄ꀎꃴꅏꊼꌩꁴ",
    "₳฿₵.Ɇ₣₲Ⱨł.₭Ⱡ₥₦.₱.Ɽ₴₮Ʉ.₩ӾɎⱫ",
    "卂乃匚.乇千Ꮆ卄丨フҜㄥ爪几ㄖ卩Ɋ尺丂ㄒㄩ.山乂ㄚ乙",
    "Λ..DΣ..Ή...ᄂ.ПӨ..ЯƧƬЦ.Щ...",
    "αв¢∂єƒ...נк.мησρ.я.т.νωχ.ʐ",
    "ค๒ς๔.Ŧ.ђเןкɭ๓ภ๏ק..รՇยשฬאץչ",
    "ǟɮƈɖɛʄɢɦɨʝӄʟʍռօքզʀֆȶʊʋաӼʏ.",
    "ą..ɗ..ɠɧıǰƙƖɱŋơ℘.ཞʂɬų۷ῳҳყʑ",
)
_FANCY = {
    ord(sign): letter
    for alphabet in _ALPHABETS
    for sign, letter in zip(alphabet, ascii_lowercase, strict=True)
    if sign != "."
}


@cache
def _coin_patterns(coins: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return two patterns: one for a coin's name, one for an offer of it in one word or as an amount."""
    spelled, bare = (_words(" ".join(map(like, coins))) or r"\Z\A" for like in (str, lambda name: name.strip("*")))
    offer = rf"(?:{_JOINED})(?:{bare})|(?:{bare})(?:gift|free|airdrop|bonus)|\b\d+ ?(?:{bare})\b"
    return re.compile(rf"\b(?:{spelled})\b"), re.compile(offer)


def why_name_hidden(
    name: str, patterns: Sequence[PolicyPattern], refused: Callable[[str], float], coins: tuple[str, ...] = ()
) -> str | None:
    """Return why the name must not be shown, or None if it may be.

    `refused` gives the probability that the classifier of welcome lines refuses a text; it may block. `coins` are the
    names of the content's coins, with `*` for any further letters.
    """
    rules, (coin, offer) = _rules(), _coin_patterns(coins)
    plain = normalise(name, _LONGEST)
    if _CONTACT.search(fold(plain)):
        return "contact"
    for reading in _readings(plain):
        if rules["alone"].search(reading) or rules["against_warning"].search(reading) or first_match(reading, patterns):
            return "words"
        offers = rules["done_to_coins"].search(reading) or offer.search(reading)
        has_coin = rules["coins"].search(reading) or coin.search(reading)
        if has_coin and (offers or refused(reading) >= _SURE_OF_NAME):
            return "words about coins"
    return None


def _readings(name: str) -> Iterator[str]:
    """Yield the ways to read a name, in lower case without accents and separators.

    These are the name itself and, if they differ, the name with digits and signs read as letters, in words that contain
    letters, and the name with the letters of generators read as those that they imitate. Names that have only words of
    one or two letters are also yielded without spaces.
    """
    lettered = (word.translate(_SIGNS) if any(map(str.isalpha, word)) else word for word in name.split())
    as_letters = undisguised(" ".join(lettered))
    for text in dict.fromkeys((undisguised(name), as_letters, undisguised(name.translate(_FANCY)))):
        spaced = _APART.sub(" ", fold(text).replace("%", " percent ")).strip()
        yield spaced
        if all(len(word) < 3 for word in spaced.split()):
            yield spaced.replace(" ", "")
