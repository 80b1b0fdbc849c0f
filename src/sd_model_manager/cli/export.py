"""`export`: other tools' files beside the models, and ComfyUI's list of folders."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sd_model_manager.cli.comfyui import export_paths
from sd_model_manager.cli.library import exit_by, follow, present_task_json, services_of
from sd_model_manager.cli.output import JsonOption, print_json, stdout
from sd_model_manager.domain.catalogue import ModelFilter
from sd_model_manager.library.export_results import Tally
from sd_model_manager.library.export_wish import ExportWish, new_export, new_undo, require_formats


def export(
    query: Annotated[
        str, typer.Argument(help="Which models, such as 'type:lora'; docs/search.md has the language. All by default.")
    ] = "",
    sidecars: Annotated[str, typer.Option(help="Formats of other tools' files to write, with commas.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would be written.")] = False,
    undo: Annotated[str, typer.Option(help="Put back what this export (by the id it told) changed.")] = "",
    comfyui: Annotated[
        bool, typer.Option("--comfyui", help="Show the library folders as a section for ComfyUI's list of folders.")
    ] = False,
    write: Annotated[
        Path | None, typer.Option(help="With --comfyui: put the section into the list of the ComfyUI in this folder.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Write what is known of models into other tools' files beside them, or tell ComfyUI of the library folders."""
    if comfyui or write is not None:
        export_paths(write, dry_run=dry_run, undo=undo, as_json=as_json)
        return
    if undo:
        with services_of(working=True) as services:
            services.exporter.changes_of(undo)
            task, _ = services.queue.add(new_undo(undo))
            task = follow(services, task, "Putting back", quiet=as_json)
            _print(task.result, present_task_json(task), as_json=as_json)
        exit_by(task)
        return
    formats = require_formats([name.strip() for name in sidecars.split(",") if name.strip()])
    wish = ExportWish(formats, ModelFilter(text=query))
    with services_of(working=not dry_run) as services:
        if dry_run:
            tally = Tally()
            for result in services.exporter.plan(wish):
                tally.add(result)
            _print(tally.to_json(), None, as_json=as_json)
            return
        task, _ = services.queue.add(new_export(wish))
        task = follow(services, task, "Writing", quiet=as_json)
        _print(task.result, present_task_json(task), as_json=as_json)
    exit_by(task)


def _print(result: dict[str, Any], task: Any, *, as_json: bool) -> None:
    result = {**Tally().to_json(), **result}
    if as_json:
        print_json({"task": task, **result})
        return
    for item in result["items"]:
        reason = f": {item['reason']}" if item["reason"] else ""
        stdout().print(f"  {item['outcome']} {item['path']}{reason}", markup=False)
    counts = ", ".join(f"{result[word]} {word}" for word in ("written", "unchanged", "refused"))
    stdout().print(f"{counts}{_hint(task, result)}", markup=False)


def _hint(task: Any, result: dict[str, Any]) -> str:
    if task is None or not result["written"]:
        return ""
    return f". To take it back: sd-model-manager export --undo {task['task_id']}"
