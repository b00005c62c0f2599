"""`<language>/policy_patterns.yaml`: the patterns that call for a policy reply, each held to its two phrases."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Literal

from bot.content.parsed_files import Parsed
from bot.content.schema import Line, Name
from bot.content.shape import Takes
from bot.core.errors import Problem
from bot.core.model import Outcome
from bot.core.normalise import normalise, undisguised
from bot.core.policy_patterns import PolicyPattern, compiled, first_match

_GRAVEST_FIRST = (Outcome.SCAM, Outcome.ADVICE, Outcome.PRICE)


@dataclass(frozen=True, kw_only=True)
class PatternWords:
    """One pattern, with what it is for."""

    name: Annotated[Name, Takes(about="Shown in the playground where it decided.")]
    outcome: Annotated[Literal["scam", "advice", "price"], Takes(about="The policy reply it calls for.")]
    pattern: Annotated[str, Takes(least=2, most=800, about="A regular expression without accents, in small letters.")]
    catches: Annotated[Line, Takes(about="A phrase that it must catch.")]
    spares: Annotated[Line, Takes(about="An honest phrase with similar words that it must not catch.")]


@dataclass(frozen=True, kw_only=True)
class PolicyPatternsFile:
    """Wordings that are never an honest wish to learn."""

    patterns: tuple[PatternWords, ...]


def patterns_of(files: Iterable[Parsed[PolicyPatternsFile]], problems: list[Problem]) -> tuple[PolicyPattern, ...]:
    """The patterns of all languages, the gravest first. What is wrong with one is added to `problems`."""
    found = []
    for file in files:
        for number, words in enumerate(file.value.patterns):
            where = ("patterns", number)
            try:
                made = PolicyPattern(words.name, Outcome(words.outcome), compiled(words.pattern))
            except ValueError as error:
                remedy = "Correct the pattern."
                problems.append(file.document.problem((*where, "pattern"), f"the pattern: {error}", remedy))
                continue
            found.append(made)
            for key, wanted, what in (("catches", True, "is not caught"), ("spares", False, "is not spared")):
                phrase = undisguised(normalise(getattr(words, key)))
                if bool(first_match(phrase, [made])) != wanted:
                    remedy = "Change the pattern or the phrase."
                    problems.append(file.document.problem((*where, key), f"{what} by the pattern", remedy))
    return tuple(sorted(found, key=lambda one: _GRAVEST_FIRST.index(one.outcome)))
