"""Describes what the bot offers with the words of each language."""

from collections.abc import Mapping
from dataclasses import replace

from bot.content.language_schema import InterfaceFile, ParamWords
from bot.core.catalog import Language
from bot.core.commands import COMMANDS, EXPLAINER_PARAMS, PAGES, CommandInfo, Param, offered


def commands_of(languages: Mapping[str, Language], interfaces: Mapping[str, InterfaceFile]) -> tuple[CommandInfo, ...]:
    """What the bot offers, described in every language: explainers first, in the menu's order."""
    options = {locale: words.explainer_params for locale, words in interfaces.items()}
    params = tuple(_param(one, options) for one in EXPLAINER_PARAMS)
    explainers, own = list[CommandInfo](), list[CommandInfo]()
    default = next(iter(languages.values()))
    for command in default.entries:
        entries = {locale: language.entries.get(command) for locale, language in languages.items()}
        titles = {locale: entry.title for locale, entry in entries.items() if entry}
        explainers.append(CommandInfo(command, "slash", {default.locale: command}, titles, params))
    for info in (one for one in COMMANDS if one.name not in PAGES or one.name in default.pages):
        words = {one: file.commands[info.name] for one, file in interfaces.items() if info.name in file.commands}
        names = {one: word.name for one, word in words.items()}
        descriptions = {one: word.description for one, word in words.items()}
        options = {one: {**interfaces[one].explainer_params, **word.params} for one, word in words.items()}
        params = tuple(_param(one, options) for one in info.params)
        own.append(replace(info, names=names, descriptions=descriptions, params=params))
    return offered(explainers, own)


def _param(param: Param, words: Mapping[str, Mapping[str, ParamWords]]) -> Param:
    known = {one: params[param.key] for one, params in words.items() if param.key in params}
    names = {one: word.name for one, word in known.items()}
    return replace(param, names=names, descriptions={one: word.description for one, word in known.items()})
