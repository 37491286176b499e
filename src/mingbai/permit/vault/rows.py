"""The vault as the shop's rows see it: see `shop/records/sealing.py`, which asks for no more."""

from __future__ import annotations

from collections.abc import Sequence

from mingbai.permit.vault.vault import Vault


class RowSealer:
    """Owns its vault: `close` closes it."""

    seals = True

    def __init__(self, vault: Vault) -> None:
        self.vault = vault
        self.pages = vault.pages
        self.seal = vault.seal_many
        self.look_up = vault.look_up
        self.erased = vault.erased

    def open(self, many: Sequence[tuple[bytes, bytes]]) -> list[bytes | None]:
        return self.vault.open_many(many)

    def close(self) -> None:
        self.vault.close()
