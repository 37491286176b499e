"""A file of arrays is whole or not there, whoever else writes it at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from mingbai.shop.search import container


def test_two_write_the_same_file_at_once_and_one_of_them_stands(tmp_path: Path) -> None:
    place = tmp_path / "words.arrays"

    def write(number: int) -> None:
        container.write(place, {"by": number}, {"vectors": np.full(5_000, number)})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(64)))
    meta, arrays = container.read(place)
    assert set(arrays["vectors"].tolist()) == {meta["by"]}
    assert [file.name for file in tmp_path.iterdir()] == [place.name]


def test_what_cannot_be_put_in_place_leaves_nothing_half_written(tmp_path: Path) -> None:
    place = tmp_path / "words.arrays"
    place.mkdir()
    with pytest.raises(OSError):  # noqa: PT011
        container.write(place, {}, {"vectors": np.zeros(3)})
    assert list(tmp_path.iterdir()) == [place]
