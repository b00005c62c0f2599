"""The shape of every content file, held by pydantic at the boundary; inside the bot there are frozen values alone."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bot.content.picture import PictureWords

NAME = r"^[a-z0-9]+(-[a-z0-9]+)*$"
# {section} and {date} once each in either order, and no other brace: the line is filled by str.format.
SOURCE_LINE = r"^[^\n{}]*(\{section\}[^\n{}]*\{date\}|\{date\}[^\n{}]*\{section\})[^\n{}]*$"
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400, pattern=r"^[^\n]*$")]
Separator = Annotated[str, StringConstraints(min_length=1, max_length=16, pattern=r"^[^\n]*$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Name = Annotated[str, StringConstraints(pattern=NAME, max_length=32)]
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=r"^[^\n]*$")]
Description = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
RiskName = Literal["general", "elevated", "high"]
Aliases = Annotated[list[Line], Field(max_length=40)]


class _File(BaseModel):
    """Strict: no unknown key passes, and nothing is converted on the quiet."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Fact(_File):
    """One statement of the article, in our own words."""

    id: Name
    claim: Line
    risk: Annotated[RiskName, Field(description="How loud the warning of an answer that states it is at least.")] = (
        "general"
    )


class Section(_File):
    """A section of the article. `heading` is its own, so that a reader finds it."""

    id: Name
    heading: Line
    facts: list[Fact]


class Article(_File):
    """The article all answers derive from. `revision` is the start of the SHA-256 of its text."""

    title: Line
    revision: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")]


class SourceFile(_File):
    """`source.yaml`: what the article says, and the names it uses."""

    article: Article
    names: Annotated[list[Line], Field(description="Names an answer may use: those of the article.")]
    ordinary_words: Annotated[list[Line], Field(description="Capitalised words that are no names.")] = []
    menu: Annotated[list[Name], Field(description="Every explainer once, in the order in which menus show them.")]
    sections: list[Section]


class TranslationFile(_File):
    """`<language>/answers/<command>.yaml` in a language other than English: words alone."""

    title: Annotated[Label, Field(description="Shown in bold above the warning, on buttons and in menus.")]
    summary: Annotated[Line, Field(description="The one-line answer, shown in bold.")]
    body: Annotated[Text, Field(description="Paragraphs, `- ` bullets, **bold**, *italic*, /command.")]
    checked: Annotated[date, Field(description="The day somebody last held it against the article.")]
    revision: Annotated[str, Field(description="The article's revision it was held against.")]
    aliases: Annotated[Aliases, Field(description="Other words people may type for it.")] = []
    picture: Annotated[PictureWords | None, Field(description="A picture that says the answer once more.")] = None


class AnswerFile(TranslationFile):
    """`en/answers/<command>.yaml`: the words, and the structure that all languages share."""

    risk: Annotated[RiskName, Field(description="How loud its warning is at least.")]
    section: Annotated[Name, Field(description="The id of the article's section it rests on.")]
    facts: Annotated[list[Name], Field(min_length=1, description="The ids of all facts it states.")]
    see_also: Annotated[list[Name], Field(max_length=3, description="Related explainers, as buttons.")] = []


class PageFile(_File):
    """A page of `policy.yaml`."""

    title: Label
    summary: Line
    body: Text
    risk: RiskName
    facts: list[Name] = []
    see_also: Annotated[list[Name], Field(max_length=3)] = []


class Warnings(_File):
    """One warning for every level; a language without all of them cannot be loaded."""

    general: Line
    elevated: Line
    high: Line


class PolicyFile(_File):
    """`<language>/policy.yaml`: the warnings and the bot's pages."""

    warnings: Warnings
    pages: dict[Name, PageFile]


class ParamWords(_File):
    """An option of a command, as Discord names and describes it."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=32)]
    description: Description


class CommandWords(_File):
    """A command that is no explainer."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=32)]
    description: Description
    params: dict[str, ParamWords] = {}


class WelcomeWords(_File):
    """How newcomers are greeted."""

    title: Label
    one: Annotated[Line, Field(description="One newcomer, {names}.")]
    several: Annotated[Line, Field(description="Several newcomers, {names}.")]
    others_one: Annotated[Line, Field(description="What {names} becomes with one more newcomer.")]
    others: Annotated[Line, Field(description="What {names} becomes with {count} more newcomers.")]
    raid_summary: Annotated[Line, Field(description="After a rush of {count} newcomers, without names.")]
    name_separator: Separator
    last_separator: Separator
    line: Annotated[Line, Field(description="Said where moderators chose no words of their own.")]
    safety: Line
    starters: Annotated[Line, Field(description="Leads over to the buttons.")]


class InterfaceFile(_File):
    """`<language>/interface.yaml`: commands, notices, greetings."""

    language: Line
    source_line: Annotated[str, StringConstraints(pattern=SOURCE_LINE)]
    commands: dict[Name, CommandWords]
    explainer_params: dict[str, ParamWords]
    notices: dict[Name, Line]
    rights: dict[str, Line]
    welcome: WelcomeWords
