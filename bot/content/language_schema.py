"""The models of the content files that are about a language as a whole: its interface, duties and terms."""

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from bot.content.file_model import ContentFile, Model
from bot.content.schema import Description, Label, Line, Many, Name, OptionName, Separator, Text, one_line
from bot.core.greeting import LONGEST_LINE

# {section} and {date} once each in either order, and no other braces: str.format fills the line.
SOURCE_LINE = r"^[^\n{}]*(\{section\}[^\n{}]*\{date\}|\{date\}[^\n{}]*\{section\})[^\n{}]*$"
OVERLAY = r"^[^\n{}]*\{title\}[^\n{}]*$"
OVERDUE = r"^[^\n{}]*\{date\}[^\n{}]*$"


def _bounded(phrase: str) -> str:
    """Refuse a phrase that could take long to search for: its regular expression backtracks over every gap."""
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
    """A pattern for questions that get a policy reply."""

    name: Name = Field(description="Shown in the playground when this pattern decided the reply.")
    outcome: Literal["scam", "advice", "price"] = Field(description="The policy reply to a question that matches.")
    pattern: str = Field(
        min_length=2, max_length=800, description="A regular expression in lower case and without accents."
    )
    catches: Line = Field(description="A phrase that it must match.")
    spares: Line = Field(description="A harmless phrase with similar words that it must not match.")


class PolicyPatternsFile(ContentFile):
    """`<language>/policy_patterns.yaml`: patterns for questions that get a policy reply instead of an answer."""

    patterns: Many[PatternWords]


class DutiesFile(ContentFile):
    """`<language>/duties.yaml`: what the texts of that language must and must not say."""

    review_by: date | None = Field(
        None, description="The day by which somebody must compare the warnings with their legal sources again."
    )
    spaces: Literal["between-words", "none"] = Field(description="Whether the language has spaces between words.")
    scripts: Phrases = Field(
        description="Its scripts, as the Unicode names of its letters begin: LATIN, CYRILLIC, CJK, GREEK …"
    )
    capitals: Literal["names", "nouns"] = Field(
        "names", description="What the language capitalises: only names, or every noun, as German does."
    )
    common: Text = Field(description="Frequent words of every longer text in this language that no other language has.")
    warning: dict[Name, Phrases] = Field(
        {}, description="The wordings of each idea of the warnings; under `words`, all other words a warning may use."
    )
    risk: dict[Name, Phrases] = Field({}, description="The same for the page `risk`.")
    urging: Phrases = Field(
        description="Phrases that urge or promise. Refused unless the sentence has a phrase of `unless` before them or "
        "one of `unless_after` after them."
    )
    never: Phrases = Field(description="Phrases that urge or promise and are always refused.")
    unless: Phrases = Field(description="Phrases before an urging phrase that make it harmless: nobody, never, if.")
    unless_after: Phrases = Field(description="Phrases after an urging phrase that make it harmless.")
    numbers: str = Field("", description="Words for numbers, months and days. Like digits, they need a cited fact.")
    notices: str = Field(description="The words that notices and menus may use; _ joins words allowed only together.")


class Term(Model):
    """A technical term and its translation."""

    en: Line
    use: Line
    note: Line | None = None


class GlossaryFile(ContentFile):
    """`<language>/glossary.yaml`: the terms that translators use. The bot does not show them."""

    terms: Many[Term]


class ParamWords(Model):
    """The name and description of a command's option on Discord."""

    name: OptionName
    description: Description


class CommandWords(ParamWords):
    """The name, description and options of a command that is not an explainer."""

    params: dict[str, ParamWords] = Field({})


class RatingWords(Model):
    """The labels of the buttons with which members rate an answer."""

    helpful: Label
    wrong: Label


class MenuWords(Model):
    """The labels of the buttons that turn the pages of a long menu of topics."""

    previous: Label
    next: Label
    all: Label = Field(description="Goes back from a group to all groups.")


class ProfileWords(Model):
    """The texts of the bot's profile on the platforms, shown before the risk warning."""

    description: Line
    short: Line


class WelcomeWords(Model):
    """The texts of the greeting for newcomers."""

    title: Label
    one: Line = Field(description="For one newcomer, {names}.")
    several: Line = Field(description="For several newcomers, {names}.")
    others_one: Line = Field(description="The list of names with one more newcomer who is not named.")
    others: Line = Field(description="The list of names with {count} more newcomers who are not named.")
    raid_summary: Line = Field(description="After a raid, for {count} newcomers who are not named.")
    name_separator: Separator
    last_separator: Separator
    line: Line = Field(description="Used in communities whose moderators set no line of their own.")
    ready: Many[Annotated[str, one_line(LONGEST_LINE)]] = Field(
        min_length=3, max_length=3, description="Lines that moderators can choose by number."
    )
    safety: Line
    starters: Line = Field(description="Introduces the buttons.")


class InterfaceFile(ContentFile):
    """`<language>/interface.yaml`: commands, notices, greetings. Texts that a translation lacks are shown in the first
    language.
    """

    language: Line
    source_line: str = Field(pattern=SOURCE_LINE)
    overdue: str = Field(pattern=OVERDUE, description="Shown after the source line once `review_by` has passed.")
    overlay_line: str = Field(
        "{title}", pattern=OVERLAY, description="The line about each overlay on the page `about`."
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
        description="Notices in the language's plural forms, except the last form, which is under `notices`.",
    )
    rights: dict[str, Line] = Field({})
    ratings: RatingWords
    menu: MenuWords
    groups: dict[Name, Label] = Field({}, description="The titles of the menu's groups in this language, by their ids.")
    welcome: WelcomeWords
