"""A multinomial logistic regression over the examples, in numpy: trained in about five seconds, the same every time.

It is solved over the examples' likeness to each other (a kernel), which is small, and then turned into one weight a
feature. A sentence encoder, where there is one, adds the likeness of meaning. Probabilities are made honest by one
temperature, found on folds that were held out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from mingbai.turn.understand import features, form
from mingbai.turn.understand.table import sections
from mingbai.values.turn import Intent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Vectors = NDArray[np.float32]

VERSION = 2  # of features and training: an older file is made again
INTENTS = tuple(Intent)
MEANING = 1.0  # what likeness of meaning weighs beside likeness of words: chosen on held-out folds, flat from 0.6 to 1.1
SPREAD = 12.0
HOLD = 0.35  # pull of the weights to nothing
STEPS = 80
FOLDS = 4


class Encoder(Protocol):
    """`dims` 0: there is none, words alone decide."""

    name: str
    dims: int

    def encode(self, texts: Sequence[str]) -> Vectors: ...


class NoEncoder:
    name = "none"
    dims = 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        import numpy as np

        return np.zeros((len(texts), 0), np.float32)


@dataclass(frozen=True, slots=True)
class Examples:
    texts: tuple[str, ...]
    labels: tuple[int, ...]

    def digest(self, encoder: str) -> str:
        ideas = sections("rules", "concepts.txt")
        said = json.dumps(
            [VERSION, encoder, self.texts, self.labels, MEANING, SPREAD, HOLD, STEPS, features.IDEAS, ideas],
            ensure_ascii=False,
        )
        return hashlib.sha256(said.encode()).hexdigest()[:24]


def examples() -> Examples:
    texts: list[str] = []
    labels: list[int] = []
    for lang in ("zh", "en"):
        for name, lines in sections("examples", f"{lang}.txt").items():
            for line in lines:
                texts.append(form.plain(line).text)
                labels.append(INTENTS.index(Intent(name)))
    return Examples(tuple(texts), tuple(labels))


@dataclass(frozen=True)
class Classifier:
    """`places` gives each feature its row of `weights`; the last rows are the encoder's."""

    places: dict[str, int]
    weights: Floats
    meaning: Floats
    bias: Floats
    temperature: float

    def logits(self, texts: Sequence[str], vectors: Vectors) -> Floats:
        """One row a text, over `INTENTS`, already divided by the temperature."""
        import numpy as np

        out = np.tile(self.bias, (len(texts), 1)).astype(np.float32)
        for row, text in enumerate(texts):
            known = [
                (self.places[name], value)
                for name, value in features.with_ideas(text).items()
                if name in self.places
            ]
            if known:
                at, values = zip(*known, strict=True)
                out[row] += np.array(values, np.float32) @ self.weights[list(at)]
        if self.meaning.shape[0]:
            out += vectors @ self.meaning
        return out / np.float32(self.temperature)


def train(given: Examples, encoder: Encoder) -> Classifier:
    import numpy as np
    from threadpoolctl import threadpool_limits

    rows = [features.with_ideas(text) for text in given.texts]
    vectors = encoder.encode(given.texts)
    labels = np.array(given.labels)
    with threadpool_limits(
        limits=1
    ):  # waiting threads spin: on shared cores it would take three times as long
        kernel = _kernel(rows, vectors)
        temperature = _temperature(kernel, labels)
        alpha = _solve(kernel, labels)
    places: dict[str, int] = {}
    for row in rows:
        for name in row:
            places.setdefault(name, len(places))
    weights = np.zeros((len(places), len(INTENTS)), np.float32)
    for row, share in zip(rows, alpha, strict=True):
        at = [places[name] for name in row]
        weights[at] += np.outer(np.array(list(row.values()), np.float32), share)
    meaning = MEANING * (vectors.T @ alpha) if vectors.shape[1] else np.zeros((0, len(INTENTS)), np.float32)
    return Classifier(
        places,
        SPREAD * weights,
        SPREAD * meaning.astype(np.float32),
        SPREAD * BIAS * alpha.sum(axis=0),
        temperature,
    )


BIAS = 0.05


def _kernel(rows: Sequence[dict[str, float]], vectors: Vectors) -> Floats:
    import numpy as np

    holders: dict[str, list[tuple[int, float]]] = {}
    for row, found in enumerate(rows):
        for name, value in found.items():
            holders.setdefault(name, []).append((row, value))
    kernel = np.zeros((len(rows), len(rows)), np.float32)
    for held in holders.values():
        if len(held) > 1:
            at = np.array([row for row, _ in held])
            values = np.array([value for _, value in held], np.float32)
            kernel[np.ix_(at, at)] += np.outer(values, values)
    np.fill_diagonal(kernel, [sum(value * value for value in found.values()) for found in rows])
    if vectors.shape[1]:
        kernel += np.float32(MEANING) * (vectors @ vectors.T)
    scaled: Floats = np.float32(SPREAD) * (kernel + np.float32(BIAS))
    return scaled


def _solve(kernel: Floats, labels: Any) -> Floats:
    """Accelerated descent in the kernel's own metric: the step is the error itself, not the kernel times it."""
    import numpy as np

    goal = np.eye(len(INTENTS), dtype=np.float32)[labels]
    probe = np.ones(len(kernel), np.float32)
    for _ in range(12):
        probe = kernel @ probe
        widest = float(np.linalg.norm(probe))
        probe /= np.float32(widest)
    step = np.float32(1.0 / (0.5 * widest + HOLD))
    alpha: Floats = np.zeros_like(goal)
    ahead = alpha
    momentum = 1.0
    for _ in range(STEPS):
        slope = _shares(kernel @ ahead) - goal + np.float32(HOLD) * ahead
        after = ahead - step * slope
        grown = (1 + (1 + 4 * momentum**2) ** 0.5) / 2
        ahead = after + np.float32((momentum - 1) / grown) * (after - alpha)
        alpha, momentum = after, grown
    return alpha


def _shares(logits: Floats) -> Floats:
    import numpy as np

    raised: Floats = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: Floats = raised / raised.sum(axis=1, keepdims=True)
    return shares


def held_out(kernel: Floats, labels: Any) -> Floats:
    """Each example's logits by a classifier that has not seen it."""
    import numpy as np

    out = np.zeros((len(labels), len(INTENTS)), np.float32)
    for fold in range(FOLDS):
        kept = np.arange(len(labels)) % FOLDS != fold
        alpha = _solve(np.ascontiguousarray(kernel[np.ix_(kept, kept)]), labels[kept])
        out[~kept] = kernel[np.ix_(~kept, kept)] @ alpha
    return out


def _temperature(kernel: Floats, labels: Any) -> float:
    """What the held-out logits must be divided by for their probabilities to be true: least log loss on a grid."""
    import numpy as np

    logits = held_out(kernel, labels)
    rows = np.arange(len(labels))

    def loss(temperature: float) -> float:
        return float(
            -np.log(np.maximum(_shares(logits / np.float32(temperature))[rows, labels], 1e-9)).mean()
        )

    return min((round(0.3 + 0.05 * at, 2) for at in range(55)), key=loss)


def load_or_train(given: Examples, encoder: Encoder, cache: Path | None) -> Classifier:
    """The trained classifier, from `cache` where a file of these very examples is there, else trained and kept there."""
    file = cache / f"understand-{given.digest(encoder.name)}.npz" if cache else None
    if file and file.exists() and (known := _read(file)):
        return known
    made = train(given, encoder)
    if file:
        _keep(made, file)
    return made


def _read(file: Path) -> Classifier | None:
    import zipfile

    import numpy as np

    try:
        with file.open("rb") as raw, np.load(raw, allow_pickle=False) as held:
            names = bytes(held["names"]).decode().split("\n")
            return Classifier(
                {name: at for at, name in enumerate(names)},
                held["weights"].astype(np.float32),
                held["meaning"],
                held["bias"],
                float(held["temperature"]),
            )
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return None  # torn or foreign: it is made again


def _keep(made: Classifier, file: Path) -> None:
    import secrets

    import numpy as np

    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = file.with_name(f"{file.stem}.{secrets.token_hex(4)}.part.npz")
    names = np.frombuffer("\n".join(made.places).encode(), np.uint8)
    np.savez(
        unfinished,
        names=names,
        weights=made.weights.astype(np.float16),
        meaning=made.meaning,
        bias=made.bias,
        temperature=np.float32(made.temperature),
    )
    unfinished.replace(file)
