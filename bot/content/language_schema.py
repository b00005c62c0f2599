"""The models of the content files that are about a language as a whole: its interface, duties and terms."""

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from bot.content.schema import Description, Label, Line, Many, Name, OptionName, Separator, Text, one_line
from bot.content.validation import ContentFile, Model
from bot.core.greeting import LONGEST_LINE

# {section} and {date} once each in either order, and no other brace: the line is filled by str.format.
SOURCE_LINE = r"^[^\n{}]*(\{section\}[^\n{}]*\{date\}|\{date\}[^\n{}]*\{section\})[^\n{}]*$"
OVERLAY = r"^[^\n{}]*\{title\}[^\n{}]*$"
OVERDUE = r"^[^\n{}]*\{date\}[^\n{}]*$"


def _bounded(phrase: str) -> str:
    """A phrase whose search cannot take long: phrases become regular expressions that try their gaps in all ways."""
    for sign, most, text in (
        ("…", 2, phrase),
        ("?", 8, phrase),
        *(("*", 1, word) for word in re.split(r"[\s/]", phrase)),
    ):
        if text.count(sign) > most:
            raise ValueError(f"has “{sign}” more than {most} times in “{text}”")
    return phrase


Phrases = Annotated[Many[Annotated[Line, AfterValidator(_bounded)]], Field(min_length=1)]


class PatternWords(Model):
    """A pattern that calls for a policy reply."""

    name: Name = Field(description="Shown in the playground where it decided.")
    outcome: Literal["scam", "advice", "price"] = Field(description="The policy reply it calls for.")
    pattern: str = Field(min_length=2, max_length=800, description="A regular expression in small letters, no accents.")
    catches: Line = Field(description="A phrase that it must match.")
    spares: Line = Field(description="An honest phrase with similar words that it must not match.")


class PolicyPatternsFile(ContentFile):
    """`<language>/policy_patterns.yaml`: wordings that are never an honest wish to learn."""

    patterns: Many[PatternWords]


class DutiesFile(ContentFile):
    """`<language>/duties.yaml`: what the texts of that language must and must not say."""

    review_by: date | None = Field(
        None, description="The day by which the warnings are to be held against their norms."
    )
    spaces: Literal["between-words", "none"] = Field(description="Whether the language writes blanks between words.")
    scripts: Phrases = Field(description="As Unicode begins the names of its letters: LATIN, CYRILLIC, CJK, GREEK …")
    capitals: Literal["names", "nouns"] = Field("names", description="What is written with a capital; nouns in German.")
    common: Text = Field(description="Words that every longer text of this language has, and no other language.")
    warning: dict[Name, Phrases] = Field(
        {}, description="Each idea of the warnings in its wordings, and under `words` all else that a warning may say."
    )
    risk: dict[Name, Phrases] = Field({}, description="The same for the page `risk`.")
    urging: Phrases = Field(description="What urges or promises, unless `unless` stands before it.")
    never: Phrases = Field(description="What urges or promises even then.")
    unless: Phrases
    unless_after: Phrases = Field(description="What takes it back behind it.")
    numbers: str = Field("", description="Words for numbers, months and days: like digits, only where a fact has them.")
    notices: str = Field(description="The words of notices and menus; _ joins those that stand together.")


class Term(Model):
    """A word of the field and what it is called in this language."""

    en: Line
    use: Line
    note: Line | None = None


class GlossaryFile(ContentFile):
    """`<language>/glossary.yaml`: the words that translators keep to. The bot shows none of them."""

    terms: Many[Term]


class ParamWords(Model):
    """An option of a command, as Discord names and describes it."""

    name: OptionName
    description: Description


class CommandWords(ParamWords):
    """A command that is no explainer."""

    params: dict[str, ParamWords] = Field({})


class RatingWords(Model):
    """The buttons under an answer with which members rate it."""

    helpful: Label
    wrong: Label


class MenuWords(Model):
    """The buttons that turn the pages of a menu of many topics."""

    previous: Label
    next: Label
    all: Label = Field(description="Leads from a group back to all groups.")


class ProfileWords(Model):
    """What the platforms show of the bot in its profile, before the risk warning."""

    description: Line
    short: Line


class WelcomeWords(Model):
    """How newcomers are greeted."""

    title: Label
    one: Line = Field(description="One newcomer, {names}.")
    several: Line = Field(description="Several newcomers, {names}.")
    others_one: Line = Field(description="What {names} becomes with one more newcomer.")
    others: Line = Field(description="What {names} becomes with {count} more newcomers.")
    raid_summary: Line = Field(description="After a rush of {count} newcomers, without names.")
    name_separator: Separator
    last_separator: Separator
    line: Line = Field(description="Said where moderators chose no words of their own.")
    ready: Many[Annotated[str, one_line(LONGEST_LINE)]] = Field(
        min_length=3, max_length=3, description="Lines that moderators choose by number."
    )
    safety: Line
    starters: Line = Field(description="Leads over to the buttons.")


class InterfaceFile(ContentFile):
    """`<language>/interface.yaml`: commands, notices, greetings. What another language lacks is shown in English."""

    language: Line
    source_line: str = Field(pattern=SOURCE_LINE)
    overdue: str = Field(pattern=OVERDUE, description="Behind the source line when `review_by` is past.")
    overlay_line: str = Field(
        "{title}", pattern=OVERLAY, description="On the page about, for each folder laid over the pack."
    )
    sections: dict[Name, Line] = Field(
        {}, description="The headings of the article's sections in this language, by their ids."
    )
    commands: dict[Name, CommandWords] = Field({})
    explainer_params: dict[str, ParamWords] = Field({})
    in_my_language: Label
    this_chat: Label
    profile: ProfileWords
    notices: dict[Name, Line] = Field({})
    plurals: dict[Name, dict[Literal["zero", "one", "two", "few", "many"], Line]] = Field(
        {},
        description="What notices say for some numbers, by the language's plural forms; `notices` has the last form.",
    )
    rights: dict[str, Line] = Field({})
    ratings: RatingWords
    menu: MenuWords
    groups: dict[Name, Label] = Field({}, description="The titles of the menu's groups in this language, by their ids.")
    welcome: WelcomeWords
