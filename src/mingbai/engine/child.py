"""What runs in the engine's child process: `python -m mingbai.engine.child`, its plan as one JSON line on stdin.

It binds its life to the parent's (a death signal on Linux, end-of-file on stdin elsewhere), then becomes
llama.cpp's own HTTP server: the natively built `llama-server` if the plan names one, else the one in the
xllamacpp wheel. Knows nothing of prompts, slots or queues.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
from dataclasses import asdict, dataclass, replace

PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class ChildPlan:
    """Everything the child needs. `secret` is the key the parent will send; it never stands on a command line."""

    weights: str
    port: int
    secret: str
    parent_pid: int
    threads: int
    slots: int
    context_per_slot: int
    batch: int
    kv_type: str
    flash_attention: bool
    save_dir: str
    native: str = ""
    adapters: tuple[str, ...] = ()  # paths; all loaded, none applied: a request says which it wants

    def line(self) -> bytes:
        return json.dumps(asdict(self)).encode() + b"\n"


def native_arguments(plan: ChildPlan) -> list[str]:
    """The command line of llama.cpp's own server that equals what `serve_from_wheel` sets."""
    return [
        plan.native,
        *("--model", plan.weights),
        *("--host", "127.0.0.1", "--port", str(plan.port)),
        *("--threads", str(plan.threads), "--threads-batch", str(plan.threads)),
        *("--parallel", str(plan.slots), "--no-kv-unified"),
        *("--ctx-size", str(plan.slots * plan.context_per_slot)),
        *("--batch-size", str(plan.batch), "--ubatch-size", str(plan.batch)),
        *("--cache-type-k", plan.kv_type, "--cache-type-v", plan.kv_type),
        *("--flash-attn", "on" if plan.flash_attention else "off"),
        *("--slot-save-path", plan.save_dir + "/"),
        *("--cache-ram", "0", "--no-cache-idle-slots", "--fit", "off", "--no-warmup", "--no-ui"),
        *("--threads-http", "16", "--timeout", "3600", "--verbosity", "1", "--offline"),
        *(word for path in plan.adapters for word in ("--lora", os.path.basename(path))),
        *(["--lora-init-without-apply"] if plan.adapters else []),
    ]


def die_with_parent(parent_pid: int) -> None:
    """Ask the kernel for SIGKILL when the parent's thread ends; leave at once if it already has."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent_pid:
            sys.exit("the parent is gone")


def serve_from_wheel(plan: ChildPlan) -> None:
    """Start the wheel's server and stay until stdin ends."""
    import xllamacpp as xlc

    params = xlc.CommonParams()
    params.model.path = plan.weights
    params.hostnames = ["127.0.0.1"]
    params.port = plan.port
    params.api_keys = [plan.secret]
    params.n_parallel = plan.slots
    params.kv_unified = False
    params.n_ctx = plan.slots * plan.context_per_slot
    params.n_batch = params.n_ubatch = plan.batch
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = plan.threads
    kv_type = {"f16": xlc.ggml_type.GGML_TYPE_F16, "q8_0": xlc.ggml_type.GGML_TYPE_Q8_0}[plan.kv_type]
    params.cache_type_k = params.cache_type_v = kv_type
    flash = xlc.llama_flash_attn_type
    params.flash_attn_type = (
        flash.LLAMA_FLASH_ATTN_TYPE_ENABLED if plan.flash_attention else flash.LLAMA_FLASH_ATTN_TYPE_DISABLED
    )
    params.slot_save_path = plan.save_dir + "/"
    params.cache_ram_mib = (
        0  # our own prefix store says what is kept; the default keeps 8 GB of customers' text
    )
    params.cache_idle_slots = False
    params.fit_params = False
    params.warmup = False
    params.ui = False
    params.endpoint_slots = True  # save and restore live under it; behind the key, on loopback
    params.cors_origins = ""
    params.n_threads_http = 16
    params.verbosity = 1
    params.offline = True
    if plan.adapters:
        params.lora_adapters = [xlc.CommonAdapterLoraInfo(path, 0.0) for path in plan.adapters]
        params.lora_init_without_apply = True
    server = xlc.Server(params)
    try:
        sys.stdin.read()  # the parent holds the other end; end-of-file means it is gone or wants us gone
    finally:
        del server


def main() -> None:
    plan = ChildPlan(**json.loads(sys.stdin.readline()))
    die_with_parent(plan.parent_pid)
    if plan.native:
        if plan.adapters:  # the server cuts these paths at commas, and a home may have one: so names alone
            plan = replace(
                plan, weights=os.path.abspath(plan.weights), save_dir=os.path.abspath(plan.save_dir),
                native=os.path.abspath(plan.native),
            )  # fmt: skip
            os.chdir(os.path.dirname(plan.adapters[0]))
        os.execve(plan.native, native_arguments(plan), {**os.environ, "LLAMA_API_KEY": plan.secret})
    serve_from_wheel(plan)


if __name__ == "__main__":
    main()
