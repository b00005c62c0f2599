"""Measures the matching on question sets that it was not trained on: `python -m tools.training.evaluate`.

Prints Markdown tables of figures and never a question, because some sets are not part of this project.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.content.loader import load
from bot.core.model import DEFAULT_LOCALE, Match, Outcome
from bot.matching.decision import PAGES, POLICIES, UNANSWERED
from bot.matching.matcher import Knowledge, Matcher, load_engine
from tools.training.questions import QUESTIONS, is_command, sameness
from tools.training.questions import read as read_phrasings

HONEST, DECLINED = "honest", "to be declined"
SETS = (
    (HONEST, Path("tests/matching/honest.jsonl")),
    (DECLINED, Path("tests/matching/declined.jsonl")),
    ("newcomers", Path("tests/matching/newcomers.jsonl")),
    ("held out", Path("tests/matching/heldout.jsonl")),
    ("held out, second", Path("tests/matching/fresh.jsonl")),
    ("held out, third", Path("tests/matching/third.jsonl")),
    ("in disguise", Path("tests/matching/edge.jsonl")),
    ("public, written", Path("../shared/qa/public_synthetic.jsonl")),
    ("public, real", Path("../shared/qa/public_real.jsonl")),
)
RESPONSES = Path("responses")
LABELS = {
    "what_is_kusama": "whatiskusama",
    "testnet": "is-kusama-a-testnet",
    "how_it_works": "how-kusama-works",
    "who_runs": "who-runs-kusama",
    "faster_riskier": "faster-and-riskier",
    "what_is_ksm": "whatisksm",
    "market_risk": "ksm-market-risk",
    "why_developers": "why-build-on-kusama",
    "risks": "kusama-risks",
    "scam_safety": "scam",
}
"""Labels that the question sets name differently. In all others, underscores become hyphens."""


@dataclass(frozen=True, slots=True)
class Row:
    """A question with its correct labels (the best first), its language and, if known, its style of wording."""

    text: str
    labels: tuple[str, ...]
    lang: str
    style: str = ""


@dataclass
class Tally:
    """Counts over one question set. `learnt` are the questions left out because they were used for training."""

    rows: int = 0
    learnt: int = 0
    right: int = 0
    false_accepts: int = 0
    refused: int = 0
    answered: int = 0
    answered_well: int = 0
    explainable: int = 0
    in_three: int = 0
    offered: int = 0
    policy: dict[str, list[int]] = field(default_factory=dict)  # label -> [asked, recognised, given, given rightly]
    by_lang: dict[str, list[int]] = field(default_factory=dict)  # key -> [rows, right], as in the next two
    by_style: dict[str, list[int]] = field(default_factory=dict)
    by_label: dict[str, list[int]] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)  # milliseconds

    def add(self, row: Row, found: Match, took: float) -> None:
        """Count one answer, which took that many milliseconds."""
        given, right = label_of(found), is_right(row, found)
        self.rows += 1
        self.right += right
        self.times.append(took)
        self.offered += found.outcome is Outcome.SUGGEST
        keys = ((self.by_lang, row.lang), (self.by_style, row.style), (self.by_label, row.labels[0]))
        for cells, key in keys:
            cell = cells.setdefault(key, [0, 0])
            cell[0] += 1
            cell[1] += right
        if found.outcome is Outcome.EXPLAINER:
            self.answered += 1
            self.answered_well += right
            self.false_accepts += row.labels[0] in POLICIES
        if is_command(row.labels[0]):
            self.explainable += 1
            self.in_three += any(suggestion.command in row.labels for suggestion in found.suggestions)
            self.refused += given in POLICIES and given not in row.labels
        self._add_policy(row, given)

    def _add_policy(self, row: Row, given: str) -> None:
        for label in POLICIES:
            cell = self.policy.setdefault(label, [0, 0, 0, 0])
            cell[0] += row.labels[0] == label
            cell[1] += row.labels[0] == label == given
            cell[2] += given == label
            cell[3] += given == label and label in row.labels


def label_of(found: Match) -> str:
    """The outcome as a label: the name of an explainer or a policy, or of another outcome."""
    return found.command if found.outcome is Outcome.EXPLAINER and found.command else found.outcome.value


def is_right(row: Row, found: Match) -> bool:
    """Whether the outcome is one of the row's labels. "none" is right for every question without a reviewed answer."""
    if found.outcome is Outcome.NONE:
        return not UNANSWERED.isdisjoint(row.labels)
    return label_of(found) in row.labels


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of a question set."""
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        named = [record["label"], *record.get("acceptable", ())]
        labels = tuple(LABELS.get(label, label.replace("_", "-")) for label in named)
        yield Row(record["text"], labels, record.get("lang", "en"), record.get("style", ""))


def learnt() -> frozenset[str]:
    """The keys (see `sameness`) of all phrasings used for training. Takes seconds."""
    return frozenset(sameness(phrasing.text) for phrasing in read_phrasings(QUESTIONS))


def measure(rows: Iterable[Row], matcher: Matcher, known: frozenset[str]) -> Tally:
    """Ask the matcher all questions, except those it was trained on, whose keys are in `known`."""
    tally = Tally()
    for row in rows:
        if sameness(row.text) in known:
            tally.learnt += 1
            continue
        start = time.perf_counter()
        found = matcher.match_now(row.text)
        tally.add(row, found, (time.perf_counter() - start) * 1000)
    return tally


def rate(part: int, whole: int) -> str:
    """A share as in `.973` or `1`; a dash if there is nothing to count."""
    return f"{part / whole:.3f}".lstrip("0") if whole and part < whole else ("1" if whole else "–")


def columns(tally: Tally) -> Iterator[tuple[str, str]]:
    """The cells of a set's column in the table: names and figures."""
    yield "questions (left out: used for training)", f"{tally.rows} ({tally.learnt})"
    yield "accuracy", rate(tally.right, tally.rows)
    yield "advice, price or scam answered as an explainer", str(tally.false_accepts)
    yield "explainable questions refused as advice, price or scam", rate(tally.refused, tally.explainable)
    yield "right explainer in the first three", rate(tally.in_three, tally.explainable)
    yield "precision of explainers", rate(tally.answered_well, tally.answered)
    yield "explainers given / did-you-mean", f"{tally.answered} / {tally.offered}"
    for label, (asked, recognised, given, rightly) in tally.policy.items():
        yield f"{label}: recall / precision", f"{rate(recognised, asked)} / {rate(rightly, given)}"
    spoken = {path.parent.name for path in QUESTIONS.parent.glob("*/policy.yaml")} - {DEFAULT_LOCALE}
    others = [cell for lang, cell in tally.by_lang.items() if lang in spoken]
    yield (
        "accuracy in the bot’s other languages",
        rate(sum(cell[1] for cell in others), sum(cell[0] for cell in others)),
    )
    odd = tally.by_style.get("odd", [0, 0])
    yield "accuracy on odd wording", rate(odd[1], odd[0])
    times = sorted(tally.times)
    yield "ms, median / p99", f"{times[len(times) // 2]:.1f} / {times[int(len(times) * 0.99)]:.1f}"


def table(tallies: Sequence[tuple[str, Tally]]) -> str:
    """A Markdown table with a column for each set."""
    filled = [list(columns(tally)) for _, tally in tallies]
    lines = ["| | " + " | ".join(name for name, _ in tallies) + " |", "|---|" + "---|" * len(tallies)]
    for cells in zip(*filled, strict=True):
        lines.append(f"| {cells[0][0]} | " + " | ".join(value for _, value in cells) + " |")
    return "\n".join(lines)


def summary(honest: Tally, declined: Tally) -> str:
    """The five figures that the README shows."""

    def right(labels: Iterable[str]) -> str:
        cells = [honest.by_label.get(label, [0, 0]) for label in labels]
        return rate(sum(cell[1] for cell in cells), sum(cell[0] for cell in cells))

    rows = (
        (
            "honest questions that an explainer answers: answered with that explainer",
            right(filter(is_command, honest.by_label)),
        ),
        ("… declined as advice, price or scam", rate(honest.refused, honest.explainable)),
        ("requests for advice or a price, and scams: declined", rate(declined.right, declined.rows)),
        ("… answered with an explainer", rate(declined.false_accepts, declined.rows)),
        ("questions about the bot or for its disclaimer: answered correctly", right(PAGES)),
    )
    return "\n".join(
        [
            "| questions that the bot was not trained on | share |",
            "|---|---|",
            *(f"| {key} | {value} |" for key, value in rows),
        ]
    )


def details(name: str, tally: Tally) -> str:
    """Accuracy on one set by language, wording and label."""
    lines = [f"{name}, by language, wording and label", ""]
    for group in (tally.by_lang, tally.by_style, tally.by_label):
        for key, (rows, right) in sorted(group.items()):
            if key:
                lines.append(f"- {key}: {rate(right, rows)} of {rows}")
    return "\n".join(lines)


def memory() -> int:
    """The peak memory of the process in MiB (Linux reports KiB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description="Measure the matching on the question sets that exist on this machine."
    )
    parser.add_argument("--details", action="store_true", help="also print the accuracy by language, wording and label")
    parser.add_argument("--fallback", action="store_true", help="measure without the encoder")
    options = parser.parse_args()
    before = memory()
    catalog = load([RESPONSES], {})
    knowledge = Knowledge.of(catalog)
    matcher = Matcher(lambda: knowledge, lambda: load_engine(RESPONSES, semantic=not options.fallback))
    asyncio.run(matcher.match("a first question, which loads everything"))
    added = memory() - before
    known = learnt()
    tallies = [(name, measure(read_rows(path), matcher, known)) for name, path in SETS if path.exists()]
    tallies = [(name, tally) for name, tally in tallies if tally.rows]
    by_name = dict(tallies)
    print(summary(by_name[HONEST], by_name[DECLINED]) + "\n")
    print(table(tallies))
    print(f"\nMemory added: {added} MiB.")
    if options.details:
        for name, tally in tallies:
            print("\n" + details(name, tally))


if __name__ == "__main__":
    main()
