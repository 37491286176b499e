"""What the commands on persons' rights share: the home's `Rights`, opened and closed, and who asks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mingbai.permit.rights import Rights

BY = "owner"  # who runs a command on this machine


@contextmanager
def opened() -> Iterator[Rights]:
    from mingbai.cli import assemble, ledger
    from mingbai.cli.settings import load

    settings = load()
    with assemble.records(settings) as records, ledger.opened(settings) as receipts:
        yield assemble.rights(settings, records, receipts)
