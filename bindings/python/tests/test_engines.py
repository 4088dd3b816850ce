"""The classes' parameters are those that the library's engines publish."""
import inspect
import pathlib
import shutil
import subprocess
import sys

import pytest

import interplay
from interplay import _engines

GENERATE = pathlib.Path(__file__).resolve().parents[1] / "generate"
TREE = pathlib.Path(__file__).resolve().parents[3]
TEMPLATE = TREE / "examples" / "engine_template" / "c" / "damped_means.c"


def test_the_generated_file_is_up_to_date():
    source = subprocess.run([sys.executable, GENERATE, "--print"], capture_output=True, text=True, check=True).stdout

    assert pathlib.Path(_engines.__file__).read_text(encoding="utf-8") == source, f"run {GENERATE}"


@pytest.mark.parametrize("kind", [interplay.AutoInt, interplay.FM, interplay.Popularity])
def test_signature_and_docstring_have_every_parameter(kind):
    properties = interplay.engine(kind.ENGINE)["parameters"]["properties"]
    signature = inspect.signature(kind)

    assert [*signature.parameters] == ["name", *properties, "more"]
    assert all(f"        {name}: " in kind.__doc__ for name in properties)


@pytest.fixture(scope="module")
def plugin(tmp_path_factory):
    """The template in C, built as its author would."""
    compiler = shutil.which("cc")
    if compiler is None or not TEMPLATE.exists():
        pytest.skip("there is no C compiler, or no examples/engine_template beside these tests")
    path = tmp_path_factory.mktemp("plugin") / "damped_means_c.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-I", TREE / "include", TEMPLATE, "-o", path, "-lm"], check=True)
    return path


def test_a_plugin_is_an_engine_like_any_other(plugin, tmp_path):
    assert interplay.load_engine(plugin) == interplay.load_engine(str(plugin)) == "damped_means_c"

    model = interplay.Model.fit_pairs("damped_means_c", {"damping": 0}, [1, 1, 2, 2], [7, 8, 7, 8], [1.0, 2.0, 4.0, 5.0])
    model.save(tmp_path / "model.interplay")

    # users lie 1.5 below and above the mean of 3, items 0.5
    assert interplay.Model.load(tmp_path / "model.interplay").predict_pairs([1, 2], [7, 8]).tolist() == [1, 5]


def test_a_plugin_that_is_not_there_is_not_found(tmp_path):
    with pytest.raises(interplay.NotFoundError, match="there is no such file"):
        interplay.load_engine(tmp_path / "nothing.so")


def test_every_engine_has_a_class():
    assert {engine["name"] for engine in interplay.engines()} - {"damped_means_c"} == {"autoint", "fm", "popularity"}


def test_a_misspelt_parameter_gets_the_librarys_text():
    with pytest.raises(interplay.InvalidArgumentError, match="did you mean \"epochs\"") as caught:
        interplay.AutoInt(epoch=3)

    assert caught.value.detail["nearest"] == "epochs"
    assert isinstance(caught.value, ValueError)
