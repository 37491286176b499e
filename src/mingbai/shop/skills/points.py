"""Of the shop's pages on a matter, the points that answer a message: 再申请一次行吗, 涨价了要补吗.

Said beside what the rows give, so a point must plainly speak of the question: by its words, or nearly by its meaning. The
words of the page's own title are no part of the question. A point is as near as the nearest of its parts, in whichever of
its languages that stands, so that the same question finds it in both.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from mingbai.shop.skills import fitting, pages
from mingbai.shop.skills.scene import Scene
from mingbai.values.turn import Fact

_OWN, _WITH = 0.3, 0.3  # of the question, with so much likeness
_ALIKE, _NEARLY = 0.45, 0.12  # in meaning, with a little of the question
_PARTS = re.compile(r"[；;]\s*")
_BESIDE = 0.15  # of the best one's worth, by which a second one is still told


def _points(scene: Scene, page: pages.Page) -> list[pages.Point]:
    """In the asker's language where the two languages of a page do not pair."""
    both = pages.points(page)
    if scene.says_zh or page.en is None or any(p.zh != p.en for p in both):
        return both
    return pages.points(replace(page, zh=None))


def _nearest(
    scene: Scene, points: Sequence[pages.Point], about: str
) -> Iterator[tuple[float, float, float, int]]:
    """Of each point its worth, how much of the question it has and how alike it is, with its place."""
    parts = [(n, text) for n, point in enumerate(points) for text in _texts(point)]
    fits = fitting.of_texts(scene, scene.text, [text for _, text in parts], about)
    best: dict[int, tuple[float, float, float, int]] = {}
    for (n, _), (own, alike) in zip(parts, fits, strict=True):
        if n not in best or own + alike > best[n][0]:
            best[n] = (own + alike, own, alike, n)
    yield from best.values()


def _texts(point: pages.Point) -> list[str]:
    whole = dict.fromkeys((point.zh, point.en))
    return list(
        dict.fromkeys([*whole, *(part for text in whole for part in _PARTS.split(text) if len(part) > 5)])
    )


def answering(
    scene: Scene, topics: Sequence[str], name: str, *, but: Collection[str] = (), most: int = 1
) -> Iterator[Fact]:
    """The points that answer best; `but` is what is told already."""
    found = [page for topic in topics for page in pages.pages(scene, topic)]
    points = [point for page in found for point in _points(scene, page)]
    if not points:
        return
    about = " ".join(row.record.title for page in found for row in page.rows)
    scored = sorted(_nearest(scene, points, about), key=lambda each: -each[0])
    best = scored[0][0]
    for worth, own, alike, place in scored[:most]:
        fits = (own >= _OWN and alike >= _WITH) or (alike >= _ALIKE and own >= _NEARLY)
        if not fits or worth < best - _BESIDE:
            return
        point = points[place]
        if not any(point.zh in told or told in point.zh for told in but):
            yield scene.fact(name, None, point.zh, point.en, *(point.page.rows if point.page else ()))
