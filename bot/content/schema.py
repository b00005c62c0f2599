"""The shape of every content file, held at the boundary; inside the bot there are frozen values alone."""

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Literal

from bot.content.files import NAME
from bot.content.picture import PictureWords
from bot.content.shape import Takes
from bot.core.greeting_line import LONGEST_LINE

# {section} and {date} once each in either order, and no other brace: the line is filled by str.format.
SOURCE_LINE = r"^[^\n{}]*(\{section\}[^\n{}]*\{date\}|\{date\}[^\n{}]*\{section\})[^\n{}]*$"
Line = Annotated[str, Takes(strip=True, least=1, most=400, pattern=r"^[^\n]*$")]
Greeting = Annotated[str, Takes(strip=True, least=1, most=LONGEST_LINE, pattern=r"^[^\n]*$")]
Separator = Annotated[str, Takes(least=1, most=16, pattern=r"^[^\n]*$")]
Text = Annotated[str, Takes(strip=True, least=1, most=4000)]
Name = Annotated[str, Takes(pattern=NAME, most=32)]
Label = Annotated[str, Takes(strip=True, least=1, most=80, pattern=r"^[^\n]*$")]
Description = Annotated[str, Takes(strip=True, least=1, most=100)]
RiskName = Literal["general", "elevated", "high"]
Aliases = Annotated[tuple[Line, ...], Takes(most=40)]
Questions = dict[
    Annotated[str, Takes(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$")], Annotated[tuple[Line, ...], Takes(most=100)]
]


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One statement of the article, in our own words."""

    id: Name
    claim: Line
    risk: Annotated[RiskName, Takes(about="How loud the warning of an answer that states it is at least.")] = "general"


@dataclass(frozen=True, kw_only=True)
class Section:
    """A section of the article. `heading` is its own, so that a reader finds it."""

    id: Name
    heading: Line
    facts: tuple[Fact, ...]


@dataclass(frozen=True, kw_only=True)
class Article:
    """The article all answers derive from. `revision` is the start of the SHA-256 of its text."""

    revision: Annotated[str, Takes(pattern=r"^[0-9a-f]{12}$")]
    title: Annotated[Line | None, Takes(about="Its title, if it is known; shown in the source line.")] = None
    url: Annotated[Line | None, Takes(pattern=r"^https://[^\s<>]+$", about="Its address, if it is known.")] = None


@dataclass(frozen=True, kw_only=True)
class SourceFile:
    """`source.yaml`: what the article says, and the names it uses."""

    article: Article
    names: Annotated[tuple[Line, ...], Takes(about="Names an answer may use: those of the article.")]
    ordinary_words: Annotated[tuple[Line, ...], Takes(about="Capitalised words that are no names.")] = ()
    menu: Annotated[tuple[Name, ...], Takes(about="Every explainer once, in the order in which menus show them.")]
    sections: tuple[Section, ...]


@dataclass(frozen=True, kw_only=True)
class TranslationFile:
    """`<language>/answers/<command>.yaml` in a language other than English: words alone."""

    title: Annotated[Label, Takes(about="Shown in bold above the warning, on buttons and in menus.")]
    summary: Annotated[Line, Takes(about="The one-line answer, shown in bold.")]
    body: Annotated[Text, Takes(about="Paragraphs, `- ` bullets, **bold**, *italic*, /command.")]
    checked: Annotated[date, Takes(about="The day somebody last held it against the article.")]
    revision: Annotated[str, Takes(about="The article's revision it was held against.")]
    aliases: Annotated[Aliases, Takes(about="Other words people may type for it.")] = ()
    questions: Annotated[Questions, Takes(about="How people ask for it, by language; found without training.")] = field(
        default_factory=dict
    )
    picture: Annotated[PictureWords | None, Takes(about="A picture that says the answer once more.")] = None


@dataclass(frozen=True, kw_only=True)
class AnswerFile(TranslationFile):
    """`en/answers/<command>.yaml`: the words, and the structure that all languages share."""

    risk: Annotated[RiskName, Takes(about="How loud its warning is at least.")]
    section: Annotated[Name, Takes(about="The id of the article's section it rests on.")]
    facts: Annotated[tuple[Name, ...], Takes(least=1, about="The ids of all facts it states.")]
    see_also: Annotated[tuple[Name, ...], Takes(most=3, about="Related explainers, as buttons.")] = ()


@dataclass(frozen=True, kw_only=True)
class PageFile:
    """A page of `policy.yaml`."""

    title: Label
    summary: Line
    body: Text
    risk: RiskName
    facts: tuple[Name, ...] = ()
    see_also: Annotated[tuple[Name, ...], Takes(most=3)] = ()


@dataclass(frozen=True, kw_only=True)
class Warnings:
    """One warning for every level; a language without all of them cannot be loaded."""

    general: Line
    elevated: Line
    high: Line


@dataclass(frozen=True, kw_only=True)
class PolicyFile:
    """`<language>/policy.yaml`: the warnings and the bot's pages."""

    warnings: Warnings
    pages: dict[Name, PageFile]


Wordings = Annotated[tuple[Line, ...], Takes(least=1)]


@dataclass(frozen=True, kw_only=True)
class WarningDuties:
    """What the warnings say, each idea in one of several wordings, and the words that may stand around them."""

    volatile: Annotated[Wordings, Takes(about="That the price swings: in every warning.")]
    loss: Annotated[Wordings, Takes(about="That all the money may be lost: in every warning.")]
    protection: Annotated[Wordings, Takes(about="That nothing protects: in every warning.")]
    experimental: Annotated[Wordings, Takes(about="That the network is experimental: in the elevated one.")]
    failure: Annotated[Wordings, Takes(about="That it can fail early: in the elevated one.")]
    invitation: Annotated[Wordings, Takes(about="That it is no invitation to buy: in the high one.")]
    words: Annotated[Wordings, Takes(about="All else that a warning may say.")]


@dataclass(frozen=True, kw_only=True)
class DutiesFile:
    """`<language>/duties.yaml`: what the texts of that language must and must not say."""

    spaces: Annotated[Literal["between-words", "none"], Takes(about="Whether the language parts its words.")]
    scripts: Annotated[tuple[Line, ...], Takes(least=1, about="As Unicode names its letters: LATIN, CYRILLIC, CJK.")]
    common: Annotated[Text, Takes(about="Words that every longer text of this language has, and no other language.")]
    warning: WarningDuties
    urging: Annotated[Wordings, Takes(about="What urges or promises, unless `unless` stands before it.")]
    never: Annotated[Wordings, Takes(about="What urges or promises even then.")]
    unless: Wordings
    unless_after: Annotated[Wordings, Takes(about="What takes it back behind it.")]
    notices: Annotated[str, Takes(about="The words of notices and menus; _ joins those that stand together.")]


@dataclass(frozen=True, kw_only=True)
class Term:
    """A word of the field and what it is called in this language."""

    en: Line
    use: Line
    note: Line | None = None


@dataclass(frozen=True, kw_only=True)
class GlossaryFile:
    """`<language>/glossary.yaml`: the words that translators keep to. The bot shows none of them."""

    terms: tuple[Term, ...]


@dataclass(frozen=True, kw_only=True)
class ParamWords:
    """An option of a command, as Discord names and describes it."""

    name: Annotated[str, Takes(least=1, most=32)]
    description: Description


@dataclass(frozen=True, kw_only=True)
class CommandWords:
    """A command that is no explainer."""

    name: Annotated[str, Takes(least=1, most=32)]
    description: Description
    params: dict[str, ParamWords] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class WelcomeWords:
    """How newcomers are greeted."""

    title: Label
    one: Annotated[Line, Takes(about="One newcomer, {names}.")]
    several: Annotated[Line, Takes(about="Several newcomers, {names}.")]
    others_one: Annotated[Line, Takes(about="What {names} becomes with one more newcomer.")]
    others: Annotated[Line, Takes(about="What {names} becomes with {count} more newcomers.")]
    raid_summary: Annotated[Line, Takes(about="After a rush of {count} newcomers, without names.")]
    name_separator: Separator
    last_separator: Separator
    line: Annotated[Line, Takes(about="Said where moderators chose no words of their own.")]
    ready: Annotated[tuple[Greeting, ...], Takes(least=3, most=3, about="Lines that moderators choose by number.")]
    safety: Line
    starters: Annotated[Line, Takes(about="Leads over to the buttons.")]


@dataclass(frozen=True, kw_only=True)
class InterfaceFile:
    """`<language>/interface.yaml`: commands, notices, greetings."""

    language: Line
    source_line: Annotated[str, Takes(pattern=SOURCE_LINE)]
    sections: Annotated[
        dict[Name, Line], Takes(about="The headings of the article's sections in this language, by their ids.")
    ] = field(default_factory=dict)
    commands: dict[Name, CommandWords]
    explainer_params: dict[str, ParamWords]
    notices: dict[Name, Line]
    rights: dict[str, Line]
    welcome: WelcomeWords
