"""The picture in docs/architecture.md shows the plan that the architecture test holds."""

import xml.etree.ElementTree as ET

from tests.test_architecture import BOT
from tools.architecture import LAYERS, PICTURE, arrows, picture


def test_the_picture_is_what_the_plan_says_now() -> None:
    assert PICTURE.read_text("utf-8") == picture(), "run `make architecture-picture`"
    ET.fromstring(picture())


def test_every_package_has_its_place_and_no_arrow_runs_up() -> None:
    rank = {name: number for number, layer in enumerate(LAYERS) for name in layer}
    folders = {path.name for path in BOT.iterdir() if (path / "__init__.py").is_file()}
    assert folders == {name.partition(".")[0] for name in rank} - {"config"}
    assert ("adapters.telegram", "features") in arrows()
    assert [one for one in arrows() if rank[one[0]] > rank[one[1]]] == []
