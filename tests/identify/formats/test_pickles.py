"""Pickles that would do harm, written by hand and harmless themselves: nothing here is ever unpickled."""

from __future__ import annotations

import pickletools
import struct
from io import BytesIO

import pytest

from sd_model_manager.domain.taxonomy import FileFormat
from sd_model_manager.identify.formats import pickle_contents, pickle_walk
from sd_model_manager.identify.formats.cursor import Cursor
from sd_model_manager.identify.formats.pickle_walk import walk_pickle
from sd_model_manager.identify.header import Header
from sd_model_manager.identify.reading import read_header
from tests.support.torch_files import StoredTensor, TorchPickle

STORAGE = b"(X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpuK\x04tQ"
TENSOR = b"ctorch._utils\n_rebuild_tensor_v2\n(" + STORAGE + b"K\x00K\x04\x85K\x01\x85\x89N tR".replace(b" ", b"")
CALL = b"X\x04\x00\x00\x00echo\x85R"


def text(value: str) -> bytes:
    return b"X" + struct.pack("<I", len(value)) + value.encode()


UNSAFE = {
    "a shell": (b"cos\nsystem\n" + CALL, "os.system"),
    "the same shell by another name": (b"cposix\nsystem\n" + CALL, "posix.system"),
    "eval": (b"cbuiltins\neval\n" + CALL, "builtins.eval"),
    "an import without a call": (b"cos\nsystem\n", "os.system"),
    "a name made on the stack": (b"\x8c\x02os\x8c\x06system\x93" + CALL, "os.system"),
    "numpy's own loader": (b"cnumpy\nload\n" + CALL, "numpy.load"),
    "torch's own loader": (b"ctorch\nload\n" + CALL, "torch.load"),
    "a tensor saved within": (b"ctorch.storage\n_load_from_bytes\n" + CALL, "_load_from_bytes"),
    "a class of the program": (b"c__main__\nX\n)R", "__main__.X"),
    "the installer": (b"cpip._internal.cli.main\nmain\n" + CALL, "pip._internal"),
    "a runner of strings": (b"ctimeit\ntimeit\n" + CALL, "timeit.timeit"),
    "an extension code": (b"\x82\x01", "extension 1"),
    "a wide extension code": (b"\x84\x01\x00\x00\x00", "extension 1"),
    "an old instance": (b"(" + text("x") + b"ios\nsystem\n", "os.system"),
    "an old object": (b"(cos\nsystem\n" + text("x") + b"o", "os.system"),
    "a new object": (b"csubprocess\nPopen\n" + text("x") + b"\x85\x81", "subprocess.Popen"),
    "a new object with names": (b"csubprocess\nPopen\n)}\x92", "subprocess.Popen"),
    "a refused class within an allowed call": (
        b"ccollections\nOrderedDict\ncos\nsystem\n" + CALL + b"\x85R",
        "os.system",
    ),
    "an allowed name of another module": (b"cos\nOrderedDict\n)R", "os.OrderedDict"),
    "a class that is only named": (b"ctorch\nFloatStorage\n)R", "torch.FloatStorage"),
    "an encoding that is none": (b"c_codecs\nencode\n" + text("x") + text("rot13") + b"\x86R", "_codecs.encode"),
    "attributes of a number": (b"K\x01}b", "attributes"),
    "attributes of a class": (b"ctorch\nSize\n}b", "attributes"),
    "a persistent id": (text("x") + b"Q", "persistent id"),
    "a persistent id in text": (b"Pos.system\n", "opcode"),
    "an old opcode": (b"I1\n", "opcode"),
    "a byte that is no opcode": (b"\xff", "opcode"),
    "an out-of-band buffer": (b"\x97", "opcode"),
    "a text of four gigabytes": (b"X\xff\xff\xff\xff", "a text of 4,294,967,295 bytes"),
    "a text of many exabytes": (b"\x8d" + b"\xff" * 8, "a text of"),
    "bytes of many exabytes": (b"\x8e" + b"\xff" * 8, "no end"),
    "a future protocol": (b"\x80\x63", "protocol 99"),
    "an empty stack": (b"R", "takes what is not there"),
    "a memory that is empty": (b"h\x05", "takes what is not there"),
    "no mark": (b"u", "takes what is not there"),
    "a key without a value": (b"}(K\x01u", "key without a value"),
    "items for a number": (b"K\x01(K\x01K\x02u", "no dictionary"),
    "more than one object": (b"K\x01K\x02", "more or less than one"),
    "a mark left over": (b"K\x01(K\x02", "more or less than one"),
    "a shape that is none": (TENSOR.replace(b"K\x04\x85K\x01\x85", b"K\x04\x85N"), "tensor without a shape"),
    "a tensor beyond its storage": (TENSOR.replace(b"K\x04\x85", b"K\x05\x85"), "beyond its storage"),
}


def read(body: bytes) -> Header:
    content = b"\x80\x02" + body + b"."
    return read_header(BytesIO(content), len(content))


@pytest.mark.parametrize(("body", "named"), UNSAFE.values(), ids=UNSAFE.keys())
def test_a_pickle_that_could_do_harm_is_unsafe_and_its_message_names_why(body: bytes, named: str) -> None:
    header = read(body)
    assert header.format is FileFormat.PICKLE
    assert [problem.code for problem in header.problems] == ["unsafe_pickle"]
    assert named in header.problems[0].message


def test_a_pickle_without_an_end_is_unsafe() -> None:
    content = b"\x80\x02}(K\x01K\x02u"
    header = read_header(BytesIO(content), len(content))
    assert "no end" in header.problems[0].message


def test_a_second_pickle_after_the_first_is_unsafe() -> None:
    header = read(b"K\x01." + b"\x80\x02cos\nsystem\n" + CALL)
    assert "after its end" in header.problems[0].message


@pytest.mark.parametrize(
    "content",
    [
        b"cos\nsystem\n(S'echo'\ntR.",
        b"cos\nsystem\n" + CALL,
        b"(S'echo'\nios\nsystem\n.",
        b"(cos\nsystem\nS'echo'\no.",
        b"N0" * 253 + b"cos\nsystem\n(S'echo'\ntR." + b" " * 100,
        b"N0" * 1000 + b"cos\nsystem\n(S'echo'\ntR.",
        b"S'" + b"x" * 5000 + b"'\ncos\nsystem\n(S'echo'\ntR.",
    ],
)
def test_a_pickle_that_hides_its_mark_is_unsafe_all_the_same(content: bytes) -> None:
    header = read_header(BytesIO(content), len(content))
    assert header.format is FileFormat.PICKLE
    assert [problem.code for problem in header.problems] == ["unsafe_pickle"]
    assert "the import os.system" in header.problems[0].message


def test_plain_values_are_safe_in_every_protocol_that_can_be_told() -> None:
    body = b"\x95\x20\x00\x00\x00\x00\x00\x00\x00"
    body += b"}\x94(\x8c\x01a\x94K\x01\x8c\x01b\x94G?\xf0\x00\x00\x00\x00\x00\x00\x8c\x01c\x94\x88u"
    for protocol in (4, 5):
        content = bytes([0x80, protocol]) + body + b"."
        header = read_header(BytesIO(content), len(content))
        assert not header.problems
        assert header.metadata == {"pickle.a": "1", "pickle.b": "1.0", "pickle.c": "true"}


def walk(body: bytes) -> pickle_walk.PickleContent:
    return walk_pickle(Cursor(BytesIO(body), len(body)))


def test_what_torch_writes_is_walked_without_a_refusal() -> None:
    content = walk(TorchPickle().dump({"a": StoredTensor("F32", (2, 3)), "n": [1, "x", None, 2.5]}))
    assert not content.refusals
    assert {name: (t.dtype, t.shape) for name, t in pickle_contents.name_contents(content.value)[0].items()} == {
        "a": ("F32", (2, 3))
    }


def test_the_opcodes_that_are_known_are_real_ones() -> None:
    known = {opcode.code.encode("latin-1")[0] for opcode in pickletools.opcodes}
    body = bytes(code for code in range(256) if code not in known)
    assert all(walk(bytes([code])).refusals == (f"the opcode {bytes([code])!r}",) for code in body)


def test_a_dictionary_in_itself_is_walked_once() -> None:
    content = walk(b"\x80\x02}q\x00(" + text("self") + b"h\x00" + text("w") + TENSOR + b"u.")
    assert list(pickle_contents.name_contents(content.value)[0]) == ["w"]


def test_a_list_that_doubles_a_hundred_times_costs_no_more_than_its_size() -> None:
    doubling = b"".join(b"(h%ch%c" % (step, step) + b"lq%c" % (step + 1) for step in range(100))
    body = b"\x80\x02]q\x00" + doubling.replace(b"l", b"t") + b"."
    assert pickle_contents.name_contents(walk(body).value) == ({}, {})


def test_nesting_without_end_is_neither_followed_nor_fatal() -> None:
    content = walk(b"\x80\x02" + TENSOR + b"\x85" * 200_000 + b".")
    assert pickle_contents.name_contents(content.value) == ({}, {})


def test_dictionaries_nested_without_end_are_neither_followed_nor_fatal() -> None:
    content = walk(b"\x80\x02" + b"}K\x01" * 100_000 + TENSOR + b"s" * 100_000 + b".")
    assert pickle_contents.name_contents(content.value) == ({}, {})


def test_nested_keys_are_never_hashed() -> None:
    content = walk(b"\x80\x02}" + b")" + b"\x85" * 200_000 + TENSOR + b"s.")
    assert list(pickle_contents.name_contents(content.value)[0]) == ["?"]


def test_a_pickle_of_endless_opcodes_is_left() -> None:
    content = walk(b"\x80\x02" + b"N0" * pickle_walk.MAX_OPCODES)
    assert content.refusals == (f"more than {pickle_walk.MAX_OPCODES:,} opcodes",)


def test_one_long_name_for_every_tensor_does_not_fill_the_memory() -> None:
    items = b"".join(b"h\x01h\x02" for _ in range(50_000))
    prefix = b"\x80\x02}" + text("p" * 1900) + b"}(" + text("k" * 1900) + b"q\x01" + TENSOR + b"q\x02" + items + b"us."
    tensors, _ = pickle_contents.name_contents(walk(prefix).value)
    assert sum(map(len, tensors)) <= pickle_contents.MAX_NAMES_CHARACTERS
