"""A film is looked at by a process of its own, which may fail in any way without harm to this one."""

from __future__ import annotations

import io
import random
import struct
from contextlib import suppress
from pathlib import Path

import pytest
from PIL import Image

from sd_model_manager.lib.errors import DamagedFile
from sd_model_manager.library.video_frame import read_first_frame
from tests.support.films import write_film

BOX = (256, 1024)


def test_the_first_frame_fits_the_box(tmp_path: Path) -> None:
    write_film(tmp_path / "a.mp4", ["blue", "red"], (1280, 720))
    image = Image.open(io.BytesIO(read_first_frame(tmp_path / "a.mp4", ".mp4", BOX)), formats=["PPM"])
    assert image.size == (256, 144)


def test_a_name_that_looks_like_an_address_or_an_option_is_a_name(tmp_path: Path) -> None:
    for name in ("concat:x|y.mp4", "-i.mp4", "プレビュー.mp4"):
        (tmp_path / "films").mkdir(exist_ok=True)
        write_film(tmp_path / "a.mp4", ["blue"], (64, 64))
        path = (tmp_path / "a.mp4").replace(tmp_path / "films" / name)
        assert read_first_frame(path, ".mp4", BOX).startswith(b"P6")


def test_who_takes_too_long_is_ended(tmp_path: Path) -> None:
    write_film(tmp_path / "a.mp4", ["blue"], (64, 64))
    with pytest.raises(DamagedFile):
        read_first_frame(tmp_path / "a.mp4", ".mp4", BOX, max_seconds=0.001)


def test_a_codec_that_no_browser_shows_is_not_decoded(tmp_path: Path) -> None:
    write_film(tmp_path / "a.mp4", ["blue"], (64, 64), codec="mjpeg")
    with pytest.raises(DamagedFile):
        read_first_frame(tmp_path / "a.mp4", ".mp4", BOX)


def test_a_list_of_other_files_is_not_followed(tmp_path: Path) -> None:
    write_film(tmp_path / "secret.mp4", ["blue"], (64, 64))
    (tmp_path / "a.mp4").write_text("#EXTM3U\n#EXTINF:1,\nsecret.mp4\n#EXT-X-ENDLIST\n")
    with pytest.raises(DamagedFile):
        read_first_frame(tmp_path / "a.mp4", ".mp4", BOX)


@pytest.mark.parametrize("name", ["a.mp4", "a.webm"])
def test_a_broken_film_gives_a_picture_or_none_but_nothing_worse(tmp_path: Path, name: str) -> None:
    write_film(tmp_path / name, ["blue", "red"], (64, 64))
    whole = (tmp_path / name).read_bytes()
    chance = random.Random(7)
    for _ in range(6):
        damaged = bytearray(whole[: chance.randrange(len(whole))])
        for _ in range(5):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        (tmp_path / name).write_bytes(damaged)
        with suppress(DamagedFile):
            assert read_first_frame(tmp_path / name, Path(name).suffix, BOX).startswith(b"P6")


def test_a_film_that_was_taken_sideways_stands_upright(tmp_path: Path) -> None:
    """A telephone writes how it was held into the matrix of the track: here a quarter turn clockwise."""
    picture = Image.new("RGB", (64, 32), "blue")
    picture.paste(Image.new("RGB", (64, 16), "red"))
    write_film(tmp_path / "a.mp4", [picture], (64, 32))
    film = (tmp_path / "a.mp4").read_bytes()
    header = film.index(b"tkhd")
    upright, turned = struct.pack(">4i", 65_536, 0, 0, 0), struct.pack(">5i", 0, 65_536, 0, -65_536, 0)
    at = film.index(upright, header)
    (tmp_path / "a.mp4").write_bytes(film[:at] + turned + film[at + len(turned) :])
    image = Image.open(io.BytesIO(read_first_frame(tmp_path / "a.mp4", ".mp4", BOX)))
    assert image.size == (32, 64)
    left, right = image.getpixel((4, 32)), image.getpixel((28, 32))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    assert (left[2] > 200, right[0] > 200) == (True, True)
