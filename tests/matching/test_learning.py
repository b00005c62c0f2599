"""Training: the same rows give the same bytes, and what is learnt is what was shown."""

from pathlib import Path

import numpy as np
import pytest

from bot.matching import classifier
from bot.matching.classifier import BUCKETS, ngrams
from bot.matching.decision import PAGES, POLICIES, UNANSWERED
from bot.matching.matcher import Knowledge
from bot.matching.network import Network
from tools.training import heads, learning, questions, train
from tools.training.questions import Phrasing, is_command

LABELS = ("apples", "pears")
TEXTS = ("red apple", "an apple", "apples fall", "green pear", "a pear", "pears hang")
TARGETS = np.eye(2)[[0, 0, 0, 1, 1, 1]]
ROWS = np.random.default_rng(3).normal(size=(6, 8)) + TARGETS[:, :1] * 3


def written(path: Path) -> bytes:
    heads.write(
        path, LABELS, learning.softmax_layer([ngrams(text) for text in TEXTS], TARGETS, epochs=200, learning_rate=0.3)
    )
    return path.read_bytes()


def test_training_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    assert written(tmp_path / "one.json") == written(tmp_path / "two.json")


def test_the_two_layers_are_the_same_twice_too() -> None:
    one = learning.two_layers(ROWS, TARGETS, hidden=4, epochs=3, batch_size=2)
    assert one == learning.two_layers(ROWS, TARGETS, hidden=4, epochs=3, batch_size=2)
    assert one != learning.two_layers(ROWS, TARGETS, hidden=4, epochs=3, batch_size=2, seed=2)


def test_letters_learn_words_they_were_shown(tmp_path: Path) -> None:
    written(tmp_path / "head.json")
    kept = classifier.read(tmp_path / "head.json")
    assert kept.of_sparse(ngrams("my apple"))["apples"] > 0.8
    assert kept.of_sparse(ngrams("my pear"))["pears"] > 0.8
    assert sum(kept.of_sparse({}).values()) == pytest.approx(1)


def test_two_layers_learn_rows_they_were_shown(tmp_path: Path) -> None:
    heads.write(tmp_path / "net.json", LABELS, learning.two_layers(ROWS, TARGETS, hidden=8, epochs=200, batch_size=3))
    net = Network(classifier.read(tmp_path / "net.json"))
    said = [net.of_dense(row.tolist())["apples"] > 0.5 for row in ROWS]
    assert said == [True, True, True, False, False, False]


def test_several_nets_side_by_side_say_the_geometric_mean_of_what_each_says(tmp_path: Path) -> None:
    small = {"hidden": 4, "epochs": 5, "batch_size": 2}
    each = [
        Network(classifier.Head(LABELS, heads.rounded(learning.two_layers(ROWS, TARGETS, seed=seed, **small))))
        for seed in (1, 2, 3)
    ]
    together = Network(classifier.Head(LABELS, heads.rounded(learning.averaged(ROWS, TARGETS, nets=3, **small))))
    for row in ROWS.tolist():
        said = np.array([list(net.of_dense(row).values()) for net in each])
        mean = np.exp(np.log(said).mean(axis=0))
        assert list(together.of_dense(row).values()) == pytest.approx(mean / mean.sum(), abs=0.02)  # weights are bytes


def test_the_sparse_products_are_those_of_the_full_matrix() -> None:
    vectors = [ngrams(text) for text in (*TEXTS, "")]
    full = np.zeros((len(vectors), BUCKETS))
    for row, vector in zip(full, vectors, strict=True):
        row[list(vector)] = list(vector.values())
    sparse, chance = learning.Sparse(vectors), np.random.default_rng(0)
    weights, slopes = chance.normal(size=(BUCKETS, 3)), chance.normal(size=(len(vectors), 3))
    assert np.allclose(sparse.times(weights), full @ weights)
    assert np.allclose(sparse.transposed_times(slopes), full.T @ slopes)


@pytest.fixture(scope="module")
def learnt() -> frozenset[str]:
    """The labels of the shipped phrasings."""
    return frozenset(phrasing.label for phrasing in questions.read(questions.QUESTIONS))


def test_the_phrasings_and_the_shipped_heads_have_the_same_labels(learnt: frozenset[str]) -> None:
    assert set(classifier.read(questions.TRAINED / "letters.json").labels) == learnt
    assert set(classifier.read(questions.TRAINED / "meaning.json").labels) == learnt


def test_every_explainer_has_phrasings_and_nothing_else_has(knowledge: Knowledge, learnt: frozenset[str]) -> None:
    assert {label for label in learnt if is_command(label)} == set(knowledge.names)
    assert learnt - set(knowledge.names) == UNANSWERED | set(POLICIES) | set(PAGES)


def test_a_phrasing_under_two_labels_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("en:\n- What is it\n", encoding="utf-8")
    (tmp_path / "two.yaml").write_text("en:\n- what is it?\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"two\.yaml: “what is it\?” is in one too"):
        questions.read(tmp_path)


def test_what_is_often_typed_without_accents_is_learnt_both_ways() -> None:
    shown = [Phrasing("Người đề cử là gì?", "nominators", "vi"), Phrasing("что такое стейкинг", "staking", "ru")]
    assert train.with_bare(shown) == [*shown, Phrasing("nguoi de cu la gi?", "nominators", "vi")]
