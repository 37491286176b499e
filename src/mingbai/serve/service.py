"""What the routes need: engines, keys, limits, the page, and what of them is open now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field

from mingbai.engine.protocol import Engine
from mingbai.receipt.book import Receipts
from mingbai.serve import proofs
from mingbai.serve.embeddings import Embeddings
from mingbai.serve.keys import KeyStore
from mingbai.serve.metrics import Metrics
from mingbai.serve.page import Page
from mingbai.serve.rates import Rates
from mingbai.values.errors import ModelNotFound, Text
from mingbai.values.settings import ServeSettings

DESK = "mingbai"  # the model whose answers are grounded and checked; every other name is a model raw


@dataclass(slots=True)
class Service:
    """`engines` is by model name; `state` is the local engine's, for /readyz."""

    engines: Mapping[str, Engine]
    default_model: str
    keys: KeyStore
    settings: ServeSettings
    deadline_seconds: float
    metrics: Metrics
    state: Callable[[], str]
    started: int
    lifespan: Callable[[], AbstractAsyncContextManager[None]]
    draining: bool = False
    open: int = 0  # chats being answered or waiting
    embeddings: Embeddings | None = None
    receipts: Receipts | None = None
    witness: proofs.AddCheckpoint | None = None  # where this house signs for other logs
    rates: Rates = field(default_factory=Rates)
    page: Page | None = None

    def engine(self, model: str) -> Engine:
        """Raises `ModelNotFound`, which names those there are."""
        engine = self.engines.get(model)
        if engine is None:
            raise self.no_model()
        return engine

    def no_model(self) -> ModelNotFound:
        known = "、".join(self.engines)
        return ModelNotFound(
            Text("没有这个模型。", "There is no such model."),
            Text(f"可用的有：{known}。", f"Available: {known}."),
            param="model",
        )
