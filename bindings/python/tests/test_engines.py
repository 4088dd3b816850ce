"""The classes' parameters are those that the library's engines publish."""
import inspect
import pathlib
import subprocess
import sys

import pytest

import interplay
from interplay import _engines

GENERATE = pathlib.Path(__file__).resolve().parents[1] / "generate"


def test_the_generated_file_is_up_to_date():
    source = subprocess.run([sys.executable, GENERATE, "--print"], capture_output=True, text=True, check=True).stdout

    assert pathlib.Path(_engines.__file__).read_text(encoding="utf-8") == source, f"run {GENERATE}"


@pytest.mark.parametrize("kind", [interplay.AutoInt, interplay.FM, interplay.Popularity])
def test_signature_and_docstring_have_every_parameter(kind):
    properties = interplay.engine(kind.ENGINE)["parameters"]["properties"]
    signature = inspect.signature(kind)

    assert [*signature.parameters] == ["name", *properties, "more"]
    assert all(f"        {name}: " in kind.__doc__ for name in properties)


def test_every_engine_has_a_class():
    assert {engine["name"] for engine in interplay.engines()} == {"autoint", "fm", "popularity"}


def test_a_misspelt_parameter_gets_the_librarys_text():
    with pytest.raises(interplay.InvalidArgumentError, match="did you mean \"epochs\"") as caught:
        interplay.AutoInt(epoch=3)

    assert caught.value.detail["nearest"] == "epochs"
    assert isinstance(caught.value, ValueError)
