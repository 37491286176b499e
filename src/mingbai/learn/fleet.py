"""Several shops' trainings over the machines of a Ray cluster, one worker each (extra `ray`).

A worker gets token numbers and a recipe into memory and gives an adapter back; homes, keys, consents, gate and signature stay
where the command runs. It keeps nothing to go on from, and its folder goes with it (`away`). Not covered: a cluster that others use,
too, and what Ray's object store writes to disk. Whoever may run code on a cluster may read what its workers hold.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mingbai.learn import away
from mingbai.learn.examples import Example, Progress, Recipe, Trained
from mingbai.learn.lessons import Lesson, lessons
from mingbai.learn.team import ALONE, Device
from mingbai.models.store import digest
from mingbai.values.errors import EngineError, MingbaiError, NotBuilt, Text, WrongDigest

LOOK_SECONDS = 0.5
LEAVE_SECONDS = 20.0  # for a worker to end by itself: some steps' time


def needed() -> None:
    """Raises `NotBuilt` where Ray is not installed."""
    if importlib.util.find_spec("ray") is None:
        raise NotBuilt(
            Text("没有安装 Ray。", "Ray is not installed."),
            Text("pip install 'mingbai[learn,ray]'。", "Run pip install 'mingbai[learn,ray]'."),
        )


@contextmanager
def cluster(address: str = "") -> Iterator[None]:
    """Joined, or without an address started here for as long as it is open. Ray reports its use to nobody."""
    import ray

    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    here: dict[str, Any] = {} if address else {"include_dashboard": False, "_node_ip_address": "127.0.0.1"}
    ray.init(address=address or None, log_to_driver=False, configure_logging=False, **here)
    try:
        yield
    finally:
        ray.shutdown()


@dataclass(frozen=True, slots=True)
class Fleet:
    """`train` is an `examples.Train` that waits for a free worker; several threads may call it at once."""

    cpus: int = 1
    gpus: float = 0.0

    def train(
        self,
        base: Path,
        examples: Sequence[Example],
        recipe: Recipe,
        out: Path,
        told: Callable[[Progress], None],
    ) -> Trained:
        """The weights lie under the same path on every machine. Raises as `train.train` does, `WrongDigest`, and `EngineError` where
        the cluster failed."""
        from ray.exceptions import RayError

        try:
            return self._train(base, examples, recipe, out, told)
        except RayError as e:
            raise _failed(e) from e

    def _train(
        self,
        base: Path,
        examples: Sequence[Example],
        recipe: Recipe,
        out: Path,
        told: Callable[[Progress], None],
    ) -> Trained:
        import ray
        from ray.exceptions import RayTaskError
        from ray.util.queue import Queue

        taught = lessons(base, examples)
        recipe = replace(recipe, threads=recipe.threads or self.cpus)
        heard = Queue(actor_options={"num_cpus": 0})
        task = ray.remote(_learned).options(num_cpus=self.cpus, num_gpus=self.gpus, max_retries=1)
        device: Device = "cuda" if self.gpus else "cpu"
        at_work = task.remote(str(base), digest(base), taught, recipe, device, heard)
        try:
            while not ray.wait([at_work], timeout=LOOK_SECONDS)[0]:
                out.parent.stat()  # gone with a consent of these rows: then nobody goes on learning them
                _pass_on(heard, told)
            _pass_on(heard, told)
        except BaseException:
            _end(at_work)
            raise
        finally:
            heard.shutdown()
        try:
            found: tuple[Trained, bytes] = ray.get(at_work)
        except RayTaskError as e:
            raise (e.cause if isinstance(e.cause, MingbaiError) else _failed(e.cause)) from e
        out.write_bytes(found[1])
        return replace(found[0], path=out)


def _end(at_work: Any) -> None:
    """The worker is interrupted, so that it removes what it has written; killed only if it does not heed that."""
    import ray

    ray.cancel(at_work)
    if not ray.wait([at_work], timeout=LEAVE_SECONDS)[0]:
        ray.cancel(at_work, force=True)  # under way: Ray itself falls over one that has ended


def _failed(e: BaseException) -> EngineError:
    kind = type(e).__name__
    return EngineError(
        Text(f"在 Ray 集群上训练失败（{kind}）。", f"Training on the Ray cluster failed ({kind})."),
        Text(
            "看 Ray 的日志和各机器的内存，再运行一次；别家店不受影响。",
            "Look at Ray's logs and the machines' memory, and run it again; other shops are not affected.",
        ),
    )


def _pass_on(heard: Any, told: Callable[[Progress], None]) -> None:
    for step in heard.get_nowait_batch(heard.qsize()):
        told(step)


def _learned(
    base: str, sha256: str, taught: Sequence[Lesson], recipe: Recipe, device: Device, heard: Any
) -> tuple[Trained, bytes]:
    """In the worker."""
    from mingbai.learn import loop, together

    if digest(Path(base)) != sha256:
        raise WrongDigest(
            Text(f"这台机器上的 {base} 是另一个文件。", f"{base} is another file on this machine."),
            Text("先在每台机器上 mingbai models pull。", "Run mingbai models pull on every machine first."),
        )
    with away.folder() as folder:
        out = folder / "adapter.gguf"
        team = together.on_device(ALONE, device)
        made = loop.run(Path(base), sha256, taught, recipe, out, heard.put_nowait, team, keeps=False)
        return made, out.read_bytes()
