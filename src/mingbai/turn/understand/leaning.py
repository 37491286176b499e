"""A logistic regression of two sides over sparse features and an encoder's vectors, in numpy.

Solved in the weights themselves (the classifier's kernel would be too wide for so many examples).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

PULL = 2e-4  # of the weights to nothing, an example
STEPS = 240


@dataclass(frozen=True)
class Leaning:
    """`places` gives each feature its place in `weights`; `meaning` weighs the encoder's vector."""

    places: dict[str, int]
    weights: Floats
    meaning: Floats
    bias: float

    def of(self, features: Mapping[str, float], vector: Floats) -> float:
        """The log odds that it is so."""
        known = [(self.places[name], value) for name, value in features.items() if name in self.places]
        out = self.bias + sum(float(self.weights[at]) * value for at, value in known)
        if self.meaning.shape[0]:
            out += float(vector @ self.meaning)
        return out


def train(
    rows: Sequence[Mapping[str, float]], vectors: Floats, sides: Sequence[bool], weigh: Sequence[float]
) -> Leaning:
    """`weigh` says what each example counts. Features that only one example has are left out: they would learn it by heart."""
    import numpy as np

    seen: dict[str, int] = {}
    for row in rows:
        for name in row:
            seen[name] = seen.get(name, 0) + 1
    places = {name: at for at, name in enumerate(name for name, count in seen.items() if count > 1)}
    at_row, at_place, value = [], [], []
    for number, row in enumerate(rows):
        for name, share in row.items():
            if name in places:
                at_row.append(number)
                at_place.append(places[name])
                value.append(share)
    sparse = (np.array(at_row), np.array(at_place), np.array(value, np.float64))
    weights, meaning, bias = _solve(
        sparse,
        vectors.astype(np.float64),
        np.array(sides, np.float64),
        np.array(weigh, np.float64),
        len(places),
    )
    return Leaning(places, weights.astype(np.float32), meaning.astype(np.float32), float(bias))


def keep(made: Leaning, file: Path) -> None:
    """Whole or not at all: another process may be reading."""
    import secrets

    import numpy as np

    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = file.with_name(f"{file.stem}.{secrets.token_hex(4)}.part.npz")
    names = np.frombuffer("\n".join(made.places).encode(), np.uint8)
    np.savez(unfinished, names=names, weights=made.weights, meaning=made.meaning, bias=np.float64(made.bias))
    unfinished.replace(file)


def read(file: Path) -> Leaning | None:
    """None where the file is torn or foreign: then it is made again."""
    import zipfile

    import numpy as np

    try:
        with file.open("rb") as raw, np.load(raw, allow_pickle=False) as held:
            names = bytes(held["names"]).decode().split("\n")
            places = {name: at for at, name in enumerate(names)}
            return Leaning(places, held["weights"], held["meaning"], float(held["bias"]))
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return None


def _solve(
    sparse: tuple[Any, Any, Any], vectors: Any, goal: Any, weigh: Any, width: int
) -> tuple[Any, Any, Any]:
    """Accelerated descent; the step is the inverse of the steepest the slope can change."""
    import numpy as np

    rows, places, values = sparse
    many, deep = vectors.shape
    share = weigh / weigh.sum()
    norms = np.bincount(rows, values * values, many) + (vectors * vectors).sum(axis=1) + 1.0
    step = 1.0 / (0.25 * float((share * norms).sum()) + PULL)
    now = np.zeros(width + deep + 1)
    ahead, momentum = now.copy(), 1.0
    for _ in range(STEPS):
        scores = np.bincount(rows, values * ahead[places], many) + vectors @ ahead[width:-1] + ahead[-1]
        error = share * (1.0 / (1.0 + np.exp(-scores)) - goal)
        slope = np.concatenate(
            (np.bincount(places, values * error[rows], width), error @ vectors, [error.sum()])
        )
        slope[:-1] += PULL * ahead[:-1]
        after = ahead - step * slope
        grown = (1 + (1 + 4 * momentum**2) ** 0.5) / 2
        ahead = after + (momentum - 1) / grown * (after - now)
        now, momentum = after, grown
    return now[:width], now[width:-1], now[-1]
