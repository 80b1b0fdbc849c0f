"""A picture inside a model file counts where it is one."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from sd_model_manager.lib.errors import NotFound
from sd_model_manager.library.covers import has_cover, read_cover
from tests.support.library_bench import LibraryBench
from tests.support.model_files import write_safetensors


def make_picture(kind: str = "PNG") -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (300, 200), "teal").save(target, kind)
    return target.getvalue()


def encode(content: bytes) -> str:
    return base64.b64encode(content).decode()


PNG, JPEG = make_picture(), make_picture("JPEG")


@pytest.mark.parametrize(
    ("metadata", "content", "suffix"),
    [
        ({"ssmd_cover_images": json.dumps([encode(PNG), encode(JPEG)])}, PNG, ".png"),
        ({"ssmd_cover_images": json.dumps(["", 7, "data:image/jpeg;base64," + encode(JPEG)])}, JPEG, ".jpeg"),
        ({"modelspec.thumbnail": "data:image/jpeg;base64," + encode(JPEG)}, JPEG, ".jpeg"),
        ({"modelspec.preview_image": "data:image/png;base64," + encode(PNG)}, PNG, ".png"),
        ({"ssmd_cover_images": "[]", "modelspec.thumbnail": "data:image/jpg;base64," + encode(JPEG)}, JPEG, ".jpeg"),
    ],
)
def test_each_way_to_carry_one_is_known(
    tmp_path: Path, metadata: Mapping[str, str], content: bytes, suffix: str
) -> None:
    write_safetensors(tmp_path / "a.safetensors", {"w": ("F16", (4, 4))}, metadata)
    assert has_cover(metadata)
    assert read_cover(tmp_path / "a.safetensors") == (content, suffix)


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"ssmd_cover_images": "[]"},
        {"ssmd_cover_images": "{"},
        {"ssmd_cover_images": "[" * 100_000},
        {"ssmd_cover_images": json.dumps([encode(b"<svg onload=alert(1)>" * 9)])},
        {"modelspec.thumbnail": "https://example.org/a.png"},
        {"modelspec.thumbnail": "data:text/html;base64," + encode(PNG)},
        {"modelspec.thumbnail": "data:image/svg+xml;base64," + encode(b"<svg onload=alert(1)>" * 9)},
    ],
)
def test_what_is_none_does_not_count(tmp_path: Path, metadata: Mapping[str, str]) -> None:
    write_safetensors(tmp_path / "a.safetensors", {"w": ("F16", (4, 4))}, metadata)
    assert not has_cover(metadata)
    with pytest.raises(NotFound):
        read_cover(tmp_path / "a.safetensors")


@given(
    st.dictionaries(st.sampled_from(["ssmd_cover_images", "modelspec.thumbnail", "modelspec.preview_image"]), st.text())
)
def test_whatever_is_written_there_is_read_without_an_error(metadata: dict[str, str]) -> None:
    assert not has_cover(metadata)


def test_a_scan_lists_it_last(library: LibraryBench) -> None:
    library.add_lora("a.safetensors", metadata={"modelspec.thumbnail": "data:image/png;base64," + encode(PNG)})
    (library.root / "a.preview.png").write_bytes(PNG)
    library.scan()
    previews = library.only().previews
    assert [(p.place.relative_path, p.origin) for p in previews] == [
        ("a.preview.png", "file"),
        ("a.safetensors", "embedded"),
    ]
    (library.root / "a.preview.png").unlink()
    library.scan()
    assert library.only().listing.preview_id == library.only().previews[0].preview_id
    assert library.only().previews[0].origin == "embedded"
