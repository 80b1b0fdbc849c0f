"""What every reader promises, whoever wrote it."""

from __future__ import annotations

import io
import json
import random
import struct
from io import BytesIO
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sd_model_manager.identify.formats import READERS
from sd_model_manager.identify.formats.reader import START_BYTES, FormatReader
from sd_model_manager.identify.header import Header
from sd_model_manager.identify.reading import read_header
from tests.support.model_files import TensorSpec, materialise, write_gguf, write_safetensors
from tests.support.torch_files import TorchPickle

SAVES = Path(__file__).parent / "torch_saves"
TENSORS: dict[str, TensorSpec] = {"conv.weight": ("F16", [4, 2, 3]), "conv.bias": ("F32", [4])}
GGUF_METADATA = {"general.architecture": "flux", "words": ["a", "b"], "comfy.gguf.orig_shape.conv.weight": [8, 3]}


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    folder = tmp_path_factory.mktemp("samples")
    written = [
        write_safetensors(folder / "a", TENSORS, {"ss_network_dim": "4"}),
        write_gguf(folder / "b", TENSORS, GGUF_METADATA),
    ]
    paths = [*written, *sorted(SAVES.iterdir())]
    other = [TorchPickle().dump({"a": [1, "b"]}), b"\x08\x07\x12\x07pytorch:\x05abcde", b"<!DOCTYPE html>", b"{}"]
    return [path.read_bytes() for path in paths] + other


def name_of(reader: FormatReader) -> str:
    assert isinstance(reader, ModuleType)
    return reader.__name__.rpartition(".")[2]


def check_header(header: Header) -> None:
    """What the rest of the program may rely on: text that can be stored, shapes of whole numbers, words for faults."""
    for name, tensor in header.tensors.items():
        name.encode()
        tensor.dtype.encode()
        assert all(type(size) is int and size >= 0 for size in tensor.shape)
    for key, value in header.metadata.items():
        assert "\0" not in (key + value).encode().decode()
    for problem in header.problems:
        assert problem.code
        assert problem.message.encode().strip()
        assert "\0" not in problem.message
        assert len(problem.message) < 3000


@pytest.mark.parametrize("reader", READERS, ids=name_of)
def test_a_reader_raises_for_no_file_that_it_recognises(reader: FormatReader, samples: list[bytes]) -> None:
    chance = random.Random(7)
    for sample in samples:
        for _ in range(40):
            content = bytearray(sample)
            for _ in range(chance.randint(1, 6)):
                content[chance.randrange(len(content))] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
            del content[chance.randint(1, len(content)) :]
            if reader.recognises(bytes(content[:START_BYTES]), len(content)):
                check_header(reader.read(BytesIO(bytes(content)), len(content)))


@pytest.mark.parametrize("reader", READERS, ids=name_of)
def test_a_reader_recognises_no_other_readers_files(reader: FormatReader, samples: list[bytes]) -> None:
    for sample in samples:
        chosen = next(r for r in READERS if r.recognises(sample[:START_BYTES], len(sample)))
        if reader.recognises(sample[:START_BYTES], len(sample)) and reader is not chosen:
            assert READERS.index(reader) > READERS.index(chosen)


@pytest.mark.parametrize("reader", READERS, ids=name_of)
def test_a_reader_asks_no_more_of_a_file_than_bytes(reader: FormatReader, samples: list[bytes]) -> None:
    class OnlyForward(io.RawIOBase):
        def __init__(self, content: bytes) -> None:
            self.asked_bytes = 0
            self._content = BytesIO(content)

        def readable(self) -> bool:
            return True

        def seekable(self) -> bool:
            return True

        def seek(self, offset: int, whence: int = 0, /) -> int:
            return self._content.seek(offset, whence)

        def read(self, size: int = -1, /) -> bytes:
            assert size >= 0, "a reader reads a whole file at once"
            self.asked_bytes += size
            return self._content.read(size)

    for sample in samples:
        if reader.recognises(sample[:START_BYTES], len(sample)):
            file = OnlyForward(sample)
            reader.read(file, len(sample))  # type: ignore[arg-type]
            assert file.asked_bytes < 5 * len(sample) + 100_000


@settings(deadline=None)
@given(st.binary(max_size=2000))
def test_random_bytes_are_told_apart_and_never_raise(content: bytes) -> None:
    check_header(read_header(BytesIO(content), len(content)))


@settings(deadline=None)
@given(
    st.sampled_from(
        [b"GGUF\3\0\0\0", b"PK\x03\x04", b"\x80\x02", b"\x80\x04\x95", b"\x08\x07\x12", b"\x40\0\0\0\0\0\0\0{"]
    ),
    st.binary(max_size=500),
)
def test_random_bytes_behind_a_true_mark_never_raise(mark: bytes, rest: bytes) -> None:
    content = mark + rest
    check_header(read_header(BytesIO(content), len(content)))


OPCODES = b".NK\x88()]}\x85\x86\x87tesuabq\x94hjXc\x93QR\x81\x92oi\x82012T\x8c\x95\x8e"


@settings(deadline=None)
@given(st.lists(st.sampled_from([bytes([code]) for code in OPCODES] + [b"\x01", b"\0\0\0\0", b"a\n", b"storage"])))
def test_opcodes_in_any_order_never_raise(parts: list[bytes]) -> None:
    content = b"\x80\x02" + b"".join(parts)
    check_header(read_header(BytesIO(content), len(content)))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(max_size=12), children, max_size=4),
    max_leaves=20,
)


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["a", "b", "__metadata__", "é"]),
        JSON | st.fixed_dictionaries({"dtype": JSON, "shape": JSON, "data_offsets": JSON}),
    )
)
def test_any_json_as_a_safetensors_header_never_raises(entries: dict[str, object]) -> None:
    text = json.dumps(entries).encode()
    content = struct.pack("<Q", len(text)) + text + bytes(16)
    check_header(read_header(BytesIO(content), len(content)))


NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0/"), max_size=30)
SHAPES = st.lists(st.integers(0, 5), max_size=4).map(tuple)


@pytest.mark.parametrize("container", ["safetensors", "gguf", "torch-zip", "torch-legacy"])
@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(NAMES.map("w.{}".format), st.tuples(st.sampled_from(["F32", "F16", "BF16"]), SHAPES), max_size=8)
)
def test_what_was_written_is_what_is_read(tmp_path: Path, container: str, tensors: dict[str, TensorSpec]) -> None:
    path = materialise({"container": container, "tensors": tensors}, tmp_path / "x")
    with path.open("rb") as file:
        header = read_header(file, path.stat().st_size)
    no_shape = (1,) if container == "gguf" else ()
    expected = {name: (dtype, tuple(shape) or no_shape) for name, (dtype, shape) in tensors.items()}
    assert {name: (tensor.dtype, tensor.shape) for name, tensor in header.tensors.items()} == expected
    assert not header.problems
