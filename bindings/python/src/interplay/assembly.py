"""A model from tensors that were trained elsewhere, in PyTorch say."""
from __future__ import annotations

import ctypes
from typing import Any

import numpy

from ._abi import OneByOne, Type, call, made, options
from ._model import Model
from ._table import pointer, table_of

_TYPES = {"int64": Type.INT64, "int32": Type.INT32, "float32": Type.FLOAT32, "float64": Type.FLOAT64, "uint8": Type.BOOL8,
          "bool": Type.BOOL8}


class Assembly(OneByOne):
    """A model in the making: describe it, add the values of each field and the tensors, finish.

    description  {"schema", "fields": [{"name", "of", "kind"}, ...] in the order of the tensors, "objective"}; see
                 interplay_assembly_new in interplay.h
    """

    __slots__ = ()

    def __init__(self, engine: str, params: dict[str, Any] | None, description: dict[str, Any]) -> None:
        self._owned = made("assembly", "assembly_new", engine.encode(), options(params), options(description))

    def add_values(self, field: str, values: Any) -> None:
        """The values of a category field: the i-th has id i + 1, row i + 1 of the field's tensor; row 0 is the unknown one."""
        table = table_of({"value": values})
        with self._lock:
            call("assembly_add_values", self._live(), field.encode(), table._live())

    def add_tensor(self, name: str, tensor: Any) -> None:
        """A tensor, copied: an array, or anything that numpy.asarray takes (tensor.detach() of PyTorch). Names and shapes are the
        engine's, as Model.tensors() has them."""
        array = numpy.asarray(tensor)
        if array.dtype.name not in _TYPES:
            raise TypeError(f"tensor {name!r}: expected one of {', '.join(_TYPES)}, found {array.dtype}")
        if array.ndim:  # ascontiguousarray makes a vector of a scalar
            array = numpy.ascontiguousarray(array)
        shape = (ctypes.c_int64 * max(array.ndim, 1))(*array.shape)
        with self._lock:
            call("assembly_add_tensor", self._live(), name.encode(), _TYPES[array.dtype.name], pointer(array), array.ndim, shape)

    def finish(self) -> Model:
        """The fitted model. The assembly stays as it is: mend it after a failure, finish it again."""
        with self._lock:
            return Model._of(made("model", "assembly_finish", self._live()))


def from_tensors(engine: str, params: dict[str, Any] | None, description: dict[str, Any], values: dict[str, Any],
                 tensors: dict[str, Any]) -> Model:
    """A fitted model from what was trained elsewhere, in one call.

    values   {field: its values in the order of the tensor's rows from 1 on}, for each category field
    tensors  {name: array or PyTorch tensor}, as Model.tensors() names them. A matrix is applied from the right, so the weight of
             a torch.nn.Linear goes in as weight.T
    Missing or misshapen tensors are named in the InvalidArgumentError, with the shape that is expected.
    """
    with Assembly(engine, params, description) as assembly:
        for field, column in values.items():
            assembly.add_values(field, column)
        for name, tensor in tensors.items():
            assembly.add_tensor(name, tensor.detach().cpu() if hasattr(tensor, "detach") else tensor)
        return assembly.finish()
