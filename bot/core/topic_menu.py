"""The topics menu: buttons for groups and explainers, in pages that fit into one message on every platform."""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from bot.core.buttons import Button, PageButton
from bot.core.catalog import Catalog, Language
from bot.core.command_text import spelling

MOST_AT_ONCE: Final = 25  # Discord's limit of buttons in a message, in rows of five, and of choices for an option
_ON_A_PAGE: Final = 20  # leaves one row for the paging buttons

_PAGE = re.compile(r"(?:([a-z0-9-]+)\.)?([0-9]{1,3})")


def is_menu(words: str, catalog: Catalog) -> bool:
    """Tell whether the words after `/topics` are empty or name a page or a group of the menu."""
    return not words.strip() or bool(_PAGE.fullmatch(words) or _group(words, catalog))


class MenuPage(NamedTuple):
    """A page of the menu. `page` are the words after `/topics` that lead to it, `head` the group and the page number
    to show. Both are empty if the menu has a single page without a group."""

    page: str
    head: str
    buttons: tuple[Button, ...]


def menu(words: str, catalog: Catalog, language: Language) -> MenuPage:
    """Return the page or the group that the words after `/topics` name, or the first page."""
    named = _PAGE.fullmatch(words)
    group, number = (named[1], int(named[2])) if named else (_group(words, catalog), 1)
    group = group if group in catalog.groups else None
    items = _items(group, catalog, language)
    size, last = _pages(group, len(items))
    number = min(max(number, 1), last)
    head = [language.groups[group]] if group else []
    head += [f"{number}/{last}"] if last > 1 else []
    buttons = (*items[(number - 1) * size : number * size], *_paging_buttons(group, number, last, language))
    return MenuPage(_page(group, number) if head else "", " · ".join(head), buttons)


def every_page(catalog: Catalog, language: Language) -> Iterator[str]:
    """Yield the words after `/topics` that lead to each page of the menu."""
    for group in (None, *catalog.groups):
        _, last = _pages(group, len(_items(group, catalog, language)))
        yield from (_page(group, number + 1) for number in range(last))


def _group(words: str, catalog: Catalog) -> str | None:
    """Return the group with that id, or with that title in any language."""
    name, languages = spelling(words), catalog.languages.values()
    matching = (
        id_ for id_ in catalog.groups if name in {spelling(id_), *(spelling(one.groups[id_]) for one in languages)}
    )
    return next(matching, None)


def _items(group: str | None, catalog: Catalog, language: Language) -> Sequence[Button]:
    """Return buttons for the explainers of a group; without one, for all groups, or all explainers if none exist."""
    if catalog.groups and not group:
        return [
            PageButton(language.groups[id_], "topics", language.locale, page=_page(id_, 1)) for id_ in catalog.groups
        ]
    entries = (catalog.entry(one, language) for one in catalog.groups.get(group or "", catalog.explainers))
    return [Button(entry.title, entry.command, language.locale) for entry in entries if entry]


def _pages(group: str | None, items: int) -> tuple[int, int]:
    """Return the number of items on a page, and the number of pages."""
    size = MOST_AT_ONCE if not group and items <= MOST_AT_ONCE else _ON_A_PAGE
    return size, max(1, -(-items // size))


def _paging_buttons(group: str | None, number: int, last: int, language: Language) -> Iterator[Button]:
    labels = language.menu
    targets = (
        (labels["previous"], _page(group, number - 1), number > 1),
        (labels["next"], _page(group, number + 1), number < last),
        (labels["all"], _page(None, 1), group is not None),
    )
    for label, page, exists in targets:
        if exists:
            yield PageButton(label, "topics", language.locale, page=page, turns=True)


def _page(group: str | None, number: int) -> str:
    return f"{group}.{number}" if group else f"{number}"
