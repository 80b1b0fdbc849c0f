"""A small picture of whatever lies beside a model: made once, kept within bounds, and never a way to do harm."""

from __future__ import annotations

import io
import os
import struct
import threading
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from sd_model_manager.lib.errors import NotFound
from sd_model_manager.library.thumbnails import Original, Thumbnails, ThumbnailSize
from tests.support.films import write_film

SMALL, MEDIUM, LARGE = ThumbnailSize


@pytest.fixture
def thumbnails(tmp_path: Path) -> Thumbnails:
    return Thumbnails(tmp_path / "thumbnails")


def find(thumbnails: Thumbnails, path: Path, size: ThumbnailSize = SMALL) -> Original:
    original = thumbnails.find_original(path, size)
    assert original is not None
    return original


def show(thumbnails: Thumbnails, path: Path, size: ThumbnailSize = SMALL) -> Image.Image:
    image = Image.open(io.BytesIO(thumbnails.get(find(thumbnails, path, size))))
    assert image.format == "WEBP"
    return image


def list_kept(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "thumbnails").rglob("*") if path.is_file()]


@pytest.mark.parametrize(("size", "expected"), [(SMALL, (256, 384)), (MEDIUM, (512, 768)), (LARGE, (1024, 1536))])
@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.webp"])
def test_three_widths_keep_the_shape(
    thumbnails: Thumbnails, tmp_path: Path, name: str, size: ThumbnailSize, expected: tuple[int, int]
) -> None:
    Image.new("RGB", (1200, 1800), "teal").save(tmp_path / name)
    image = show(thumbnails, tmp_path / name, size)
    assert image.size == expected
    assert is_near(image, "teal")


def is_near(image: Image.Image, colour: str, at: tuple[int, int] = (3, 3)) -> bool:
    wanted = Image.new("RGB", (1, 1), colour).getpixel((0, 0))
    found = image.convert("RGB").getpixel(at)
    assert isinstance(wanted, tuple)
    assert isinstance(found, tuple)
    return all(abs(a - b) < 16 for a, b in zip(wanted, found, strict=True))


def test_a_small_picture_is_not_enlarged(thumbnails: Thumbnails, tmp_path: Path) -> None:
    Image.new("RGB", (40, 30)).save(tmp_path / "a.png")
    assert show(thumbnails, tmp_path / "a.png", LARGE).size == (40, 30)


@pytest.mark.parametrize("shape", [(20, 20_000), (20_000, 20)])
def test_a_strip_stays_within_what_webp_can_hold(
    thumbnails: Thumbnails, tmp_path: Path, shape: tuple[int, int]
) -> None:
    Image.new("RGB", shape, "red").save(tmp_path / "a.png")
    image = show(thumbnails, tmp_path / "a.png", LARGE)
    assert image.width <= 1024
    assert image.height <= 4096


@pytest.mark.parametrize(("orientation", "corner"), [(1, (2, 2)), (3, (197, 97)), (6, (97, 2)), (8, (2, 197))])
@pytest.mark.parametrize("name", ["a.png", "a.jpg"])
def test_a_picture_stands_upright_as_its_camera_said(
    thumbnails: Thumbnails, tmp_path: Path, name: str, orientation: int, corner: tuple[int, int]
) -> None:
    picture = Image.new("RGB", (200, 100), "blue")
    picture.paste(Image.new("RGB", (60, 40), "yellow"))
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture.save(tmp_path / name, exif=exif)
    image = show(thumbnails, tmp_path / name)
    assert image.size == ((200, 100) if orientation < 5 else (100, 200))
    assert is_near(image, "yellow", corner)
    assert 0x0112 not in image.getexif()


def test_width_is_that_of_the_upright_picture(thumbnails: Thumbnails, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (1200, 800)).save(tmp_path / "a.jpg", exif=exif)
    assert show(thumbnails, tmp_path / "a.jpg").size == (256, 384)


@pytest.mark.parametrize("name", ["a.gif", "a.webp", "a.png"])
def test_a_moving_picture_gives_its_first_frame(thumbnails: Thumbnails, tmp_path: Path, name: str) -> None:
    frames = [Image.new("RGB", (300, 300), colour) for colour in ("lime", "red", "blue")]
    frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:], duration=100)
    image = show(thumbnails, tmp_path / name)
    assert getattr(image, "n_frames", 1) == 1
    assert is_near(image, "lime")


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_every_way_to_keep_colours_is_understood(thumbnails: Thumbnails, tmp_path: Path, mode: str) -> None:
    path = tmp_path / ("a.jpg" if mode == "CMYK" else "a.png")
    Image.new(mode, (400, 400)).save(path)
    image = show(thumbnails, path)
    assert image.size == (256, 256)
    assert image.has_transparency_data == (mode in {"LA", "RGBA"})


def test_what_a_picture_says_of_itself_stays_with_it(thumbnails: Thumbnails, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = "the prompt nobody should see"
    Image.new("RGB", (400, 400)).save(tmp_path / "a.jpg", exif=exif, comment=b"nobody should see")
    assert b"nobody" not in thumbnails.get(find(thumbnails, tmp_path / "a.jpg"))


def test_a_thumbnail_is_made_once_and_again_when_the_picture_changes(thumbnails: Thumbnails, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("RGB", (400, 400), "red").save(path)
    first = find(thumbnails, path)
    content = thumbnails.get(first)
    (kept,) = list_kept(tmp_path)
    assert kept.parent.name == kept.name[:2] == first.key[:2]
    kept.write_bytes(b"what was kept")
    assert thumbnails.get(first) == b"what was kept" != content
    Image.new("RGB", (401, 400), "blue").save(path)
    assert find(thumbnails, path).key != first.key
    assert is_near(show(thumbnails, path), "blue")


def test_a_kept_thumbnail_that_a_crash_left_empty_is_made_again(thumbnails: Thumbnails, tmp_path: Path) -> None:
    Image.new("RGB", (400, 400), "red").save(tmp_path / "a.png")
    show(thumbnails, tmp_path / "a.png")
    list_kept(tmp_path)[0].write_bytes(b"")
    assert is_near(show(thumbnails, tmp_path / "a.png"), "red")


def test_many_who_ask_at_once_get_the_same_and_leave_one_file_each(thumbnails: Thumbnails, tmp_path: Path) -> None:
    for name in "abc":
        Image.new("RGB", (600, 600), "navy").save(tmp_path / f"{name}.png")
    originals = [find(thumbnails, tmp_path / f"{name}.png") for name in "abc"] * 8
    with ThreadPoolExecutor(12) as threads:
        contents = set(threads.map(thumbnails.get, originals))
    assert len(contents) == 1
    assert len(list_kept(tmp_path)) == 3
    assert all(path.suffix == ".webp" for path in list_kept(tmp_path))


def test_the_oldest_make_room(tmp_path: Path) -> None:
    thumbnails = Thumbnails(tmp_path / "thumbnails", max_bytes=20_000)
    kept: list[Path] = []
    for number in range(30):
        path = tmp_path / f"{number}.png"
        Image.effect_noise((120, 120), 90).save(path)
        original = find(thumbnails, path)
        thumbnails.get(original)
        kept.append(tmp_path / "thumbnails" / original.key[:2] / f"{original.key}.webp")
        os.utime(kept[-1], (number, number))
        assert sum(file.stat().st_size for file in list_kept(tmp_path)) <= 20_000
    are_there = [path.exists() for path in kept]
    assert are_there == sorted(are_there)
    assert are_there[-1]
    assert not are_there[0]


def test_without_a_place_to_keep_it_a_thumbnail_is_still_shown(tmp_path: Path) -> None:
    (tmp_path / "thumbnails").write_text("a file where the folder should be")
    Image.new("RGB", (400, 400), "red").save(tmp_path / "a.png")
    assert is_near(show(Thumbnails(tmp_path / "thumbnails"), tmp_path / "a.png"), "red")


@pytest.mark.parametrize("head", [b"\x00\x00\x00\x18ftypmp42", b"\x1a\x45\xdf\xa3"])
def test_a_film_has_no_thumbnail_without_a_decoder(tmp_path: Path, head: bytes) -> None:
    (tmp_path / "a.mp4").write_bytes(head + bytes(100))
    assert Thumbnails(tmp_path / "thumbnails", reads_films=False).find_original(tmp_path / "a.mp4", SMALL) is None


@pytest.mark.parametrize("name", ["a.mp4", "a.webm"])
def test_a_film_gives_its_first_frame(thumbnails: Thumbnails, tmp_path: Path, name: str) -> None:
    write_film(tmp_path / name, ["lime", "red", "blue"], (640, 360))
    image = show(thumbnails, tmp_path / name)
    assert image.size == (256, 144)
    assert is_near(image, "lime")


def test_a_broken_film_is_told_of_and_not_tried_again(thumbnails: Thumbnails, tmp_path: Path) -> None:
    write_film(tmp_path / "a.mp4", ["lime"], (64, 64))
    whole = (tmp_path / "a.mp4").read_bytes()
    (tmp_path / "a.mp4").write_bytes(whole[: len(whole) // 2])
    original = find(thumbnails, tmp_path / "a.mp4")
    with pytest.raises(NotFound, match="gives no picture"):
        thumbnails.get(original)
    (tmp_path / "a.mp4").write_bytes(whole)
    with pytest.raises(NotFound, match="gives no picture"):
        thumbnails.get(original)
    os.utime(tmp_path / "a.mp4", (1, 1))
    assert show(thumbnails, tmp_path / "a.mp4").size == (64, 64)


def test_a_picture_in_an_animation_of_absurd_size_is_refused(thumbnails: Thumbnails, tmp_path: Path) -> None:
    gif = io.BytesIO()
    frames = [Image.new("P", (8, 8), number) for number in range(3)]
    frames[0].save(gif, "GIF", save_all=True, append_images=frames[1:])
    bomb = bytearray(gif.getvalue())
    bomb[6:10] = struct.pack("<HH", 65_535, 65_535)
    (tmp_path / "a.gif").write_bytes(bomb)
    with pytest.raises(NotFound, match="more pixels"):
        thumbnails.get(find(thumbnails, tmp_path / "a.gif"))


def test_a_jpeg_that_ends_too_soon_is_told_of(thumbnails: Thumbnails, tmp_path: Path) -> None:
    Image.effect_noise((400, 400), 90).save(tmp_path / "a.jpg")
    os.truncate(tmp_path / "a.jpg", (tmp_path / "a.jpg").stat().st_size // 2)
    with pytest.raises(NotFound, match="damaged"):
        thumbnails.get(find(thumbnails, tmp_path / "a.jpg"))


def test_what_is_no_picture_or_not_there_is_not_found(thumbnails: Thumbnails, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_text("<svg onload=alert(1)>")
    for name, reason in (("a.png", "no picture"), ("nowhere.png", "gone")):
        with pytest.raises(NotFound, match=reason):
            thumbnails.find_original(tmp_path / name, SMALL)


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


@pytest.mark.parametrize("side", [9_500, 20_000, 2**31 - 1])
def test_a_bomb_is_refused_before_it_is_decoded(thumbnails: Thumbnails, tmp_path: Path, side: int) -> None:
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    png = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )
    (tmp_path / "a.png").write_bytes(png)
    with pytest.raises(NotFound, match="more pixels"):
        thumbnails.get(find(thumbnails, tmp_path / "a.png"))


def test_a_file_far_too_large_for_a_picture_is_not_opened(thumbnails: Thumbnails, tmp_path: Path) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "a.png")
    os.truncate(tmp_path / "a.png", 64 * 1024 * 1024 + 1)
    with pytest.raises(NotFound, match="too large"):
        thumbnails.get(find(thumbnails, tmp_path / "a.png"))


@given(
    kind=st.sampled_from(["PNG", "JPEG", "WEBP", "GIF", "AVIF"]),
    keep=st.floats(0, 1),
    damage=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=8),
)
def test_a_broken_picture_is_told_of_or_shown_but_nothing_worse(
    tmp_path_factory: pytest.TempPathFactory, kind: str, keep: float, damage: list[tuple[float, int]]
) -> None:
    folder = tmp_path_factory.mktemp("t")
    target = io.BytesIO()
    Image.linear_gradient("L").resize((40, 40)).save(target, kind)
    raw = bytearray(target.getvalue())
    for where, value in damage:
        raw[int(where * (len(raw) - 1))] = value
    (folder / "a").write_bytes(raw[: int(len(raw) * keep)])
    thumbnails = Thumbnails(folder / "thumbnails")
    with suppress(NotFound):
        original = thumbnails.find_original(folder / "a", SMALL)
        assert original is None or thumbnails.get(original).startswith(b"RIFF")


def test_one_that_failed_does_not_hold_up_the_next(thumbnails: Thumbnails, tmp_path: Path) -> None:
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    Image.new("RGB", (400, 400), "red").save(tmp_path / "a.png")
    for _ in range(5):
        with pytest.raises(NotFound, match="damaged"):
            thumbnails.get(find(thumbnails, tmp_path / "broken.png"))
    shown: list[Image.Image] = []
    thread = threading.Thread(target=lambda: shown.append(show(thumbnails, tmp_path / "a.png")), daemon=True)
    thread.start()
    thread.join(30)
    assert shown
