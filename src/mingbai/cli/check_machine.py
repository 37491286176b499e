"""What `mingbai doctor` looks at on the machine: Python, packages, llama.cpp, memory, disk, and whether the engine starts.

Packages are imported in a child: one that is broken, or made for another processor, ends the child and not the doctor.
"""

from __future__ import annotations

import importlib.metadata
import json
import platform
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from mingbai.cli.check import Check, failed
from mingbai.engine import native
from mingbai.models import machine, store
from mingbai.models.entry import Entry, sized
from mingbai.models.fit import fit
from mingbai.values.errors import MingbaiError, Text
from mingbai.values.settings import Settings

if TYPE_CHECKING:
    from mingbai.engine.local import LocalEngine

PYTHON = (3, 11)
IMPORT_SECONDS = 60
# The last line on stdout names the package that was under way.
IMPORT = "import importlib, sys\nfor n in sys.argv[1:]: print(n, flush=True); importlib.import_module(n)"
DESCRIBE = "import json, xllamacpp as x; print(json.dumps([x.__version__, x.get_system_info()]))"
NOT_INSTRUCTIONS = {"LLAMAFILE", "OPENMP", "REPACK"}
LAST_LINES = 8
REINSTALL = Text(
    "重新安装依赖：在源码目录里删掉 .venv 再运行 make run",
    "install the packages again: in the source tree, remove .venv and run make run",
)


def python() -> Check:
    version, where = platform.python_version(), f"{platform.system()} {platform.machine()}"
    if sys.version_info >= PYTHON:
        return Check("python", "ok", f"Python {version}", where)
    needed = ".".join(map(str, PYTHON))
    mend = Text(f"请安装 Python {needed} 或更新的版本。", f"Install Python {needed} or newer.")
    return Check("python", "bad", f"Python {version} 太旧", f"Python {version} is too old", mend)


def packages() -> Check:
    """Whether all that Mingbai depends on can be imported, but llama.cpp, which has a check of its own."""
    names = [name for name in dependencies() if name != "xllamacpp"]
    child = _child(IMPORT, *names)
    if child.returncode == 0:
        return Check("packages", "ok", f"依赖包：{len(names)} 个都能用", f"packages: all {len(names)} import")
    name = (child.stdout.split() or ["?"])[-1]
    why = _why(child)
    return Check(
        "packages", "bad", f"依赖包 {name} 不能用（{why}）", f"package {name} fails ({why})", REINSTALL
    )


def dependencies() -> list[str]:
    """Names to import, from what the installed distribution says it needs: a package may import under another name.

    One with a marker (`; platform_machine == 'x86_64'`) that is not installed is not meant for this machine.
    """
    imports: dict[str, str] = {}
    for module, distributions in importlib.metadata.packages_distributions().items():
        for distribution in distributions:
            imports.setdefault(_normal(distribution), module)
    names = []
    for line in importlib.metadata.requires("mingbai") or ():
        if "extra ==" in line:
            continue
        needed = _normal(re.split(r"[^A-Za-z0-9._-]", line)[0])
        if needed in imports or ";" not in line:
            names.append(imports.get(needed, needed))
    return names


def _normal(distribution: str) -> str:
    return re.sub(r"[-_.]+", "_", distribution).lower()


def llama(settings: Settings) -> Check:
    """Which llama.cpp would run, and whether this processor could do more than it was built for."""
    built = native.find(settings.home)
    build = settings.engine.build
    if build == "native" and not built:
        mend = Text(
            "运行 make native，或把 engine.build 改为 auto。", "Run make native, or set engine.build to auto."
        )
        return Check(
            "llama.cpp", "bad", "llama.cpp：engine.build 要求 native，但还没有编译",
            "llama.cpp: engine.build says native, but none is built", mend,
        )  # fmt: skip
    if build != "wheel" and built:
        return Check("llama.cpp", "ok", f"llama.cpp：为本机编译的 {built}", f"built here: {built}")
    child = _child(DESCRIBE)
    if child.returncode:
        why = _why(child)
        return Check(
            "llama.cpp", "bad", f"llama.cpp：xllamacpp 不能用（{why}）", f"llama.cpp: xllamacpp fails ({why})",
            Text(f"运行 make native 为本机编译；或者{REINSTALL.zh}", f"Run make native to build it here; or {REINSTALL.en}"),
        )  # fmt: skip
    version, system = json.loads(child.stdout.splitlines()[-1])
    uses = " ".join(instructions(system))
    zh, en = f"llama.cpp：xllamacpp {version}，用到 {uses}", f"llama.cpp: xllamacpp {version}, uses {uses}"
    if build == "auto" and "avx512f" in processor_flags() and "AVX512" not in uses:
        mend = Text(
            "运行 make native 为本机编译（约五分钟），读提示快 1.3–1.4 倍。",
            "Run make native (about five minutes): prompts are read 1.3 to 1.4 times as fast.",
        )
        return Check("llama.cpp", "warn", f"{zh}；处理器还有 AVX-512", f"{en}; there is AVX-512, too", mend)
    return Check("llama.cpp", "ok", zh, en)


def instructions(system_info: str) -> list[str]:
    """`CPU : AVX2 = 1 | FMA = 1 | OPENMP = 1 |` → the processor's instructions among them."""
    named = re.findall(r"(\w+) = 1", system_info)
    return [name for name in named if name not in NOT_INSTRUCTIONS]


def processor_flags(info: Path = Path("/proc/cpuinfo")) -> set[str]:
    """What the system says of the processor; nothing where it does not."""
    try:
        lines = info.read_text(encoding="utf-8").splitlines()
    except OSError:
        return set()
    return set(next((line for line in lines if line.startswith("flags")), "").split())


def memory(settings: Settings, entry: Entry) -> Check:
    """Takes 0.3 s, and is only meant for a machine on which our engine is not running already."""
    found = fit(
        entry, machine.measure(), context_tokens=settings.engine.slots * settings.engine.context_per_slot
    )
    zh, en = f"内存：{found.reason.zh.rstrip('。')}", f"memory: {found.reason.en.rstrip('.')}"
    if found.fits:
        return Check("memory", "ok", zh, en)
    mend = Text(
        "关掉别的程序，或用 mingbai models fit 找能运行的模型。",
        "Close other programs, or find a model that fits with mingbai models fit.",
    )
    return Check("memory", "bad", zh, en, mend)


def disk(settings: Settings, entry: Entry) -> Check:
    """Room for weights that are not here yet, and for the states that the engine saves while it runs."""
    folder = nearest(settings.models.cache_dir)
    free_bytes = shutil.disk_usage(folder).free
    needed_bytes = entry.size_bytes if store.state(entry, settings.models.cache_dir) == "absent" else 0
    if free_bytes < needed_bytes:
        return Check(
            "disk", "bad",
            f"磁盘：权重要 {sized(needed_bytes)}，{folder} 只剩 {sized(free_bytes)}",
            f"disk: the weights need {sized(needed_bytes)}, {folder} has {sized(free_bytes)}",
            Text("清理磁盘，或把 models.cache_dir 设到别处。", "Make room, or set models.cache_dir elsewhere."),
        )  # fmt: skip
    saved_bytes = settings.engine.prefix_cache_mib * 1024 * 1024
    home = nearest(settings.home)
    free_bytes = shutil.disk_usage(home).free
    if free_bytes - needed_bytes < saved_bytes:
        return Check(
            "disk", "warn",
            f"磁盘：{home} 只剩 {sized(free_bytes)}，引擎保存的状态可到 {sized(saved_bytes)}",
            f"disk: {home} has {sized(free_bytes)}, states that the engine saves may take {sized(saved_bytes)}",
            Text("清理磁盘，或减小 engine.prefix_cache_mib。", "Make room, or lower engine.prefix_cache_mib."),
        )  # fmt: skip
    return Check("disk", "ok", f"磁盘：{home} 还有 {sized(free_bytes)}", f"disk: {sized(free_bytes)} free")


def nearest(path: Path) -> Path:
    """The path, or what is there of it."""
    return next(folder for folder in (path, *path.parents) if folder.exists())


def engine(settings: Settings, entry: Entry) -> Check:
    """Start the engine as `mingbai run` would, ask it one thing, stop it. Leaves nothing behind but the weights' seal."""
    import asyncio

    from mingbai.cli import assemble
    from mingbai.engine.local import LocalEngine

    try:
        path = store.ensure_verified(entry, settings.models.cache_dir)
        trial = LocalEngine(path, settings.engine, native=assemble.native_server(settings))
    except MingbaiError as error:
        return failed("engine", error)
    try:
        seconds, per_second = asyncio.run(_answered(trial, settings.engine.start_timeout_seconds))
    except MingbaiError as error:
        tail = "".join(f"\n    {line}" for line in trial.shared.supervisor.last_lines[-LAST_LINES:])
        said = f" 它最后说 / Its last lines:{tail}" if tail else ""
        return Check(
            "engine", "bad", f"引擎：{error.what.zh}", f"engine: {error.what.en}{said}", _retry(settings)
        )
    return Check(
        "engine", "ok", f"引擎：{seconds:.1f} 秒启动，每秒 {per_second:.0f} 个词元",
        f"engine: started in {seconds:.1f} s, {per_second:.0f} tokens/s",
    )  # fmt: skip


async def _answered(trial: LocalEngine, start_timeout_seconds: float) -> tuple[float, float]:
    """Seconds until it was ready, and tokens a second of a short answer."""
    from mingbai.cli import assemble
    from mingbai.values.chat import Ask, Finished, Message, Sampling

    ask = Ask((Message("user", "请介绍一下你自己。"),), sampling=Sampling(temperature=0.0, max_tokens=48))
    begun = time.perf_counter()
    async with assemble.started(trial):
        await trial.ready(seconds=start_timeout_seconds)
        ready = time.perf_counter()
        first = tokens = 0.0
        async for event in trial.generate(ask):
            first = first or time.perf_counter()
            if isinstance(event, Finished):
                tokens = event.usage.completion_tokens
        return ready - begun, (tokens - 1) / (time.perf_counter() - first)


def _retry(settings: Settings) -> Text:
    if native.find(settings.home) and settings.engine.build != "wheel":
        return Text(
            "先把 engine.build 设为 wheel 再试：能启动就是本机编译的有问题，重新 make native。",
            "Set engine.build to wheel and try again; if that starts, the build is at fault: make native.",
        )
    return Text(
        "用 mingbai models verify 校验权重，用 mingbai models fit 看内存；还不行，请把上面几行告诉维护者。",
        "Check the weights with mingbai models verify, memory with mingbai models fit; else report these lines.",
    )


def _child(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`python -c`; one that takes too long counts as ended by SIGKILL, as it is."""
    command = [sys.executable, "-c", script, *arguments]
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=IMPORT_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, -signal.SIGKILL, "", "")


def _why(child: subprocess.CompletedProcess[str]) -> str:
    if child.returncode < 0:
        return signal.Signals(-child.returncode).name
    return (child.stderr.strip().splitlines() or [f"exit {child.returncode}"])[-1]
