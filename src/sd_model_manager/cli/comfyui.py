"""`export --comfyui`: the library folders as a section of ComfyUI's list, shown, written and taken back."""

from __future__ import annotations

from pathlib import Path

from sd_model_manager.cli.library import services_of
from sd_model_manager.cli.output import print_json, stdout
from sd_model_manager.integrations.comfy_paths import ComfyPaths
from sd_model_manager.ui.api.presenters.engines import present_listed


def export_paths(where: Path | None, *, dry_run: bool, undo: str, as_json: bool) -> None:
    with services_of(working=False) as services:
        if undo:
            _undo(services.comfy_paths, undo, as_json=as_json)
        elif where is None:
            _show(services.comfy_paths, as_json=as_json)
        else:
            _write(services.comfy_paths, where.expanduser().absolute(), dry_run=dry_run, as_json=as_json)


def _show(paths: ComfyPaths, *, as_json: bool) -> None:
    text, listed = paths.compose()
    if as_json:
        print_json({"text": text, "folders": present_listed(listed)})
    else:
        stdout().print(text, end="", markup=False, soft_wrap=True)


def _write(paths: ComfyPaths, where: Path, *, dry_run: bool, as_json: bool) -> None:
    plan = paths.plan(where)
    undo_id = None
    if plan.is_change and not dry_run:
        _, undo_id = paths.write(where, plan.digest)
    if as_json:
        print_json(
            {"file": str(plan.file), "diff": list(plan.diff), "written": undo_id is not None, "undo_id": undo_id}
        )
        return
    for line in plan.diff:
        stdout().print(line, markup=False, soft_wrap=True)
    if not plan.is_change:
        stdout().print(f"{plan.file} lists all of the library already.", markup=False, soft_wrap=True)
    elif undo_id is not None:
        hint = f"To take it back: sd-model-manager export --comfyui --undo {undo_id}"
        stdout().print(f"Written to {plan.file}. Start ComfyUI again to see it. {hint}", markup=False, soft_wrap=True)


def _undo(paths: ComfyPaths, undo_id: str, *, as_json: bool) -> None:
    file = paths.undo(undo_id)
    if as_json:
        print_json({"file": str(file), "undo_id": None})
    else:
        stdout().print(f"{file} is as it was before.", markup=False, soft_wrap=True)
