"""The files of a new pack: what is about the bot is taken over from the shipped pack, the rest is in starter.yaml."""

import hashlib
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import yaml

from bot.content.purposes import PURPOSES
from bot.core.normalise import fold

_CODE: Final = Path(__file__).parents[1]
_STARTER: Final = Path(__file__).parent / "starter.yaml"
_TAKEN_OVER: Final = (
    "no-answer",
    "did-you-mean",
    "topics",
    "privacy",
    "privacy-log",
    "help",
)  # pages of the shipped pack
_PLACEHOLDER: Final = (
    "This is where the answer goes, in a few plain sentences for somebody who is new. It says only what the facts in "
    "the list of facts say, and it lists their ids.\n\nThe date below it is the day on which somebody last compared it "
    "with the source."
)
_LONG: Final = 15  # characters of a title; a longer one has no room in the short profile beside the warning


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as blocks, and everything in full, as writers do."""

    def ignore_aliases(self, _: Any) -> bool:
        """The content knows no references."""
        return True


_Dumper.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None),
)


def pack(title: str, names: list[str], purpose: str, reason: str) -> dict[str, str]:
    """The files of a pack in English, by name. The purpose is one of `PURPOSES`; `none` needs a reason."""
    packed = _CODE / "responses"  # in a wheel; else the answers are beside the code
    shipped = packed if packed.is_dir() else _CODE.parent / "responses"
    slug = re.sub(r"[^a-z0-9]+", "-", fold(title)).strip("-")
    foreign: Mapping[str, Any] = yaml.safe_load((shipped / "source.yaml").read_text("utf-8"))
    texts = {
        name: (shipped / "en" / name).read_text("utf-8")
        for name in ("policy.yaml", "interface.yaml", "duties.yaml", "policy_patterns.yaml")
    }
    first, second = f"what-is-{slug}"[:32].strip("-"), "about-the-answers"
    words, starter = _Words(foreign, title, second), yaml.safe_load(_STARTER.read_text("utf-8"))
    revision = hashlib.sha256(title.encode()).hexdigest()[:12]
    about = {
        "subject": title,
        "article": {"revision": revision},
        "purpose": purpose,
        **({"reason": reason} if reason else {}),
    }
    return {
        "source.yaml": dumped(_source(about, names, [first, second], foreign["ordinary_words"])),
        f"en/answers/{first}.yaml": _answer(f"What is {title}?", f"Here is what {title} is.", "what-it-is", revision),
        f"en/answers/{second}.yaml": _answer(
            "Where do the answers come from?", "All answers rest on one source.", "one-source", revision
        ),
        "en/policy.yaml": dumped(
            _policy(words, yaml.safe_load(texts["policy.yaml"]), starter, purpose, [first, second])
        ),
        "en/interface.yaml": words.interface(texts["interface.yaml"], safe=purpose == "crypto"),
        "en/duties.yaml": dumped(_duties(words, yaml.safe_load(texts["duties.yaml"]), starter[purpose])),
        "en/policy_patterns.yaml": dumped({"patterns": words.patterns(yaml.safe_load(texts["policy_patterns.yaml"]))}),
    }


class _Words:
    """Puts the pack's own words where the shipped pack has those of its subject."""

    def __init__(self, foreign: Mapping[str, Any], title: str, example: str) -> None:
        self.title, self._example, self._menu = title, example, foreign["menu"]
        self._names = re.compile(rf"\b(?:{'|'.join(foreign['names'])})\b", re.IGNORECASE)

    def swapped(self, text: str) -> str:
        """A text with an answer of ours for any other, and without the names."""
        for command in self._menu:
            text = re.sub(rf"\b{command}\b", self._example, text)
        return self._names.sub("the bot", text)

    def interface(self, text: str, *, safe: bool) -> str:
        """The interface, its profile about our subject; outside crypto nobody has a seed phrase (unless `safe`)."""
        profile = yaml.safe_load(text)["profile"]
        text = text.replace(profile["description"], f"Answers questions about {self.title} with short, reviewed texts.")
        text = text.replace(profile["short"], f"About {self.title}." if len(self.title) < _LONG else "Short answers.")
        text = "\n".join(line if self.title in line else self.swapped(line) for line in text.split("\n"))
        text = re.sub(r", for example: /pin [\w-]+", ".", text)
        text = re.sub(r"(?m)^sections:\n(?:[ #].*\n|\n)*", "", text)
        return text if safe else text.replace("seed phrase", "password")

    def phrases(self, phrases: list[str]) -> list[str]:
        """The phrases without the names, and without those that need one."""
        kept = (
            [[one for one in token.split("/") if not self._names.fullmatch(one)] for token in p.split()]
            for p in phrases
        )
        return [" ".join(map("/".join, tokens)) for tokens in kept if all(tokens)]

    def patterns(self, kept: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The patterns that name nothing, with their phrases about nobody in particular."""
        named = (one for one in kept["patterns"] if not self._names.search(one["pattern"]))
        return [
            {key: self._names.sub("our", text) if key in ("catches", "spares") else text for key, text in one.items()}
            for one in named
        ]


def _source(about: Mapping[str, Any], names: list[str], menu: list[str], ordinary: list[str]) -> dict[str, Any]:
    facts = [
        {"id": "what-it-is", "claim": "Write here, in your own words, one thing that your source says."},
        {"id": "one-source", "claim": "All answers rest on one source."},
    ]
    return {
        **about,
        "names": names,
        "other_names": [],
        "ordinary_words": [*ordinary, "Crypto", "Fraudsters", "Rules", "Software"],
        "menu": menu,
        "sections": [{"id": "introduction", "heading": "Introduction", "facts": facts}],
    }


def _optional(purpose: str) -> frozenset[str]:
    return next(one.optional for name, one in PURPOSES.items() if name == purpose)


def _answer(title: str, summary: str, fact: str, revision: str) -> str:
    kept: dict[str, Any] = {
        "title": title,
        "summary": summary,
        "body": _PLACEHOLDER + "\n",
        "risk": "general",
        "section": "introduction",
    }
    kept |= {"facts": [fact], "checked": date.today(), "revision": revision, "questions": {"en": [title, summary]}}
    return dumped(kept)


def _policy(
    words: _Words, shipped: Mapping[str, Any], starter: Mapping[str, Any], purpose: str, menu: list[str]
) -> dict[str, Any]:
    own, pages = starter[purpose], {key: shipped["pages"][key] for key in _TAKEN_OVER}
    pages["help"]["body"] = words.swapped(pages["help"]["body"])
    for key, page in starter["common"].items():
        if key not in _optional(purpose):
            pages[key] = {part: text.format(title=words.title) for part, text in page.items()}
    if own:
        clauses = "\n".join(f"- {text}." for text in own["clauses"].values())
        pages["risk"] = {"title": "Risk statement", "summary": own["summary"], "body": f"{clauses}\n", "risk": "high"}
    else:
        pages["about"]["body"] += "\nWhy it carries no warning: {reason}\n"
        pages["help"]["body"] = re.sub(r"(?m)^.*/risk.*\n", "", pages["help"]["body"])
    for key in ("help", "start", "about"):
        pages[key]["see_also"] = menu
    for key in _TAKEN_OVER:
        pages[key]["facts"] = []
    warnings = {level: text.format(title=words.title) for level, text in own.get("warnings", {}).items()}
    return {"warnings": warnings, "pages": pages} if warnings else {"pages": pages}


def _duties(words: _Words, shipped: dict[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    kept = {
        key: words.phrases(value) if isinstance(value, list) else value
        for key, value in shipped.items()
        if key != "review_by"
    }
    if not own:
        return {key: value for key, value in kept.items() if key not in ("warning", "risk")}
    mine = {**own["warning"], "words": [*own["warning"]["words"], words.title]}
    page = {idea: [text.replace(",", "")] for idea, text in own["clauses"].items()} | {"words": [own["summary"]]}
    return {**kept, "warning": mine, "risk": page}


def dumped(kept: Mapping[str, Any]) -> str:
    """The values as YAML that writers like to edit."""
    return yaml.dump(kept, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1000)
