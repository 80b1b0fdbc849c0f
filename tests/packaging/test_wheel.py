"""What is installed from a wheel is whole: the page is in it, and it runs without Node."""

from __future__ import annotations

import os
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.support.ports import find_free_port, wait_for_server

pytestmark = [pytest.mark.packaging, pytest.mark.timeout(600)]
ROOT = Path(__file__).parents[2]


def run_uv(*arguments: str) -> None:
    subprocess.run([shutil.which("uv") or "uv", *arguments], cwd=ROOT, check=True, capture_output=True)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run_uv("build", "--wheel", "--out-dir", str(folder))
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_the_page_and_none_of_its_sources(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "sd_model_manager/ui/static/index.html" in names
    assert any(name.startswith("sd_model_manager/ui/static/assets/") for name in names)
    assert any(name.startswith("sd_model_manager/db/migrations/versions/0001") for name in names)
    assert not [name for name in names if "frontend" in name or "node_modules" in name]


def test_the_wheel_runs_in_an_empty_environment_without_node(wheel: Path, tmp_path: Path) -> None:
    environment = tmp_path / "venv"
    run_uv("venv", str(environment))
    bin_folder = environment / ("Scripts" if os.name == "nt" else "bin")
    run_uv("pip", "install", "--python", str(bin_folder / "python"), str(wheel))
    with started(bin_folder, tmp_path) as base:
        assert '<div id="root"' in httpx.get(base, trust_env=False).text
        health = httpx.get(f"{base}/api/health", trust_env=False).json()
        assert health["data"]["status"] == "ok"


@contextmanager
def started(bin_folder: Path, folder: Path) -> Iterator[str]:
    port = find_free_port()
    names = {"SYSTEMROOT", "TEMP", "TMP", "HOME", "LANG"}
    environment = {key: value for key, value in os.environ.items() if key.upper() in names}
    environment["PATH"] = str(bin_folder)
    command = [str(bin_folder / "sd-model-manager"), "serve", "--port", str(port)]
    with subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            base = f"http://127.0.0.1:{port}"
            wait_for_server(base, process)
            yield base
        finally:
            process.terminate()
            process.wait(30)
