"""Makes the files of a new pack from the shipped pack's texts about the bot and from starter.yaml."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from bot.content.default_texts import Words, dumped, in_forms, loaded, shipped, texts_of_new_packs
from bot.content.languages import conventions
from bot.content.purposes import PURPOSES
from bot.core.model import DEFAULT_LOCALE
from bot.core.normalise import fold

_SHIPPED_PAGES: Final = ("no-answer", "did-you-mean", "topics", "privacy", "privacy-log", "help")
_FACTS: Final = ("what-it-is", "one-source")
_TOGETHER: Final = ("zh",)  # languages without spaces between words
_NOUNS: Final = ("de", "lb")  # languages that write every noun with a capital
_IN_LANGUAGE: Final = ("policy.yaml", "interface.yaml", "duties.yaml", "policy_patterns.yaml")


def pack(title: str, names: list[str], purpose: str, reason: str, language: str) -> dict[str, str]:
    """Return the text of each file of a new pack by its name.

    Answers may use `names`; `language` is the tag of the first language. `purpose` is one of `PURPOSES`; only `none`
    needs a reason. Texts that the bot lacks in that language are in English, and TRANSLATE.md lists them.
    """
    folder, starter = shipped(), texts_of_new_packs()
    base = _base(starter, language, purpose)
    own = starter["languages"][base]
    slug = re.sub(r"[^a-z0-9]+", "-", fold(title)).strip("-") or "topic"
    shipped_source = loaded((folder / "source.yaml").read_text("utf-8"))
    texts = {name: (folder / base / name).read_text("utf-8") for name in _IN_LANGUAGE}
    menu = [f"what-is-{slug}"[:32].strip("-"), "about-the-answers"]
    words, revision = Words(shipped_source, title, menu[1], own), hashlib.sha256(title.encode()).hexdigest()[:12]
    about = {"language": language, "subject": title, "article": {"revision": revision}, "purpose": purpose}
    about |= {"reason": reason} if reason else {}
    interface = words.interface(texts["interface.yaml"], safe=purpose == "crypto")
    duties = _duties(words, loaded(texts["duties.yaml"]), starter[purpose])
    to_translate = _to_translate(starter, base, language, warned=bool(starter[purpose]))
    if base != language:
        interface = _english_interface(interface, language, duties)
    elif to_translate:
        duties["scripts"] = list(dict.fromkeys([*duties["scripts"], "LATIN"]))
    patterns = words.patterns(loaded(texts["policy_patterns.yaml"])) + starter[purpose].get("patterns", [])
    policy = _policy(words, loaded(texts["policy.yaml"]), starter, purpose, menu)
    answers = zip(menu, own["answers"], _FACTS, strict=True)
    prose = {f"{language}/answers/{name}.yaml": _answer(words, one, fact, about) for name, one, fact in answers}
    prose[f"{language}/policy.yaml"] = dumped(policy)
    ordinary = [*shipped_source["ordinary_words"], "Crypto", "Fraudsters", "Rules", "Software"]
    if base != DEFAULT_LOCALE:  # no capitalised word of these texts is a name, except `names`
        capitals = {word for text in prose.values() for word in re.findall(r"\w+", text) if word[0].isupper()}
        ordinary = sorted(capitals.difference(names))
    return {
        "source.yaml": dumped(_source(about, names, menu, ordinary, own)),
        **prose,
        f"{language}/interface.yaml": interface,
        f"{language}/duties.yaml": dumped(duties),
        f"{language}/policy_patterns.yaml": dumped({"patterns": patterns}),
        **({"TRANSLATE.md": to_translate} if to_translate else {}),
    }


def _base(starter: Mapping[str, Any], language: str, purpose: str) -> str:
    """Return the language of the texts that a pack begins with: its own if the bot has it, else English."""
    # Warnings are in English, and the rules of a language without spaces cannot check them.
    unchecked = starter[purpose] and language in _TOGETHER
    return language if language in starter["languages"] and not unchecked else DEFAULT_LOCALE


def _to_translate(starter: Mapping[str, Any], base: str, language: str, *, warned: bool) -> str:
    """Return the text of TRANSLATE.md: what is still in English in a pack whose texts are in the language `base`.

    Returns "" if there is nothing to translate.
    """
    if base == language and (base == DEFAULT_LOCALE or not warned):
        return ""
    rows = starter["english"]["warnings" if base == language else "all"]
    head: str = starter["english"]["head"]
    return head.format(language=language) + "".join(f"- {language}/{row}\n" for row in rows)


def _english_interface(interface: str, language: str, duties: dict[str, Any]) -> str:
    """Return the English interface with another language's name and plural forms.

    Changes `duties` so that the language's name and its capitalised nouns are allowed.
    """
    values, forms = loaded(interface), conventions(language).forms
    name = values["language"] = conventions(language).name
    duties["notices"] = " ".join([duties["notices"], *re.findall(r"\w+", name.casefold())])
    duties["scripts"] = list(dict.fromkeys(["LATIN", unicodedata.name(name[0]).split()[0]]))
    duties |= {"capitals": "nouns"} if language.split("-", maxsplit=1)[0] in _NOUNS else {}
    return dumped({**values, "plurals": in_forms(forms, values)})


def _source(
    about: Mapping[str, Any], names: list[str], menu: list[str], ordinary: list[str], own: Mapping[str, Any]
) -> dict[str, Any]:
    facts = [{"id": fact, "claim": claim} for fact, claim in zip(_FACTS, own["claims"], strict=True)]
    return {
        **about,
        "names": names,
        "other_names": [],
        "ordinary_words": ordinary,
        "menu": menu,
        "sections": [{"id": "introduction", "heading": own["heading"], "facts": facts}],
    }


def _answer(words: Words, shown: Mapping[str, str], fact: str, about: Mapping[str, Any]) -> str:
    title, summary = (text.format(title=words.title) for text in shown.values())
    answer: dict[str, Any] = {
        "title": title,
        "summary": summary,
        "body": "\n\n".join(words.own["placeholder"]) + "\n",
        "risk": "general",
        "section": "introduction",
        "facts": [fact],
        "checked": date.today(),
        "revision": about["article"]["revision"],
        "questions": {about["language"]: [title, summary]},
    }
    return dumped(answer)


def _policy(
    words: Words, shipped: Mapping[str, Any], starter: Mapping[str, Any], purpose: str, menu: list[str]
) -> dict[str, Any]:
    own, pages = starter[purpose], {key: shipped["pages"][key] for key in _SHIPPED_PAGES}
    pages["help"]["body"] = words.swapped(pages["help"]["body"])
    for key, page in {**words.own["pages"], **starter["common"], **own.get("pages", {})}.items():
        if key not in PURPOSES[purpose].optional or key in own.get("pages", {}):
            pages[key] = {part: text.format(title=words.title) for part, text in page.items()}
    if own:
        clauses = "\n".join(f"- {text}." for text in own["clauses"].values())
        pages["risk"] = {"title": "Risk statement", "summary": own["summary"], "body": f"{clauses}\n", "risk": "high"}
    else:
        pages["about"]["body"] += f"\n{words.own['why']}\n".format()
        pages["help"]["body"] = re.sub(r"(?m)^.*/risk.*\n", "", pages["help"]["body"]).replace(words.own["level"], "")
    for key in ("help", "start", "about"):
        pages[key]["see_also"] = menu
    for key in _SHIPPED_PAGES:
        pages[key]["facts"] = []
    warnings = {level: text.format(title=words.title) for level, text in own.get("warnings", {}).items()}
    return {"warnings": warnings, "pages": pages} if warnings else {"pages": pages}


def _duties(words: Words, shipped: dict[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    duties = {
        key: words.phrases(value) if isinstance(value, list) else value
        for key, value in shipped.items()
        if key != "review_by"
    }
    if not own:
        return {key: value for key, value in duties.items() if key not in ("warning", "risk")}
    duties |= {key: [*duties[key], *own.get(key, ())] for key in ("urging", "never")}
    warning = {**own["warning"], "words": [*own["warning"]["words"], words.title]}
    page = {idea: [text.replace(",", "")] for idea, text in own["clauses"].items()} | {"words": [own["summary"]]}
    return {**duties, "warning": warning, "risk": page}
