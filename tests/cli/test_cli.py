"""The command line: results on stdout, one JSON document where asked, and exit codes scripts can rely on."""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from sd_model_manager.cli.library import services_of
from sd_model_manager.cli.main import main
from sd_model_manager.db.engine import open_database, sqlite_url
from sd_model_manager.domain.ids import ModelId
from sd_model_manager.domain.tasks import TaskKind
from sd_model_manager.library.hasher import Hasher, new_hashing
from sd_model_manager.registry.collections import CollectionRegistry
from sd_model_manager.registry.hashes import HashRegistry
from sd_model_manager.tasks.running import RunningTask
from sd_model_manager.wiring import Services
from tests.identify.test_on_disk import split
from tests.support.app_bench import settings_of
from tests.support.engine_trees import make_comfyui
from tests.support.fake_world.fixture import fake_world
from tests.support.fake_world.world import FakeWorld
from tests.support.model_files import write_safetensors

__all__ = ["fake_world"]

LORA = {
    "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k.lora_down.weight": ("F16", (4, 768)),
    "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k.lora_up.weight": ("F16", (320, 4)),
}
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run a command in an empty folder; gives exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)

    def run_command(*arguments: str, **settings: str) -> tuple[int, str, str]:
        for key, value in settings.items():
            monkeypatch.setenv(f"SDMM_{key.upper()}", value)
        monkeypatch.setattr(sys, "argv", ["sd-model-manager", *arguments])
        try:
            main()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run_command


@pytest.fixture
def lora(tmp_path: Path) -> Path:
    folder = tmp_path / "models/loras"
    folder.mkdir(parents=True)
    return write_safetensors(folder / "ink.safetensors", LORA, {"title": "ink"})


def read(output: str) -> Any:
    return json.loads(output)


def test_identify_tells_what_a_file_is_and_makes_no_database(run: Run, lora: Path, tmp_path: Path) -> None:
    code, out, _ = run("identify", str(lora), "--json")
    (entry,) = read(out)
    assert code == 0
    assert entry["path"] == str(lora)
    assert (entry["type"], entry["family"], entry["base_model"], entry["rank"]) == ("lora", "sd1", "SD 1.5", 4)
    assert {"variant", "format", "precision", "prediction", "network", "parameters"} <= set(entry)
    assert not (tmp_path / "data").exists()


def note_hash(tmp_path: Path, sha256: str) -> None:
    """Of the first model, as if it had been computed."""
    database = open_database(sqlite_url(tmp_path / "data/registry.db"))
    HashRegistry(database).note_sha256(ModelId(1), sha256)
    database.close()


def test_enrich_asks_what_files_are_and_counts_the_answers(
    run: Run, lora: Path, fake_world: FakeWorld, tmp_path: Path
) -> None:
    model = fake_world.add_model("Harbour")
    settings = {**settings_of(fake_world), "hash_in_background": "false"}
    run("scan", **settings)
    note_hash(tmp_path, model.versions[0].files[0].payload.sha256)
    code, out, _ = run("enrich", "ink", "--full", "--json", **settings)
    found = read(out)
    assert (code, found["task"]["kind"], found["outcomes"]) == (0, "enrich", {"matched": 1})
    _, out, _ = run("list", "creator:harbour_master", "--json")
    assert [model["name"] for model in read(out)["items"]] == ["Harbour"]
    code, out, _ = run("enrich")
    assert (code, out.split(":")[0]) == (0, "Nothing to look up")


def test_when_the_source_asks_for_a_pause_enrich_says_so_and_ends(
    run: Run, lora: Path, fake_world: FakeWorld, tmp_path: Path
) -> None:
    settings = {**settings_of(fake_world), "hash_in_background": "false"}
    run("scan", **settings)
    note_hash(tmp_path, "0" * 63 + "1")
    fake_world.fault("reply", server="api", status=429, headers={"Retry-After": "1500"}, times=None)
    code, _, err = run("enrich", **settings)
    assert code == 1
    assert "goes on later" in err
    assert "asks for a pause" in err


def test_identify_answers_for_every_path_also_for_a_broken_one(run: Run, lora: Path) -> None:
    broken = lora.with_name("broken.safetensors")
    broken.write_bytes(b"<!DOCTYPE html>")
    code, out, _ = run("identify", str(lora), str(broken), "--json")
    assert code == 0
    assert [Path(entry["path"]).name for entry in read(out)] == ["ink.safetensors", "broken.safetensors"]
    assert read(out)[1]["problems"]


def test_strip_prints_a_header_that_a_bug_report_can_carry(run: Run, lora: Path) -> None:
    code, out, _ = run("strip", str(lora))
    assert code == 0
    assert set(read(out)["tensors"]) == set(LORA)
    assert "ink" not in out
    lora.write_bytes(b"")
    assert run("strip", str(lora))[0] == 1


def test_hash_gives_every_hash(run: Run, lora: Path) -> None:
    code, out, _ = run("hash", str(lora), "--json")
    assert code == 0
    assert set(read(out)[0]) == {"path", "sha256", "autov1", "autov2", "autov3", "blake3", "crc32"}
    assert "sha256" in run("hash", str(lora))[1]


@pytest.mark.parametrize("command", ["identify", "hash"])
def test_a_path_that_does_not_exist_is_bad_usage(run: Run, command: str) -> None:
    code, _, err = run(command, "nowhere.safetensors")
    assert code == 2
    assert "does not exist" in err


def test_scan_list_and_show_work_without_a_server(run: Run, lora: Path) -> None:
    code, out, _ = run("scan", "--json")
    assert code == 0
    assert read(out)["models"] == 1
    code, out, _ = run("list", "INK", "--type", "lora", "--json")
    assert read(out)["total"] == 1
    number = read(out)["items"][0]["id"]
    for name in (str(number), str(lora)):
        code, out, _ = run("show", name, "--json")
        assert code == 0
        assert read(out)["identity"]["family"] == "sd1"
    assert "ink" in run("list")[1]


def test_show_names_the_parts_of_a_model_by_the_path_of_any(run: Run, lora: Path) -> None:
    last = split(lora.parent / "big", 3)[2]
    run("scan", "--json")
    code, out, _ = run("show", str(last), "--json")
    assert (code, len(read(out)["parts"])) == (0, 3)
    assert f"part: {last.name}" in run("show", str(last))[1]
    assert "unhashed" in run("verify", "unet")[1]


def test_verify_finds_the_file_whose_bytes_changed_behind_its_back(run: Run, lora: Path) -> None:
    write_safetensors(lora.with_name("other.safetensors"), LORA, {"title": "other"})
    run("scan", "--json", hash_in_background="false")
    code, out, _ = run("verify", "--json")
    assert (code, {entry["verdict"] for entry in read(out)}) == (0, {"unhashed"})
    with services_of(working=False) as services:
        Hasher(HashRegistry(services.database), services.places, services.hub.publish).run(begin(services))
    assert run("verify")[0] == 0
    status, raw = lora.stat(), bytearray(lora.read_bytes())
    raw[-1] ^= 1
    lora.write_bytes(raw)
    os.utime(lora, ns=(status.st_atime_ns, status.st_mtime_ns))
    code, out, _ = run("verify", "ink", "--json")
    (entry,) = read(out)
    assert (code, entry["verdict"], entry["path"]) == (1, "damaged", str(lora))
    assert entry["sha256"] != entry["expected_sha256"]
    assert read(run("show", str(lora), "--json")[1])["identity"]["problems"][0]["code"] == "damaged"
    assert run("verify", "other")[0] == 0
    os.utime(lora)
    assert read(run("verify", "ink", "--json")[1])[0]["verdict"] == "changed"
    raw[-1] ^= 1
    lora.write_bytes(raw)
    assert run("verify", "ink")[0] == 0
    assert read(run("show", str(lora), "--json")[1])["identity"]["problems"] == []
    lora.unlink()
    code, out, _ = run("verify", "ink")
    assert code == 1
    assert "unreadable" in out


def begin(services: Services) -> RunningTask:
    store, now = services.queue.store, datetime.now(UTC)
    store.add(new_hashing(0), now=now)
    claim = store.claim("test", {TaskKind.HASH: 1}, now=now, lease=timedelta(minutes=1))
    assert claim is not None
    return RunningTask(claim, store, services.hub.publish)


def test_list_takes_a_query(run: Run, lora: Path) -> None:
    run("scan", "--json")
    assert read(run("list", "type:lora size:<1MB", "--json")[1])["total"] == 1
    assert read(run("list", "--json", "--", "-ink")[1])["total"] == 0
    code, _, err = run("list", "tpye:lora")
    assert code == 1
    assert "there is no field 'tpye'" in err


def test_what_is_not_there_fails_in_one_sentence(run: Run) -> None:
    code, out, err = run("show", "77", "--json")
    assert code == 1
    assert read(out)["code"] == "NOT_FOUND"
    assert "Traceback" not in err


def test_download_waits_until_the_model_is_in_the_library(run: Run, fake_world: FakeWorld, tmp_path: Path) -> None:
    made = fake_world.add_model("Quiet Harbour", type="LORA", size_bytes=30_000)
    code, out, err = run("download", fake_world.page_url(made), "--json", **settings_of(fake_world))
    assert code == 0, err
    assert Path(read(out)["path"]).parent == tmp_path / "models/loras"
    assert read(run("list", "--json")[1])["total"] == 1
    assert run("download", fake_world.page_url(made))[0] == 1


def test_a_failed_download_says_why_and_fails(run: Run, fake_world: FakeWorld) -> None:
    fake_world.login_required = True
    made = fake_world.add_model("Quiet Harbour", type="LORA", size_bytes=30_000)
    code, _, err = run("download", fake_world.page_url(made), **settings_of(fake_world))
    assert code == 1
    assert "key" in err


@pytest.mark.parametrize("arguments", [["--colour"], ["nonsense"], ["hash"]])
def test_bad_usage_is_exit_code_2(run: Run, arguments: list[str]) -> None:
    assert run(*arguments)[0] == 2


def test_a_wrong_configuration_is_named_and_exit_code_2(run: Run) -> None:
    code, _, err = run("list", port="99999")
    assert code == 2
    assert "port" in err


def test_another_address_needs_a_token(run: Run) -> None:
    code, _, err = run("serve", "--host", "0.0.0.0")
    assert code == 2
    assert "SDMM_ACCESS_TOKEN" in err


class ComfyUi(BaseHTTPRequestHandler):
    """Answers as ComfyUI does where it is asked who it is."""

    def do_GET(self) -> None:
        body = json.dumps({"system": {"comfyui_version": "0.3.60"}}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


def test_a_port_in_use_is_explained_with_who_uses_it(run: Run) -> None:
    with HTTPServer(("127.0.0.1", 0), ComfyUi) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        code, _, err = run("serve", "--port", str(server.server_port))
        server.shutdown()
        thread.join()
    assert code == 2
    assert "ComfyUI" in err
    assert "SDMM_PORT" in err


def test_a_port_in_use_by_a_stranger_is_explained_too(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        code, _, err = run("serve", "--port", str(stranger.getsockname()[1]))
    assert code == 2
    assert "--port" in err


def test_help_names_every_command(run: Run) -> None:
    out = run("--help")[1]
    for command in ("serve", "scan", "list", "show", "identify", "hash", "strip", "download", "demo"):
        assert command in out


def test_collections_lists_them_by_name(run: Run, tmp_path: Path) -> None:
    run("scan")
    database = open_database(sqlite_url(tmp_path / "data/registry.db"))
    for name in ("Portraits", "landscapes"):
        CollectionRegistry(database).create(name, "", now=datetime.now(UTC))
    database.close()
    code, output, _ = run("collections", "--json")
    assert code == 0
    assert [(item["name"], item["models"]) for item in read(output)["items"]] == [("landscapes", 0), ("Portraits", 0)]
    assert "Portraits" in run("collections")[1]


def test_other_tools_files_are_planned_written_and_put_back(run: Run, lora: Path) -> None:
    lora.with_suffix(".swarm.json").write_text('{"modelspec.title": "Ink", "modelspec.trigger_phrase": "nk"}')
    before = sorted(path.name for path in lora.parent.iterdir())
    run("scan", "--json")
    code, out, _ = run("export", "type:lora", "--sidecars", "user_metadata", "--dry-run", "--json")
    assert (code, read(out)["task"], read(out)["written"]) == (0, None, 1)
    assert sorted(path.name for path in lora.parent.iterdir()) == before
    code, out, _ = run("export", "--sidecars", "user_metadata,swarm_ui", "--json")
    done = read(out)
    assert (code, done["written"], done["unchanged"]) == (0, 1, 1)
    assert json.loads(lora.with_suffix(".json").read_bytes())["activation text"] == "nk"
    code, _, _ = run("export", "--undo", done["task"]["task_id"])
    assert code == 0
    assert sorted(path.name for path in lora.parent.iterdir()) == before


@pytest.mark.parametrize("arguments", [(), ("--sidecars", "text")])
def test_an_export_of_nothing_names_what_there_is(run: Run, arguments: tuple[str, ...]) -> None:
    code, out, _ = run("export", *arguments, "--json")
    assert code == 2
    assert "user_metadata" in read(out)["error"]


def test_comfyui_is_told_of_the_library_and_that_is_taken_back(run: Run, lora: Path, tmp_path: Path) -> None:
    comfyui = make_comfyui(tmp_path / "ComfyUI")
    file = comfyui / "extra_model_paths.yaml"
    file.write_text("# mine\n")
    code, out, _ = run("export", "--comfyui")
    assert code == 0
    assert f"\n  loras: |\n    {lora.parent}\n" in out
    code, out, _ = run("export", "--write", str(comfyui), "--dry-run")
    assert code == 0
    assert "+sd_model_manager:" in out
    assert file.read_text() == "# mine\n"
    code, out, _ = run("export", "--comfyui", "--write", str(comfyui), "--json")
    written = read(out)
    assert (code, written["file"], written["written"]) == (0, str(file), True)
    assert str(lora.parent) in file.read_text()
    assert "already" in run("export", "--write", str(file))[1]
    code, _, _ = run("export", "--comfyui", "--undo", written["undo_id"])
    assert code == 0
    assert file.read_text() == "# mine\n"
    code, _, err = run("export", "--write", str(tmp_path / "models"))
    assert code == 2
    assert "is no ComfyUI" in " ".join(err.split())
