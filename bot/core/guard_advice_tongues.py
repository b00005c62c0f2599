"""Wordings in five languages, and a little in others, that ask what to do with one's money.

Its one law: the same as that of `guard_advice`: a rule names a wording that is never a plain wish to learn.
"""

from __future__ import annotations

_ES_TRADE = r"(?:compr\w{1,6}|vend\w{1,6}|invert\w{1,6}|inversion|holde\w{0,5}|apost\w{1,5}|meter\w{0,4})"
_RU_TRADE = (
    r"(?:куп\w{1,6}|покуп\w{1,6}|брать|взять|прода\w{1,6}|вклад\w{1,8}|влож\w{1,6}|инвест\w{0,10}|"
    r"держать|холд\w{0,5}|заход\w{1,5}|зайти|закуп\w{1,6}|докуп\w{1,6}|шорт\w{0,4}|лонг\w{0,4}|слива\w{1,4})"
)
_ZH_TRADE = (
    r"(?:买|買|入手|购入|投资|投資|抄底|上车|上車|(?<!拍)[卖賣]|持有|"
    r"加仓|加倉|梭哈|囤|定投|止损|止盈|做多|做空|屯)(?!者|.{0,9}(?:风险|風險|做什么|用处|作用)|[^,]{0,9}有可能亏)"
)
_TR_TRADE = (
    r"(?:al(?:mak|mali\w*|ayim|inir|sam|inmali|im|ma)?|sat(?:mak|mali\w*|ayim|sam)?|yatirim|tut(?:mali|ayim|"
    r"mak)\w*|"
    r"gir(?:ilir|mek|meli|eyim)\w*|stake\w*|ekle(?:meli|yeyim|sem)\w*)"
)
_VI_TRADE = r"(?:mua|ban|dau tu|nam giu|hold|giu|xuong tien|vao hang|bat day|stake|gom|xa hang|all ?in)"

ADVICE_IN_TONGUES: tuple[tuple[str, str], ...] = (
    (
        "es-advice",
        rf"\b(?:deberia|debo|deberiamos|debemos|tengo que|conviene|me conviene|recomiend\w{{1,4}}|"
        rf"aconsej\w{{1,4}}|es buen\w? (?:momento|idea|inversion|opcion)|buen momento|vale la pena|"
        rf"merece la pena|es hora de|cuando)\b.{{0,30}}\b{_ES_TRADE}\b|\b(?:buena|mala|mejor) inversion\b|"
        rf"(?<!como )(?<!donde )\b(?:compro|vendo|invierto)\b.{{0,20}}\b(?:o|ya|ahora|ksm|kusama)\b|\bes rentable\b|"
        r"\bganar dinero\b|\bmis ahorros\b|\bcuanto (?:deberia |debo |me recomiendas )?invertir\b|"
        r"(?<!como )\ble (?:meto|entro)\b(?! a (?:construir|la gobernanza))|\bcon cual me quedo\b|"
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
        rf"多少钱).{{0,8}}{_ZH_TRADE}|(?<!不是问)(?<!不问)(?:买|買|入手|投资|投資)哪(?:个|個|一)|{_ZH_TRADE}.{{0,10}}(?:吗|嗎|么|好不好|合适|"
        rf"还是|還是|划算|好吗|值得|建议|亏吗|赚)|(?:好|值得|靠谱|"
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
        rf"\btum param\w{{0,3}}\b(?! kaybe)|\bhangi\w{{0,5}}\b.{{0,12}}\b(?:coin|token)\w{{0,3}} (?:en )?iyi\b|"
        rf"\bzengin ol\w{{1,5}}",
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
        "es-tail",
        r"\bme conviene(?: mas)?\b(?! (?:usar|construir|desarrollar|lanzar|aprender))|\bpor que (?:deberia|debo|"
        r"querria) (?:tener|querer|poseer|quedarme)\b|\b(?:me )?sale a cuenta\b|"
        r"\bo (?:mejor )?(?:me salgo|salgo|lo dejo|lo suelto|me voy)\b|"
        r"\bmi (?:pension|jubilacion|sueldo|nomina|paga|herencia|aguinaldo)\b",
    ),
    (
        "zh-tail",
        r"划不划算|拿哪(?:个|個|一个)(?=好|比|更|划|$|\?)|(?:继续|一直)拿(?:着|住)|要不要(?:也|再|去|赶紧|趁)?(?:弄|搞|跑|撤|走|换|碰|冲|留着|清仓)(?!节点|开发|项目)|"
        r"(?:碰|玩|亏|"
        r"承受)得起(?:吗|么|嗎|嘛)|(?:(?:哪个|哪個|哪一个|哪条).{0,6}|谁)(?:比较|更|"
        r"最)?(?:有前途|有前景|有潜力|值钱|赚|划算|值得(?!了解|学|看))|"
        r"(?:散户|韭菜|普通人|小白|上班族|老人).{0,4}(?:玩|投|进|入场|碰).{0,3}(?:合适|行|可以|好)(?:吗|么|嗎)",
    ),
    (
        "ru-tail",
        r"\bкуда (?:лучше )?влож\w{1,6}|\b(?:токен|монет|парачеин)\w{0,3}\b.{0,25}\bперспективн\w{1,4}|\b(?:есть|"
        r"имеет) (?:ли )?смысл (?:стеик(?:овать|ать)|этим владеть)|\bили (?:уже |пора |лучше ){0,2}(?:выходить|"
        r"сливать|уходить|валить|бежать|продать)\b|\bпенси(?:я|ю|и|еи|"
        r"онер\w{0,2}|онк\w)\b|\b(?:мо(?:еи|ю|я|и|их)|свою|свои|своих|всю|весь) (?:зарплат\w|преми\w|ипотек\w|"
        r"отпускн\w{1,3}|"
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
        r"\b(?:nominator|de cu|validator|collator|xac thuc)\b.{0,25}\bco (?:(?:loi|lai) (?:khong|ko)|kiem (?:tien|loi|"
        r"lai))\b|\b(?:cai|con|dong|token|"
        r"coin|parachain) "
        r"nao (?:la )?(?:co )?tiem nang\b|\bvao (?:ksm|kusama) (?:gio|luc nay|bay gio)\b|\bnen cam (?:ben|dong|con|"
        r"cai|ksm|dot)\b|\bco dang rui ro\b|\b(?:minh|toi|em|tui) co (?:can|nen) (?:so huu|"
        r"mua|giu|om)\b(?!.{0,15}\bde )|\b(?:nguoi (?:gia|ngheo|"
        r"thuong)|minh|toi|em)\b.{0,6}\bchiu (?:noi|duoc)\b|\bco an (?:khong|ko)\b|\bhay (?:la )?nen (?:thoat|chay|"
        r"rut|cat|bo)\b|"
        r"\bhay (?:thoat|rut het|cat lo)\b|\b(?:chon|lay) (?:cai|con|dong) nao de (?:sinh loi|co loi|kiem)\w*",
    ),
)
