"""Wordings of scams, and of people who may be in the hands of one, in six languages.

Its one law: a rule names a wording that is never a plain wish to learn; what is doubtful is left to the trained head.
Patterns are written without accents and in small letters, as `guard.fold` leaves a text, with every gap bounded.
"""

from __future__ import annotations

_KEYS = (
    r"(?:seed|sed|recovery|secret|backup|mnemonic|wallet|security) ?(?:phrases?|phrase|frase|words?|keys?)|"
    r"mnemonic|\b(?:12|24|twelve|twenty.?four) (?:secret |magic )?words|private keys?|privatekey|keystore|"
    r"my seed\b|your seed\b|passphrase"
)
_STAFF = r"(?:support|helpdesk|help ?desk|admins?|administrators?|mods?|moderators?|team|staff|agent|customer service)"
_CONTACT = (
    r"(?:dm(?:e?d|s|ing|ed)?|d\.?m\.? ?me|pm(?:e?d|s|ing)?|messag(?:ed|es|ing|e)|wrote|writes|writing|"
    r"contact(?:ed|s|ing)?|texted|inbox(?:ed)?|call(?:ed|s|ing)|ask(?:s|ed|ing)?|reach(?:ed|ing)? out)"
)

SCAM: tuple[tuple[str, str], ...] = (
    ("en-secret", _KEYS),
    (
        "en-staff-contact",
        rf"(?<!how do i )(?<!how can i )(?<!how to )(?<!where do i )(?<!where can i )"
        rf"\b{_CONTACT}.{{0,40}}\b{_STAFF}\b|\b{_STAFF}\b.{{0,40}}\b{_CONTACT}.{{0,12}}\b(?:me|us)\b",
    ),
    (
        "en-dm",
        r"\b(?:got|get|received|receiving|someone|somebody|guy|stranger|he|she|they)\b.{0,25}\b(?:dm|pm)(?:ed|"
        r"'?d|s|ing)?\b",
    ),
    (
        "en-giveaway",
        r"give ?-?aways?\b|air ?-?drops?\b|\bfree (?:ksm|kusama|coins?|tokens?|crypto|money|dot)\b",
    ),
    (
        "en-double",
        r"\b(?:double|triple|2x|multipl\w{1,4}) (?:my|your|the|our|ur) |\bsend (?:\d+|me|us|him|them|some|"
        r"your) .{0,40}\b(?:back|return|receive|unlock|double)",
    ),
    (
        "en-fraud",
        r"\bscam\w{0,4}\b|\bphish\w{0,4}\b|\bfraud(?:ster\w?|ulent)\b|\b(?:a|it|this|kusama|ksm|or) fraud\b|"
        r"\brug ?-?pull|\bponzi\b|\bimperson\w{0,6}|"
        r"\bfake (?:admin|support|site|app|account|wallet|group|mod|profile)|\b(?:i|i\'m|im|my|me|we|our|got|account|"
        r"wallet|someone|somebody)\b.{0,25}\bhack(?:ed|ers?|ing)\b|\bhack(?:ed|er) (?:my|me|our)\b|"
        r"\bstol(?:e|en)\b|\bdrain(?:ed|er|ing)?\b|\bcompromised\b",
    ),
    (
        "en-real-or-fake",
        r"\b(?:legit|legitimate|trusted|genuine|verified|real|(?:is|are) (?:this|that|it|these|he|she|they|you|"
        r"there).{0,20}\bofficial)\b.{0,25}\b(?:group|channel|site|"
        r"website|link|app|support|admin|mod|bot|page|account|server|claim|email|giveaway)\b|\b(?:group|"
        r"channel|site|website|link|app|support|admin|mod|bot|page|account|server|claim|email|promo|"
        r"offer)\b.{0,40}\b(?:legit|legitimate|official|trusted|genuine|safe)\b",
    ),
    (
        "en-connect",
        r"\b(?:validate|verify|sync|synchroni[sz]e|connect|rectify|authenticate|import|unlock)\w{0,3} (?:my |"
        r"your |ur |the |his )?(?:\w+ )?wallets?\b.{0,40}\b(?:link|site|form|website|page|bot|reward|bonus|"
        r"claim|asked|says)|\b(?:link|site|form|website|bot|asked|says|told)\b.{0,50}\b(?:validate|verify|"
        r"sync|connect|rectify)\w{0,3} (?:my |your |ur |the )?(?:\w+ )?wallets?\b",
    ),
    (
        "en-multiply",
        r"\bsend(?:ing|s)? (?:\w+ )?\d[\d.,]* .{0,20}\b(?:get|gets|receive|receives|gives?) (?:\w+ )?\d|\b(?:doubl|"
        r"tripl)(?:es|ed|ing) (?:it|them|every|all|any|what|your|my|ksm|deposits)\b|\bback (?:doubled|tripled)\b|"
        r"\d ?% (?:daily|(?:a|per|every|each) (?:day|hour))\b|\bre-?enter (?:your |my |the )?(?:wallet|backup|words|"
        r"keys?)\b",
    ),
    (
        "ru-multiply",
        r"\b(?:отправ|пришл|перевед|скин)\w{0,5} \d.{0,20}\bполуч\w{1,4} \d|\bудва\w{2,5}\b",
    ),
    (
        "es-secret",
        r"(?:frase|palabras|semillas?|clave|llave)s? (?:semilla|secretas?|de recuperacion|privadas?|"
        r"de mi (?:cartera|wallet|billetera))|\b(?:12|24|doce) palabras|mis semillas|mi semilla",
    ),
    (
        "es-scam",
        r"\bestaf\w{1,6}|\bfraude\w{0,4}|\btimo\b|\bsuplant\w{1,6}|\bregal(?:o|an|ando) (?:ksm|kusama|cripto|"
        r"tokens?)|\bsorteo\b|\bairdrop|\b(?:soporte|admin\w{0,9}|moderador\w{0,3}|alguien|un tipo|"
        r"un chico)\b.{0,40}\b(?:escrib\w{1,4}|contact\w{1,5}|mensaje|privado|md|dm|pid\w{1,5})\b|"
        r"\bme (?:escrib\w{1,5}|contact\w{1,5}|hablo|pid\w{1,6}).{0,50}\b(?:soporte|admin\w{0,9}|"
        r"moderador\w{0,3}|privado|md|dm)\b|\bme (?:robaron|hackearon|vaciaron)|\bksm gratis",
    ),
    (
        "pt-de-fr-scam",
        r"suporte pedindo|minha seed|\bbetrug|\barnaque|\bgolpe\b|frase-semente|phrase secrete|"
        r"phrase de recuperation|ist das echt\b|seed ?phrase",
    ),
    ("zh-secret", r"助记词|助記詞|私钥|私鑰|密钥|恢复词|种子词|(?:12|24|十二|二十四)个?(?:单词|词|字)"),
    (
        "zh-scam",
        r"空投|骗|騙|诈|詐|钓鱼|釣魚|假冒|冒充|假客服|客服.{0,12}(?:私|加我|联系|要我)|(?:私信|私聊|加我|联系我|联络我).{0,20}(?:客服|管理|官方|钱包|转|链接)|"
        r"免费(?:送|领|得|给)|送币|送幣|双倍返|被盗|被盜|官方(?:群|网站|客服|人员).{0,4}(?:吗|么|嗎|真)|是官方的?(?:吗|么|嗎)",
    ),
    (
        "ru-secret",
        r"(?:сид|seed|мнемонич\w{0,6}|секретн\w{1,3}|кодов\w{1,3})[- ]?(?:фраз\w{1,3}|слов\w{0,3})|"
        r"сидк\w{1,3}\b|сид\b|приватн\w{1,3} ключ\w{0,3}|(?:12|24) слов\w{0,2}",
    ),
    (
        "ru-scam",
        r"\bскам\w{0,5}|\bмошен\w{1,8}|\bразвод\b|\bразводк\w|\bобман\w{0,5}|\bфишинг\w{0,4}|\bаирдроп\w{0,3}|"
        r"\bэирдроп\w{0,3}|\bраздач\w{1,3}|\bраздают\b|\bрозыгрыш\w{0,3}|(?:личк\w|личн\w{1,3}|"
        r"лс)\b.{0,40}(?:поддержк\w|админ\w{0,9}|модератор\w{0,3}|прос\w{1,3})|(?:поддержк\w|админ\w{0,9}|"
        r"модератор\w{0,3}).{0,40}(?:личк\w|личн\w{1,3}|\bлс\b|пишет|пишут|написал\w{0,2}|прос\w{1,3})|"
        r"\bукрал\w|\bвзломал\w|\bбесплатн\w{1,3} (?:ksm|ксм|монет\w{0,2}|токен\w{0,3})|фейк\w{0,5}",
    ),
    (
        "tr-secret",
        r"(?:seed|gizli|kurtarma|cuzdan|tohum) (?:ifade\w{0,4}|kelime\w{0,6}|cumle\w{0,4}|anahtar\w{0,4})|"
        r"ozel anahtar\w{0,4}|(?:12|24) kelime\w{0,5}|kelimelerimi",
    ),
    (
        "tr-scam",
        r"\bdolandir\w{1,10}|\bsahte\b|\bcekilis|\bairdrop|\bbedava (?:ksm|kusama|coin|token)|"
        r"\bucretsiz (?:ksm|coin|token)|\b(?:destek|admin|yonetici|moderator)\w{0,4}\b.{0,40}\b(?:yazdi|yazan|"
        r"yaziyor|mesaj|dm|ozel|istiyor|istedi)|\b(?:ozelden|dm ?den|dm'den|mesaj atti|"
        r"mesaj atan).{0,40}\b(?:destek|admin|yonetici|istiyor|biri)|\bcalindi\b|\bhacklen\w{0,5}",
    ),
    (
        "vi-secret",
        r"cum tu (?:khoi phuc|bi mat|hat giong)|khoa (?:rieng|bi mat)|private key|(?:12|24) (?:tu|ky tu)\b|"
        r"seed ?phrase|ma khoi phuc|cum tu vi",
    ),
    (
        "vi-scam",
        r"\blua dao|\blua khong|\bscam\b|\bairdrop|\bphat (?:ksm|coin|token)? ?mien phi|"
        r"\bmien phi\b.{0,15}\b(?:ksm|coin|token)|\b(?:ksm|coin|token)\b.{0,15}\bmien phi|\b(?:ho tro|admin|"
        r"quan tri|support|ad)\b.{0,40}\b(?:nhan tin|inbox|ib|nhan rieng|yeu cau|doi)|\b(?:nhan tin|inbox|"
        r"ib)\b.{0,40}\b(?:ho tro|admin|quan tri|support)|\bgia mao|\bbi hack|\bmat cap",
    ),
)
