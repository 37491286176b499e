"""What fits is said with the figures that decide it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mingbai.models import machine
from mingbai.models.fit import fit
from mingbai.models.machine import Machine


def test_memory_and_speed_decide(entry):
    model = replace(entry(), read_bytes_per_token=1_000_000_000, kv_bytes_per_token=28_672)
    roomy = fit(model, Machine(8_000_000_000, 2, 30e9), context_tokens=32_768)
    assert roomy.fits
    assert roomy.needed_bytes == 1_000_000_000 + 28_672 * 32_768 + 350_000_000
    assert roomy.tokens_per_second == pytest.approx(24.0)
    assert "能运行：需要 2.29 GB 内存" in roomy.reason.zh
    assert "2 cores, memory at 30 GB/s, about 24 tokens/s" in roomy.reason.en
    tight = fit(model, Machine(2_000_000_000, 2, 30e9), context_tokens=32_768)
    assert not tight.fits
    assert "内存不够：需要 2.29 GB" in tight.reason.zh
    assert "2.00 GB available" in tight.reason.en
    assert fit(model, Machine(2_000_000_000, 2, 30e9), context_tokens=8_192).fits


def test_a_container_may_allow_less_than_the_machine_has(tmp_path):
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemTotal:       24684084 kB\nMemFree: 1 kB\nMemAvailable:   4000000 kB\n")
    cgroup = tmp_path / "cgroup"
    assert machine.memory_available_bytes(meminfo, cgroup) == 4_096_000_000
    cgroup.mkdir()
    (cgroup / "memory.max").write_text("max\n")
    (cgroup / "memory.current").write_text("500000000\n")
    assert machine.memory_available_bytes(meminfo, cgroup) == 4_096_000_000
    (cgroup / "memory.max").write_text("2000000000\n")
    assert machine.memory_available_bytes(meminfo, cgroup) == 1_500_000_000
    assert machine.memory_available_bytes(tmp_path / "gone", cgroup) == 1_500_000_000


def test_this_machine_is_measured():
    here = machine.measure()
    assert here.cores >= 1
    assert here.memory_available_bytes > 100_000_000
    assert 1e8 < here.read_bytes_per_second < 1e13
