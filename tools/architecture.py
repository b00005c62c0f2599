"""Draws the packages of `bot/` and their allowed imports, from the table in tests/test_architecture.py.

`python -m tools.architecture` (`make architecture-picture`) writes docs/architecture.svg.
"""

from html import escape
from pathlib import Path

from tests.test_architecture import BOT, MAY_IMPORT

PICTURE = BOT.parent / "docs" / "architecture.svg"
_WIDTH, _HEIGHT, _ROW, _MARGIN, _PAGE = 168, 56, 104, 20, 920  # pixels
# The packages from top to bottom, each with its purpose. No arrow points upwards.
LAYERS: tuple[dict[str, str], ...] = (
    {"cli": "a module for each command", "runtime": "builds and runs the bot"},
    {
        "adapters.discord": "events in, messages out",
        "adapters.playground": "the same on a local page",
        "adapters.telegram": "updates in, messages out",
    },
    {"features": "commands, pins, greetings"},
    {
        "content": "YAML to catalog",
        "matching": "question to answer",
        "pictures": "answer to PNG",
        "store": "stored data, leases",
        "config": "settings",
    },
    {"core": "values and rules, no I/O"},
)


def arrows() -> set[tuple[str, str]]:
    """The arrows of the picture, each from a package to one that it may import.

    Leaves out arrows from `cli` and `runtime`, which may import everything, arrows to `core`, which all others may
    import, and arrows to shared modules of `runtime` such as telemetry.
    """
    packages = [name for layer in LAYERS for name in layer]

    def package(module: str) -> str:
        return next((name for name in packages if module == name or module.startswith(f"{name}.")), module)

    pairs = {(package(one), package(other)) for one, others in MAY_IMPORT.items() for other in others}
    return {(one, other) for one, other in pairs if one not in {other, "runtime"} and other not in {"core", "runtime"}}


def _centres() -> dict[str, tuple[float, float]]:
    """The centre of each box."""
    centres = dict[str, tuple[float, float]]()
    for row, layer in enumerate(LAYERS):
        step = (_PAGE - 2 * _MARGIN) / len(layer)
        for column, name in enumerate(layer):
            centres[name] = (_MARGIN + step * (column + 0.5), _MARGIN + _HEIGHT / 2 + row * _ROW)
    return centres


def _arrow(start: tuple[float, float], end: tuple[float, float]) -> str:
    (x, y), (to_x, to_y) = start, end
    if y == to_y:
        side = _WIDTH / 2 * (1 if to_x > x else -1)
        return f'<path d="M{x + side:.0f},{y:.0f} L{to_x - side:.0f},{to_y:.0f}"/>'
    shift = (to_x - x) * 0.08
    return f'<path d="M{x + shift:.0f},{y + _HEIGHT / 2:.0f} L{to_x - shift:.0f},{to_y - _HEIGHT / 2:.0f}"/>'


def picture() -> str:
    """The picture as SVG."""
    centres = _centres()
    height = 2 * _MARGIN + _HEIGHT + _ROW * (len(LAYERS) - 1)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_PAGE} {height}" style="font:13px sans-serif">',
        "<title>The packages of the bot, and what each may import</title>",
        '<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path d="M0,0 L8,4 L0,8 z" fill="#777"/></marker></defs>',
        f'<rect width="{_PAGE}" height="{height}" fill="#fff"/>',
        '<g stroke="#777" fill="none" marker-end="url(#head)">',
        *(_arrow(centres[one], centres[other]) for one, other in sorted(arrows())),
        "</g>",
    ]
    for name, (x, y) in centres.items():
        words = next(layer[name] for layer in LAYERS if name in layer)
        box = f'x="{x - _WIDTH / 2:.0f}" y="{y - _HEIGHT / 2:.0f}" width="{_WIDTH}" height="{_HEIGHT}" rx="6"'
        lines.append(f'<rect {box} fill="#f3f0fa" stroke="#5b3fa0"/>')
        middle = f'x="{x:.0f}" text-anchor="middle"'
        lines.append(f'<text {middle} y="{y - 4:.0f}" font-weight="bold">{escape(name)}</text>')
        lines.append(f'<text {middle} y="{y + 14:.0f}" font-size="11" fill="#444">{escape(words)}</text>')
    for row, words in (
        (0, "cli and runtime may import everything below"),
        (len(LAYERS) - 1, "all but config may import core"),
    ):
        y = _MARGIN + _HEIGHT / 2 + row * _ROW + 4
        x = _PAGE / 2 if row == 0 else _PAGE - 3 * _MARGIN
        anchor = "middle" if row == 0 else "end"
        lines.append(f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" font-size="11">{escape(words)}</text>')
    return "\n".join([*lines, "</svg>", ""])


def main(path: Path = PICTURE) -> None:
    """Write the picture to a file."""
    path.write_text(picture(), "utf-8")


if __name__ == "__main__":
    main()
