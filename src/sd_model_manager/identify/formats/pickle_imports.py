"""The globals a model's pickle may name, and what each would make: a subset of what torch's `weights_only` loads.

Facts: torch 2.13 `_weights_only_unpickler.py` and `_utils.py`. Anything not named here is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sd_model_manager.identify.formats.limits import MAX_DIMENSIONS, MAX_SIZE
from sd_model_manager.identify.formats.pickle_values import Import, PickledDict, PickledObject, Storage
from sd_model_manager.identify.header import Tensor

DTYPES: Mapping[str, tuple[str, int]] = {
    "float64": ("F64", 8),
    "float32": ("F32", 4),
    "float16": ("F16", 2),
    "bfloat16": ("BF16", 2),
    "float8_e4m3fn": ("F8_E4M3", 1),
    "float8_e5m2": ("F8_E5M2", 1),
    "float8_e8m0fnu": ("F8_E8M0", 1),
    "float8_e4m3fnuz": ("F8_E4M3FNUZ", 1),
    "float8_e5m2fnuz": ("F8_E5M2FNUZ", 1),
    "float4_e2m1fn_x2": ("F4", 1),
    "int64": ("I64", 8),
    "int32": ("I32", 4),
    "int16": ("I16", 2),
    "int8": ("I8", 1),
    "uint64": ("U64", 8),
    "uint32": ("U32", 4),
    "uint16": ("U16", 2),
    "uint8": ("U8", 1),
    "bool": ("BOOL", 1),
    "complex32": ("C32", 4),
    "complex64": ("C64", 8),
    "complex128": ("C128", 16),
    "qint8": ("I8", 1),
    "quint8": ("U8", 1),
    "qint32": ("I32", 4),
}
"""torch's name of a dtype, safetensors' word for it, bytes of one element."""

STORAGES: Mapping[str, tuple[str, int]] = {
    f"{prefix}Storage": DTYPES[name]
    for prefix, name in (
        ("Double", "float64"),
        ("Float", "float32"),
        ("Half", "float16"),
        ("BFloat16", "bfloat16"),
        ("Long", "int64"),
        ("Int", "int32"),
        ("Short", "int16"),
        ("Char", "int8"),
        ("Byte", "uint8"),
        ("Bool", "bool"),
        ("ComplexFloat", "complex64"),
        ("ComplexDouble", "complex128"),
        ("QInt8", "qint8"),
        ("QUInt8", "quint8"),
        ("QInt32", "qint32"),
    )
}

_UNTYPED = Import("torch.storage", "UntypedStorage")


class Unexpected(Exception):
    """A call that no model file makes; the text says which."""


def is_allowed(imported: Import) -> bool:
    if imported in _CALLS or imported == _UNTYPED or imported in _NAMES:
        return True
    return imported.module == "torch" and (imported.name in DTYPES or imported.name in STORAGES)


def make_storage(identity: Any) -> Storage:
    """A persistent id: ('storage', class, key, device, element count), and in the older container a view or `None`.

    Raises:
        Unexpected: it is anything else.
    """
    if type(identity) is not tuple or len(identity) not in (5, 6) or identity[0] != "storage":
        raise Unexpected("a persistent id that names no storage")
    storage_class, key, device, elements = identity[1:5]
    if type(key) is not str or type(device) is not str or not _is_size(elements):
        raise Unexpected("a storage without a key or a size")
    if storage_class == _UNTYPED:
        return Storage(key, None, elements, elements)
    if not isinstance(storage_class, Import) or storage_class.module != "torch":
        raise Unexpected("a storage of no known class")
    if storage_class.name not in STORAGES:
        raise Unexpected(f"a storage of the class {storage_class}")
    dtype, element_bytes = STORAGES[storage_class.name]
    return Storage(key, dtype, elements, elements * element_bytes)


def call(function: Any, arguments: Any) -> Any:
    """What calling an allowed global would make.

    Raises:
        Unexpected: it is not one that can be called, or its arguments are not those torch writes.
    """
    make = _CALLS.get(function) if isinstance(function, Import) else None
    if make is None:
        raise Unexpected(f"a call of {function}" if isinstance(function, Import) else "a call of what is no function")
    if type(arguments) is not tuple:
        raise Unexpected(f"a call of {function} without arguments")
    try:
        return make(*arguments)
    except TypeError as error:
        raise Unexpected(f"a call of {function} with other arguments than torch's") from error


def _tensor(storage: Any, offset: Any, shape: Any, stride: Any, *_rest: Any) -> Tensor:
    if not isinstance(storage, Storage) or storage.dtype is None:
        raise Unexpected("a tensor without a typed storage")
    return _placed(storage, storage.dtype, storage.elements, offset, shape, stride)


def _tensor_of_dtype(
    storage: Any, offset: Any, shape: Any, stride: Any, _grad: Any, _hooks: Any, dtype: Any, *_rest: Any
) -> Tensor:
    word, element_bytes = _dtype(dtype)
    if not isinstance(storage, Storage):
        raise Unexpected("a tensor without a storage")
    return _placed(storage, word, storage.size_bytes // element_bytes, offset, shape, stride)


def _quantized_tensor(storage: Any, offset: Any, shape: Any, stride: Any, *rest: Any) -> Tensor:
    return _tensor(storage, offset, shape, stride, *rest)


def _meta_tensor(dtype: Any, shape: Any, _stride: Any, *_rest: Any) -> Tensor:
    return Tensor(_dtype(dtype)[0], _shape(shape))


def _placed(storage: Storage, dtype: str, elements: int, offset: Any, shape: Any, stride: Any) -> Tensor:
    sizes, steps = _shape(shape), _shape(stride)
    if not _is_size(offset) or len(sizes) != len(steps):
        raise Unexpected("a tensor without a place in its storage")
    last = offset + sum((size - 1) * step for size, step in zip(sizes, steps, strict=True))
    if all(sizes) and last >= elements:
        raise Unexpected(f"a tensor that reaches beyond its storage '{storage.key[:40]}'")
    return Tensor(dtype, sizes)


def _dtype(imported: Any) -> tuple[str, int]:
    if not isinstance(imported, Import) or imported.module != "torch" or imported.name not in DTYPES:
        raise Unexpected("a tensor without a dtype")
    return DTYPES[imported.name]


def _shape(value: Any) -> tuple[int, ...]:
    if type(value) not in (tuple, list) or len(value) > MAX_DIMENSIONS or not all(map(_is_size, value)):
        raise Unexpected("a tensor without a shape")
    return tuple(value)


def _is_size(value: Any) -> bool:
    return type(value) is int and 0 <= value <= MAX_SIZE


def _parameter(tensor: Any, *_rest: Any) -> Tensor:
    if not isinstance(tensor, Tensor):
        raise Unexpected("a parameter that is no tensor")
    return tensor


def _tensor_with_state(function: Any, _class: Any, arguments: Any, _state: Any) -> Any:
    if not isinstance(function, Import) or function.module != "torch._utils":
        raise Unexpected("a tensor rebuilt by no function of torch")
    return call(function, arguments)


def _dict(pairs: Any = ()) -> PickledDict:
    if isinstance(pairs, PickledDict):
        return PickledDict(list(pairs.pairs))
    if type(pairs) not in (list, tuple):
        raise Unexpected("a dictionary of what are no pairs")
    if not all(type(pair) in (list, tuple) and len(pair) == 2 for pair in pairs):
        raise Unexpected("a dictionary of what are no pairs")
    return PickledDict([(pair[0], pair[1]) for pair in pairs])


def _plain(*arguments: Any) -> PickledObject:
    return PickledObject("plain", arguments)


def _collection(values: Any = ()) -> list[Any]:
    if type(values) not in (list, tuple):
        raise Unexpected("a set of what is no list")
    return list(values)


def _encoded(text: Any, encoding: Any) -> PickledObject:
    if type(text) is not str or encoding not in ("latin1", "latin-1"):
        raise Unexpected("_codecs.encode with another encoding than latin1")
    return PickledObject("bytes")


_CALLS: Mapping[Import, Callable[..., Any]] = {
    Import("collections", "OrderedDict"): _dict,
    Import("collections", "Counter"): _dict,
    Import("torch", "Size"): _shape,
    Import("torch", "device"): _plain,
    Import("_codecs", "encode"): _encoded,
    **{Import(module, "set"): _collection for module in ("builtins", "__builtin__")},
    **{Import(module, name): _plain for module in ("builtins", "__builtin__") for name in ("bytearray", "complex")},
    Import("torch._utils", "_rebuild_tensor"): _tensor,
    Import("torch._utils", "_rebuild_tensor_v2"): _tensor,
    Import("torch._utils", "_rebuild_tensor_v3"): _tensor_of_dtype,
    Import("torch._utils", "_rebuild_qtensor"): _quantized_tensor,
    Import("torch._utils", "_rebuild_meta_tensor_no_storage"): _meta_tensor,
    Import("torch._utils", "_rebuild_parameter"): _parameter,
    Import("torch._utils", "_rebuild_parameter_with_state"): _parameter,
    Import("torch._tensor", "_rebuild_from_type_v2"): _tensor_with_state,
}

_NAMES = frozenset(
    {
        Import("torch", "Tensor"),
        Import("torch.nn.parameter", "Parameter"),
        *(Import("torch", f"per_{way}") for way in ("tensor_affine", "channel_affine", "tensor_symmetric")),
    }
)
"""Named, never called."""
