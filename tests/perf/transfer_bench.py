"""How fast is a transfer, beside aria2c? `python -m tests.perf.transfer_bench [--size-mib 2048] [--rounds 3]`

Serves a file of pseudo-random bytes with nginx over loopback and fetches it with `aria2c -x4` and with our engine, each
as a process of its own, in turn. Wall time is that of the whole process, start included. Ours always hashes.
Bars: at most 0.7 times aria2c with its check, at most 1.15 times aria2c without one.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

PORT = 18_473
MIB = 1024 * 1024
OURS = """
import sys
from pathlib import Path
from sd_model_manager.download.transfer import FileUrl, Transfer, TransferRequest, TransferSettings
from sd_model_manager.lib.address_guard import AddressGuard

url, part, size, sha256, connections = sys.argv[1:]
request = TransferRequest(lambda: FileUrl(url), Path(part), int(size), sha256)
settings = TransferSettings(connections=int(connections))
fetched = Transfer(request, settings, AddressGuard(["127.0.0.1"])).run(lambda done, total: None, lambda: None)
assert fetched.sha256 == sha256
"""


@dataclass(frozen=True)
class Run:
    """One fetch: seconds of wall time, seconds of CPU (user and system), peak memory in MiB."""

    wall_seconds: float
    cpu_seconds: float
    rss_mib: float


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--size-mib", type=int, default=2048)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="transfer-bench-") as name:
        folder = Path(name)
        size_bytes = arguments.size_mib * MIB
        sha256 = make_file(folder / "file", size_bytes)
        target = folder / "target"
        commands = make_commands(f"http://127.0.0.1:{PORT}/file", target, size_bytes, sha256)
        with nginx(folder):
            runs: dict[str, list[Run]] = {title: [] for title in commands}
            for _ in range(arguments.rounds):
                for title, command in commands.items():
                    runs[title].append(measure(command, target))
    print_table(runs, size_bytes)


def make_commands(url: str, target: Path, size_bytes: int, sha256: str) -> dict[str, list[str]]:
    aria2c = ["aria2c", "-q", "-x4", "-s4", "--file-allocation=none", "-d", str(target), "-o", "got", url]
    ours = [sys.executable, "-c", OURS, url, str(target / "got"), str(size_bytes), sha256]
    return {
        "aria2c -x4": aria2c,
        "aria2c -x4, check": [*aria2c, f"--checksum=sha-256={sha256}"],
        "ours, 4 connections, check": [*ours, "4"],
        "ours, 1 connection, check": [*ours, "1"],
    }


def make_file(path: Path, size_bytes: int) -> str:
    """Write pseudo-random bytes that no client could compress; their SHA-256."""
    digest, block = hashlib.sha256(), random.Random(1).randbytes(MIB)
    with path.open("wb") as file:
        for number in range(size_bytes // MIB):
            piece = number.to_bytes(8, "big") + block[8:]
            file.write(piece)
            digest.update(piece)
    return digest.hexdigest()


@contextmanager
def nginx(folder: Path) -> Iterator[None]:
    configuration = folder / "nginx.conf"
    configuration.write_text(
        f"""
        daemon off; user root; worker_processes 1; pid {folder}/nginx.pid; error_log stderr crit;
        events {{ worker_connections 64; }}
        http {{
            access_log off; sendfile on; client_body_temp_path {folder}/body;
            proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
            uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
            server {{ listen 127.0.0.1:{PORT}; root {folder}; }}
        }}
        """
    )
    folder.chmod(0o755)
    server = subprocess.Popen(["nginx", "-c", str(configuration)])
    time.sleep(0.5)
    try:
        yield
    finally:
        server.terminate()
        server.wait()


def measure(command: list[str], target: Path) -> Run:
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    os.sync()
    started = time.perf_counter()
    child = subprocess.Popen(command)
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - started
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise SystemExit(f"{command[0]} failed with {child.returncode}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def print_table(runs: dict[str, list[Run]], size_bytes: int) -> None:
    gib = size_bytes / 1024**3
    plain, checked = (median(r.wall_seconds for r in runs[t]) for t in ("aria2c -x4", "aria2c -x4, check"))
    print(f"{'client':30} {'wall s':>8} {'of aria2c':>10} {'of checked':>11} {'CPU s/GiB':>10} {'RSS MiB':>8}")
    for title, those in runs.items():
        wall, cpu = median(r.wall_seconds for r in those), median(r.cpu_seconds for r in those)
        rss = max(r.rss_mib for r in those)
        print(f"{title:30} {wall:8.2f} {wall / plain:10.2f} {wall / checked:11.2f} {cpu / gib:10.2f} {rss:8.0f}")


if __name__ == "__main__":
    main()
