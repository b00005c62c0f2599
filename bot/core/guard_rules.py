"""The wordings that make a text a request for advice, for a price, or a scam pattern, in six languages.

Its one law: a rule names a wording that is never a plain wish to learn; what is doubtful is left to the
trained head. Patterns are written as people write: accents, case and look-alikes are folded away on both
sides before they meet (see `guard.fold`), and every gap is bounded, so no text can make them slow.
"""

from __future__ import annotations

_KSM = r"(?:ksm|kms|kusama|kusma|dot|polkadot|it|this|coins?|tokens?|crypto|bags?|now|today|more|some|in|into)"
_TRADE = (
    r"(?:buy|buying|by|bought|sell|selling|hold|holding|hodl|invest|investing|ape|aping|dca|swap|"
    r"stake|staking|short|long|trade|trading|accumulate|exit|cash out|dump|load up|get in|get into|put|add)"
)
_ES_TRADE = r"(?:compr\w{1,6}|vend\w{1,6}|invert\w{1,6}|inversion|holde\w{0,5}|apost\w{1,5}|meter\w{0,4})"
_RU_TRADE = (
    r"(?:куп\w{1,6}|покуп\w{1,6}|брать|взять|прода\w{1,6}|вклад\w{1,8}|влож\w{1,6}|инвест\w{0,10}|"
    r"держать|холд\w{0,5}|заход\w{1,5}|зайти|закуп\w{1,6}|докуп\w{1,6}|шорт\w{0,4}|лонг\w{0,4}|слива\w{1,4})"
)
_ZH_TRADE = r"(?:买|買|入手|购入|投资|投資|抄底|上车|上車|卖|賣|持有|加仓|加倉|梭哈|囤|定投|止损|止盈|做多|做空|屯)"
_TR_TRADE = (
    r"(?:al(?:mak|mali\w*|ayim|inir|sam|inmali|im|ma)?|sat(?:mak|mali\w*|ayim|sam)?|yatirim|tut(?:mali|ayim|mak)\w*|"
    r"gir(?:ilir|mek|meli|eyim)\w*|stake\w*|ekle\w*)"
)
_VI_TRADE = r"(?:mua|ban|dau tu|nam giu|hold|giu|xuong tien|vao hang|bat day|stake|gom|xa hang|all ?in)"

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
    ("en-staff-contact", rf"{_CONTACT}.{{0,40}}\b{_STAFF}\b|\b{_STAFF}\b.{{0,40}}\b{_CONTACT}.{{0,12}}\b(?:me|us)\b"),
    (
        "en-dm",
        r"\b(?:got|get|received|receiving|someone|somebody|guy|stranger|he|she|they)\b.{0,25}\b(?:dm|pm)(?:ed|'?d|s|ing)?\b",
    ),
    ("en-giveaway", r"give ?-?aways?\b|air ?-?drops?\b|\bfree (?:ksm|kusama|coins?|tokens?|crypto|money|dot)\b"),
    (
        "en-double",
        r"\b(?:double|triple|2x|multipl\w{1,4}) (?:my|your|the|our|ur) |\bsend (?:\d+|me|us|him|them|some|your) .{0,40}\b(?:back|return|receive|unlock|double)",
    ),
    (
        "en-fraud",
        r"\bscam\w{0,4}\b|\bphish\w{0,4}\b|\bfraud\w{0,5}\b|\brug ?-?pull|\bponzi\b|\bimperson\w{0,6}|\bfake (?:admin|support|site|app|account|wallet|group|mod|profile)|\bhack(?:ed|er|ers|ing)\b|\bstol(?:e|en)\b|\bdrain(?:ed|er|ing)?\b|\bcompromised\b",
    ),
    (
        "en-real-or-fake",
        r"\b(?:legit|legitimate|official|trusted|genuine|verified|real)\b.{0,25}\b(?:group|channel|site|website|link|app|support|admin|mod|bot|page|account|server|claim|email|giveaway)\b|\b(?:group|channel|site|website|link|app|support|admin|mod|bot|page|account|server|claim|email|promo|offer)\b.{0,40}\b(?:legit|legitimate|official|trusted|genuine|safe)\b",
    ),
    (
        "en-connect",
        r"\b(?:validate|verify|sync|synchroni[sz]e|connect|rectify|authenticate|import|unlock)\w{0,3} (?:my |your |ur |the |his )?(?:\w+ )?wallets?\b.{0,40}\b(?:link|site|form|website|page|bot|reward|bonus|claim|asked|says)|\b(?:link|site|form|website|bot|asked|says|told)\b.{0,50}\b(?:validate|verify|sync|connect|rectify)\w{0,3} (?:my |your |ur |the )?(?:\w+ )?wallets?\b",
    ),
    (
        "es-secret",
        r"(?:frase|palabras|semillas?|clave|llave)s? (?:semilla|secretas?|de recuperacion|privadas?|de mi (?:cartera|wallet|billetera))|\b(?:12|24|doce) palabras|mis semillas|mi semilla",
    ),
    (
        "es-scam",
        r"\bestaf\w{1,6}|\bfraude\w{0,4}|\btimo\b|\bsuplant\w{1,6}|\bregal(?:o|an|ando) (?:ksm|kusama|cripto|tokens?)|\bsorteo\b|\bairdrop|\b(?:soporte|admin\w{0,9}|moderador\w{0,3}|alguien|un tipo|un chico)\b.{0,40}\b(?:escrib\w{1,4}|contact\w{1,5}|mensaje|privado|md|dm|pid\w{1,5})\b|\bme (?:escrib\w{1,5}|contact\w{1,5}|hablo|pid\w{1,6}).{0,50}\b(?:soporte|admin\w{0,9}|moderador\w{0,3}|privado|md|dm)\b|\bme (?:robaron|hackearon|vaciaron)|\bksm gratis",
    ),
    (
        "pt-de-fr-scam",
        r"suporte pedindo|minha seed|\bbetrug|\barnaque|\bgolpe\b|frase-semente|phrase secrete|phrase de recuperation|ist das echt|seed ?phrase",
    ),
    ("zh-secret", r"助记词|助記詞|私钥|私鑰|密钥|恢复词|种子词|(?:12|24|十二|二十四)个?(?:单词|词|字)"),
    (
        "zh-scam",
        r"空投|骗|騙|诈|詐|钓鱼|釣魚|假冒|冒充|假客服|客服.{0,12}(?:私|加我|联系|要我)|(?:私信|私聊|加我|联系我|联络我).{0,20}(?:客服|管理|官方|钱包|转|链接)|免费(?:送|领|得|给)|送币|送幣|双倍返|被盗|被盜|官方(?:群|网站|客服|人员).{0,4}(?:吗|么|嗎|真)|是官方的?(?:吗|么|嗎)",
    ),
    (
        "ru-secret",
        r"(?:сид|seed|мнемонич\w{0,6}|секретн\w{1,3}|кодов\w{1,3})[- ]?(?:фраз\w{1,3}|слов\w{0,3})|сидк\w{1,3}\b|сид\b|приватн\w{1,3} ключ\w{0,3}|(?:12|24) слов\w{0,2}",
    ),
    (
        "ru-scam",
        r"\bскам\w{0,5}|\bмошен\w{1,8}|\bразвод\b|\bразводк\w|\bобман\w{0,5}|\bфишинг\w{0,4}|\bаирдроп\w{0,3}|\bэирдроп\w{0,3}|\bраздач\w{1,3}|\bраздают\b|\bрозыгрыш\w{0,3}|(?:личк\w|личн\w{1,3}|лс)\b.{0,40}(?:поддержк\w|админ\w{0,9}|модератор\w{0,3}|прос\w{1,3})|(?:поддержк\w|админ\w{0,9}|модератор\w{0,3}).{0,40}(?:личк\w|личн\w{1,3}|\bлс\b|пишет|пишут|написал\w{0,2}|прос\w{1,3})|\bукрал\w|\bвзломал\w|\bбесплатн\w{1,3} (?:ksm|ксм|монет\w{0,2}|токен\w{0,3})|фейк\w{0,5}",
    ),
    (
        "tr-secret",
        r"(?:seed|gizli|kurtarma|cuzdan|tohum) (?:ifade\w{0,4}|kelime\w{0,6}|cumle\w{0,4}|anahtar\w{0,4})|ozel anahtar\w{0,4}|(?:12|24) kelime\w{0,5}|kelimelerimi",
    ),
    (
        "tr-scam",
        r"\bdolandir\w{1,10}|\bsahte\b|\bcekilis|\bairdrop|\bbedava (?:ksm|kusama|coin|token)|\bucretsiz (?:ksm|coin|token)|\b(?:destek|admin|yonetici|moderator)\w{0,4}\b.{0,40}\b(?:yazdi|yazan|yaziyor|mesaj|dm|ozel|istiyor|istedi)|\b(?:ozelden|dm ?den|dm'den|mesaj atti|mesaj atan).{0,40}\b(?:destek|admin|yonetici|istiyor|biri)|\bcalindi\b|\bhacklen\w{0,5}",
    ),
    (
        "vi-secret",
        r"cum tu (?:khoi phuc|bi mat|hat giong)|khoa (?:rieng|bi mat)|private key|(?:12|24) (?:tu|ky tu)\b|seed ?phrase|ma khoi phuc|cum tu vi",
    ),
    (
        "vi-scam",
        r"\blua dao|\blua khong|\bscam\b|\bairdrop|\bphat (?:ksm|coin|token)? ?mien phi|\bmien phi\b.{0,15}\b(?:ksm|coin|token)|\b(?:ksm|coin|token)\b.{0,15}\bmien phi|\b(?:ho tro|admin|quan tri|support|ad)\b.{0,40}\b(?:nhan tin|inbox|ib|nhan rieng|yeu cau|doi)|\b(?:nhan tin|inbox|ib)\b.{0,40}\b(?:ho tro|admin|quan tri|support)|\bgia mao|\bbi hack|\bmat cap",
    ),
)

ADVICE: tuple[tuple[str, str], ...] = (
    ("en-should", rf"\b(?:sh?ou?l?d|shud|shld|shall|ought) (?:i|we|one|someone|my \w+|you|u)\b.{{0,30}}\b{_TRADE}\b"),
    (
        "en-would-you",
        r"\b(?:would|wud|will|do|did|are|r) (?:you|u|ya|yall|anyone|anybody)\b.{0,20}\b(?:buy|buying|sell|selling|hold|holding|invest|investing|put|recommend|advise|suggest)\b",
    ),
    (
        "en-worth",
        r"\bworth (?:it\b|(?:to )?(?:buy|invest|hold|stak|get|trad|putt|the (?:risk|money|investment)|my (?:money|savings)|a (?:buy|bag|punt|shot)))|\b(?:a |still )worth(?:while)? (?:buy|invest)\w*",
    ),
    (
        "en-good-buy",
        r"\b(?:good|gud|bad|smart|safe|solid|great|decent|wise|best|better|right|worthwhile|terrible|dumb|stupid) (?:long.?term |short.?term |crypto )?(?:invest\w{0,6}|buy|bet|entry|hold|time to|moment to|point to|idea to|play|pick|purchase|store of value)\b",
    ),
    (
        "en-how-much",
        r"\bhow (?:much|many|mutch|big)\b.{0,40}\b(?:should|shud|shall|to (?:invest|buy|put|stake)|do i (?:need to )?(?:invest|buy|put|stake)|of my|need to (?:stake|invest|buy|hold).{0,20}(?:live|rich|retire|profit|income))",
    ),
    (
        "en-portfolio",
        r"\bportfolio\b|\bmy (?:life )?savings\b|\bretire\w*\b|\bnest egg\b|\bfinancial advi\w{1,4}\b|\binvestment advi\w{1,4}\b|\btake (?:a )?loan\b|\bmortgage\b|\ball.?in\b|\bdca\b|\bleverage\b|\bstop.?loss\b|\btake profits?\b|\bbuy(?:ing)? the dip\b|\bget rich\b|\bpassive income\b|\bmake (?:\w+ )?(?:money|profit|bank|gains)\b|\b(?:under|over) ?valued\b|\btoo late to\b|\bwait for (?:a |the )?(?:dip|pullback|bottom)\b|\bentry (?:point|price)\b|\bguaranteed? (?:return|profit|gain|income)s?\b|\bprofitable\b|\bnfa\b",
    ),
    (
        "en-buy-or",
        r"\bbuy or (?:sell|not|wait|hold|no|skip)\b|\bsell or (?:hold|keep|wait|not|buy)\b|\bhold or (?:sell|not|dump|swap)\b|\bbuy\b.{0,25}\b(?:yes or no|yes/no|y/n|or nah)\b|\b(?:yay|yes|yea) or (?:nay|no|nah)\b.{0,25}\b(?:buy|ksm)\b|\bwhen (?:to|should|do i|would you|shall) .{0,15}\b(?:buy|sell|get in|get out|exit|enter)\b",
    ),
    (
        "en-invest",
        r"\binvest(?:ing|ment|ments|or)?\b.{0,30}\b(?:ksm|kusama)\b|\b(?:ksm|kusama)\b.{0,30}\binvest(?:ing|ment|ments)?\b|\b(?:which|what)\b.{0,30}\b(?:to buy|should i buy|to invest)\b|\brecommend\w{0,6}\b.{0,30}\b(?:buy|invest|coin|ksm|hold|leverage|validator|pool|stak)\w*",
    ),
    (
        "es-advice",
        rf"\b(?:deberia|debo|deberiamos|debemos|tengo que|conviene|me conviene|recomiend\w{{1,4}}|aconsej\w{{1,4}}|es buen\w? (?:momento|idea|inversion|opcion)|buen momento|vale la pena|merece la pena|es hora de|cuando)\b.{{0,30}}\b{_ES_TRADE}\b|\b(?:buena|mala|mejor) inversion\b|\b(?:compro|vendo|invierto)\b.{{0,20}}\b(?:o|ya|ahora|ksm|kusama)\b|\bes rentable\b|\bganar dinero\b|\bmis ahorros\b|\bcuanto (?:deberia |debo |me recomiendas )?invertir\b|\binvertir en (?:ksm|kusama)\b|\bcompensa (?:comprar|invertir)\b",
    ),
    (
        "pt-fr-de-advice",
        r"\b(?:vale a pena|devo|compensa)\b.{0,25}\b(?:comprar|vender|investir)\b|\b(?:dois|devrais|faut|vaut)\b.{0,30}\b(?:acheter|vendre|investir)\b|\bbon investissement\b|\b(?:soll|sollte|lohnt|kann)\b.{0,35}\b(?:kaufen|verkaufen|investieren|halten|einsteigen|kauf|investition)\b|\bgute (?:investition|anlage)\b|\blena chahiye\b|\b(?:kharid\w{1,4}|bech\w{1,3}|invest kar\w{1,3})\b",
    ),
    (
        "zh-advice",
        rf"(?:要不要|该不该|該不該|应不应该|应该|應該|值不值得|值得|能不能|可不可以|可以|能|现在|現在|适合|適合|建议|建議|推荐|推薦|该|該|还能|還能|敢不敢|什么时候|何时|多少钱).{{0,8}}{_ZH_TRADE}|{_ZH_TRADE}.{{0,10}}(?:吗|嗎|么|好不好|合适|还是|還是|划算|好吗|值得|建议|亏吗|赚)|(?:好|值得|靠谱|稳).{{0,3}}(?:的)?投资|(?:赚钱|发财|暴富|回本|仓位|重仓|梭哈|抄底|割肉|止损|高估|低估|被低估)",
    ),
    (
        "ru-advice",
        rf"\b(?:стоит(?: ли)?|нужно ли|надо ли|пора|имеет смысл|есть смысл|можно ли|лучше|советуете|посоветуите|рекомендуете|выгодно|когда|сколько|мне|хорошо ли)\b.{{0,30}}\b{_RU_TRADE}\b|\b(?:брать|покупать|продавать|держать|куплю|заходить)\b.{{0,20}}\b(?:или|ли|сеичас)\b|\bхорош\w{{1,3}} (?:инвест\w{{1,7}}|вложени\w{{1,3}}|покупк\w)|\bинвестир\w{{1,6}} в\b|\b(?:заработать|разбогатеть|окупится|пассивн\w{{1,3}} доход|прибыльн\w{{1,3}}|выгодно ли|недооцен\w{{1,4}}|переоцен\w{{1,4}}|портфел\w{{1,3}}|сбережени\w{{1,3}})\b",
    ),
    (
        "tr-advice",
        rf"\b{_TR_TRADE} ?(?:m[iu]y?[iu]?m?|mi|miyim|mali|sa|ne zaman)\b|\b(?:ksm|kusama|simdi|bugun|coin)\b.{{0,20}}\b(?:alinir|almali|alayim|alsam|satayim|satmali|satsam|girilir|yatirim\w{{0,6}})\b|\b(?:iyi|kotu|mantikli|karli|guvenli) (?:bir )?(?:yatirim\w{{0,5}}|alim|zaman|fikir)|\byatirim (?:yap\w{{1,10}}|tavsiye\w{{0,4}}|onerir\w{{0,4}})|\b(?:alinir mi|satilir mi|almali miyim|satmali miyim|alsam mi|satsam mi|alayim mi|degecek mi|deger mi|mantikli mi|karli mi)\b|\bpara kazan\w{{1,8}}|\btavsiye (?:eder|edi)\w{{0,5}}|\bportfoy\w{{0,5}}|\btum param\w{{0,3}}|\bzengin ol\w{{1,5}}",
    ),
    (
        "vi-advice",
        rf"\b(?:co nen|nen|co dang|dang|co phai la|luc nao|khi nao|bay gio|thoi diem|gio)\b.{{0,20}}\b{_VI_TRADE}\b|\b{_VI_TRADE}\b.{{0,25}}\b(?:duoc khong|dc ko|duoc ko|hay khong|hay ban|hay giu|co loi|co lai|luc nay|co nen|khong a|co on)\b|\b(?:khoan dau tu|dau tu) (?:tot|vao)|\bkiem (?:tien|loi|lai)\b|\blam giau\b|\bkhuyen (?:mua|nen)|\btu van (?:dau tu|mua)|\bxuong tien\b|\bdanh muc dau tu",
    ),
)

PRICE: tuple[tuple[str, str], ...] = (
    (
        "en-price",
        r"\b(?:prices?|pirce|prise|prize) (?:predict\w{0,5}|forecast\w{0,3}|target\w{0,2}|analysis|projection\w{0,1}|potential|today|now|tomorrow|next|in \d|in the|going|will|by|of (?:1 |one |a )?(?:ksm|kusama)|at the|check|alert|outlook|expectation\w{0,1}|right|usd|eur|action)|\b(?:ksm|kusama)'?s? (?:current |future |live )?(?:price|pirce)(?: ?\?|$| (?:pls|please|plz|usd|in|now))|\b(?:current|today'?s|live|future|latest|actual|whats|what's|what is|what is the|whats the|check|tell me the) (?:the )?(?:ksm |kusama )?(?:price|pirce)\b|\bprice\b.{0,30}\b(?:go up|go down|rise|recover|pump|fall|crash|reach|hit|tomorrow|next (?:week|month|year)|20[2-9]\d)\b",
    ),
    (
        "en-prediction",
        r"\bpredict\w{0,5}\b.{0,25}\b(?:ksm|kusama|price|value|market|coin)\b|\b(?:ksm|kusama|price)\b.{0,25}\b(?:predict\w{0,5}|forecast\w{0,3})\b|\bforecast\b",
    ),
    (
        "en-moon",
        r"\bmoon(?:ing|ed|s|shot)?\b|\blambo\b|\bwen\b.{0,12}\b(?:pump|lambo|moon|\$|\d+)|\bbull(?:ish| ?-?run| market)\b|\bbear(?:ish| market)\b|\b(?:all.?time.?high|ath)\b|\b\d+ ?x\b.{0,15}\b(?:ksm|kusama|from here|soon|possible|gem|potential)\b|\b(?:ksm|kusama)\b.{0,25}\b(?:\d+ ?x|1000x|100x|10x|skyrocket|rocket|rally|breakout|explode|parabolic)\b",
    ),
    (
        "en-value",
        r"\b(?:be )?worth\b.{0,25}\b(?:in \d+|by \d+|20[2-9]\d|next (?:week|month|year|decade)|tomorrow|someday|right now|today|usd|dollars?|in (?:usd|dollars|euros?|five|ten|two|three|a))|\bhow much (?:is|are|does|for|will|would|costs?)\b.{0,15}\b(?:1|one|a|single)?\b.{0,3}\b(?:ksm|kusama)\b.{0,12}(?:worth|cost|right now|now|today|in usd|\?|$|be)|\bwhat(?:'s|s| is| was| will) (?:1 |one |a |my )?(?:ksm|kusama).{0,20}\b(?:worth|trading at|going for|at right now)\b",
    ),
    (
        "en-direction",
        r"\bhow (?:high|low|far)\b.{0,12}\b(?:can|will|could|might|would|does|is)\b.{0,12}\b(?:ksm|kusama|it|price|this)\b|\b(?:will|gonna|going to|can|could|might|does|is)\b.{0,20}\b(?:ksm|kusama|price|coin|token|it)\b.{0,20}\b(?:go up|go down|going up|going down|rise|ris(?:e|ing)|fall(?:ing)?|drop(?:ping)?|crash\w{0,3}|pump\w{0,3}|dump\w{0,3}|recover|moon|rebound|bounce|hit \$?\d|reach \$?\d|get to \$?\d|reach|double|10x|climb|tank\w{0,3}|surge)\b|\bwhy\b.{0,20}\b(?:ksm|kusama|price|market|it)\b.{0,12}\b(?:dump\w{0,3}|pump\w{0,3}|down|up|fall\w{0,3}|drop\w{0,4}|crash\w{0,3}|tank\w{0,3}|red|green|ris\w{1,3}|bleed\w{0,3}|so (?:low|high|cheap|expensive))\b|\bwhen\b.{0,20}\b(?:ksm|kusama|it|price)\b.{0,15}\b(?:recover|pump|rise|moon|go up|bounce|rebound|explode)\b",
    ),
    (
        "en-chart",
        r"\b(?:chart|candles?|rsi|macd|fibonacci|resistance level|support level|price target|technical analysis|bottom in|bottomed|market top)\b.{0,30}|\b(?:\$ ?\d+[\d.,]*k?)\b.{0,25}\b(?:ksm|kusama|eoy|end of|by|soon|possible)\b|\b(?:ksm|kusama)\b.{0,25}(?:\$ ?\d+|\d+ ?\$|\d+ (?:usd|dollars?|bucks))",
    ),
    (
        "es-price",
        r"\b(?:precio|cotizacion)\b.{0,25}\b(?:hoy|ahora|actual|manana|sera|ksm|kusama|202\d|203\d|prediccion|futuro|va|sube|baja|subira|bajara|llegar\w{0,2})\b|\b(?:prediccion|pronostico|proyeccion)\w{0,2}\b|\bcuanto (?:va a valer|valdra|vale|cuesta|costara|llegara|puede (?:subir|llegar|valer))\b|\b(?:va a |puede |volvera a )?(?:subir|bajar|explotar|despegar|recuperar(?:se)?)\b.{0,15}\b(?:ksm|kusama|precio)\b|\b(?:ksm|kusama|precio)\b.{0,20}\b(?:va a (?:subir|bajar|caer|explotar|despegar|recuperar\w{0,2})|subira|bajara|caera|llegara|despega|cae|sube|bajando|subiendo|cayendo)\b|\bla luna\b|\balcista\b|\bbajista\b",
    ),
    (
        "pt-fr-de-price",
        r"\b(?:preco|quanto vai valer|vai subir|previsao)\b|\b(?:prix|cours)\b.{0,25}\b(?:ksm|kusama|demain|2\d{3})\b|\bva monter\b|\b(?:kurs|preis)\w{0,12}\b.{0,20}\b(?:prognose|ksm|kusama|heute|morgen|steig\w{1,3}|fall\w{0,3})\b|\bkursprognose\b|\bkurs(?:ziel|entwicklung)",
    ),
    (
        "zh-price",
        r"(?:价格|價格|币价|幣價|行情|价位|現價|现价).{0,10}(?:多少|预测|預測|今天|现在|現在|走势|走勢|会|會|能|到|怎么看|如何|明天|未来|几)|(?:现在|現在|今天|目前|未来|明天|今年|明年|当前).{0,8}(?:价格|價格|币价|多少钱|多少錢|几块|行情|什么价|报价)|(?:会|會|能|还会|还能|可能|要).{0,5}(?:涨|漲|跌|上涨|下跌|暴涨|暴跌|起飞|反弹|归零|翻倍|回本)|(?:涨|漲|跌)(?:到|多少|吗|嗎|么|不|回)|什么时候.{0,8}(?:涨|漲|起飞|拉盘|反弹|回升)|(?:为什么|为啥|怎么).{0,8}(?:涨|漲|跌|暴跌|大跌)|多少(?:钱|錢|美元|美金|刀).{0,3}(?:一个|一枚|$|？|\?)|值多少|多少钱一|牛市|熊市|百倍|十倍|千倍|暴涨|走势|预测|目标价",
    ),
    (
        "ru-price",
        r"\b(?:прогноз\w{0,3}|предсказ\w{1,6})\b|\b(?:цен\w{1,2}|курс\w{0,2}|стоимост\w{1,2}|котировк\w{1,2})\b.{0,25}\b(?:сеичас|сегодня|завтра|будет|ksm|ксм|kusama|кусам\w|20[2-9]\d|вырастет|упадет|год\w{0,2}|доллар\w{0,3}|какая|какои|почем)\b|\b(?:какая|какои|текущ\w{1,3}|скажи) (?:цен\w|курс)\b|\bсколько (?:будет )?(?:стоит|стоить|стоят)\b|\b(?:вырастет|упадет|полетит|взлетит|рванет|восстановится|обвалится|отскочит|дорастет|дойдет до|доидет до)\b|\b(?:растет|падает|упал|вырос|рухнул|дешевеет|дорожает)\b|\bна луну\b|\bтузем\w{0,2}|\bбыч\w{1,4}|\bмедвеж\w{1,4}|\bиксы\b|\bсделает иксы|\bпочем\b",
    ),
    (
        "tr-price",
        r"\b(?:fiyat\w{0,4}|deger\w{0,2})\b.{0,25}\b(?:tahmin\w{0,4}|ne kadar|kac|bugun|yarin|olur|olacak|olacagi|yukselir|yukselecek|duser|dusecek|hedef\w{0,3}|simdi|20[2-9]\d|nereye)\b|\bfiyat tahmin\w{0,4}|\bkac (?:dolar|para|lira|tl|usd)\b|\bkaca (?:cikar|gider|duser)|\bne kadar (?:eder|olur|yukselir|olacak|cikar|duser)\b|\b(?:yukselir|yukselecek|duser|dusecek|artar|artacak|ucar|ucacak|patlar|coker|toparlar|toparlanir) ?(?:mi|mu)?\b|\bne zaman (?:yuksel\w{1,5}|uca\w{1,4}|toparla\w{1,5}|art\w{1,5}|cik\w{1,4}|pump\w{0,4}|patla\w{1,4})|\bneden (?:dusuyor|dustu|yukseliyor|cakildi|yukseldi)|\baya (?:gider|ucar|ne zaman)|\bboga\b|\bayi piyasasi",
    ),
    (
        "vi-price",
        r"\bgia\b.{0,20}\b(?:hom nay|hien tai|bay gio|bao nhieu|du doan|tuong lai|se|len|xuong|ngay mai|20[2-9]\d|ksm bao)\b|\bdu (?:doan|bao|phong)\b.{0,15}\bgia?\b|\b(?:len|xuong|tang|giam|dat|cham|ve) (?:duoc )?(?:den |toi )?(?:bao nhieu|may)\b|\bbao nhieu (?:tien|usd|do|dola|mot|1)\b|\b(?:se|co|lieu|khi nao|bao gio)\b.{0,15}\b(?:tang gia|len gia|tang manh|giam gia|giam manh|hoi phuc|bay|pump|dump|sap|tang nua|giam nua|tang|x\d+)\b|\b(?:tai sao|sao|vi sao)\b.{0,15}\b(?:ksm|kusama|gia)\b.{0,15}\b(?:giam|tang|sap|do|roi|dump|pump)\b|\bto the moon\b|\bgia bao nhieu|\bx\d+ (?:tai khoan|lan)\b",
    ),
)

LEARNING = (
    # A question about how prices behave is for the explainer on market risk, not for the price answer.
    r"volat\w{0,6}|\bvolit\w{0,6}|\bswing|\bfluctuat|\bstable\b|\bunstable\b|\bdepends? on\b|\baffects?\b|\binfluenc|\bdetermin|\bdrives?\b|"
    r"\bfactors?\b|\bcan (?:the |its |ksm )?(?:price |value )?change\b|\bup and down\b|\bjumps? around\b|\bmoves? around\b|"
    r"volatil|\bdepende\b|\bvaria\b|\boscil|\bafecta|波动|波動|影响|影響|稳定|穩定|取决|волатил|колеб|скач|стабил|зависит|влия|"
    r"oynak|dalgal|oynuyor|etkile|sabit|bagli|bien dong|on dinh|anh huong|phu thuoc|dao dong"
)
FORETELLING = (
    # …unless it also asks what will be, which no wording about swings makes harmless.
    r"predict|forecast|will .{0,20}(?:go|hit|reach|be)\b|how (?:high|low)|20[2-9]\d|moon|tomorrow|next (?:week|month|year)|"
    r"right now|today|预测|預測|涨到|漲到|прогноз|будет|sera\b|tahmin|olacak|du doan|du bao|se len"
)
