"""A made pack of many answers: how much water, light and soil each of many plants needs."""

from pathlib import Path

import yaml

from bot.__main__ import main

PLANTS = [
    *("aloe", "anise", "apple", "basil", "bean", "beet", "carrot", "celery", "chard", "cherry", "chive", "clover"),
    *("corn", "cress", "dill", "elder", "fennel", "fig", "garlic", "grape", "hazel", "hop", "iris", "ivy", "kale"),
    *("leek", "lemon", "lentil", "lily", "lime", "mint", "moss", "oat", "olive", "onion", "pea", "pear", "plum"),
    *("rye", "sage"),
]
NEEDS = {"water": "A cup of water a day", "light": "Two hours of light a day", "soil": "A hand of loose soil"}


def many(folder: Path) -> Path:
    """A pack of 120 answers without warnings, in three groups of 40, of which one may be asked for in other words."""
    settings = ["--title", "plants", "--names", "", "--purpose", "none", "--reason", "Plants hurt nobody."]
    assert main(["new", str(folder), *settings]) == 0
    source = yaml.safe_load((folder / "source.yaml").read_text("utf-8"))
    answers = folder / "en" / "answers"
    model = yaml.safe_load(next(answers.glob("about-*")).read_text("utf-8"))
    del model["questions"]
    for file in answers.iterdir():
        file.unlink()
    source["sections"][0]["facts"], source["menu"] = [], []
    for need, amount in NEEDS.items():
        for plant in PLANTS:
            command, claim = f"{plant}-{need}", f"{amount} is enough for {plant}."
            source["menu"].append(command)
            source["sections"][0]["facts"].append({"id": command, "claim": claim})
            kept = model | {"title": f"How much {need} does {plant} need?", "summary": claim, "facts": [command]}
            kept |= {"group": need}
            if need == "soil":
                kept |= {"questions": {"en": [f"how much {need} for {plant}", f"{plant} and its {need}"]}}
            (answers / f"{command}.yaml").write_text(yaml.safe_dump(kept), "utf-8")
    source["groups"] = [{"id": need, "title": f"All about {need}"} for need in NEEDS]
    (folder / "source.yaml").write_text(yaml.safe_dump(source), "utf-8")
    policy = folder / "en" / "policy.yaml"
    text = policy.read_text("utf-8").replace("what-is-plants", "mint-water").replace("about-the-answers", "mint-light")
    policy.write_text(text, "utf-8")
    return folder
