"""`identify` and `hash`: about files, wherever they lie. No database is touched."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from sd_model_manager.cli.output import JsonOption, print_json, progress_of, show_size, stderr, stdout
from sd_model_manager.domain.local import Hashes, Identity
from sd_model_manager.domain.taxonomy import MODEL_EXTENSIONS
from sd_model_manager.lib.errors import BadInput

Paths = Annotated[list[Path], typer.Argument(help="Files, or folders that are walked.", show_default=False)]


def identify(paths: Paths, as_json: JsonOption = False) -> None:
    """Tell what model files are, from their headers alone."""
    from sd_model_manager.identify.on_disk import find_models, identify_path

    results = []
    for path in find_models(_require(paths)):
        identity = identify_path(path)
        results.append({"path": str(path), **_present(identity)})
        if not as_json:
            _print_identity(path, identity)
    if as_json:
        print_json(results)


def hash_files(paths: Paths, as_json: JsonOption = False) -> None:
    """Compute all hashes of files, in one read of each."""
    from sd_model_manager.library.hashing import hash_file

    results: list[dict[str, str | None]] = []
    failed = False
    for path in _list_files(paths):
        try:
            with progress_of(path.name, unit="bytes", quiet=as_json) as update:
                size = path.stat().st_size
                hashes = hash_file(path, lambda done, size=size: update(done, size))  # type: ignore[misc]
        except OSError as error:
            failed = True
            results.append({"path": str(path), "error": f"cannot be read: {(error.strerror or 'error').lower()}"})
            stderr().print(f"[red]Error:[/] {path} cannot be read: {(error.strerror or 'error').lower()}")
            continue
        results.append({"path": str(path), **_present_hashes(hashes)})
        if not as_json:
            _print_hashes(path, hashes)
    if as_json:
        print_json(results)
    if failed:
        raise typer.Exit(1)


def strip(
    path: Annotated[Path, typer.Argument(help="A model file that is taken for something else.", show_default=False)],
) -> None:
    """Print a file's header as a test case that a bug report can carry: no weights, nothing of yours."""
    from sd_model_manager.identify.reading import read_header_of
    from sd_model_manager.identify.strip import strip_header

    header = read_header_of(path)
    if not header.tensors:
        raise BadInput(f"The header of {path} lists no tensors, so there is nothing to report.", code="NO_TENSORS")
    print_json(strip_header(header, case_id="reported"))


def _require(paths: list[Path]) -> list[Path]:
    """Raises BadInput for what does not exist."""
    for path in paths:
        if not os.path.lexists(path):
            raise BadInput(f"{path} does not exist.", code="BAD_PATH")
    return paths


def _list_files(paths: list[Path]) -> list[Path]:
    """Folders become the model files below them."""
    found: list[Path] = []
    for path in _require(paths):
        if path.is_dir():
            found += sorted(p for p in path.rglob("*") if p.suffix.lower() in MODEL_EXTENSIONS and p.is_file())
        else:
            found.append(path)
    return found


def _present(identity: Identity) -> dict[str, Any]:
    return {
        "type": identity.type,
        "family": identity.family,
        "base_model": identity.base_model,
        "variant": identity.variant,
        "format": identity.format,
        "precision": identity.precision,
        "prediction": identity.prediction,
        "network": identity.network,
        "rank": identity.rank,
        "parameters": identity.parameters,
        "trigger_words": identity.trigger_words,
        "confidence": identity.confidence,
        "evidence": identity.evidence,
        "candidates": identity.candidates,
        "problems": [{"code": problem.code, "message": problem.message} for problem in identity.problems],
    }


def _print_identity(path: Path, identity: Identity) -> None:
    facts = (identity.type, identity.base_model or identity.family, identity.variant, identity.network)
    stdout().print(f"[bold]{path.name}[/]  {' · '.join(fact for fact in facts if fact)}", markup=True)
    details = {
        "format": f"{identity.format} {identity.precision or ''}".strip(),
        "rank": identity.rank,
        "parameters": f"{identity.parameters:,}" if identity.parameters else None,
        "trigger words": ", ".join(identity.trigger_words),
        "confidence": f"{identity.confidence:.0%}",
    }
    for name, value in details.items():
        if value:
            stdout().print(f"  {name}: {value}", markup=False)
    for line in identity.evidence:
        stdout().print(f"  - {line}", markup=False)
    for problem in identity.problems:
        stdout().print(f"  ! {problem.message}", markup=False, style="yellow")


def _present_hashes(hashes: Hashes) -> dict[str, str | None]:
    names = ("sha256", "autov1", "autov2", "autov3", "blake3", "crc32")
    values: dict[str, str | None] = {name: getattr(hashes, name) for name in names}
    if values["autov3"]:
        values["autov3"] = values["autov3"][:12]
    return values


def _print_hashes(path: Path, hashes: Hashes) -> None:
    from rich.table import Table

    table = Table(title=f"{path.name} ({show_size(path.stat().st_size)})", title_justify="left", show_header=False)
    for name, value in _present_hashes(hashes).items():
        table.add_row(name, value or "-")
    stdout().print(table)
