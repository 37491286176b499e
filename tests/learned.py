"""What understanding learns from the package's examples, for a session of tests; learned in a process that is watched."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

# Python's audit of sockets cannot be taken away again, so who is watched has a process of its own. Gives `opened`.
WATCH = """
import json, sys
opened = []
WATCHED = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.sendto",
           "socket.sendmsg", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "urllib.Request", "http.client.connect")
def watch(event, args):
    if event in WATCHED:
        opened.append([event, repr(args[1] if event.startswith("socket.c") or event.startswith("socket.s") else args[:2])])
sys.addaudithook(watch)
"""
LEARN = """
from pathlib import Path
from mingbai.shop.search import encoder
from mingbai.turn.understand import Understander
Understander(encoder.default(), cache=Path(sys.argv[1])).load()
print(json.dumps(opened))
"""


@dataclass(frozen=True, slots=True)
class Learned:
    """`folder` goes into a home as `understand`; `opened` is what learning opened or called."""

    folder: Path
    opened: list[list[str]]


def learn(folder: Path) -> Learned:
    done = subprocess.run(
        [sys.executable, "-c", WATCH + LEARN, str(folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return Learned(folder, json.loads(done.stdout))
