"""What this machine has: memory that can be used now, cores, and how fast memory is read. Measured, not looked up."""

from __future__ import annotations

import ctypes
import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

_MEASURE_SECONDS = 0.2
_BLOCK_BYTES = (
    64 * 1024 * 1024
)  # one a thread: over its share of the caches, so that memory itself is measured
_THREADS_LIMIT = 16  # they fill the channels of most machines, and hold 1 GB of blocks


@dataclass(frozen=True, slots=True)
class Machine:
    """`read_bytes_per_second` is of all threads together."""

    memory_available_bytes: int
    cores: int
    read_bytes_per_second: float


def measure() -> Machine:
    """Takes about 0.3 s and 64 MB a thread. On a busy machine the speed comes out lower, as answers would too."""
    cores = _cores()
    return Machine(memory_available_bytes(), cores, _read_speed(min(cores, _THREADS_LIMIT)))


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def memory_available_bytes(
    meminfo: Path = Path("/proc/meminfo"), cgroup: Path = Path("/sys/fs/cgroup")
) -> int:
    """What can be used without swapping, and not more than the container allows."""
    available = _meminfo_bytes(meminfo)
    if available is None:
        available = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit, used = _number(cgroup / "memory.max"), _number(cgroup / "memory.current")
    if limit is not None and used is not None:
        available = min(available, max(0, limit - used))
    return available


def _meminfo_bytes(meminfo: Path) -> int | None:
    try:
        lines = meminfo.read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    for line in lines:
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return None


def _number(path: Path) -> int | None:
    """A cgroup without a limit says "max"."""
    try:
        words = path.read_text(encoding="ascii").strip()
    except OSError:
        return None
    return int(words) if words.isdigit() else None


def _read_speed(threads: int) -> float:
    """memchr for a byte that is not there reads each byte once and writes none, as decoding does.

    ctypes lets go of the interpreter meanwhile, so threads read at the same time.
    """
    memchr = ctypes.CDLL(None).memchr
    memchr.argtypes, memchr.restype = [ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t], ctypes.c_void_p

    def read(_thread: int) -> float:
        block = ctypes.create_string_buffer(_BLOCK_BYTES)
        ctypes.memset(block, 1, _BLOCK_BYTES)  # untouched pages would all be one page of zeros
        count, start = 0, time.perf_counter()
        while (spent := time.perf_counter() - start) < _MEASURE_SECONDS:
            memchr(block, 2, _BLOCK_BYTES)
            count += _BLOCK_BYTES
        return count / spent

    with ThreadPoolExecutor(threads) as pool:
        return sum(pool.map(read, range(threads)))
