"""Builds the page into the package before a wheel or sdist is made: who installs it needs no node.

In a checkout it is always built anew; in an sdist it is already there. An editable install goes on without it: `mingbai run` says how to build it.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling's own parameter
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        if version == "editable":
            return  # `make run` builds it where node is
        if (root / ".git").exists() or not (root / "src/mingbai/web/dist/index.html").exists():
            build(root)


def build(root: Path) -> None:
    """`npm ci` where it was not done, and the build: types first, so that a missing word stops it."""
    if shutil.which("npm") is None:
        raise RuntimeError(
            "构建页面需要 npm（Node 20 以上）；没有的话请安装发布好的 wheel。"
            " / npm (Node 20 or newer) builds the page from a checkout; without it, install the released wheel."
        )
    web = root / "web"
    if not (web / "node_modules/vite").exists():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--silent"], cwd=web, check=True)
    subprocess.run(["npm", "run", "--silent", "build"], cwd=web, check=True)
