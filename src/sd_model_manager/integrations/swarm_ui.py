"""SwarmUI, whose `Data/Settings.fds` names its folders."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from sd_model_manager.integrations.engine import Install, gather, has, keep_existing, read_config, resolve_from
from sd_model_manager.integrations.machine import Machine

_SETTING = re.compile(r"(?m)^[ \t]+(ModelRoot|SD\w+Folder):[ \t]*(\S.*?)[ \t]*$")


class SwarmUi:
    kind = "swarmui"

    def list_known_roots(self, _machine: Machine) -> Iterable[Path]:
        return ()

    def recognise(self, root: Path, _machine: Machine) -> Install | None:
        is_program = has(root, "src/SwarmUI.csproj") or has(root, "src/StableSwarmUI.csproj")
        if not is_program and not has(root, "Data/Settings.fds", "Models"):
            return None
        roots, folders = [root / "Models"], list[Path]()
        for key, value in _SETTING.findall(read_config(root / "Data/Settings.fds")):
            listed = [text for text in value.split(";") if text.strip()]
            if key == "ModelRoot":
                roots = [resolve_from(root, text) for text in listed]
            else:  # one that is relative lies below the roots
                folders += [path for text in listed if (path := Path(text.strip())).is_absolute()]
        return Install(self.kind, "SwarmUI", root, keep_existing(*roots, *gather(folders, never=[root])))
