"""The models of the answers, of the pages and of the article's facts."""

from datetime import date
from typing import Annotated, Literal, TypeVar

from pydantic import Field, StringConstraints

from bot.content.files import NAME
from bot.content.purposes import PurposeName
from bot.content.validation import ContentFile, Model
from bot.core.model import DEFAULT_LOCALE

_ONE_LINE = r"^[^\n]*$"

_Item = TypeVar("_Item")
Many = Annotated[tuple[_Item, ...], Field(strict=False)]  # not strict: YAML has lists where Python has tuples


def one_line(most: int) -> StringConstraints:
    """Some text without line breaks, at most so many characters."""
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
Alt = Annotated[str, one_line(1000), Field(description="The same in words, for people who do not see the picture.")]


class Fact(Model):
    """One statement of the article, in our own words."""

    id: Name
    claim: Line
    risk: RiskName = Field("general", description="The least level of the warning above an answer that states it.")


class Section(Model):
    """A section of the article, with the article's own heading."""

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
    title: Line | None = Field(None, description="Its title, if it is known; shown in the source line.")
    url: Annotated[str, one_line(400), Field(pattern=r"^https://[^\s<>]+$")] | None = Field(
        None, description="Its address, if it is known."
    )


class FactsFile(ContentFile):
    """What some article says, and the names it uses."""

    article: Article
    names: Many[Line] = Field(description="Names an answer may use: those of the article.")
    coins: Many[Annotated[str, Field(pattern=r"^\*?[\w~-]+\*?$")]] = Field(
        (), description="Coins as people write them: a newcomer's name that offers one is not shown. * is any letters."
    )
    ordinary_words: Many[Line] = Field((), description="Capitalised words that are no names.")
    menu: Many[Name] = Field(description="Every explainer once, in the order of the menus.")
    sections: Many[Section]


class SourceFile(FactsFile):
    """`source.yaml` of a pack."""

    language: Tag = Field(
        DEFAULT_LOCALE, description="The language that every answer exists in: it is spoken where nobody chose another."
    )
    subject: Annotated[str, one_line(40)] = Field("", description="What it is about, in a word or two.")
    purpose: PurposeName = Field("crypto", description="What its warnings must say: crypto, money, health or none.")
    reason: Line | None = Field(None, description="With the purpose none: why nothing needs a warning; /about says it.")
    other_names: Many[Line] = Field((), description="What others are called: no answer names them in any language.")
    groups: Many[Group] = Field(
        (), description="Parts of the menu, in its order; each answer then names one. For packs of many answers."
    )


class TitledArticle(Article):
    """The article of an overlay. Its title says whose an answer is."""

    title: Line = Field(description="Its title, shown in the source line and on the page about.")


class OverlaySection(Section):
    """A section of an overlay's article."""

    headings: dict[Tag, Line] = Field({}, description="The heading in other languages.")


class OverlayFile(FactsFile):
    """`source.yaml` of a folder that is laid over a pack. The warnings and what they must say are the pack's."""

    elsewhere = dict.fromkeys(SourceFile.model_fields.keys() - FactsFile.model_fields.keys(), "it is the pack's to say")

    article: TitledArticle
    names: Many[Line] = Field((), description="Names that its own answers may use, beside those of the pack.")
    menu: Many[Name] = Field((), description="Every answer that it adds once, in the order of the menus.")
    sections: Many[OverlaySection] = ()


class BoxWords(Model):
    """A part of a layer."""

    label: Short
    text: Cell | None = None


class LayerWords(Model):
    """A layer of a diagram; one without boxes is a band that ties the layer above together."""

    label: Short
    text: Cell | None = None
    boxes: Many[BoxWords] = Field((), max_length=4)


class DiagramWords(Model):
    """Layers from top to bottom."""

    kind: Literal["diagram"]
    alt: Alt
    layers: Many[LayerWords] = Field(min_length=1, max_length=4)


class RowWords(Model):
    """One thing that is compared."""

    label: Short
    cells: Many[Cell] = Field(min_length=2, max_length=3)


class ComparisonWords(Model):
    """Rows under the names of what is compared."""

    kind: Literal["comparison"]
    alt: Alt
    columns: Many[Short] = Field(min_length=2, max_length=3)
    rows: Many[RowWords] = Field(min_length=1, max_length=6)


PictureWords = Annotated[DiagramWords | ComparisonWords, Field(discriminator="kind")]


class QuestionsFile(ContentFile):
    """`<language>/answers/<command>.yaml` of an overlay that only adds to an answer of that name and language."""

    questions: Questions = Field({}, description="How people ask for it, by language; found without training.")


class TranslationFile(QuestionsFile):
    """`<language>/answers/<command>.yaml` in a language that is not the first: only words."""

    title: Label = Field(description="Shown in bold above the warning, on buttons and in menus.")
    summary: Line = Field(description="The one-line answer, shown in bold.")
    body: Text = Field(description="Paragraphs, `- ` bullets, **bold**, *italic*, /command.")
    checked: date = Field(description="The day somebody last compared it with the article.")
    revision: str = Field(description="The article's revision it was compared with.")
    review_by: date | None = Field(None, description="The day by which somebody must compare it again.")
    aliases: Many[Line] = Field((), max_length=40, description="Other words people may type for it.")
    picture: PictureWords | None = Field(None, description="A picture that says the answer once more.")


class AnswerFile(TranslationFile):
    """`<language>/answers/<command>.yaml` in the first language: words, and the structure that all share."""

    risk: RiskName = Field(description="The least level of its warning.")
    section: Name = Field(description="The id of the article's section it rests on.")
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
    """A warning for each level; a language without all of them cannot be loaded."""

    general: Line
    elevated: Line
    high: Line


class PolicyFile(ContentFile):
    """`<language>/policy.yaml`: the warnings and the bot's pages."""

    warnings: Warnings | None = Field(None, description="Only a pack of the purpose `none` has none.")
    pages: dict[Name, PageFile]
