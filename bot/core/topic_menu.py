"""The menu of topics: a button for each group or explainer, in pages that fit one message of every platform."""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from bot.core.buttons import Button, PageButton
from bot.core.catalog import Catalog, Language
from bot.core.typed import spelling

MOST_AT_ONCE: Final = 25  # Discord takes as many buttons in a message, in rows of five, and choices for an option
_ON_A_PAGE: Final = 20  # leaves a row for the buttons that turn the page

_PAGE = re.compile(r"(?:([a-z0-9-]+)\.)?([0-9]{1,3})")


def is_menu(words: str, catalog: Catalog) -> bool:
    """Whether these words behind `/topics` name a page or a group of the menu, or nothing at all."""
    return not words.strip() or bool(_PAGE.fullmatch(words) or _group(words, catalog))


class MenuPage(NamedTuple):
    """A page of the menu. `page` leads to it, `head` says which group and page it is; both are empty for a menu that is
    whole."""

    page: str
    head: str
    buttons: tuple[Button, ...]


def menu(words: str, catalog: Catalog, language: Language) -> MenuPage:
    """The part of the menu that the words behind `/topics` name, else its beginning."""
    found = _PAGE.fullmatch(words)
    group, number = (found[1], int(found[2])) if found else (_group(words, catalog), 1)
    group = group if group in catalog.groups else None
    items = _items(group, catalog, language)
    size, last = _pages(group, len(items))
    number = min(max(number, 1), last)
    head = [language.groups[group]] if group else []
    head += [f"{number}/{last}"] if last > 1 else []
    shown = (*items[(number - 1) * size : number * size], *_turns(group, number, last, language))
    return MenuPage(_page(group, number) if head else "", " · ".join(head), shown)


def every_page(catalog: Catalog, language: Language) -> Iterator[str]:
    """The words behind `/topics` that lead to each page of the menu."""
    for group in (None, *catalog.groups):
        _, last = _pages(group, len(_items(group, catalog, language)))
        yield from (_page(group, number + 1) for number in range(last))


def _group(words: str, catalog: Catalog) -> str | None:
    """The group of that id, or of that title in any language."""
    called, languages = spelling(words), catalog.languages.values()
    named = (
        id_ for id_ in catalog.groups if called in {spelling(id_), *(spelling(one.groups[id_]) for one in languages)}
    )
    return next(named, None)


def _items(group: str | None, catalog: Catalog, language: Language) -> Sequence[Button]:
    """The explainers of a group; without one, all groups, or all explainers where there are none."""
    if catalog.groups and not group:
        return [
            PageButton(language.groups[id_], "topics", language.locale, page=_page(id_, 1)) for id_ in catalog.groups
        ]
    entries = (catalog.entry(one, language) for one in catalog.groups.get(group or "", catalog.explainers))
    return [Button(entry.title, entry.command, language.locale) for entry in entries if entry]


def _pages(group: str | None, items: int) -> tuple[int, int]:
    """How many of the items stand on each page, and how many pages there are."""
    size = MOST_AT_ONCE if not group and items <= MOST_AT_ONCE else _ON_A_PAGE
    return size, max(1, -(-items // size))


def _turns(group: str | None, number: int, last: int, language: Language) -> Iterator[Button]:
    words = language.menu
    wanted = [
        (words["previous"], _page(group, number - 1), number > 1),
        (words["next"], _page(group, number + 1), number < last),
    ]
    for label, page, is_there in (*wanted, (words["all"], _page(None, 1), group is not None)):
        if is_there:
            yield PageButton(label, "topics", language.locale, page=page, turns=True)


def _page(group: str | None, number: int) -> str:
    return f"{group}.{number}" if group else f"{number}"
