"""Wordings that ask for a price, past, present or to come, in six languages and a little in others.

Its one law: a rule names a wording that is never a plain wish to learn; what is doubtful is left to the trained head.
Patterns are written without accents and in small letters, as `guard.fold` leaves a text, with every gap bounded.
"""

from __future__ import annotations

PRICE: tuple[tuple[str, str], ...] = (
    (
        "en-price",
        r"\b(?:prices?|pirce|prise|prize) (?:predict\w{0,5}|forecast\w{0,3}|target\w{0,2}|analysis|"
        r"projection\w{0,1}|potential|today|now|tomorrow|next|in \d|in the|going|will|by|of (?:1 |one |"
        r"a )?(?:ksm|kusama)|at the|check|alert|outlook|expectation\w{0,1}|right|usd|eur|action)|\b(?:ksm|"
        r"kusama)'?s? (?:current |future |live )?(?:price|pirce)(?: ?\?|$| (?:pls|please|plz|usd|in|now))|"
        r"\b(?:current|today'?s|live|future|latest|actual|whats|what's|what is|what is the|whats the|check|"
        r"tell me the) (?:the )?(?:ksm |kusama )?(?:price|pirce)\b(?! of (?:speed|coretime|a core|a slot|doing|going|"
        r"moving|haste|that\b|kusama's speed|"
        r"being))|\bprice\b.{0,30}\b(?:go up|go down|rise|"
        r"recover|pump|fall|crash|reach|hit|tomorrow|next (?:week|month|year)|20[2-9]\d)\b",
    ),
    (
        "en-prediction",
        r"\bpredict\w{0,5}\b.{0,25}\b(?:ksm|kusama|price|value|coin)\b|\b(?:ksm|kusama|"
        r"price)\b.{0,25}\b(?:predict\w{0,5}|forecast\w{0,3})\b|\bforecast\b",
    ),
    (
        "en-moon",
        r"(?<!blue )(?<!full )(?<!with the )(?<!far is the )\bmoon(?:ing|ed|s|shot)?\b|\blambo\b|"
        r"\bwen\b.{0,12}\b(?:pump|lambo|moon|\$|\d+)|\bbull(?:ish|"
        r" ?-?run| market)\b|\bbear(?:ish| market)\b|\b(?:all.?time.?high|ath)\b|"
        r"\b(?:more|any|still|much|further) upside\b|\bhas (?:it|ksm|kusama) (?:already )?(?:peaked|topped|"
        r"bottomed)\b|\b\d+ ?x\b.{0,15}\b(?:ksm|"
        r"kusama|from here|soon|possible|gem|potential)\b|\b(?:ksm|kusama)\b.{0,25}\b(?:\d+ ?x|1000x|100x|10x|"
        r"skyrocket|rocket|rally|breakout|explode|parabolic)\b",
    ),
    (
        "en-value",
        r"\b(?:be )?worth\b.{0,25}\b(?:in \d+|by \d+|20[2-9]\d|next (?:week|month|year|decade)|tomorrow|"
        r"someday|right now|today|usd|dollars?|in (?:usd|dollars|euros?|five|ten|two|three|a))|"
        r"\bhow much (?:is|are|does|for|will|would|costs?)\b.{0,15}\b(?:1|one|a|single)?\b.{0,3}\b(?:ksm|"
        r"kusama)\b.{0,12}(?:worth|cost|right now|now|today|in usd|\?|$|be)|\bwhat(?:'s|s| is| was|"
        r" will) (?:1 |one |a |my )?(?:ksm|kusama).{0,20}\b(?:worth|trading at|going for|at right now)\b",
    ),
    (
        "en-direction",
        r"\bhow (?:high|low|far)\b.{0,12}\b(?:can|will|could|might|would|does|is)\b.{0,12}\b(?:ksm|kusama|it|"
        r"price|this)\b|\b(?:will|gonna|going to|can|could|might|does|is)\b.{0,20}\b(?:ksm|kusama|price|coin|"
        r"token|it)\b.{0,20}\b(?:go up|go down|going up|going down|rise|ris(?:e|ing)|fall(?:ing)?|"
        r"drop(?:ping)?|crash\w{0,3}(?! test)|pump(?!kin)\w{0,3}|dump\w{0,3}|recover|moon|rebound|bounce|hit \$?\d|"
        r"reach \$?\d|get to \$?\d|reach|double|10x|climb|tank\w{0,3}|surge)\b|\bwhy\b.{0,20}\b(?:ksm|kusama|"
        r"price|market|it)\b.{0,12}\b(?:dump\w{0,3}|pump\w{0,3}|(?<!shut )down|up|fall\w{0,3}|drop\w{0,4}|crash\w{0,3}|"
        r"tank\w{0,3}|red|green|ris(?:e|es|en|ing)|bleed\w{0,3}|so (?:low|high|cheap|expensive))\b|"
        r"\bwhen\b.{0,20}\b(?:ksm|kusama|it|price)\b.{0,15}\b(?:recover|pump|rise|moon|go up|bounce|rebound|"
        r"explode)\b",
    ),
    (
        "en-chart",
        r"\b(?:(?<!pie )(?<!bar )(?<!org )(?<!staring at the )(?<!staring at a )(?<!look at a )(?<!look at the )"
        r"(?<!watching a )(?<!watching the )charts?\b(?! of (?:active|validat))|candles?(?! auction|,? thing|"
        r".{0,12}\bformat)|rsi|"
        r"macd|fibonacci|resistance level|support level|price target|"
        r"technical analysis|bottom in|bottomed|market top)\b.{0,30}|\b(?:\$ ?\d+[\d.,]*k?)\b.{0,25}\b(?:ksm|"
        r"kusama|eoy|end of|by|soon|possible)\b|\b(?:ksm|kusama)\b.{0,25}(?:\$ ?\d+|\d+ ?\$|\d+ (?:usd|"
        r"dollars?|bucks))",
    ),
    (
        "es-price",
        r"\b(?:precio|cotizacion)\b.{0,25}\b(?:hoy|ahora|actual|manana|sera|ksm|kusama|202\d|203\d|prediccion|"
        r"futuro|va|sube|baja|subira|bajara|llegar\w{0,2})\b|\b(?:prediccion|pronostico|proyeccion)\w{0,2}\b|"
        r"\bcuanto (?:va a valer|valdra|vale|cuesta|costara|llegara|puede (?:subir|llegar|valer))\b|"
        r"\b(?:va a |puede |volvera a )?(?:subir|bajar|explotar|despegar|recuperar(?:se)?)\b.{0,15}\b(?:ksm|"
        r"kusama|precio)\b|\b(?:ksm|kusama|precio)\b.{0,20}\b(?:va a (?:subir|bajar|caer|explotar|despegar|"
        r"recuperar\w{0,2})|subira|bajara|caera|llegara|despega|cae|sube|bajando|subiendo|cayendo)\b|"
        r"\bla luna\b|\balcista\b|\bbajista\b",
    ),
    (
        "pt-fr-de-price",
        r"\b(?:preco|quanto vai valer|vai subir|previsao)\b|\b(?:prix|cours)\b.{0,25}\b(?:ksm|kusama|demain|"
        r"2\d{3})\b|\bva monter\b|\b(?:kurs|preis)\w{0,12}\b.{0,20}\b(?:prognose|ksm|kusama|heute|morgen|"
        r"steig\w{1,3}|fall\w{0,3})\b|\bkursprognose\b|\bkurs(?:ziel|entwicklung)",
    ),
    (
        "zh-price",
        r"(?:价格|價格|币价|幣價|行情|价位|現價|现价).{0,10}(?:多少|预测|預測|今天|现在|現在|走势|走勢|会|會|能|到|怎么看|如何|明天|未来|几)|(?:现在|現在|今天|目前|"
        r"未来|明天|今年|明年|当前).{0,8}(?:价格|價格|币价|多少钱|多少錢|几块|行情|什么价|报价)|(?:会|會|能|还会|还能|可能|要).{0,5}(?:涨|漲|跌|上涨|下跌|暴涨|"
        r"暴跌|起飞|反弹|翻倍|回本)|(?:涨|漲|跌)(?:到|多少|吗|嗎|么|不|回)|什么时候.{0,8}(?:涨|漲|起飞|拉盘|反弹|回升)|(?:为什么|为啥|"
        r"怎么).{0,8}(?:涨|漲|跌|暴跌|大跌)|(?<!有)多少(?:钱|錢|美元|美金|刀).{0,3}(?:一个|一枚|$|？|\?)|(?<!市)值多少|多少钱一|牛市|熊市|百倍|十倍|千倍|暴涨|走势|"
        r"预测|"
        r"目标价",
    ),
    (
        "ru-price",
        r"\b(?:прогноз\w{0,3}|предсказ\w{1,6})\b|\b(?:цен\w{1,2}|курс\w{0,2}|стоимост\w{1,2}|"
        r"котировк\w{1,2})\b.{0,25}\b(?:сеичас|сегодня|завтра|будет|ksm|ксм|kusama|кусам\w|20[2-9]\d|вырастет|"
        r"упадет|год\w{0,2}|доллар\w{0,3}|какая|какои|почем)\b|\b(?:какая|какои|текущ\w{1,3}|скажи) (?:цен\w|"
        r"курс)\b|\bсколько (?:будет )?(?:стоит|стоить|стоят)\b|\b(?:вырастет|упадет|полетит|взлетит|рванет|"
        r"восстановится|обвалится|отскочит|дорастет|дойдет до|доидет до)\b|\b(?:растет|падает|упал|вырос|"
        r"рухнул|дешевеет|дорожает)\b|\bна луну\b|\bтузем\w{0,2}|\bбыч\w{1,4}|\bмедвеж\w{1,4}|\bиксы\b|"
        r"\bсделает иксы|\bпочем\b",
    ),
    (
        "tr-price",
        r"\b(?:fiyat\w{0,4}|deger\w{0,2})\b.{0,25}\b(?:tahmin\w{0,4}|ne kadar|kac|bugun|yarin|olur|olacak|"
        r"olacagi|yukselir|yukselecek|duser|dusecek|hedef\w{0,3}|simdi|20[2-9]\d|nereye)\b|"
        r"\bfiyat tahmin\w{0,4}|\bkac (?:dolar|para|lira|tl|usd)\b|\bkaca (?:cikar|gider|duser)|"
        r"\bne kadar (?:eder|olur|yukselir|olacak|cikar|duser)\b|\b(?:yukselir|yukselecek|duser|dusecek|artar|"
        r"artacak|ucar|ucacak|patlar|coker|toparlar|toparlanir) ?(?:mi|mu)?\b|\bne zaman (?:yuksel\w{1,5}|"
        r"uca\w{1,4}|toparla\w{1,5}|art\w{1,5}|cik(?:ar|ac|is)\w{0,4}|pump\w{0,4}|patla\w{1,4})|\bneden (?:dusuyor|"
        r"dustu|"
        r"yukseliyor|cakildi|yukseldi)|\baya (?:gider|ucar|ne zaman)|\bboga\b|\bayi piyasasi",
    ),
    (
        "vi-price",
        r"\bgia\b.{0,20}\b(?:hom nay|hien tai|bay gio|bao nhieu|du doan|tuong lai|se|len|xuong|ngay mai|"
        r"20[2-9]\d|ksm bao)\b|\bdu (?:doan|bao|phong)\b.{0,15}\bgia?\b|\b(?:len|xuong|tang|giam|dat|cham|"
        r"ve) (?:duoc )?(?:den |toi )?(?:bao nhieu|may)\b|\bbao nhieu (?:tien|usd|do|dola|mot|1)\b|\b(?:se|co|"
        r"lieu|khi nao|bao gio)\b.{0,15}\b(?:tang gia|len gia|tang manh|giam gia|giam manh|hoi phuc|bay (?:cao|len)|"
        r"bay$|pump|"
        r"dump|sap|tang nua|giam nua|tang|x\d+)\b|\b(?:tai sao|sao|vi sao)\b.{0,15}\b(?:ksm|kusama|"
        r"gia)\b.{0,15}\b(?:giam|tang|sap|dump|pump)\b|\bto the moon\b|\bgia bao nhieu|"
        r"\bx\d+ (?:tai khoan|lan)\b",
    ),
    (
        "en-effect",
        r"\b(?:(?:push|drive|drag)(?:es|s|ed|ing)? (?:the |its |up |down ){0,3}(?:ksm|token|coin|price|value)|(?:send|"
        r"bring|pull)s? (?:the |its )?(?:price|value))\b.{0,12}\b(?:up|down|higher|lower)\b|\b(?:sink|tank|lift|pump|"
        r"dump)(?:s|ed|ing)? (?:the |its )?(?:ksm|token|coin|price|value)\b|\bhow (?:high|low|far|deep|bad|big|"
        r"much (?:further|lower|higher))\b.{0,20}\b(?:ksm|kusama|it|price|token|coin)\b.{0,12}\b(?:can|could|will|"
        r"might|may|would) (?:still |it )?(?:fall|drop|go|sink|rise|climb|get|dip)\b|\bhow (?:bad|far|low|high|large|"
        r"big)\b.{0,50}\bin (?:us )?(?:dollars|usd|euros?|eur)\b|"
        r"\bprice.?wise\b|\balready priced in\b(?! (?:ksm|dot|kusama|usd|tokens?|the)\b)|\b(?:percent|%) (?:down|up|"
        r"lower|higher)\b|\b(?:which|"
        r"what) (?:token|coin|one|"
        r"of them)\b.{0,15}\b(?:climb|rise|gain|grow|pump|appreciate|outperform|go up)\w{0,3}\b.{0,8}\b(?:more|most|"
        r"faster|better|best|first)\b|\b(?:will|gonna|going to) (?:it |ksm |kusama |the token )(?:ever |soon |"
        r"really )?(?:explode|boom|soar|skyrocket|take off|plunge|sink|blow up)\b",
    ),
    (
        "tail-price",
        r"\bcuanto (?:mas )?(?:puede|podria|va a|podra) (?:caer|hundirse|desplomarse|perder)\b|"
        r"(?:哪个|哪個|谁).{0,3}[涨漲]|"
        r"(?:以后|以後|将来|還|还|会|會)(?:会|會|能)?(?:很)?值[钱錢](?:吗|么|嗎)|"
        r"\b(?:насколько|на сколько|как (?:сильно|низко|глубоко|"
        r"высоко))\b.{0,20}\b(?:просе\w{1,5}|упа\w{1,4}|опустит\w{0,3}|вырас\w{1,4}|обвал\w{1,6}|рухн\w{1,4}|"
        r"падать)\b|\bne kadar (?:duseb\w{1,6}|yukseleb\w{1,6}|cikab\w{1,6}|ineb\w{1,6})|\b(?:rot|giam|sap|xuong|len|"
        r"tang) (?:sau |manh |cao |thap )?(?:co nao|den dau|toi dau)\b|\b(?:ksm|kusama|no)\b.{0,6}\bbay (?:duoc|noi|"
        r"cao|xa)\b",
    ),
)

LEARNING = (
    # A question about how prices behave is for the explainer on market risk, not for the price answer.
    r"volat\w{0,6}|\bvolit\w{0,6}|\bswing|\bfluctuat|\bstable\b|\bunstable\b|\bdepends? on\b|\baffects?\b|"
    r"\binfluenc|\bdetermin|\bdrives?\b|"
    r"\bfactors?\b|\bcan (?:the |its |ksm )?(?:price |value )?change\b|\bup and down\b|\bjumps? around\b|"
    r"\bmoves? around\b|\bin theory\b|\bwhat makes\b.{0,25}\bprice\b.{0,20}\b(?:change|move)|\bcambia tanto\b|"
    r"\btheoretical|"
    r"\bsafe from\b|\b(?:when|if) (?:bitcoin|btc|the (?:whole |"
    r"entire )?(?:crypto )?market)\b|"
    r"volatil|\bdepende\b|\bvaria\b|\boscil|\bafecta|波动|波動|影响|影響|稳定|穩定|取决|волатил|колеб|скач|стабил|зависит|"
    r"влия|"
    r"oynak|dalgal|oynuyor|etkile|sabit|bagli|bien dong|on dinh|anh huong|phu thuoc|dao dong"
)
FORETELLING = (
    # …unless it also asks what will be, which no wording about swings makes harmless.
    r"predict|forecast|will .{0,20}(?:go|hit|reach|be)\b|how (?:high|low)|20[2-9]\d|moon|tomorrow|"
    r"next (?:week|month|year)|"
    r"right now|today|reach|\$ ?\d|\bhoy\b|预测|預測|涨到|漲到|прогноз|будет|sera\b|tahmin|olacak|du doan|du bao|se len"
)
