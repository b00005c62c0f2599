"""Validates a YAML document with a pydantic model and reports each mistake with its line in words for writers."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, ClassVar, Final, Self, get_args

from pydantic import BaseModel, ConfigDict, PrivateAttr, ValidationError

from bot.content.yaml_file import Document, Where, YamlProblem
from bot.core.errors import Problem

_TEXT: Final = ("{name}: should be text", "Write text; put yes, no, on, off, numbers and dates in quotes.")
_LIST: Final = ("{name}: should be a list", "Write a list: one `- item` a line.")
_MAPPING: Final = ("{name}: should be a mapping", "Write a mapping: one `key: value` a line.")
# By pydantic's type of error: what is wrong, and the remedy.
_SENTENCES: Final[Mapping[str, tuple[str, str]]] = {
    "missing": ("the key {name} is missing", "Add it."),
    "extra_forbidden": ("the key {name} is not known here", "Remove it, or correct its spelling."),
    "string_type": _TEXT,
    "date_type": ("{name}: should be a date", "Write a date as 2026-01-31, without quotes."),
    "tuple_type": _LIST,
    "dict_type": _MAPPING,
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "string_too_short": ("{name}: should have at least {min_length} characters", "Write some words."),
    "string_too_long": ("{name}: has {length} characters, at most {max_length} are allowed", "Shorten it."),
    "too_short": ("{name}: should have at least {min_length} entries", "Add some."),
    "too_long": ("{name}: has {actual_length} entries, at most {max_length} are allowed", "Remove some."),
    "string_pattern_mismatch": ("{name}: should match the pattern {pattern}", "Correct the value."),
    "value_error": ("{name}: {error}", "Write several phrases instead."),
    "literal_error": ("{name}: should be {expected}", "Write one of the values named."),
    "union_tag_invalid": ("{name}: should be {expected_tags}, not “{tag}”", "Write one of the values named."),
    "union_tag_not_found": ("the key {name} is missing", "Add it."),
}


class Model(BaseModel):
    """A part of a content file. Values are not converted, and unknown keys are refused."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class ContentFile(Model):
    """A validated file, with its document, which has the line of each value."""

    elsewhere: ClassVar[Mapping[str, str]] = {}
    """Keys that belong in another file, and why."""
    _document: Document = PrivateAttr()

    @property
    def document(self) -> Document:
        """The YAML document that it was made from."""
        return self._document

    @classmethod
    def of(cls, document: Document) -> Self:
        """Validate the document's values, completed with its lent values.

        Raises:
            YamlProblem: with every value that the model does not allow.
        """
        try:
            file = cls.model_validate(_merged(document.values, document.lent))
        except ValidationError as error:
            raise YamlProblem(*_problems(error, cls, document)) from None
        file._document = document
        return file


def _merged(own: Mapping[str, Any], lent: Mapping[str, Any]) -> dict[str, Any]:
    """Return both mappings as one. `lent` has only values that `own` lacks."""
    return {**own, **{key: _merged(own[key], value) if key in own else value for key, value in lent.items()}}


def _problems(error: ValidationError, model: type[ContentFile], document: Document) -> Iterator[Problem]:
    for one in error.errors(include_url=False):
        kind = one["type"]
        where = _place(one["loc"], document.values, missing=kind == "missing")
        if kind.startswith("union_tag"):
            where = (*where, "kind")
        name = f"“{' → '.join(map(str, where)) or 'the file'}”"
        what, remedy = _SENTENCES.get(kind, ("{name}: cannot be used", "Correct the value."))
        if kind == "string_type" and isinstance(one["input"], bool):
            yes = "yes" if one["input"] else "no"
            what, remedy = (
                f"{{name}} is read by YAML as {yes} (true or false), not as text",
                f'Put the word in quotes: "{yes}".',
            )
        elif kind == "extra_forbidden" and (why := model.elsewhere.get(str(where[0]))):
            remedy = f"Remove it: {why}."
        elif kind == "extra_forbidden" and (near := get_close_matches(str(where[-1]), _keys(model, where[:-1]), n=1)):
            remedy = f"Did you mean “{near[0]}”?"
        values = {"name": name, "length": len(str(one["input"]).strip()), **one.get("ctx", {})}
        yield document.problem(where, what.format_map(values), remedy)


def _place(loc: Sequence[str | int], values: Any, *, missing: bool) -> Where:
    """Return the value's path in the document, without the union members and key marks in pydantic's location."""
    where: Where = ()
    for number, part in enumerate(loc):
        if isinstance(values, dict) and (part in values or (missing and number == len(loc) - 1)):
            where, values = (*where, part), values.get(part)
        elif isinstance(values, list) and isinstance(part, int):
            where, values = (*where, part), values[part]
    return where


def _keys(model: type[BaseModel], where: Where) -> set[str]:
    """Return the keys that the model allows below that path."""
    models = [model]
    for part in where:
        fields = [one.model_fields[part] for one in models if part in one.model_fields]
        models = [inner for field in fields for inner in _models(field.annotation)] if fields else models
    return {key for one in models for key in one.model_fields}


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)
