"""Wordings in English that ask what to do with one's money.

Its one law: a rule names a wording that is never a plain wish to learn; what is doubtful is left to the trained head.
Patterns are written without accents and in small letters, as `guard.fold` leaves a text, with every gap bounded.
"""

from __future__ import annotations

_TRADE = (
    r"(?:buy|buying|by|bought|sell|selling|hold|holding|hodl|invest|investing|ape|aping|dca|swap|"
    r"stake|staking|nominate|short|long|trade|trading|accumulate|exit|cash out|dump|load up|get in|get into|put|add)"
)

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
        r"\b(?:good|gud|bad|smart|safe|solid|sound|great|decent|wiser?|best|better|right|worthwhile|terrible|dumb|"
        r"stupid) (?:long.?term |short.?term |crypto )?(?:invest\w{0,6}|buy|bet|entry|hold|time to|moment to|"
        r"point to|idea to(?! (?:build|launch|deploy|test))|play|pick|punt|purchase|store of value)\b",
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
        r"(?<!treasury's )\bportfolio\b(?! (?:apps?|pages?|track\w{2,4}|tools?|screen|shows?|lists?)\b|,? what is\b)|"
        r"\bmy (?:life )?savings\b|"
        r"\b(?:i|we|me|us|my \w+|people|able to|want to|how to|when to)\b.{0,20}\bretire\b|\b(?:a|any|"
        r"for) retire[de]\w{0,2}\b(?! (?:teacher|bookkeeper|boxer|accountant)\b)|\bretire (?:on|with|early|rich|from|"
        r"in|by)\b|"
        r"\bretirement\b|"
        r"\bnest egg\b|\bfinancial advi\w{1,4}\b|"
        r"\binvestment advi\w{1,4}\b|\btake (?:a )?loan\b|\bmortgage (?:my|our|the|money|payments?)\b|\b(?:my|our|a|"
        r"second) mortgage\b|"
        r"\ball.?in\b(?![ -](?:all|one|the same)\b)|\bdca\b|\b(?:with|use|using|on|add|how much|high|x\d+|"
        r"\d+x) leverage\b|\bleverage (?:trad\w{1,3}|\d)|"
        r"\bstop.?loss\b|\btake profits?\b|\bbuy(?:ing)? the dip\b|\bget rich\b|\bmissed the (?:train|boat|"
        r"bus)\b(?!.{0,20}\b(?:explain|what)\b)|"
        r"\bpassive income\b|"
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
        r"\b(?:so|then|and|but),? what (?:do|should|shall|must) (?:i|we) do(?: now| then)?[^\w]*$|\bwhat (?:do|should|"
        r"shall|must|would you) (?:i |we )?do (?:now )?with (?:my|our|these)\b|\bwhat now with\b|\bmake (?:a |"
        r"my )?fortune\b|"
        r"\bones? (?:you'?d|you would|u would) (?:bet|buy|pick|back|own)\b|\bmy (?:own |hard.earned )?cash\b|"
        r"\bsensible thing to do with\b",
    ),
    (
        "en-some-of-it",
        r"(?<!where can i )(?<!where do i )(?<!how do i )(?<!how can i )\b(?:grab|snag|scoop up|stack|pick(?:ing)? up|"
        r"stock(?:ing)? up on|load(?:ing)? up on) (?:(?:some|any|a few|a bit|a little|more)(?: of (?:it|"
        r"them))?(?: (?:ksm|kusama|coins|tokens)\b|[^\w]*$|[,;.?!])|ksm\b)|\bget (?:a few|some|a couple of) (?:coins|"
        r"ksm) (?:before|now|today|this week|while)\b",
    ),
    (
        "en-attractive",
        r"\b(?:ksm|tokens?|coins?)\b (?:\w+ )?(?:attractive|desirable|appealing|tempting|lucrative)\b(?! (?:for|"
        r"to) (?:dev|build|team|project)\w*)|\b(?:strong(?:er)?|weak(?:er)?|better|worse|good|bad) (?:hold|"
        r"thing to (?:own|have|hold))\b|\bdesirable to (?:own|have|hold)\b|\breasons? (?:enough )?to (?:own|hold|"
        r"buy)\b(?! (?:an?|the) )|"
        r"(?:^|\b(?:please|just|pls|you|and|then) |[,.;:?!] ?)(?:pick|choose|decide) (?:one |it )?for me\b|"
        r"\bwhich (?:one |of them |of the two )?to (?:own|hold|keep)\b|"
        r"\b(?:which|what) (?:ones?|validators?|"
        r"pools?|parachains?|collators?)\b.{0,12}\b(?:pays?|earns?|yields?|returns?) (?:the )?(?:best|most|better|"
        r"more|highest)\b|\b(?:best|highest|better)[ -](?:paying|yielding|earning)\b|\b(?:rating|grade|score|verdict|"
        r"scale)\b.{0,8}\b(?:from|of|out of)\b.{0,4}\b(?:a to f|(?:0|1|one) (?:to|and|-) (?:5|10|100|five|ten)|"
        r"in or out)\b|\b(?:(?:just|simply|to|not) )flip (?:the |my |your )?(?:token|coin|ksm)s?\b",
    ),
)
