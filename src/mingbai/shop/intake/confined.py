"""Parsers that others wrote for formats that attackers like (PDF, .xls, HTML) run in a child with little time and memory.

The child gets the bytes on its input and prints JSON; when it hangs, swells or dies, that is one error about one file.
Not covered: it is not cut off from the disk or the network; none of these parsers opens either.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import TypeAlias

from mingbai.shop.intake.rows import refused
from mingbai.values.errors import BadInput

SECONDS = 30
MEMORY_BYTES = 2 * 1024**3
_ANSWER_LIMIT_BYTES = 256 * 1024 * 1024
Answer: TypeAlias = "str | list[Answer] | dict[str, Answer] | int | None"


def ask(module: str, data: bytes, *, seconds: float = SECONDS) -> Answer:
    """What `module`, run as a program, prints for these bytes. Raises `BadInput`."""
    # -P: a file of the merchant's folder is not to be imported in the place of ours.
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", module],
            input=data,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _unreadable("it took too long") from None
    if done.returncode != 0 or len(done.stdout) > _ANSWER_LIMIT_BYTES:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()
        # The kind of error only: its words may quote the file.
        raise _unreadable(last[-1].partition(":")[0][:80] if last else f"exit {done.returncode}")
    answer: Answer = json.loads(done.stdout)
    return answer


def answer(read: Callable[[bytes], Answer]) -> None:
    """The child's whole program."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.write(json.dumps(read(sys.stdin.buffer.read())))


def _unreadable(why: str) -> BadInput:
    return refused(
        f"文件读不了（{why}）：它坏了、加密了，或者过于复杂。",
        f"The file cannot be read ({why}): it is broken, encrypted or too complex.",
        "请在原来的软件中打开，另存为 .xlsx、CSV、DOCX 或 Markdown 再导入。",
        "Open it in the program that made it and save it as .xlsx, CSV, DOCX or Markdown.",
    )
