"""Wordings that no explainer answers, whatever they are about: amounts, dates, steps, places to buy, error reports.

Its one law: a veto only turns an explainer into "no reviewed answer"; it never overrules a policy.
"""

from __future__ import annotations

import re

from bot.core.guard import fold

_RULES: tuple[tuple[str, str], ...] = (
    (
        "amount",
        r"\bhow (?:many|long|often|big|old|large)\b(?!.{0,20}\b(?:chains? or|is (?:it|"
        r"kusama) (?:still )?relevant))|"
        r"\b(?:minimum|min|maximum|max) (?:amount|stake|ksm|number|bond|balance|deposit)\b|"
        r"\bcuant[oa]s?\b.{0,20}\b(?:dias|tiempo|tarda|dura|validador\w*|parachain\w*|ksm|cuestan?|hay)\b|"
        r"多少(?:天|个|條|条|人|时间|錢|钱|ksm)|多久|几天|總量|总量|流通量|"
        r"\bсколько\b|\bkac (?:gun|tane|adet|validat\w*|"
        r"parachain\w*)\b|"
        r"(?<!canh )\bbao (?:nhieu|lau)\b|\bmay (?:ngay|tuan)\b|\bwie (?:viele|lange|hoch)\b|\bcombien\b|\bquantos?\b|"
        r"\bkitn[aei]\b",
    ),
    (
        "date",
        r"^(?:so |and |but |ok |hi |hey )?(?:when|wen)\b(?! (?:people|someone|they|we|you) (?:say|talk))|"
        r"\bwhat (?:year|date|time|day)\b|\brelease date\b|什么时候|何时|哪年|\bкогда\b|\bne zaman\b|\b(?:khi nao|"
        r"bao gio|luc nao)\b|"
        r"\bcuando\b.{0,20}\b(?:se lanzo|sale|es la|devuelven|empez\w*|proxim\w*)\b|\bwann\b|\bquand\b",
    ),
    (
        "wallet",
        r"\b(?:wallets?|metamask|talisman|subwallet|nova|trezor|polkadot\.?js|extension|billetera|"
        r"cartera|cuzdan\w*|vi (?:nao|gi))\b|"
        r"(?:\b(?:my|on|with|use|using|via|for|does|nano)|^) ?ledger\b|\bledger (?:nano|app|live|device|support)|"
        r"钱包|錢包|кошел\w+|\bbinance\b|\bkraken\b|\bcoinbase\b|\bkucoin\b|\bexchange\b.{0,15}\b(?:withdraw|"
        r"deposit|list)|\bwithdraw\w*\b",
    ),
    (
        "steps",
        r"\bhow (?:to|(?:do|can|should|would) (?:i|we|one|you|u)) (?:\w+ )?(?:run|set ?up|install|become|unstake|"
        r"unbond|"
        r"claim|bridge|transfer|send|migrate|deploy|"
        r"connect|recover|restore|swap|mint|buy|purchase|get)\b|\bstep.by.step\b|\btutorial\b|\bpaso a paso\b|"
        r"\bадрес|\badim adim\b|\btung buoc\b",
    ),
    (
        "tooling",
        r"\b(?:rpc|endpoint|websocket|docker|github|subscan|explorer|extrinsic|multisig|proxy account|"
        r"session keys?|existential|ss58|xcmp?|hrmp|coretime|"
        r"crowdloan\w*|auctions?|unbond\w*|unstak\w*|un-stak\w*|apy|apr|slash\w*|treasury|bount(?:y|ies)|"
        r"solidity|evm|pallets?|substrate|faucet|"
        r"tps|block ?time|market ?cap|total supply|circulating|inflation|nft\w*|npos|babe|grandpa|phragmen)\b",
    ),
    (
        "founders",
        r"\b(?:founder|founded|founders|created by|who (?:created|invented|made|started|launched))\b|创始人|創始人|"
        r"创建者|\bоснова(?:л|тел)\w*|"
        r"\bkurucu\w*|\bsang lap\b|\bfund(?:o|ador\w*)\b|\bgavin\b|\bgegrundet\b|\bparity\b|"
        r"\bweb3 foundation\b|\bw3f\b",
    ),
)
_COMPILED = tuple((name, re.compile(fold(pattern))) for name, pattern in _RULES)


def veto(text: str) -> str | None:
    """The name of the first rule that matches a normalised text, or None. Linear time."""
    read = fold(text)
    return next((name for name, pattern in _COMPILED if pattern.search(read)), None)
