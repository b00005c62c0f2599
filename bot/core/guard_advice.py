"""Wordings that ask what to do with one's money, in six languages and a little in others.

Its one law: a rule names a wording that is never a plain wish to learn; what is doubtful is left to the trained head.
Patterns are written without accents and in small letters, as `guard.fold` leaves a text, with every gap bounded.
"""

from __future__ import annotations

_TRADE = (
    r"(?:buy|buying|by|bought|sell|selling|hold|holding|hodl|invest|investing|ape|aping|dca|swap|"
    r"stake|staking|nominate|short|long|trade|trading|accumulate|exit|cash out|dump|load up|get in|get into|put|add)"
)
_ES_TRADE = r"(?:compr\w{1,6}|vend\w{1,6}|invert\w{1,6}|inversion|holde\w{0,5}|apost\w{1,5}|meter\w{0,4})"
_RU_TRADE = (
    r"(?:куп\w{1,6}|покуп\w{1,6}|брать|взять|прода\w{1,6}|вклад\w{1,8}|влож\w{1,6}|инвест\w{0,10}|"
    r"держать|холд\w{0,5}|заход\w{1,5}|зайти|закуп\w{1,6}|докуп\w{1,6}|шорт\w{0,4}|лонг\w{0,4}|слива\w{1,4})"
)
_ZH_TRADE = (
    r"(?:买|買|入手|购入|投资|投資|抄底|上车|上車|(?<!拍)[卖賣]|持有|"
    r"加仓|加倉|梭哈|囤|定投|止损|止盈|做多|做空|屯)(?!者|.{0,9}(?:风险|風險|做什么|用处|作用))"
)
_TR_TRADE = (
    r"(?:al(?:mak|mali\w*|ayim|inir|sam|inmali|im|ma)?|sat(?:mak|mali\w*|ayim|sam)?|yatirim|tut(?:mali|ayim|"
    r"mak)\w*|"
    r"gir(?:ilir|mek|meli|eyim)\w*|stake\w*|ekle\w*)"
)
_VI_TRADE = r"(?:mua|ban|dau tu|nam giu|hold|giu|xuong tien|vao hang|bat day|stake|gom|xa hang|all ?in)"

ADVICE: tuple[tuple[str, str], ...] = (
    (
        "en-should",
        rf"\b(?:sh?ou?l?d|shud|shld|shall|ought) (?:i|we|one|someone|my \w+|you|u)\b(?! (?:know|understand|be aware|"
        rf"worry)).{{0,30}}\b{_TRADE}\b",
    ),
    (
        "en-would-you",
        r"\b(?:would|wud|will|do|did|are|r) (?:you|u|ya|yall|anyone|anybody)\b.{0,20}\b(?:buy|buying|sell|"
        r"selling|hold|holding|invest|investing|put|recommend|advise|suggest)\b",
    ),
    (
        "en-worth",
        r"\bworth (?:it\b(?! (?:for|to) (?:a |the )?(?:dev\w*|build\w*|teams?|projects?|launch|deploy))|"
        r"(?:to )?(?:buy|invest|hold|stak|get|trad|putt|the (?:risk|money|investment)|"
        r"my (?:money|savings)|a (?:buy|bag|punt|shot)))|\b(?:a |still )worth(?:while)? (?:buy|invest)\w*",
    ),
    (
        "en-good-buy",
        r"\b(?:good|gud|bad|smart|safe|solid|great|decent|wise|best|better|right|worthwhile|terrible|dumb|"
        r"stupid) (?:long.?term |short.?term |crypto )?(?:invest\w{0,6}|buy|bet|entry|hold|time to|moment to|"
        r"point to|idea to(?! (?:build|launch|deploy|test))|play|pick|purchase|store of value)\b",
    ),
    (
        "en-how-much",
        r"\bhow (?:much|many (?:ksm|coins?|tokens?|of)|mutch|big)\b.{0,40}\b(?:should|shud|shall|to (?:invest|buy|put|"
        r"stake)|"
        r"do i (?:need to )?(?:invest|buy|put|stake)|of my|need to (?:stake|invest|buy|hold).{0,20}(?:live|"
        r"rich|retire|profit|income))",
    ),
    (
        "en-portfolio",
        r"\bportfolio\b|\bmy (?:life )?savings\b|\bretire\w*\b|\bnest egg\b|\bfinancial advi\w{1,4}\b|"
        r"\binvestment advi\w{1,4}\b|\btake (?:a )?loan\b|\bmortgage\b|\ball.?in\b|\bdca\b|\bleverage\b|"
        r"\bstop.?loss\b|\btake profits?\b|\bbuy(?:ing)? the dip\b|\bget rich\b|\bpassive income\b|"
        r"\bmake (?:\w+ )?(?:money|profit|bank|gains)\b|\b(?:under|over) ?valued\b|\btoo late to\b|"
        r"\bwait for (?:a |the )?(?:dip|pullback|bottom)\b|\bentry (?:point|price)\b|\bguaranteed? (?:return|"
        r"profit|gain|income)s?\b|\bprofitable\b|\bnfa\b",
    ),
    (
        "en-buy-or",
        r"\bbuy or (?:sell|not|wait|hold|no|skip)\b|\bsell or (?:hold|keep|wait|not|buy)\b|\bhold or (?:sell|"
        r"not|dump|swap)\b|\bbuy\b.{0,25}\b(?:yes or no|yes/no|y/n|or nah)\b|\b(?:yay|yes|yea) or (?:nay|no|"
        r"nah)\b.{0,25}\b(?:buy|ksm)\b|\bwhen (?:to|should|do i|would you|shall) .{0,15}\b(?:buy|sell|get in|"
        r"get out|exit|enter)\b",
    ),
    (
        "en-invest",
        r"(?<!risk of )(?<!risks of )\binvest(?:ing|ment|ments|or)?\b.{0,30}\b(?:ksm|kusama)\b|\b(?:ksm|"
        r"kusama)\b.{0,30}\binvest(?:ing|"
        r"ment|ments)?\b|\b(?:which|what)\b.{0,30}\b(?:to buy|should i buy|to invest)\b|"
        r"\brecommend\w{0,6}\b.{0,30}\b(?:buy|invest|coin|ksm|hold|leverage|validator|pool|stak)\w*",
    ),
    (
        "es-advice",
        rf"\b(?:deberia|debo|deberiamos|debemos|tengo que|conviene|me conviene|recomiend\w{{1,4}}|"
        rf"aconsej\w{{1,4}}|es buen\w? (?:momento|idea|inversion|opcion)|buen momento|vale la pena|"
        rf"merece la pena|es hora de|cuando)\b.{{0,30}}\b{_ES_TRADE}\b|\b(?:buena|mala|mejor) inversion\b|"
        rf"(?<!como )(?<!donde )\b(?:compro|vendo|invierto)\b.{{0,20}}\b(?:o|ya|ahora|ksm|kusama)\b|\bes rentable\b|"
        r"\bganar dinero\b|\bmis ahorros\b|\bcuanto (?:deberia |debo |me recomiendas )?invertir\b|"
        r"\binvertir en (?:ksm|kusama)\b|\bcompensa (?:comprar|invertir)\b",
    ),
    (
        "pt-fr-de-advice",
        r"\b(?:vale a pena|devo|compensa)\b.{0,25}\b(?:comprar|vender|investir)\b|\b(?:dois|devrais|faut|"
        r"vaut)\b.{0,30}\b(?:acheter|vendre|investir)\b|\bbon investissement\b|(?<!wo )\b(?:soll|sollte|lohnt|"
        r"kann)\b.{0,35}\b(?:kaufen|verkaufen|investieren|halten|einsteigen|kauf|investition)\b|"
        r"\bgute (?:investition|anlage)\b|\blena chahiye\b|\b(?:kharid\w{1,4}|bech\w{1,3}|invest kar\w{1,3})\b",
    ),
    (
        "zh-advice",
        r"(?:要不要|该不该|該不該|应不应该|应该|應該|值不值得|值得|能不能|可不可以|(?<!哪里)(?<!哪儿)(?<!怎么)可以|(?<!哪里)(?<!怎么)能|现在|現在|适合|適合|建议|建議|推荐|推薦|"
        r"该|該|还能|還能|敢不敢|什么时候|何时|"
        rf"多少钱).{{0,8}}{_ZH_TRADE}|{_ZH_TRADE}.{{0,10}}(?:吗|嗎|么|好不好|合适|还是|還是|划算|好吗|值得|建议|亏吗|赚)|(?:好|值得|靠谱|"
        rf"稳).{{0,3}}(?:的)?投资|(?:赚钱|发财|暴富|回本|仓位|重仓|梭哈|抄底|割肉|止损|高估|低估|被低估)",
    ),
    (
        "ru-advice",
        r"\b(?:стоит(?: ли)?|нужно ли|надо ли|пора|имеет смысл|есть смысл|можно ли|лучше|советуете|"
        rf"посоветуите|рекомендуете|выгодно|когда|сколько|мне|хорошо ли)\b.{{0,30}}\b{_RU_TRADE}\b|\b(?:брать|"
        rf"покупать|продавать|держать|куплю|заходить)\b.{{0,20}}\b(?:или|ли|сеичас)\b|"
        rf"\bхорош\w{{1,3}} (?:инвест\w{{1,7}}|вложени\w{{1,3}}|покупк\w)|\bинвестир\w{{1,6}} в\b|"
        rf"\b(?:заработать|разбогатеть|окупится|пассивн\w{{1,3}} доход|прибыльн\w{{1,3}}|выгодно ли|"
        rf"недооцен\w{{1,4}}|переоцен\w{{1,4}}|портфел\w{{1,3}}|сбережени\w{{1,3}})\b",
    ),
    (
        "tr-advice",
        rf"\b{_TR_TRADE} ?(?:m[iu]y?[iu]?m?|mi|miyim|mali|sa|ne zaman)\b|\b(?:ksm|kusama|simdi|bugun|"
        rf"coin)\b.{{0,20}}\b(?<!nereden )(?<!nerede )(?<!nasil )(?:alinir|almali|alayim|alsam|satayim|satmali|satsam|"
        rf"girilir|yatirim\w{{0,6}})\b|"
        rf"\b(?:iyi|kotu|mantikli|karli|guvenli) (?:bir )?(?:yatirim\w{{0,5}}|alim|zaman|fikir)|"
        rf"\byatirim (?:yap\w{{1,10}}|tavsiye\w{{0,4}}|onerir\w{{0,4}})|\b(?:alinir mi|satilir mi|"
        r"almali miyim|satmali miyim|alsam mi|satsam mi|alayim mi|degecek mi|deger mi|mantikli mi|"
        rf"karli mi)\b|\bpara kazan\w{{1,8}}|\btavsiye (?:eder|edi)\w{{0,5}}|\bportfoy\w{{0,5}}|"
        rf"\btum param\w{{0,3}}|\bzengin ol\w{{1,5}}",
    ),
    (
        "vi-advice",
        r"\b(?:co nen|nen|co dang|dang|co phai la|luc nao|khi nao|bay gio|thoi diem|"
        rf"gio)\b.{{0,20}}\b{_VI_TRADE}\b|\b(?!stake){_VI_TRADE}\b.{{0,25}}\b(?:duoc khong|dc ko|duoc ko|hay khong|"
        r"hay ban|hay giu|co loi|co lai|luc nay|co nen|khong a|co on)\b|\b(?:khoan dau tu|dau tu) (?:tot|"
        r"vao)|\bkiem (?:tien|loi|lai)\b|\blam giau\b|\bkhuyen (?:mua|nen)|\btu van (?:dau tu|mua)|"
        r"\bxuong tien\b|\bdanh muc dau tu|\bstake\b.{0,25}\bco (?:loi|lai|nen)\b",
    ),
    (
        "en-which-do-i",
        r"\b(?:which|whom?)\b.{0,30}\bdo (?:i|we) (?:pick|choose|back|support|trust|go with|vote for|nominate|"
        r"delegate to|stake with)\b(?!.{0,25}\b(?:build|deploy|launch|develop|test|d?app|project)\w*)|"
        r"(?<!how )(?<!where )(?<!why )(?<!when )\bdo (?:i|we) (?:put (?:my|our|\d|it|this|some)|buy|sell|invest|"
        r"pick up|grab|go for it|jump (?:in|ship)|cash|load|join (?:him|her|them|in)|stake (?:or|with|now|it all))\b|"
        r"\bor (?:do|should|shall|must) (?:i|we) (?:bail|leave|run|quit|get out|dump|swap|exit|jump|pass|walk|cry|"
        r"stay out)\b|\b(?:jump(?:ing)? ship|(?<!opt )(?<!move )(?<!moved )(?<!flow )in or out(?! of)|(?:keep|stay|"
        r"hold|me up|me in) or (?:bail|run|dump|flip|ditch)|yay or nay|bail out)\b",
    ),
    (
        "en-whether",
        r"\bwhether (?:to|i should|we should|i ought to|you would) (?:\w+ )?(?:keep (?:my|our|the|these|it\b|ksm)|"
        r"hold\b|own\b|buy|sell|go for it|get in|get out|jump|put|stake|load|grab)\b|\b(?:get(?:ting)? rid of|"
        r"part(?:ing)? with|flip(?:ping)?|ditch(?:ing)?|unload(?:ing)?|offload(?:ing)?|hold(?:ing)? on to) (?:the |"
        r"my |our |your |all |some )*(?:ksm|kusama|tokens?|coins?|bags?|position|stack)\b",
    ),
    (
        "en-my-purse",
        r"\b(?:my|our|grandma's|grandpa's|mom's|dad's|kids'?|kid's|son's|daughter's) (?:\w+ )?(?:pension|rent|salary|"
        r"paychecks?|paycheque|wages|bonus|inheritance|college fund|piggy bank|life savings)\b|\bmy (?:last |only |"
        r"whole |spare )?[$€£]?\d[\d.,]*(?: ?k\b| ?(?:grand|dollars?|bucks|euros?|usd|eur|pounds?|quid)\b)|"
        r"\bsafe (?:place )?(?:for|to (?:put|park|keep)) my (?:money|cash|funds)\b",
    ),
    (
        "en-for-me",
        r"\btoo (?:risky|much|dangerous|volatile|wild|unsafe) for (?:me|us|my|someone like|a (?:\w+ ){0,2}(?:person|"
        r"pensioner|saver|mom|mum|dad|parent|retiree|family))\b|\b(?:suitable|acceptable|appropriate|"
        r"the risk) for (?:me|us|my (?:age|mom|mum|dad|family)|a (?:\w+ ){0,2}(?:pensioner|saver|mom|mum|parent|"
        r"retiree))\b|\b(?:would|wud) (?:you|u|ya) (?:still |ever |personally |rather |yourself |actually |honestly |"
        r"really ){0,3}(?:touch|own|lock|park|risk|nominate|stake|pick|keep|want) (?:it|some|any|ksm|kusama|dot|them|"
        r"your|with)\b|\bwhy (?:should|would|ought) (?:i|we) (?:\w+ )?(?:own|want|have|hold|get) (?:any|some|it|this|"
        r"ksm|kusama|these|the (?:token|coin))\b(?! (?:for|over|to) )",
    ),
    (
        "en-what-now",
        r"\b(?:so|then|and|but),? what (?:do|should|shall|must) (?:i|we) do(?: now| then)?\W*$|\bwhat (?:do|should|"
        r"shall|must|would you) (?:i |we )?do (?:now )?with (?:my|our|these)\b|\bwhat now with\b|\bmake (?:a |"
        r"my )?fortune\b|"
        r"\bones? (?:you'?d|you would|u would) (?:bet|buy|pick|back|own)\b|\bmy (?:own |hard.earned )?cash\b|"
        r"\bsensible thing to do with\b",
    ),
    (
        "en-some-of-it",
        r"(?<!where can i )(?<!where do i )(?<!how do i )(?<!how can i )\b(?:grab|snag|scoop up|stack|pick(?:ing)? up|"
        r"stock(?:ing)? up on|load(?:ing)? up on) (?:(?:some|any|a few|a bit|a little|more)(?: of (?:it|"
        r"them))?(?: (?:ksm|kusama|coins|tokens)\b|\W*$|[,;.?!])|ksm\b)|\bget (?:a few|some|a couple of) (?:coins|"
        r"ksm) (?:before|now|today|this week|while)\b",
    ),
    (
        "en-attractive",
        r"\b(?:ksm|tokens?|coins?)\b (?:\w+ )?(?:attractive|desirable|appealing|tempting|lucrative)\b(?! (?:for|"
        r"to) (?:dev|build|team|project)\w*)|\b(?:strong(?:er)?|weak(?:er)?|better|worse|good|bad) (?:hold|"
        r"thing to (?:own|have|hold))\b|\bdesirable to (?:own|have|hold)\b|\b(?:which|what) (?:ones?|validators?|"
        r"pools?|parachains?|collators?)\b.{0,12}\b(?:pays?|earns?|yields?|returns?) (?:the )?(?:best|most|better|"
        r"more|highest)\b|\b(?:best|highest|better)[ -](?:paying|yielding|earning)\b|\b(?:rating|grade|score|verdict|"
        r"scale)\b.{0,8}\b(?:from|of|out of)\b.{0,4}\b(?:a to f|(?:0|1|one) (?:to|and|-) (?:5|10|100|five|ten)|"
        r"in or out)\b|\b(?:(?:just|simply|to|not) )flip (?:the |my |your )?(?:token|coin|ksm)s?\b",
    ),
    (
        "es-tail",
        r"\bme conviene(?: mas)?\b(?! (?:usar|construir|desarrollar|lanzar|aprender))|\bpor que (?:deberia|debo|"
        r"querria) (?:tener|querer|poseer|quedarme)\b|\b(?:me )?sale a cuenta\b|"
        r"\bo (?:mejor )?(?:me salgo|salgo|lo dejo|lo suelto|me voy)\b|"
        r"\bmi (?:pension|jubilacion|sueldo|nomina|paga|herencia|aguinaldo)\b",
    ),
    (
        "zh-tail",
        r"要不要(?:也|再|去|赶紧|趁)?(?:弄|搞|跑|撤|走|换|碰|冲|留着|清仓)(?!节点|开发|项目)|(?:碰|玩|亏|承受)得起(?:吗|么|嗎|嘛)|(?:哪个|哪個|哪一个|谁)(?:比较|更|"
        r"最)?(?:有前途|有前景|有潜力|值钱|赚|划算|值得)|"
        r"(?:散户|韭菜|普通人|小白|上班族|老人).{0,4}(?:玩|投|进|入场|碰).{0,3}(?:合适|行|可以|好)(?:吗|么|嗎)",
    ),
    (
        "ru-tail",
        r"\bили (?:уже |пора |лучше ){0,2}(?:выходить|сливать|уходить|валить|бежать|продать)\b|\bпенси(?:я|ю|и|еи|"
        r"онер\w{0,2}|онк\w)\b|\b(?:мо(?:еи|ю|я|и)|свою|всю|весь) (?:зарплат\w|преми\w|ипотек\w|отпускн\w{1,3}|"
        r"накоплени\w)\b",
    ),
    (
        "tr-tail",
        r"\bbana (?:hangisi|uygun)\b(?!.{0,20}\b(?:anlat|acikla))|\b(?:cik|kac|birak|gir|bekle|kal|"
        r"vazgec)\w{0,2}[ae]yim mi\b|\b(?:emekli\w{0,8}|maasim\w{0,4}|ikramiyem\w{0,4})\b|\b(?:ben|"
        r"sen) olsam\b.{0,20}\bkazan\w{0,8}|\bbende de (?:olmali|"
        r"olsun)\b",
    ),
    (
        "vi-tail",
        r"\b(?:minh|toi|em|tui) co (?:can|nen) (?:so huu|mua|giu|om)\b(?!.{0,15}\bde )|\b(?:nguoi (?:gia|ngheo|"
        r"thuong)|minh|toi|em)\b.{0,6}\bchiu (?:noi|duoc)\b|\bco an (?:khong|ko)\b|\bhay (?:la )?nen (?:thoat|chay|"
        r"rut|cat|bo)\b|"
        r"\bhay (?:thoat|rut het|cat lo)\b|\b(?:chon|lay) (?:cai|con|dong) nao de (?:sinh loi|co loi|kiem)\w*",
    ),
)
