"""`export`: prints all answers of a language with warnings, facts and sources, as Markdown, JSON or an HTML page."""

import argparse
import json
from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import Any, Final

from bot.adapters.discord.markdown import block
from bot.config import load_settings
from bot.core.catalog import Catalog
from bot.core.disclaimer import Reply
from bot.core.model import Risk
from bot.core.sealed_catalog import SealedCatalog
from bot.core.spans import flatten
from bot.runtime.content_setup import read_content

_Answer = tuple[Reply, Mapping[str, str]]
"""An answer as the bot sends it, and the claims of its facts by their ids."""


def main(options: argparse.Namespace) -> int:
    """Print all answers. Returns 0."""
    settings = load_settings()
    catalog = read_content(*settings.folders)
    sealed = SealedCatalog(catalog, Risk[settings.risk_floor.upper()], settings.default_locale)
    answers = list(_answers(catalog, sealed, options.locale))
    print(_FORMATS[options.format](answers, sealed.language(options.locale).locale))
    return 0


def _answers(catalog: Catalog, sealed: SealedCatalog, locale: str | None) -> Iterator[_Answer]:
    language = sealed.language(locale)
    for command in catalog.explainers:
        entry = catalog.entry(command, language)
        reply = sealed.explainer(command, language, sealed.operator_floor)
        if entry and reply:
            yield reply, {fact: catalog.claims[fact] for fact in entry.facts}


def _json(answers: list[_Answer], locale: str) -> str:
    rows: list[dict[str, Any]] = [
        {
            "command": reply.command,
            "language": reply.locale,
            "title": reply.title,
            "warning": reply.warning,
            "text": flatten(reply.body),
            "source": reply.source,
            "facts": [{"id": fact, "claim": claim} for fact, claim in claims.items()],
        }
        for reply, claims in answers
    ]
    return json.dumps({"language": locale, "answers": rows}, indent=2, ensure_ascii=False)


def _markdown(answers: list[_Answer], _: str) -> str:
    parts = []
    for reply, claims in answers:
        parts += [f"## {reply.title}", f"> **{reply.warning}**" if reply.warning else ""]
        parts += [block(one, lambda _: None) for one in reply.body]
        parts += [f"*{reply.source}*", "\n".join(f"- {claim} ({fact})" for fact, claim in claims.items())]
    return "\n\n".join(filter(None, parts))


def _html(answers: list[_Answer], locale: str) -> str:
    parts = []
    for reply, claims in answers:
        warning = f'<p class="warning"><strong>{escape(reply.warning)}</strong></p>\n' if reply.warning else ""
        facts = "".join(f"<li>{escape(claim)} <code>{fact}</code></li>" for fact, claim in claims.items())
        parts.append(
            f'<section id="{reply.command}" lang="{reply.locale}">\n<h2>{escape(reply.title)}</h2>\n{warning}'
            f"<p>{escape(flatten(reply.body))}</p>\n<p><em>{escape(reply.source or '')}</em></p>\n"
            f"<ul>{facts}</ul>\n</section>"
        )
    style = "body{max-width:42rem;margin:auto;font-family:sans-serif}p{white-space:pre-line}"
    head = f'<!doctype html>\n<html lang="{locale}">\n<meta charset="utf-8">\n<style>{style}</style>\n'
    return f"{head}<title>{escape(answers[0][0].title) if answers else ''}</title>\n" + "\n".join(parts)


_FORMATS: Final[Mapping[str, Callable[[list[_Answer], str], str]]] = {
    "markdown": _markdown,
    "json": _json,
    "html": _html,
}
