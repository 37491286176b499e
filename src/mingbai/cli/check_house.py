"""What `mingbai doctor` looks at in the house: settings, places, home, weights, port and keys. Nothing is made or changed."""

from __future__ import annotations

import errno
import http.client
import json
import os
import sqlite3
import ssl
import time
from collections.abc import Mapping
from pathlib import Path

from mingbai.cli.check import Check, failed
from mingbai.cli.check_machine import nearest
from mingbai.cli.settings import load_places
from mingbai.models import store
from mingbai.models.entry import Entry, sized
from mingbai.receipt.pages import is_encrypted
from mingbai.values.errors import MingbaiError, Text
from mingbai.values.settings import ServeSettings, Settings

PAGES_OF = ("shop.db", "talks.db", "plans.db", "register.db", "consent.db")
LOOK_SECONDS = 1  # on this machine: ours answers in a millisecond
SOON_DAYS = 7
DAY_SECONDS = 86_400
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # a bind to these answers here


def settings_in_force(settings: Settings, origin: Mapping[str, str]) -> Check:
    file = settings.home / "mingbai.toml"
    set_here = sum(1 for where in origin.values() if where == str(file))
    zh = f"设置：{file} 改了 {set_here} 项" if file.exists() else "设置：没有 mingbai.toml，用默认值"
    en = f"settings: {set_here} in {file}" if file.exists() else "settings: no mingbai.toml, defaults hold"
    elsewhere = len(origin) - set_here
    if elsewhere:
        zh, en = f"{zh}，环境变量改了 {elsewhere} 项", f"{en}, {elsewhere} by the environment"
    return Check("settings", "ok", zh, en)


def places(settings: Settings, environ: Mapping[str, str]) -> Check:
    try:
        enabled = [place for place in load_places(settings.home) if place.enabled]
    except MingbaiError as error:
        return failed("places", error)
    if not enabled:
        return Check("places", "ok", "别处：没有启用，只用本机", "places: none is on, only this machine")
    names = ", ".join(f"{place.name} ({place.country})" for place in enabled)
    keyless = [place for place in enabled if place.key_env and not environ.get(place.key_env)]
    if keyless:
        name, variable = keyless[0].name, keyless[0].key_env
        return Check(
            "places", "warn", f"别处：{name} 没有钥匙，环境变量 {variable} 是空的",
            f"places: {name} has no key, {variable} is not set",
            Text(f"启动前设置 {variable}，或停用 {name}。", f"Set {variable} before the start, or turn {name} off."),
        )  # fmt: skip
    return Check("places", "ok", f"别处：启用了 {names}", f"places: {names}")


def home(settings: Settings) -> Check:
    folder = settings.home
    there = nearest(folder)
    if not os.access(there, os.W_OK | os.X_OK) or not there.is_dir():
        return Check(
            "home", "bad", f"数据目录：{there} 不能写", f"home: {there} cannot be written to",
            Text("改权限，或用 MINGBAI_HOME 指到别处。", "Change its permissions, or set MINGBAI_HOME elsewhere."),
        )  # fmt: skip
    if there != folder:
        return Check("home", "ok", f"数据目录：{folder}，第一次启动时建立", "home: made at the first start")
    for path, mode in ((folder, 0o700), (folder / "keys.db", 0o600)):
        if path.exists() and path.stat().st_mode & 0o077:
            return Check(
                "home", "warn", f"数据目录：别的用户也能读 {path}", f"home: other users can read {path}",
                Text(f"运行 chmod {mode:o} {path}", f"Run: chmod {mode:o} {path}"),
            )  # fmt: skip
    return Check("home", "ok", f"数据目录：{folder}，只有本用户能读写", "home: only this user can read it")


def pages(settings: Settings) -> Check:
    """Whether the pages of the files with persons' rows are encrypted, as they lie there."""
    from importlib.util import find_spec

    wanted = settings.vault.page_encryption
    files = [settings.home / name for name in PAGES_OF]
    if settings.shop.database:
        files = files[1:]
    found = {file.name: state for file in files if (state := is_encrypted(file)) is not None}
    if wanted and find_spec("sqlcipher3") is None:
        return Check(
            "pages", "bad", "数据页：要加密，但没有 SQLCipher", "pages: to be encrypted, but SQLCipher is not installed",
            Text("运行 pip install 'mingbai[pages]'。", "Run: pip install 'mingbai[pages]'"),
        )  # fmt: skip
    if other := [name for name, state in found.items() if state is not wanted]:
        names = ", ".join(other)
        if wanted:
            return Check(
                "pages", "warn", f"数据页：{names} 还是明文", f"pages: {names} still in clear",
                Text("下次启动时会加密。", "The next start encrypts them."),
            )  # fmt: skip
        return Check(
            "pages", "bad", f"数据页：{names} 是加密的，设置却是关", f"pages: {names} encrypted, but the setting is off",
            Text("设 vault.page_encryption = true。", "Set vault.page_encryption = true."),
        )  # fmt: skip
    if wanted:
        return Check("pages", "ok", "数据页：加密（SQLCipher）", "pages: encrypted (SQLCipher)")
    return Check(
        "pages", "ok", "数据页：未加密，个人内容另有密封", "pages: in clear; what is personal is sealed"
    )


def weights(settings: Settings, entry: Entry) -> Check:
    path = store.place(entry, settings.models.cache_dir)
    match store.state(entry, settings.models.cache_dir):
        case "verified":
            return Check("weights", "ok", f"权重：{entry.id} 已校验", "weights: verified")
        case "absent":
            return Check(
                "weights", "warn",
                f"权重：{entry.id} 还没有下载（{sized(entry.size_bytes)}）",
                f"weights: {entry.id} is not here ({sized(entry.size_bytes)})",
                Text("运行 mingbai models pull；mingbai run 也会先下载。", "Run: mingbai models pull; mingbai run does so, too."),
            )  # fmt: skip
        case "unverified":
            found_bytes = path.stat().st_size
            if found_bytes != entry.size_bytes:
                return Check(
                    "weights", "bad",
                    f"权重：{path} 有 {found_bytes} 字节，应为 {entry.size_bytes}",
                    f"weights: {path} has {found_bytes} bytes of {entry.size_bytes}",
                    Text("运行 mingbai models pull，会重新下载。", "Run: mingbai models pull; it fetches the file again."),
                )  # fmt: skip
            return Check(
                "weights", "warn", f"权重：{entry.id} 还没有校验", f"weights: {entry.id} is not verified",
                Text("运行 mingbai models verify；下次启动也会校验。", "Run: mingbai models verify; the next start does so, too."),
            )  # fmt: skip


def port(serve: ServeSettings) -> tuple[Check, bool]:
    """Whether the service could listen, and if not, whether it is our own that does: then the second is true."""
    from mingbai.cli.run import check_bind, listen

    address = f"{serve.host}:{serve.port}"
    try:
        check_bind(serve)
        for name in (serve.tls_cert, serve.tls_key):
            if name and not os.access(name, os.R_OK):
                return _unreadable(name), False
        listen(serve).close()
    except MingbaiError as error:
        taken = isinstance(error.__cause__, OSError) and error.__cause__.errno == errno.EADDRINUSE
        return _listener(serve, address) if taken else (failed("port", error), False)
    return Check("port", "ok", f"端口：{address} 空着", "port: free"), False


def _unreadable(name: str) -> Check:
    mend = Text("检查 serve.tls_cert 和 serve.tls_key。", "Check serve.tls_cert and serve.tls_key.")
    return Check("port", "bad", f"端口：读不了 {name}", f"port: cannot read {name}", mend)


def _listener(serve: ServeSettings, address: str) -> tuple[Check, bool]:
    ready = _get(serve, "/readyz") if _get(serve, "/healthz") == {"status": "ok"} else None
    if not isinstance(ready, dict) or not {"state", "place", "model"} <= set(ready):
        mend = Text(
            f"换一个端口，例如 mingbai run --port {serve.port + 1}",
            f"Use another port: mingbai run --port {serve.port + 1}",
        )
        return Check(
            "port", "bad", f"端口：{address} 被别的程序占用", f"port: another program has {address}", mend
        ), False
    state, what = ready["state"], f"{ready['model']} ({ready['place']})"
    zh = f"端口：{address} 上是我们自己的服务：{what}，{state}"
    en = f"port: our own service has {address}: {what}, {state}"
    if state in ("ready", "serving"):
        return Check("port", "ok", zh, en), True
    if state == "failed":
        mend = Text("运行 mingbai doctor --engine 看原因。", "Run mingbai doctor --engine for the reason.")
        return Check("port", "bad", zh, en, mend), True
    return Check("port", "warn", zh, en, Text("等几秒再看。", "Look again in a few seconds.")), True


def _get(serve: ServeSettings, path: str) -> object:
    """What is answered there, if it is JSON. Nothing secret is sent, so any certificate will do."""
    host = EVERYWHERE.get(serve.host, serve.host)
    if serve.tls_cert:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            host, serve.port, timeout=LOOK_SECONDS, context=context
        )
    else:
        connection = http.client.HTTPConnection(host, serve.port, timeout=LOOK_SECONDS)
    try:
        connection.request("GET", path)
        return json.loads(connection.getresponse().read(65_536))
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()


def keys(path: Path) -> Check:
    from mingbai.serve.keys import KeyStore

    create = Text("运行 mingbai keys create --scope owner", "Run: mingbai keys create --scope owner")
    if not path.exists():
        return Check("keys", "ok", "钥匙：还没有，第一次启动时给出一把", "keys: the first start makes one")
    try:
        store = KeyStore(path)
        found = store.list()
        store.close()
    except sqlite3.Error as error:
        mend = Text(f"把 {path} 移开后重新建钥匙。", f"Move {path} away and make new keys.")
        return Check(
            "keys", "bad", f"钥匙：读不了 {path}（{error}）", f"keys: cannot read {path} ({error})", mend
        )
    now = time.time()
    usable = [key for key in found if key.revoked is None and key.expires > now]
    if not usable:
        return Check(
            "keys",
            "bad",
            f"钥匙：{len(found)} 把都已过期或收回",
            f"keys: none of {len(found)} is good",
            create,
        )
    soon = [key for key in usable if key.expires < now + SOON_DAYS * DAY_SECONDS]
    if soon:
        ids = ", ".join(key.id for key in soon)
        return Check(
            "keys",
            "warn",
            f"钥匙：{ids} 在 {SOON_DAYS} 天内过期",
            f"keys: {ids} expire within {SOON_DAYS} days",
            create,
        )
    return Check("keys", "ok", f"钥匙：{len(usable)} 把可用", f"keys: {len(usable)} good")
