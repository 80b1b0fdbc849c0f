"""InvokeAI: a folder with `invokeai.yaml`, and models below it or where its settings say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from sd_model_manager.integrations.engine import Install, has, keep_existing, read_config, resolve_from
from sd_model_manager.integrations.machine import Machine

_MODELS_DIR = re.compile(r"(?m)^[ \t]*models_dir:[ \t]*([^#\n]*?)[ \t]*(?:#.*)?$")


class InvokeAi:
    kind = "invokeai"

    def list_known_roots(self, machine: Machine) -> Iterator[Path]:
        if root := machine.environment.get("INVOKEAI_ROOT"):
            yield Path(root)
        yield machine.home / "invokeai"

    def recognise(self, root: Path, _machine: Machine) -> Install | None:
        if not has(root, "invokeai.yaml"):
            return None
        named = _MODELS_DIR.search(read_config(root / "invokeai.yaml"))
        models = resolve_from(root, named[1]) if named and named[1] else root / "models"
        return Install(self.kind, "InvokeAI", root, keep_existing(models, root / "autoimport"))
