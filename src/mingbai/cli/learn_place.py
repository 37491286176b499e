"""`mingbai learn export`, `learn load`: our weights and adapters at a vLLM place of places.toml."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mingbai.models.adapters import Adapter
    from mingbai.values.places import Place
    from mingbai.values.settings import Settings

SECONDS = 120.0  # a place on processors alone needs some for the first adapter


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--model", default=None, help="哪个模型，默认 learn.base / which weights, by default learn.base"
)
@click.option(
    "--adapter", "name", default=None, help="只写这个适配器 / this adapter alone, SHOP/TASK as tea/intent"
)
def export(folder: Path, model: str | None, name: str | None) -> None:
    """写成 vLLM 读的文件夹：模型，或 peft 适配器。 / As a folder that vLLM loads: the weights, or an adapter (peft)."""
    from mingbai.cli import learning, settings
    from mingbai.learn import hugging

    learning.must_be_installed()
    here = settings.load()
    if name is None:
        base, _ = learning.base_of(here, model)
        hugging.model(base.file, folder)
    else:
        found, base_name = serving(here, name), model or here.learn.base
        _must_be_over(here, found, base_name)
        hugging.adapter(found.path, base_name, folder)
    click.echo(f"✓ {folder}  {sum(file.stat().st_size for file in folder.iterdir()) >> 20} MiB")
    if name is not None:
        click.echo(
            "  只有本用户能读。撤回同意到不了这里：mingbai learn adapters 显示它 tainted 或 retired 时，请自己删掉。\n"
            "  Readable to this user alone. No withdrawal reaches it: delete it when mingbai learn adapters shows it tainted or retired."
        )


@click.command("load")
@click.argument("place")
@click.argument("name", metavar="SHOP/TASK")
@click.argument("folder", type=click.Path(path_type=Path))
def load_there(place: str, name: str, folder: Path) -> None:
    """让 vLLM 不停机载入适配器；FOLDER 是它那边看到的路径。 / Have a vLLM place load it as it runs; FOLDER as it sees it."""
    import asyncio
    import time

    from mingbai.cli import settings
    from mingbai.values.places import adapter_there

    here = settings.load()
    adapter = serving(here, name)
    called = adapter_there(adapter.name, adapter.sha256)
    began = time.monotonic()
    asyncio.run(_load(placed(here, place), called, str(folder)))
    click.echo(f"✓ {place}  {called}  {time.monotonic() - began:.2f} s")


async def _load(place: Place, called: str, folder: str) -> None:
    """The route answers in words, not in JSON: what counts is its status."""
    import os

    from mingbai.engine.wire import Wire
    from mingbai.models.egress import Egress, Out, Way
    from mingbai.values.errors import BadInput, PlaceFailed, Text

    way = Way.to(place.url, inside=place.inside)
    wire = Wire(place.url, os.environ.get(place.key_env, ""), transport=Out(Egress((way,))))
    try:
        await wire.post("/load_lora_adapter", {"lora_name": called, "lora_path": folder}, seconds=SECONDS)
    except PlaceFailed as e:
        if e.status in (400, 404):
            raise BadInput(
                Text(
                    f"{place.name} 不载入 {called}（{e.status}）。",
                    f"{place.name} does not load {called} ({e.status}).",
                ),
                Text(
                    "400：已经载入，或它那边读不到这个文件夹；404：vLLM 要用 --enable-lora 和 VLLM_ALLOW_RUNTIME_LORA_UPDATING=True 启动。",
                    "400: it has it already, or cannot read that folder; 404: start vLLM with --enable-lora and "
                    "VLLM_ALLOW_RUNTIME_LORA_UPDATING=True.",
                ),
                param="folder",
            ) from e
        if e.status != 200:
            raise
    finally:
        await wire.close()


def _must_be_over(settings: Settings, adapter: Adapter, base: str) -> None:
    """Raises `BadInput` where the adapter was learned over other weights than those of that name, `NotFound` for no such name."""
    from mingbai.models import catalog
    from mingbai.values.errors import BadInput, Text

    known = catalog.load(settings.home)
    if catalog.find(known, base).sha256 == adapter.base_sha256:
        return
    right = next((it.id for it in known.values() if it.sha256 == adapter.base_sha256), "")
    raise BadInput(
        Text(f"{adapter.name} 不是在 {base} 上训练的。", f"{adapter.name} was not trained over {base}."),
        Text(
            f"用 --model {right}。" if right else "它的底模不在目录里：mingbai models list。",
            f"Use --model {right}." if right else "Its base is not in the catalogue: mingbai models list.",
        ),
        param="model",
    )


def serving(settings: Settings, name: str) -> Adapter:
    """Raises `NotFound`, and `BadInput` of one that serves with shards on top: alone it is not what the gate admitted."""
    from contextlib import closing

    from mingbai.cli import ledger, tuned
    from mingbai.models import adapters
    from mingbai.values.errors import BadInput, NotFound, Text

    with closing(ledger.vault(settings)) as keys:
        tuned.put_out(settings, keys)  # no service may be running that does
    found = adapters.serving(settings.home)
    if name not in found:
        raise NotFound(
            Text(f"没有在用的适配器 {name}。", f"No adapter serves as {name}."),
            Text("看 mingbai learn adapters。", "See: mingbai learn adapters"),
        )
    if any(it.over == found[name].sha256 for it in found.values()):
        raise BadInput(
            Text(
                f"{name} 和它的分片一起上线，不能单独拿出去。",
                f"{name} serves together with its shards and is not handed out without them.",
            ),
            Text(
                "另训一个不分片的：mingbai learn run。",
                "Train one that is not in shards: mingbai learn run.",
            ),
            param="name",
        )
    return found[name]


def placed(settings: Settings, name: str) -> Place:
    """The place of that name, if adapters may be asked there."""
    from mingbai.cli.settings import load_places
    from mingbai.values.errors import BadInput, Text

    for place in load_places(settings.home):
        if place.name == name and place.adapters_over:
            return place
    raise BadInput(
        Text(f"{name} 不是能用适配器的地方。", f"{name} is no place that takes adapters."),
        Text(
            '在 places.toml 里给它写 adapters_over = "模型编号"。',
            'Give it adapters_over = "id of its weights" in places.toml.',
        ),
        param="place",
    )
