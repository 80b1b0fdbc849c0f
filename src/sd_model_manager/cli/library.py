"""`scan`, `list`, `show`, `download`: the library, in this process and its database."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from sd_model_manager.cli.output import JsonOption, print_json, progress_of, show_size, stderr, stdout
from sd_model_manager.config import load_settings
from sd_model_manager.domain.catalogue import ModelFilter, ModelListing
from sd_model_manager.domain.events import Event, TaskChanged
from sd_model_manager.domain.ids import ModelId
from sd_model_manager.domain.tasks import Task, TaskState
from sd_model_manager.domain.taxonomy import Category
from sd_model_manager.download.wishes import DownloadWish
from sd_model_manager.lib.errors import NotFound
from sd_model_manager.lib.logging_config import configure_logging
from sd_model_manager.lib.redaction import SecretFilter
from sd_model_manager.library.enrichment_wish import EnrichmentWish
from sd_model_manager.library.parts import find_listed_path
from sd_model_manager.library.verify import Verdict, VerifiedFile
from sd_model_manager.ui.api.presenters.models import ModelPresenter
from sd_model_manager.ui.api.presenters.shelves import present_collection
from sd_model_manager.ui.api.presenters.tasks import present_task
from sd_model_manager.wiring import Services, build_services


@contextmanager
def services_of(*, working: bool) -> Iterator[Services]:
    """The services on the configured database; `working` carries out tasks here, too."""
    settings = load_settings()
    secrets = SecretFilter()
    configure_logging("WARNING" if settings.log_level == "INFO" else settings.log_level, None, secrets)
    services = build_services(settings)
    services.settings.hide_secrets(secrets)
    services.sync_folders()
    if working:
        services.relay.start()
        services.worker.start()
    try:
        yield services
    finally:
        if working:
            services.worker.stop()
            services.relay.stop()
        services.close()


def scan(
    folder: Annotated[Path | None, typer.Argument(help="A library folder; all of them by default.")] = None,
    full: Annotated[bool, typer.Option("--full", help="Read every header again.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Look for new, changed and missing models."""
    with services_of(working=True) as services:
        folder_id = None
        if folder is not None:
            folder_id = services.places.resolve_folder(str(folder.expanduser().absolute()))[0].folder_id
        task, _ = services.request_scan(folder_id, full=full)
        task = follow(services, task, "Scanning", quiet=as_json)
        problems = [
            {"path": problem.place.relative_path, "code": problem.code, "error": problem.message}
            for problem, _ in services.folders.list_problems()
        ]
        if as_json:
            total = services.catalog.count()
            print_json({"task": present_task_json(task), "models": total, "problems": problems})
        else:
            stdout().print(f"{task.progress.done} files, {services.catalog.count()} models, {len(problems)} problems")
            for problem in problems:
                stdout().print(f"  ! {problem['path']}: {problem['error']}", markup=False, style="yellow")
    exit_by(task)


def enrich(
    query: Annotated[str, typer.Argument(help="Only the models that this query means; docs/search.md.")] = "",
    again: Annotated[bool, typer.Option("--again", help="Also what is known, or was not found lately.")] = False,
    full: Annotated[bool, typer.Option("--full", help="With creators, tags and descriptions.")] = False,
    weights: Annotated[bool, typer.Option("--weights", help="Also by BLAKE3 and AutoV3, at most 50 times.")] = False,
    civarchive: Annotated[
        bool, typer.Option("--civarchive", help="Ask CivArchive, too, for what Civitai does not know; 100 at most.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Ask Civitai what local files are, by their hashes."""
    with services_of(working=True) as services:
        wanted = ModelFilter(text=query)
        wish = EnrichmentWish(wanted, again=again, full=full, weights=weights, civarchive=civarchive)
        task = services.request_enrichment(wish)
        task = follow(services, task, "Looking up", quiet=as_json)
        outcomes = task.result.get("outcomes") or {}
        if as_json:
            print_json({"task": present_task_json(task), "outcomes": outcomes})
        else:
            counted = ", ".join(f"{count} {outcome.replace('_', ' ')}" for outcome, count in outcomes.items())
            stdout().print(counted or "Nothing to look up: everything with a hash is known, or was asked for lately.")
    if task.state is TaskState.QUEUED:
        stderr().print(f"It goes on later, when the program runs: {task.result.get('waits_because')}", markup=False)
    exit_by(task)


def list_models(
    query: Annotated[
        str, typer.Argument(help="Words and fields such as 'ink size:>100MB'; docs/search.md lists them.")
    ] = "",
    type: Annotated[list[str] | None, typer.Option(help="Only these model types.")] = None,
    base_model: Annotated[list[str] | None, typer.Option(help="Only these base models.")] = None,
    sort: Annotated[
        str,
        typer.Option(help="name, added_at, size_bytes, modified_at, rating, type, base_model; '-' for descending."),
    ] = "name",
    limit: Annotated[int, typer.Option(min=1, max=1_000_000)] = 1000,
    as_json: JsonOption = False,
) -> None:
    """List the models of the library."""
    wanted = ModelFilter(text=query, types=tuple(type or ()), base_models=tuple(base_model or ()))
    with services_of(working=False) as services:
        page = services.catalog.list_models(wanted, sort=sort, limit=limit)
        if as_json:
            print_json({"items": [_present_listing(services, m) for m in page.items], "total": page.total})
            return
    from rich.table import Table

    table = Table("id", "name", "type", "base model", "size", "state")
    for model in page.items:
        cells = (str(model.model_id), model.name, model.type, model.base_model or "-", show_size(model.size_bytes))
        table.add_row(*cells, model.state)
    stdout().print(table)
    stdout().print(f"{len(page.items)} of {page.total}")


def show(
    model: Annotated[str, typer.Argument(help="The number of a model, or the path of its file.")],
    as_json: JsonOption = False,
) -> None:
    """Show all that is known of one model."""
    with services_of(working=False) as services:
        detail = services.catalog.get(_find_model(services, model))
        identity = detail.identity
        document = {
            **_present_listing(services, detail.listing),
            "locations": [str(services.places.path_of(location.place)) for location in detail.locations],
            "parts": detail.parts,
            "identity": identity,
            "hashes": detail.hashes,
            "header_metadata": detail.header_metadata,
            "notes": detail.notes,
        }
    if as_json:
        print_json(document)
        return
    stdout().print(f"[bold]{detail.listing.name}[/]")
    for key in ("path", "type", "base_model", "size_bytes", "precision", "sha256", "trigger_words", "tags", "state"):
        value = document[key]
        shown = ", ".join(value) if isinstance(value, tuple) else value
        stdout().print(f"  {key.replace('_', ' ')}: {'-' if shown in (None, '') else shown}", markup=False)
    for part in detail.parts:
        stdout().print(f"  part: {part.filename} ({show_size(part.size_bytes)})", markup=False)
    for problem in identity.problems:
        stdout().print(f"  ! {problem.message}", markup=False)
    for line in identity.evidence:
        stdout().print(f"  - {line}", markup=False)


def collections(as_json: JsonOption = False) -> None:
    """List the collections of models."""
    with services_of(working=False) as services:
        found = [present_collection(collection) for collection in services.collections.list_all()]
    if as_json:
        print_json({"items": [collection.model_dump(mode="json") for collection in found]})
        return
    from rich.table import Table

    table = Table("id", "name", "models", "size")
    for collection in found:
        table.add_row(str(collection.id), collection.name, str(collection.models), show_size(collection.size_bytes))
    stdout().print(table)


def verify(
    query: Annotated[str, typer.Argument(help="Which models, as in 'list'; all of them by default.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Read files again and compare them with the hashes they had. Fails where one is damaged or cannot be read."""
    results: list[VerifiedFile] = []
    with services_of(working=False) as services:
        model_ids = services.catalog.list_ids(ModelFilter(text=query))
        with progress_of("Verifying", unit="bytes", quiet=as_json) as update:
            for result in services.verifier.verify(model_ids, lambda _, done, total: update(done, total)):
                results.append(result)
                if not as_json and result.verdict is not Verdict.OK:
                    stdout().print(f"{result.verdict}: {result.path}", markup=False, soft_wrap=True)
    if as_json:
        print_json(results)
    else:
        counts = Counter(result.verdict.value for result in results)
        stdout().print(", ".join(f"{number} {verdict}" for verdict, number in counts.items()) or "no files")
    if any(result.verdict.is_bad for result in results):
        raise typer.Exit(1)


def download(
    url: Annotated[str, typer.Argument(help="A Civitai page, an API link, an AIR or an https link to a file.")],
    file_id: Annotated[str | None, typer.Option(help="Which file of the version.")] = None,
    folder: Annotated[str | None, typer.Option(help="A folder inside a library folder.")] = None,
    filename: Annotated[str | None, typer.Option(help="Another name for the file.")] = None,
    archive: Annotated[bool, typer.Option("--archive", help="Into the archive.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Download a model into the library and wait for it."""
    category = Category.ARCHIVE if archive else Category.ACTIVE
    with services_of(working=True) as services:
        task = services.downloads.start(DownloadWish(url, file_id, folder, filename, category))
        task = follow(services, task, task.name, quiet=as_json)
        if as_json:
            print_json(present_task_json(task))
        elif task.state is TaskState.DONE:
            stdout().print(task.result.get("path", ""), markup=False)
    exit_by(task)


def follow(services: Services, task: Task, what: str, *, quiet: bool) -> Task:
    """Show the progress until the task ends, wherever it runs."""
    ended = threading.Event()
    with progress_of(what, unit=task.progress.unit, quiet=quiet) as update:

        def on_event(event: Event) -> None:
            if isinstance(event, TaskChanged) and event.task.task_id == task.task_id:
                update(event.task.progress.done, event.task.progress.total)
                if _is_over(event.task):
                    ended.set()

        with services.hub.subscribed(on_event):
            while not ended.wait(1.0):
                if _is_over(services.queue.store.get(task.task_id)):
                    break
    return services.queue.store.get(task.task_id)


def _is_over(task: Task) -> bool:
    """It ended, or does not go on for now."""
    is_put_off = task.state is TaskState.QUEUED and bool(task.result.get("waits_because"))
    return task.state.is_final or task.state is TaskState.PAUSED or is_put_off


def _find_model(services: Services, text: str) -> ModelId:
    if text.isascii() and text.isdigit():
        return ModelId(int(text))
    place = services.places.place_of(Path(text).expanduser().absolute())
    if place:
        root = services.places.path_of(replace(place, relative_path=""))
        place = replace(place, relative_path=find_listed_path(root, place.relative_path))
    model_id = services.catalog.find_at(place) if place else None
    if model_id is None:
        raise NotFound(f"{text} is not in the library. Scan it first, or use 'identify' for files elsewhere.")
    return model_id


def _present_listing(services: Services, model: ModelListing) -> dict[str, Any]:
    return ModelPresenter(services.places).listing(model)


def present_task_json(task: Task) -> Any:
    return present_task(task).model_dump(mode="json")


def exit_by(task: Task) -> None:
    if task.state is not TaskState.DONE:
        stderr().print(f"[red]{task.state.value}[/]: ", end="")
        stderr().print(task.error or task.result.get("waits_because") or "the task did not end", markup=False)
        if task.code == "SOURCE_NEEDS_LOGIN":
            stderr().print("On the command line, keys are set by SDMM_CIVITAI_API_KEY and SDMM_HUGGINGFACE_TOKEN.")
        raise typer.Exit(1)
