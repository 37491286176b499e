"""A place: a URL that can run a model, with an owner. Policy (part 4) speaks of places; engines do not care which it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Place:
    """Where words can come from, and whose law reaches it.

    `laws`: ids of the laws that can compel its operator to disclose, wherever the place stands, as the facts of the policy
    name them (US-CLOUD); where a company is from is said by these, not by `country`. `retention` is what the operator keeps, in its own
    words. Prices are in minor units (分, cents) per million tokens; 0 with an empty currency means no charge.
    `inside`: it stands inside the shop's own network, where nothing is reached that was not said to be there.
    `key_env` names the environment variable that holds the key; the key itself never stands in a file. `kind`: a
    provider's, or a cluster of the shop's own. `routes`: by which contract or decision personal data may go there. `adapters_over`: the id of the weights that its model is, where adapters over
    them are loaded there, each under `adapter_there`'s name (`mingbai learn export` makes what vLLM loads); empty: none is.
    """

    name: str
    url: str
    model: str
    operator: str
    country: str
    laws: tuple[str, ...]
    retention: str
    dialect: Literal["chat"] = "chat"
    price_in_minor_per_mtok: int = 0
    price_out_minor_per_mtok: int = 0
    currency: str = ""
    key_env: str = ""
    inside: bool = False
    enabled: bool = False
    kind: Literal["provider", "cluster"] = "provider"
    routes: tuple[str, ...] = ()  # cn-contract, cn-certification, cn-assessment, eu-adequacy, eu-scc-tia
    adapters_over: str = ""


def adapter_there(name: str, sha256: str) -> str:
    """An adapter's name at a place: another file has another name, so that none can answer in place of one that was withdrawn."""
    return f"{name}@{sha256[:16]}"
