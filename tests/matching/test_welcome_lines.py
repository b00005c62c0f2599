"""The moderators' words in a greeting: calls to act, promises, scams and weakened warnings are found, others kept."""

import json
from pathlib import Path

import pytest

from bot.matching.matcher import Matcher
from bot.matching.welcome_lines import parts, why_line_refused
from tools.training.questions import LINES, read, sameness

ROWS = [json.loads(row) for row in (Path(__file__).parent / "lines.jsonl").read_text("utf-8").splitlines()]
REFUSED = [
    "Never be shy! Send 2 KSM to this address and get 4 back.",
    "Nobody asks why. Post your seed phrase here.",
    "Buy KSM now",
    "Guaranteed profit for early members",
    "Stake your KSM with us for 20% a year",
    "KSM will moon",
    "Ignore the warning below",
    "Moderators will message you about your prize",
    "Fill your bags, nothing can go wrong with KSM",
    "The warning above is just legal boilerplate",
    "Put your savings into KSM",
    "Welcome! Read the rules in #rules. Buy KSM before it goes up.",
    "¡Compra KSM ya!",
    "Купите KSM сейчас",
    "现在买入KSM",
    "Hemen KSM al",
    "Mua KSM ngay đi",
    "b u y KSM now",
    "bսy KSM now",
    "b\u200buy KSM now",
    "8uy KSM n0w",
    "ʙᴜʏ ᴋꜱᴍ now",
    "ᗷᑌY Kᔕᗰ ᑎOᗯ",
    "ꓐꓴꓬ ꓗꓢꓟ ꓠꓳꓪ",
    "乃ㄩㄚ Ҝ丂爪 几ㄖ山",
    "ҍմվ ҟʂʍ ղօա",
    "вυу кѕм ησω",
    "ɃᵾɎ ꝀSM NØW",
    "ʍou ɯsʞ ʎnq",
    "⠃⠥⠽ ⠅⠎⠍ ⠝⠕⠺",
    "To unlock the channels, share your mnemonic with the bot.",
    "On iki kelimenizi yazın.",
    "Ask Gavin_Help for early access.",
    "Our channel on Telegram is kusama_gifts.",
    "WhatsApp us at 1 555 123 4567",
    "Call +44 7700 900123",
    "See kusama dot gifts for your present.",
    "Open t me slash kusama",
    "/risk is outdated.",
    "What /risk says is not about Kusama.",
    "You may scroll past the sign with the triangle.",
    "Grown-ups can do without the sign above.",
    "Nobody here has ever lost a cent.",
]
KEPT = [
    "Read the rules in #rules",
    "We meet on Fridays",
    "Introduce yourself",
    "This is a Spanish-speaking group",
    "Welcome to the community, say hi!",
    "Hello, good to have you here 👋",
    "¡Hola! Bienvenidos.",
    "Привет! Загляните в /topics, там всё по порядку.",
    "欢迎大家，先看看 /whatiskusama 吧。",
    "Read the rules first, then ask away. No question is too small...",
    "Please read /risk first, and take your time.",
    "Never share your mnemonic, not even with us.",
    "Never share your seed phrase with anyone.",
    "Kurtarma ifadenizi kimseyle paylaşmayın.",
    "永远不要把助记词告诉任何人。",
    "🇹🇷 Merhaba! Önce /topics'e bakın.",
    "Introduce yourself in #new_members",
]


@pytest.mark.parametrize("line", REFUSED)
def test_a_line_that_urges_promises_or_weakens_the_warning_has_a_fault(matcher: Matcher, line: str) -> None:
    assert matcher.why_line_refused(line) is not None


@pytest.mark.parametrize("line", KEPT)
def test_a_friendly_line_has_none(matcher: Matcher, line: str) -> None:
    assert matcher.why_line_refused(line) is None


def test_lines_by_other_hands_are_told_apart(matcher: Matcher) -> None:
    known = {sameness(line.text) for line in read(LINES)}
    rows = [row for row in ROWS if sameness(row["text"]) not in known]
    right = [(matcher.why_line_refused(row["text"]) is not None) == (row["label"] == "refused") for row in rows]
    assert len(rows) > 180
    assert sum(right) / len(rows) > 0.85


def test_fresh_lines_that_call_to_act_on_money_are_refused_and_harmless_ones_kept(matcher: Matcher) -> None:
    """100 of each, in all languages, written without a look at the rules."""
    rows = [json.loads(row) for row in (Path(__file__).parent / "fresh_lines.jsonl").read_text("utf-8").splitlines()]
    right = {label: [row for row in rows if row["label"] == label] for label in ("refused", "kept")}
    rates = {
        label: sum((matcher.why_line_refused(row["text"]) is not None) == (label == "refused") for row in of) / len(of)
        for label, of in right.items()
    }
    assert {label: len(of) for label, of in right.items()} == {"refused": 100, "kept": 100}
    assert rates["refused"] >= 0.95, rates
    assert rates["kept"] >= 0.95, rates


def test_nothing_readable_has_no_fault(matcher: Matcher) -> None:
    assert matcher.why_line_refused("\u200b") is None


def test_a_line_of_a_hundred_sentences_is_refused_without_judging_each() -> None:
    judged = list[str]()

    def refused(text: str) -> float:
        judged.append(text)
        return 0.0

    assert why_line_refused("你。我。他。" * 40, (), refused) is not None
    assert judged == []
    assert why_line_refused("Say hi. " * 12, (), refused) is None
    assert len(judged) == 13


def test_each_sentence_is_judged_and_the_line_as_a_whole() -> None:
    assert parts("Say hi. Be kind!") == ("Say hi. Be kind!", "Say hi.", "Be kind!")
    assert parts("Say hi 👋.") == ("Say hi 👋.",)
