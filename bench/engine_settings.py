"""Which engine settings are best on this machine: the table in docs/measurements.md comes from here.

    python bench/engine_settings.py WEIGHTS.gguf [--native PATH] [--rounds 2]

Starts the engine child once per setting and round, the settings interleaved so that drift of the machine spreads
over all of them, and prints per setting the best and median of: prefill (600 fresh tokens, tokens/s), decode of one
stream and of four together (48 tokens each after a 200-token prompt, tokens/s), at a 200-token and (d1k) a
1,200-token context.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import replace

import httpx

from mingbai.engine.child import ChildPlan


def start(plan: ChildPlan, env: dict[str, str]) -> tuple[subprocess.Popen[bytes], httpx.Client]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        plan = replace(plan, port=probe.getsockname()[1])
    child = subprocess.Popen(
        [sys.executable, "-m", "mingbai.engine.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **env},
    )
    assert child.stdin is not None
    child.stdin.write(plan.line())
    child.stdin.flush()
    client = httpx.Client(
        base_url=f"http://127.0.0.1:{plan.port}",
        headers={"Authorization": f"Bearer {plan.secret}"},
        timeout=600,
        limits=httpx.Limits(max_keepalive_connections=0),
    )
    while True:
        if child.poll() is not None:
            raise SystemExit(f"the child left with {child.returncode}: {plan}")
        try:
            if client.get("/health").status_code == 200:
                return child, client
        except httpx.TransportError:
            pass
        time.sleep(0.02)


def complete(client: httpx.Client, slot: int, tokens: list[int], count: int) -> dict[str, float]:
    body = {"prompt": tokens, "n_predict": count, "id_slot": slot, "temperature": 0, "ignore_eos": True}
    return client.post("/completion", json=body).raise_for_status().json()["timings"]


def measure(plan: ChildPlan, env: dict[str, str]) -> dict[str, float]:
    child, client = start(plan, env)
    try:
        draw = random.Random(7)
        fresh = lambda n: [draw.randrange(1000, 90000) for _ in range(n)]  # noqa: E731
        complete(client, 0, fresh(32), 4)
        prefill = complete(client, 0, fresh(600), 1)["prompt_per_second"]
        prompts = [fresh(200) for _ in range(4)]
        for slot, prompt in enumerate(prompts):
            complete(client, slot, prompt, 1)
        one = complete(client, 0, prompts[0], 48)["predicted_per_second"]
        started = time.perf_counter()
        crew = [threading.Thread(target=complete, args=(client, s, p, 48)) for s, p in enumerate(prompts)]
        for t in crew:
            t.start()
        for t in crew:
            t.join()
        four = 4 * 48 / (time.perf_counter() - started)
        long_prompt = fresh(1200)
        complete(client, 1, long_prompt, 1)
        deep = complete(client, 1, long_prompt, 32)["predicted_per_second"]
    finally:
        child.kill()
        child.wait()
        client.close()
    return {"prefill": prefill, "one": one, "four": four, "d1k": deep}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("weights")
    parser.add_argument("--native", default="")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--only", default="", help="comma-separated names")
    args = parser.parse_args()
    cores = os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as save:
        base = ChildPlan(
            weights=args.weights, port=0, secret=secrets.token_hex(16), parent_pid=os.getpid(), threads=cores,
            slots=4, context_per_slot=4096, batch=128, kv_type="f16", flash_attention=True, save_dir=save,
            native=args.native,
        )  # fmt: skip
        passive = {"OMP_WAIT_POLICY": "passive"}
        variants: dict[str, tuple[ChildPlan, dict[str, str]]] = {
            "base b128 fa f16 passive": (base, passive),
            "b64": (replace(base, batch=64), passive),
            "b256": (replace(base, batch=256), passive),
            "b512": (replace(base, batch=512), passive),
            "fa off": (replace(base, flash_attention=False), passive),
            "kv q8_0": (replace(base, kv_type="q8_0"), passive),
            "wait default": (base, {}),
            "wait active": (base, {"OMP_WAIT_POLICY": "active"}),
            "spin 10000": (base, {"GOMP_SPINCOUNT": "10000"}),
            "threads 1": (replace(base, threads=1), passive),
        }
        if args.native:
            variants["wheel"] = (replace(base, native=""), passive)
            variants["wheel wait default"] = (replace(base, native=""), {})
        if args.only:
            variants = {k: v for k, v in variants.items() if k in args.only.split(",")}
        rows: dict[str, list[dict[str, float]]] = {name: [] for name in variants}
        for _ in range(args.rounds):
            for name, (plan, env) in variants.items():
                rows[name].append(measure(plan, env))
                print(name, json.dumps(rows[name][-1]), f"load {os.getloadavg()[0]:.1f}", file=sys.stderr)
        print(
            f"{'setting':28} " + " ".join(f"{k + ' best/med':>20}" for k in ("prefill", "one", "four", "d1k"))
        )
        for name, seen in rows.items():
            cells = [
                f"{max(r[k] for r in seen):9.1f} /{statistics.median(r[k] for r in seen):9.1f}"
                for k in ("prefill", "one", "four", "d1k")
            ]
            print(f"{name:28} " + " ".join(f"{c:>20}" for c in cells))


if __name__ == "__main__":
    main()
