"""Judges the names of newcomers: one that offers, asks for secrets or to be contacted, or attacks the warning is
counted in a greeting and not shown.

A name is no sentence, so single words decide, and most of them only beside a coin. In doubt a name is not shown; but
people are called Price, Gift, Will and Ban Ki-moon.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from bot.core.normalise import fold, normalise, undisguised
from bot.core.policy_patterns import PolicyPattern, first_match

_LONGEST = 100  # characters of a name that are read; both platforms allow less
_SURE_OF_NAME = 0.82
"""The probability from which a name with a coin in it is refused as a line would be. The classifier of lines alone
would refuse every tenth ordinary name."""


def _words(words: str) -> str:
    """Words with blanks between them as a pattern; `~` stands for a blank in one, `*` for any further letters."""
    return "|".join(fold(word).replace("~", r"\W+").replace("*", r"\w*") for word in words.split())


_COIN = re.compile(
    rf"\b(?:{_words('btc eth usdt nft coin coins token tokens crypto* cripto*')}"
    rf"|{_words('staking стейкинг wallet* крипт* монет* токен* кошел* monedas cartera cuzdan*')})\b|币|幣"
)
_DONE_TO_COINS = re.compile(
    r"\b(?:(?:x|х) ?\d+|\d+ ?(?:x|х|usdt|dollars?|eth|btc)|"
    + _words(
        # English, Spanish, Russian, Turkish, Vietnamese
        "buy byy buying sell selling hodl invest* stake ape accumulate claim* bonus* presale pump dump "
        "recover* trade trading earn* win free gratis gift* drop double* triple* multiply give giving lottery "
        "raffle profit* reward* moon scam dead safe guarant* cheap sync connect verify support admin* mod mods "
        "moderator team staff official helpdesk network "
        "compr* vende* vendo inviert* gana* gane* ganh* regalo* regalad* regalamos sorteo* sorteio* premio* "
        "gratuit* soporte* reclama* doble duplica* "
        "купи купить купите куплю покупай* продам продаю продажа дарим дарю дарят подарок подарки разда* розыгрыш* "
        "бесплатн* даром халяв* зарабо* вложи* инвест* удво* бонус* получи* выигра* поддержк* техподдержк* админ* "
        "al satın~al sat ücretsiz bedava hediye* çekiliş* kazan* fırsat* yatırım* destek* "
        "mua tặng miễn~phí nhận đầu~tư gửi hỗ~trợ"
    )
    + r")\b|[买買购購卖賣送领領赚賺]|免[费費]|福利|内部价|低价|打折"
)
_ALONE = re.compile(
    r"\b(?:\d{2,} ?x|x ?\d{2,}|"
    + _words(
        # gifts and gains
        "air~drop* airdrop* give~away* giveaway* presale pre~sale guarante* garantiz* garanti garantili гарант* "
        "free~token* free~coin* free~crypto free~money free~nft free~mint passive~income get~rich buy~the~dip "
        "never~sell sell~everything pump~group trading~signal* best~signals invest~with invest~now investment~manager "
        "earn~\\d+ percent~daily double~your triple~your multiply~your double~my "
        "sorteo ganancias gratis ingresos~pasivos invierte invierta аирдроп* эирдроп* раздач* розыгрыш* бесплатн* "
        "халяв* заработок вложи* удвою çekiliş* ücretsiz bedava yatırım~için miễn~phí đầu~tư~cùng đầu~tư~với "
        # secrets
        "your~seed seed~phrase* seed~words recovery~phrase* recovery~words secret~phrase* mnemonic* private~key* "
        "your~private 12~words 24~words twelve~words connect~wallet wallet~sync verify~wallet "
        "frase~semilla clave~privada palabras~secretas сид~фраз* сидфраз* приватн*~ключ* 12~слов kurtarma~ifade* "
        "kurtarma~kelime* gizli~kelime* özel~anahtar* cụm~từ~khôi~phục khóa~riêng khóa~bí~mật "
        # calls
        "dm~me pm~me dm~us write~me text~me message~me contact~me contact~us inbox~me add~me send~me send~us "
        "give~me~your join~my escríbeme escríbenos contáctame envíame mándame пиши пишите напиши* пришли* скинь* "
        "в~лс в~личк* bana~yaz* bize~yaz* nhắn~tin liên~hệ inbox whatsapp* whats~app wechat вотсап* zalo"
    )
    + r")\b|\d percent|官方|客服|空投|助[记記][词詞]|私[钥鑰]|种子|[稳穩包][赚賺]|[赚賺][钱錢币幣]"
    + r"|免[费費][领領送]|微信|加我|找我|[发發][给給]我|私[信聊]"
)
_WARNING = _words("warning* risk disclaimer* aviso* advertencia* riesgo* предупрежд* риск* uyarı* cảnh~báo rủi~ro")
_WEAKENS = _words(
    "ignore* skip forget disregard no not never fake false lie lies joke nonsense outdated zero ignora* sin falso* "
    "игнор* без нет ложь не yok sahte yalan bỏ~qua không giả"
)
_AGAINST_WARNING = re.compile(
    rf"\b(?:{_WEAKENS})\b.{{0,20}}\b(?:{_WARNING})\b|\b(?:{_WARNING})\b.{{0,20}}\b(?:{_WEAKENS})\b"
    r"|(?:忽略|无视|別管|别管|没有|没|无).{0,4}(?:警告|风险|提示)|(?:警告|风险|提示).{0,6}(?:假|没用|夸大|忽略)"
)
_CONTACT = re.compile(
    r"\b(?:tg|telegram|телеграм\w*|тг|discord|dsc|insta(?:gram)?|skype|viber|signal|dm|pm)\b"
    r"(?:\s*[:@=>→]|\W+\S*[\w][_\d/]|\s*\.?gg\b)"
    r"|(?:^|\W)(?:dm|pm) \w|\b(?:t ?\.?me|gg|com|io|net|org|ru|xyz|app)\s*/|\btme\b|#\d{4}\b"
    r"|(?<!\w)\d(?:[\s().+-]{0,3}\d){6,}|(?=\w*\d)\b\w{30,}"
)
_JOINED = "buy|sell|free|claim|win|earn|get|gratis"
_APART = re.compile(r"[\W_]+")
_SIGNS = str.maketrans("013457@$€®", "oieastaser")


@cache
def _about(coins: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What names a coin of the content, and what is done to it in one word or as an amount."""
    spelled, bare = (_words(" ".join(map(like, coins))) or r"\Z\A" for like in (str, lambda name: name.strip("*")))
    done = rf"(?:{_JOINED})(?:{bare})|(?:{bare})(?:gift|free|airdrop|bonus)|\b\d+ ?(?:{bare})\b"
    return re.compile(rf"\b(?:{spelled})\b"), re.compile(done)


def fault_in_name(
    name: str, patterns: Sequence[PolicyPattern], refused: Callable[[str], float], coins: tuple[str, ...] = ()
) -> str | None:
    """Why that name is only counted, or None where it is shown. `refused` gives the probability that the classifier
    of lines refuses a text; it may block. `coins` are the content's own, `*` in one for any letters."""
    subject, done_to_it = _about(coins)
    known = normalise(name, _LONGEST)
    if _CONTACT.search(fold(known)):
        return "contact"
    for read in _readings(known):
        if _ALONE.search(read) or _AGAINST_WARNING.search(read) or first_match(read, patterns):
            return "words"
        done = _DONE_TO_COINS.search(read) or done_to_it.search(read)
        if (_COIN.search(read) or subject.search(read)) and (done or refused(read) >= _SURE_OF_NAME):
            return "words about coins"
    return None


def _readings(known: str) -> Iterator[str]:
    """The name in small letters without accents and separators: as it is, with digits as letters, and both joined."""
    as_letters = undisguised(" ".join(map(_lettered, known.split())))
    for text in dict.fromkeys((undisguised(known), as_letters)):
        spaced = _APART.sub(" ", fold(text).replace("%", " percent ")).strip()
        yield spaced
        if all(len(word) < 3 for word in spaced.split()):
            yield spaced.replace(" ", "")


def _lettered(word: str) -> str:
    """The word with the letters that its digits and signs stand for, where it has letters too."""
    return word.translate(_SIGNS) if any(char.isalpha() for char in word) else word
