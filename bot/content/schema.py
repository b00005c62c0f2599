"""The models of answers, pages and the article's facts."""

from datetime import date
from typing import Annotated, Literal, TypeVar

from pydantic import Field, StringConstraints

from bot.content.file_model import ContentFile, Model
from bot.content.files import NAME
from bot.content.purposes import PurposeName
from bot.core.model import DEFAULT_LOCALE

_ONE_LINE = r"^[^\n]*$"

_Item = TypeVar("_Item")
Many = Annotated[tuple[_Item, ...], Field(strict=False)]  # not strict, so that a YAML list becomes a tuple


def one_line(most: int) -> StringConstraints:
    """Return the constraints of a text without line breaks: 1 to `most` characters."""
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=most, pattern=_ONE_LINE)


Line = Annotated[str, one_line(400)]
Label = Annotated[str, one_line(80)]
Short = Annotated[str, one_line(60)]
Cell = Annotated[str, one_line(160)]
Separator = Annotated[str, Field(min_length=1, max_length=16, pattern=_ONE_LINE)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Name = Annotated[str, Field(pattern=NAME, max_length=32)]
OptionName = Annotated[str, Field(min_length=1, max_length=32)]
Description = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
RiskName = Literal["general", "elevated", "high"]
Related = Annotated[Many[Name], Field(max_length=3, description="Related explainers, as buttons.")]
Tag = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$")]
Questions = dict[Tag, Annotated[Many[Line], Field(max_length=100)]]
Alt = Annotated[str, one_line(1000), Field(description="The same in words, for people who cannot see the picture.")]


class Fact(Model):
    """One statement of the article in the writer's own words."""

    id: Name
    claim: Line
    risk: RiskName = Field("general", description="The lowest level of warning for an answer that states it.")


class Section(Model):
    """A section of the article with the article's own heading."""

    id: Name
    heading: Line
    facts: Many[Fact]


class Group(Model):
    """A part of the menu of topics."""

    id: Name
    title: Label


class Article(Model):
    """The article that all answers derive from. `revision` is the start of the SHA-256 of its text."""

    revision: str = Field(pattern=r"^[0-9a-f]{12}$")
    title: Line | None = Field(None, description="Its title, shown in the source line.")
    url: Annotated[str, one_line(400), Field(pattern=r"^https://[^\s<>]+$")] | None = Field(
        None, description="Its URL, shown in the source line."
    )


class FactsFile(ContentFile):
    """The facts of an article and the names it uses."""

    article: Article
    names: Many[Line] = Field(description="Names that answers may use: those of the article.")
    coins: Many[Annotated[str, Field(pattern=r"^\*?[\w~-]+\*?$")]] = Field(
        (), description="Coins as people write them; a newcomer's name that offers one is not shown. * is any letters."
    )
    ordinary_words: Many[Line] = Field((), description="Capitalised words that are not names.")
    menu: Many[Name] = Field(description="Every explainer once, in menu order.")
    sections: Many[Section]


class SourceFile(FactsFile):
    """`source.yaml` of a pack."""

    language: Tag = Field(
        DEFAULT_LOCALE, description="The language that has every answer; used where no other language is set."
    )
    subject: Annotated[str, one_line(40)] = Field("", description="What the pack is about, in a word or two.")
    purpose: PurposeName = Field("crypto", description="What its warnings must say: crypto, money, health or none.")
    reason: Line | None = Field(
        None, description="With the purpose none, why no answer needs a warning; shown by /about."
    )
    other_names: Many[Line] = Field((), description="Names that no answer may use, in any language.")
    groups: Many[Group] = Field(
        (), description="Parts of a long menu, in order. If there are any, each answer names its group."
    )


class TitledArticle(Article):
    """The article of an overlay. Its title shows whose answer it is."""

    title: Line = Field(description="Its title, shown in the source line and on the page about.")


class OverlaySection(Section):
    """A section of an overlay's article."""

    headings: dict[Tag, Line] = Field({}, description="Its heading in other languages.")


class OverlayFile(FactsFile):
    """`source.yaml` of an overlay. The warnings and the rules for them are the pack's."""

    elsewhere = dict.fromkeys(SourceFile.model_fields.keys() - FactsFile.model_fields.keys(), "only the pack has it")

    article: TitledArticle
    names: Many[Line] = Field((), description="Names that its own answers may use, besides those of the pack.")
    menu: Many[Name] = Field((), description="Every answer that it adds once, in menu order.")
    sections: Many[OverlaySection] = ()


class BoxWords(Model):
    """A box in a layer of a diagram."""

    label: Short
    text: Cell | None = None


class LayerWords(Model):
    """A layer of a diagram. Without boxes it is a band that connects the boxes of the layer above."""

    label: Short
    text: Cell | None = None
    boxes: Many[BoxWords] = Field((), max_length=4)


class DiagramWords(Model):
    """A diagram: layers from top to bottom."""

    kind: Literal["diagram"]
    alt: Alt
    layers: Many[LayerWords] = Field(min_length=1, max_length=4)


class RowWords(Model):
    """A row of a comparison."""

    label: Short
    cells: Many[Cell] = Field(min_length=2, max_length=3)


class ComparisonWords(Model):
    """A comparison: a table with a column for each thing compared."""

    kind: Literal["comparison"]
    alt: Alt
    columns: Many[Short] = Field(min_length=2, max_length=3)
    rows: Many[RowWords] = Field(min_length=1, max_length=6)


PictureWords = Annotated[DiagramWords | ComparisonWords, Field(discriminator="kind")]


class QuestionsFile(ContentFile):
    """`<language>/answers/<command>.yaml` of an overlay that only adds questions to an existing answer."""

    questions: Questions = Field({}, description="How people ask for it, by language; matched without training.")


class TranslationFile(QuestionsFile):
    """`<language>/answers/<command>.yaml` in a language other than the first: only texts."""

    title: Label = Field(description="Shown in bold above the warning, on buttons and in menus.")
    summary: Line = Field(description="The one-line answer, shown in bold.")
    body: Text = Field(description="Paragraphs, `- ` bullets, **bold**, *italic*, /command.")
    checked: date = Field(description="The day on which somebody last compared it with the article.")
    revision: str = Field(description="The revision of the article that it was compared with.")
    review_by: date | None = Field(None, description="The day by which somebody must compare it again.")
    aliases: Many[Line] = Field((), max_length=40, description="Other words people may type for it.")
    picture: PictureWords | None = Field(None, description="A picture that shows what the answer says.")


class AnswerFile(TranslationFile):
    """`<language>/answers/<command>.yaml` in the first language: texts, and the structure that translations share."""

    risk: RiskName = Field(description="The lowest level of its warning.")
    section: Name = Field(description="The id of the article's section that it is based on.")
    facts: Many[Name] = Field(min_length=1, description="The ids of all facts it states.")
    group: Name | None = Field(None, description="The id of its group in the menu, if source.yaml has groups.")
    see_also: Related = ()


class PageFile(Model):
    """A page of `policy.yaml`."""

    title: Label
    summary: Line
    body: Text
    risk: RiskName
    facts: Many[Name] = ()
    see_also: Related = ()


class Warnings(Model):
    """A warning for each level. A language without all of them cannot be loaded."""

    general: Line
    elevated: Line
    high: Line


class PolicyFile(ContentFile):
    """`<language>/policy.yaml`: the warnings and the bot's pages."""

    warnings: Warnings | None = Field(None, description="Required, unless the pack's purpose is `none`.")
    pages: dict[Name, PageFile]
