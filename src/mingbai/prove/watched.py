"""`python -m mingbai.prove.watched LOG MODULE ARGUMENT…`: run a module as its command, and write down whatever it opens.

Every connection, look-up of a name, datagram and child process that Python makes is a line of LOG before it happens, by an
audit hook that nothing in the process can take out again. Not covered: sockets of native code, for which `leaks.py` also
reads the kernel's tables.
"""

from __future__ import annotations

import json
import os
import runpy
import sys

WATCHED = (
    "socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "socket.sendmsg", "socket.bind",
    "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "urllib.Request", "ftplib.connect", "smtplib.connect",
)  # fmt: skip


def watch(path: str) -> None:
    log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event in WATCHED:
            said = [repr(a) for a in arguments if not hasattr(a, "fileno")]
            os.write(log, (json.dumps([event, said]) + "\n").encode())

    sys.addaudithook(hook)


if __name__ == "__main__":
    _, where, module, *sys.argv[1:] = sys.argv
    watch(where)
    runpy.run_module(module, run_name="__main__", alter_sys=True)
