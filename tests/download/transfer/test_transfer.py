"""What a transfer does when nothing goes wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from sd_model_manager.download.transfer import Bandwidth
from tests.download.conftest import KIB, Download, Serve, make_settings
from tests.download.file_server import make_bytes


@pytest.mark.parametrize("size_bytes", [1, 511, 512, 64 * KIB - 1, 64 * KIB, 700_001, 5_000_000])
@pytest.mark.parametrize("connections", [1, 4])
def test_files_of_any_size_arrive_whole(tmp_path: Path, serve: Serve, size_bytes: int, connections: int) -> None:
    download = Download(tmp_path, serve(make_bytes(size_bytes, seed=size_bytes)))
    assert download.has_all(download.run(make_settings(connections=connections)))


def test_the_source_need_not_announce_size_or_checksum(download: Download) -> None:
    assert download.has_all(download.run(expected_size_bytes=None, expected_sha256=None))


def test_several_connections_share_one_file_without_fetching_a_byte_twice(tmp_path: Path, serve: Serve) -> None:
    download = Download(tmp_path, serve(make_bytes(4_000_000), pause_seconds=0.005))
    download.run(make_settings(connections=4, max_segment_bytes=4_000_000, min_segment_bytes=1_000_000))
    asked = [tuple(map(int, (text or "").removeprefix("bytes=").split("-"))) for text in download.server.ranges_seen]
    assert len(asked) >= 4
    assert sum(end - start + 1 for start, end in asked) == 4_000_000


def test_a_connection_is_used_for_several_pieces(tmp_path: Path, serve: Serve) -> None:
    download = Download(tmp_path, serve())
    connections: set[object] = set()
    process = download.server.process_request

    def count(request: object, address: object) -> None:
        connections.add(address)
        process(request, address)  # type: ignore[arg-type]

    download.server.process_request = count  # type: ignore[method-assign,assignment]
    assert download.has_all(download.run(make_settings(connections=1, max_segment_bytes=128 * KIB)))
    assert len(download.server.seen) > 10
    assert len(connections) == 1


def test_progress_grows_to_the_whole(download: Download) -> None:
    download.run()
    done = [step[0] for step in download.progress]
    assert done == sorted(done)
    assert download.progress[-1] == (2_000_003, 2_000_003)


def test_a_server_without_ranges_is_read_in_one_stream(tmp_path: Path, serve: Serve) -> None:
    download = Download(tmp_path, serve(allows_ranges=False))
    assert download.has_all(download.run())
    assert len(download.server.seen) == 1


@pytest.mark.parametrize("keeps_alive", [True, False], ids=["chunked", "until the connection closes"])
def test_a_file_of_unknown_length_is_read_to_its_end(tmp_path: Path, serve: Serve, keeps_alive: bool) -> None:
    server = serve(allows_ranges=False, announces_length=False, keeps_alive=keeps_alive)
    download = Download(tmp_path, server)
    assert download.has_all(download.run())
    assert download.progress[0] == (0, None)


def test_a_server_that_closes_after_each_answer_is_asked_anew(tmp_path: Path, serve: Serve) -> None:
    download = Download(tmp_path, serve(keeps_alive=False))
    assert download.has_all(download.run())


def test_the_bytes_are_asked_for_as_they_are(download: Download) -> None:
    download.run()
    headers = download.server.seen[0].headers
    assert headers["accept-encoding"] == "identity"
    assert headers["user-agent"].startswith("SDModelManager/")
    assert not {"cookie", "referer", "authorization"} & set(headers)


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="a b.safetensors"', "a b.safetensors"),
        ("attachment; filename=\"x.bin\"; filename*=UTF-8''%E7%8C%AB.safetensors", "猫.safetensors"),
        ('attachment; filename="../../evil.bin"', "../../evil.bin"),
        ("inline", None),
    ],
)
def test_the_servers_name_for_the_file_is_handed_on_as_it_is(
    download: Download, disposition: str, name: str | None
) -> None:
    download.served.headers["Content-Disposition"] = disposition
    assert download.run().suggested_filename == name


def test_the_etag_is_handed_on(download: Download) -> None:
    assert download.run().etag == '"v1"'


def test_a_size_other_than_announced_is_mentioned(download: Download) -> None:
    fetched = download.run(expected_size_bytes=1_999_900)
    assert download.has_all(fetched)
    assert fetched.notes == ("The file has 2,000,003 bytes; its source announces 1,999,900.",)


def test_a_speed_limit_is_kept(tmp_path: Path, serve: Serve) -> None:
    class Ledger(Bandwidth):
        waited = 0.0

        def take(self, byte_count: int) -> float:
            pause = super().take(byte_count)
            self.waited += pause
            return pause

    bandwidth = Ledger(4_000_000)
    download = Download(tmp_path, serve())
    assert download.has_all(download.run(make_settings(bandwidth=bandwidth)))
    assert bandwidth.waited > 0


def test_a_file_that_is_in_the_way_is_not_written_to(download: Download) -> None:
    download.folder.mkdir()
    download.part.write_bytes(b"somebody's own")
    with pytest.raises(Exception, match="is in the way"):
        download.run()
    assert download.part.read_bytes() == b"somebody's own"
    assert not download.server.seen


def test_a_link_in_the_way_is_not_followed(download: Download, tmp_path: Path) -> None:
    download.folder.mkdir()
    victim = tmp_path / "victim"
    victim.write_bytes(b"somebody's own")
    download.part.symlink_to(victim)
    with pytest.raises(Exception, match="is a link"):
        download.run()
    assert victim.read_bytes() == b"somebody's own"
