"""What languages are called, in every language that CLDR knows (https://cldr.unicode.org)."""

import pickle
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from babel import localedata

from bot.core.typed import spelling


@cache
def names_of(locales: frozenset[str]) -> Mapping[str, str]:
    """The tags of these languages by the `spelling` of their names and of their regional kinds' names: `spanish`,
    `испанский`, `mexicanspanish`. A name that two of them share is left out.

    Blocks for 0.4 s at the first call. The data files are read as they are: Babel itself would keep all of them in
    memory, 150 MB.
    """
    found: dict[str, set[str]] = {}
    for identifier in localedata.locale_identifiers():
        data = pickle.loads(Path(localedata.resolve_locale_filename(identifier)).read_bytes())
        for tag, name in data.get("languages", {}).items():
            if (base := tag.split("_")[0]) in locales:
                found.setdefault(name, set()).add(base)
    spelled: dict[str, set[str]] = {}
    for name, tags in found.items():
        spelled.setdefault(spelling(name), set()).update(tags)
    spelled.pop("", None)
    return MappingProxyType({name: tags.pop() for name, tags in spelled.items() if len(tags) == 1})
