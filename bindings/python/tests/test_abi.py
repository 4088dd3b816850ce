"""The prototypes and structs of this package are those of interplay.h."""
import ctypes
import os
import pathlib
import re

import pytest

from interplay import _abi

HEADER = pathlib.Path(os.environ.get("INTERPLAY_HEADER") or
                      pathlib.Path(__file__).resolve().parents[3] / "include" / "interplay" / "interplay.h")
if not HEADER.exists():
    pytest.skip(f"expected interplay.h at {HEADER}, found none", allow_module_level=True)
TEXT = re.sub(r"/\*.*?\*/", "", HEADER.read_text(encoding="utf-8"), flags=re.S)
NUMBERS = {"int32_t": "i", "interplay_status": "i", "int64_t": "l", "uint32_t": "u", "size_t": "n", "void": "v", "interplay_progress": "c",
           "interplay_engine_entry_fn": "p"}


def letter(declaration):
    """The letter that _abi has for a C type."""
    if "interplay_error **" in declaration:
        return "e"
    if "*" in declaration:
        return "s" if re.match(r"\s*const char \*(?!const|\*)", declaration) else "p"
    return NUMBERS[declaration.split()[0]]


def prototypes():
    found = re.findall(r"INTERPLAY_API\s+([\w\s]*?[\s*]+)interplay_(\w+)\(([^;]*)\);", TEXT)
    for result, name, arguments in found:
        letters = "" if arguments.strip() == "void" else "".join(letter(one.strip()) for one in arguments.split(","))
        yield name, " ".join(filter(None, [letter(result.strip()), letters]))


def test_every_function_is_declared_as_in_the_header():
    # Raw bytes come back through string_at and go in as bytes; only these two differ from their C spelling.
    as_bytes = {"text_data": "p p", "table_add_strings": "i psplplppe"}

    assert _abi.PROTOTYPES == {**dict(prototypes()), **as_bytes}
    assert len(_abi.PROTOTYPES) > 50


@pytest.mark.parametrize(("name", "struct"), [("column", _abi.Column), ("cell", _abi.CellStruct)])
def test_structs_are_laid_out_as_in_the_header(name, struct):
    body = re.search(rf"typedef struct interplay_{name} \{{(.*?)\}}", TEXT, re.S).group(1)
    kinds = {"int32_t": ctypes.c_int32, "uint32_t": ctypes.c_uint32, "int64_t": ctypes.c_int64, "uint64_t": ctypes.c_uint64}
    fields = [(field, ctypes.c_void_p if star else kinds[kind])
              for kind, star, field in re.findall(r"(?:const )?(\w+) (\*?)(\w+);", body)]

    assert [tuple(field) for field in struct._fields_] == fields
