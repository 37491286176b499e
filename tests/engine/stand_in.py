"""A child that stands in for llama.cpp: `python stand_in.py HOW [FILE]`, its plan as one JSON line on stdin.

HOW: `ready` answers /health; `fails` prints why and leaves; `silent` never answers; `once` is ready if FILE does not
exist, makes it, and fails the next time; `chatty` prints more than anyone keeps.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from pathlib import Path

from mingbai.engine.child import ChildPlan, die_with_parent

PLAN = ChildPlan(
    weights="qwen.gguf", port=0, secret="", parent_pid=0, threads=1, slots=1, context_per_slot=64, batch=8,
    kv_type="f16", flash_attention=True, save_dir="",
)  # fmt: skip


def main() -> None:
    how = sys.argv[1]
    plan = ChildPlan(**json.loads(sys.stdin.readline()))
    die_with_parent(plan.parent_pid)
    if how == "once":
        marker = Path(sys.argv[2])
        how = "fails" if marker.exists() else "ready"
        marker.touch()
    if how == "fails":
        print(f"cannot load {plan.weights} 无法读取", flush=True)
        sys.exit(3)
    if how == "chatty":
        print("x" * 200_000)
        for n in range(100):
            print(f"line {n}")
    print(f"waiting policy {os.environ.get('OMP_WAIT_POLICY', '')}", flush=True)
    with socket.create_server(("127.0.0.1", plan.port)) as server:
        while True:
            caller, _ = server.accept()
            with caller:
                if how != "silent" and plan.secret.encode() in caller.recv(65536):
                    caller.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")


if __name__ == "__main__":
    main()
