"""llama.cpp's own server, built for this processor (`make native`).

The sources are those of the xllamacpp version that is installed, from the package index, so wheel and native build
are the same llama.cpp; only the instructions differ (the wheel stops at AVX2). cmake and ninja come from the index,
too. The build is kept with the flags of the processor it was made for, and not used on another.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

from mingbai.values.errors import EngineUnavailable, Text

OPTIONS = [
    "-DCMAKE_BUILD_TYPE=Release",
    "-DBUILD_SHARED_LIBS=OFF",
    "-DGGML_NATIVE=ON",
    "-DGGML_CCACHE=OFF",
    "-DLLAMA_BUILD_UI=OFF",
    "-DLLAMA_USE_PREBUILT_UI=OFF",
    "-DLLAMA_OPENSSL=OFF",
    "-DLLAMA_BUILD_TESTS=OFF",
    "-DLLAMA_BUILD_EXAMPLES=OFF",
    "-DLLAMA_BUILD_APP=OFF",
    "-DLLAMA_BUILD_TOOLS=ON",
]
BUILD_NEEDS = ("cmake>=3.28,<5", "ninja>=1.11,<2", "setuptools>=75", "wheel", "Cython>=3.1,<4")


def version() -> str:
    return importlib.metadata.version("xllamacpp")


def processor() -> str:
    """A digest of what this processor can do: instruction flags where the system tells them."""
    text = platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        flags = (line for line in info.read_text().splitlines() if line.startswith(("flags", "Features")))
        text += " ".join(sorted(next(flags, "").split()))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def place(home: Path) -> Path:
    return home / "native" / f"llama.cpp-{version()}-{processor()}" / "llama-server"


def find(home: Path) -> str:
    """The native server for this version and processor, or an empty string."""
    path = place(home)
    return str(path) if path.exists() else ""


def build(home: Path, say: Callable[[str], None]) -> Path:
    """Fetch, compile (five minutes on two cores), keep. Raises `EngineUnavailable` naming the step that failed."""
    target = place(home)
    with tempfile.TemporaryDirectory(prefix="mingbai-native-") as tmp:
        work = Path(tmp)
        say("1/4 编译工具 / build tools")
        _run([sys.executable, "-m", "venv", str(work / "venv")])
        python = str(work / "venv" / "bin" / "python")
        _run([python, "-m", "pip", "install", "-q", *BUILD_NEEDS])
        say("2/4 源码 / sources")
        _run(
            [python, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:", "--no-build-isolation",
             "-d", str(work), f"xllamacpp=={version()}"]
        )  # fmt: skip
        with tarfile.open(next(work.glob("xllamacpp-*.tar.gz"))) as archive:
            archive.extractall(work, filter="data")
        source = next(work.glob("xllamacpp-*/thirdparty/llama.cpp"))
        tools = work / "venv" / "bin"
        say("3/4 配置 / configure")
        made = work / "build"
        _run(
            [str(tools / "cmake"), "-S", str(source), "-B", str(made), "-G", "Ninja",
             f"-DCMAKE_MAKE_PROGRAM={tools / 'ninja'}", *OPTIONS]
        )  # fmt: skip
        say("4/4 编译（两核约五分钟） / compile (about five minutes on two cores)")
        _run([str(tools / "cmake"), "--build", str(made), "--target", "llama-server"])
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_suffix(".new")
        shutil.copy2(made / "bin" / "llama-server", fresh)
        fresh.replace(target)
    return target


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        tail = "\n".join((done.stdout + done.stderr).splitlines()[-15:])
        raise EngineUnavailable(
            Text(f"这一步失败了：{Path(command[0]).name}。", f"This step failed: {Path(command[0]).name}."),
            Text(
                f"需要 gcc、g++ 和包索引；不编译也能用预编译的引擎。\n{tail}",
                f"It needs gcc, g++ and the package index; without it the prebuilt engine is used.\n{tail}",
            ),
        )
