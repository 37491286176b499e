from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny random model with the 0.5B's layout; modules whose bounds need a louder or a calmer one have their own."""
    import tiny_model

    return tiny_model.write(tmp_path_factory.mktemp("base") / "tiny.gguf")
