"""Settings: defaults, then mingbai.toml, then the environment; nothing misspelt passes."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Annotated, get_args, get_origin, get_type_hints

import pytest

from mingbai.cli import assemble
from mingbai.cli.settings import PACKAGES, VARIABLES, load, load_places, resolve, rows
from mingbai.values.errors import SettingsError
from mingbai.values.settings import Settings

PLACE = """
[places.cloud]
url = "https://llm.example.cn/v1"
model = "qwen-72b"
operator = "某云"
country = "CN"
laws = ["CN-NIL-7"]
retention = "30 天"
"""


@pytest.fixture
def home(tmp_path):
    """A home whose mingbai.toml and places.toml can be written."""

    class Home:
        path = tmp_path

        def write(self, text: str | bytes, name: str = "mingbai.toml") -> None:
            (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())

        def resolve(self, **environ: str) -> Settings:
            return resolve({"MINGBAI_HOME": str(tmp_path), **environ})[0]

    return Home()


def test_without_anything_the_defaults_hold():
    assert resolve({}) == (Settings(), {})


def test_the_file_then_the_environment(home):
    home.write('[serve]\nport = 9000\nhost = "::1"\n[engine]\nthreads = 3\n[models]\ncache_dir = "~/w"\n')
    settings, origin = resolve({"MINGBAI_HOME": str(home.path), "MINGBAI_PORT": "9001"})
    assert (settings.serve.port, settings.serve.host, settings.engine.threads) == (9001, "::1", 3)
    assert settings.models.cache_dir == Path.home() / "w"
    assert settings.engine.slots == Settings().engine.slots
    file = str(home.path / "mingbai.toml")
    assert origin == {
        "home": "MINGBAI_HOME", "serve.port": "MINGBAI_PORT", "serve.host": file, "engine.threads": file,
        "models.cache_dir": file,
    }  # fmt: skip


def test_weights_may_live_elsewhere(home):
    assert home.resolve(XDG_CACHE_HOME="/c").models.cache_dir == Path("/c/mingbai/weights")
    assert home.resolve(XDG_CACHE_HOME="/c", MINGBAI_WEIGHTS_DIR="/w").models.cache_dir == Path("/w")


@pytest.mark.parametrize(("variable", "where"), VARIABLES.items())
def test_every_variable_names_a_setting(variable, where):
    package, key = where
    assert key in {f.name for f in fields(PACKAGES[package])}


@pytest.mark.parametrize("package", PACKAGES)
def test_every_setting_can_be_written_in_the_file(home, package):
    values = {f.name: getattr(getattr(Settings(), package), f.name) for f in fields(PACKAGES[package])}
    lines = [
        f"{k} = {str(v).lower() if isinstance(v, bool | int | float) else repr(str(v))}"
        for k, v in values.items()
    ]
    home.write(f"[{package}]\n" + "\n".join(lines))
    assert getattr(home.resolve(), package) == getattr(Settings(), package)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[serv]\nport = 1", "serv"),
        ("[serve]\nprot = 1", "prot"),
        ("port = 1", "port"),
        ("serve = 5", "serve"),
        ("[[serve]]\nport = 1", "serve"),
        ("[serve]\nport = 87.5", "serve.port"),
        ('[serve]\nport = "eighty"', "serve.port"),
        ("[serve]\nport = true", "serve.port"),
        ("[serve]\nport = [8700]", "serve.port"),
        ("[serve]\nunsafe_plain_http = 1", "serve.unsafe_plain_http"),
        ("[serve]\nhost = 5", "serve.host"),
        ('[engine]\nbuild = "fast"', "engine.build"),
        ("[engine]\nkv_type = 16", "engine.kv_type"),
        ('[models]\ncache_dir = ""', "models.cache_dir"),
        ("[serve", "TOML"),
        (b"[serve]\nhost = '\xff'", "TOML"),
        ("[engine]\nslots = 1\nslots = 2", "TOML"),
    ],
)
def test_what_is_wrong_is_named_in_both_languages(home, text, named):
    home.write(text)
    with pytest.raises(SettingsError) as wrong:
        home.resolve()
    assert named in wrong.value.what.zh
    assert named in wrong.value.what.en
    assert str(home.path / "mingbai.toml") in wrong.value.what.zh


@pytest.mark.parametrize("value", ["inf", "nan", "-inf", '"inf"', '"1e999"', "1" + "0" * 400])
@pytest.mark.parametrize("key", ["threads", "deadline_seconds"])
def test_a_number_is_finite(home, key, value):
    home.write(f"[engine]\n{key} = {value}")
    with pytest.raises(SettingsError):
        home.resolve()


@pytest.mark.parametrize(
    ("line", "bounds"),
    [
        ("[serve]\nport = 99999", "int 0…65535"),
        ("[serve]\nport = -1", "int 0…65535"),
        ("[serve]\nbody_limit_bytes = 0", "int 1…2147483647"),
        ("[serve]\ndrain_seconds = -1", "float 0…2147483647"),
        ("[engine]\ndeadline_seconds = 0", "float 0.001…2147483647"),
        ("[engine]\nslots = 0", "int 1…2147483647"),
        ("[engine]\nthreads = 1e12", "int 0…2147483647"),
        ("[engine]\nretries = -1", "int 0…2147483647"),
    ],
)
def test_a_number_is_within_its_bounds(home, line, bounds):
    home.write(line)
    with pytest.raises(SettingsError) as wrong:
        home.resolve()
    assert bounds in wrong.value.mend.zh


@pytest.mark.parametrize("package", PACKAGES.values())
def test_every_number_has_bounds_that_hold_its_default(package):
    for name, kind in get_type_hints(package, include_extras=True).items():
        bare = get_args(kind)[0] if get_origin(kind) is Annotated else kind
        if bare in (int, float):
            (within,) = kind.__metadata__
            assert within.least <= getattr(package(), name) <= within.most


def test_a_wrong_variable_is_named(home):
    with pytest.raises(SettingsError, match="MINGBAI_PORT"):
        home.resolve(MINGBAI_PORT="eighty")


def test_load_reads_the_environment_of_the_process(home, monkeypatch):
    monkeypatch.setenv("MINGBAI_HOME", str(home.path))
    monkeypatch.setenv("MINGBAI_HOST", "10.0.0.1")
    assert (load().home, load().serve.host) == (home.path, "10.0.0.1")


def test_rows_name_every_value_and_its_origin(home):
    home.write("[serve]\nport = 9000")
    shown = {
        name: (value, origin) for name, value, origin in rows(*resolve({"MINGBAI_HOME": str(home.path)}))
    }
    assert shown["home"] == (home.path, "MINGBAI_HOME")
    assert shown["serve.port"] == (9000, str(home.path / "mingbai.toml"))
    assert shown["engine.slots"] == (4, "default")
    assert len(shown) == 1 + sum(len(fields(kind)) for kind in PACKAGES.values())


def test_no_places_file_means_only_this_machine(home):
    assert load_places(home.path) == ()


def test_a_place_is_off_until_it_is_turned_on(home, monkeypatch):
    monkeypatch.setenv("CLOUD_KEY", "sk-secret")
    home.write(PLACE, "places.toml")
    (place,) = load_places(home.path)
    assert (place.name, place.laws, place.enabled, place.price_in_minor_per_mtok) == (
        "cloud",
        ("CN-NIL-7",),
        False,
        0,
    )
    assert assemble.place_engines(home.resolve()) == {}
    home.write(PLACE + 'enabled = true\nkey_env = "CLOUD_KEY"\n', "places.toml")
    engines = assemble.place_engines(home.resolve())
    assert {name: engine.place for name, engine in engines.items()} == {"cloud/qwen-72b": "cloud"}
    assert "sk-secret" not in repr(engines) + repr(load_places(home.path))


def test_a_place_inside_the_shops_own_network_is_said_to_be(home):
    home.write(PLACE.replace("llm.example.cn", "10.0.0.7") + "inside = true", "places.toml")
    assert load_places(home.path)[0].inside


def test_a_place_that_takes_adapters_names_the_weights_they_are_over(home):
    home.write(PLACE + 'enabled = true\nadapters_over = "qwen2.5-coder-0.5b-instruct"', "places.toml")
    assert load_places(home.path)[0].adapters_over == "qwen2.5-coder-0.5b-instruct"
    assert list(assemble.place_engines(home.resolve())) == ["cloud/qwen-72b"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (PLACE.replace('retention = "30 天"', ""), "retention"),
        (PLACE.replace('operator = "某云"', ""), "operator"),
        (PLACE + 'key = "sk-in-a-file"', "key"),
        (PLACE + 'name = "other"', "name"),
        (PLACE.replace('laws = ["CN-NIL-7"]', 'laws = "CN"'), "laws"),
        (PLACE.replace('laws = ["CN-NIL-7"]', "laws = [1]"), "laws"),
        (PLACE + 'enabled = "yes"', "enabled"),
        (PLACE.replace("CN-NIL-7", "US"), "places.cloud.laws"),  # a country is no law
        (
            PLACE.replace("CN-NIL-7", "EU-GDPR-44"),
            "places.cloud.laws",
        ),  # a law that compels nobody to disclose
        (PLACE.replace('"CN"', '"Ireland"'), "places.cloud.country"),
        (PLACE.replace('"CN"', '"XX"'), "places.cloud.country"),
        (PLACE + 'routes = ["scc"]', "places.cloud.routes"),
        (PLACE + 'adapters_over = "qwen2.5-coder-0.5b"', "places.cloud.adapters_over"),
        (PLACE.replace("https://llm.example.cn/v1", "llm.example.cn/v1"), "places.cloud.url"),
        (PLACE.replace("llm.example.cn", "10.0.0.7"), "places.cloud.url"),
        (PLACE.replace("llm.example.cn", "[::1]"), "places.cloud.url"),
        (PLACE.replace("llm.example.cn", "169.254.169.254") + "inside = true", "places.cloud.url"),
        (PLACE + 'dialect = "soap"', "dialect"),
        ("[place.cloud]\nurl = 'x'", "place"),
        ("[places]\ncloud = 'https://x'", "places.cloud"),
    ],
)
def test_a_place_that_is_not_described_is_refused(home, text, named):
    home.write(text, "places.toml")
    with pytest.raises(SettingsError) as wrong:
        load_places(home.path)
    assert named in wrong.value.what.zh
    assert "places.toml" in wrong.value.what.en
    assert "sk-in-a-file" not in str(wrong.value)
