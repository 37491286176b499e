"""What `bench learn` compares: the same rows on every side, and ratios that are those of the figures."""

from __future__ import annotations

from collections import Counter

import pytest

from mingbai.learn import bench
from mingbai.learn.figures import Epoch, Figures
from mingbai.learn.train import available


def test_rows_are_even_over_the_labels_and_none_is_on_both_sides():
    taught, held = bench.rows(40, 32, 8)
    assert set(Counter(meant for _, meant in taught).values()) == {5}
    assert set(Counter(meant for _, meant in held).values()) == {4}
    assert not {said for said, _ in taught} & {said for said, _ in held}
    assert bench.rows(40, 32, 8) == (taught, held)


def test_a_report_says_what_equal_accuracy_costs_the_peer():
    def arm(name, top, seed, cpu, right, *epochs):
        done = tuple(Epoch(spent, good) for spent, good in epochs)
        return bench.Arm(name, top, seed, Figures(cpu / 2, cpu, right, 40, 1000 + seed, done))

    lines = bench.report(
        [
            arm("base", 0, 0, 0.0, 10),
            arm("ours", 8, 0, 10.0, 36),
            arm("ours", 0, 0, 30.0, 38),
            arm("peer, our recipe", 0, 0, 90.0, 38, (45.0, 36), (90.0, 38)),
            arm("peer, its defaults", 0, 0, 60.0, 12, (30.0, 11), (60.0, 12)),
            arm("ours", 8, 1, 20.0, 38),
            arm("ours", 0, 1, 30.0, 38),
            arm("peer, our recipe", 0, 1, 60.0, 36, (60.0, 36)),
            arm("peer, its defaults", 0, 1, 60.0, 38, (30.0, 38), (60.0, 38)),
        ]
    )
    assert lines == [
        "base, untrained: held out 25.0%",
        "ours, 8 layers, 2 seeds: cpu 15.0 s, held out 92.5% (90.0% to 95.0%), 1001 MiB",
        "ours, all layers, 2 seeds: cpu 30.0 s, held out 95.0% (95.0% to 95.0%), 1001 MiB",
        "peer, our recipe, all layers, 2 seeds: cpu 75.0 s, held out 92.5% (90.0% to 95.0%), 1001 MiB",
        "  as good as ours of 8 layers: in 1 of 2 seeds, over 3.8 × ours (3.0 to 4.5)",
        "  as good as ours of all layers: in 1 of 2 seeds, over 2.5 × ours (2.0 to 3.0)",
        "peer, its defaults, all layers, 2 seeds: cpu 60.0 s, held out 62.5% (30.0% to 95.0%), 1001 MiB",
        "  as good as ours of 8 layers: in 1 of 2 seeds, over 3.8 × ours (1.5 to 6.0)",
        "  as good as ours of all layers: in 1 of 2 seeds, over 1.5 × ours (1.0 to 2.0)",
    ]


@pytest.mark.skipif(not available(), reason="the extra `learn` is not installed: make learn")
def test_only_labels_can_be_named_and_the_first_token_decides():
    import torch

    from mingbai.learn.judge import right
    from mingbai.learn.lessons import Lesson

    held = [Lesson((1, 2, label, 9), 2) for label in (5, 6, 7)]
    odds = torch.tensor([[0.0] * 10, [0.0] * 10, [0.0] * 10])
    odds[0, 5], odds[1, 7], odds[2, 7], odds[:, 3] = 1.0, 1.0, 1.0, 9.0
    assert right(held, lambda some: odds[list(some)]) == 2
