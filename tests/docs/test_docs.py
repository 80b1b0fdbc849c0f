"""The documents tell what is there: settings, routes, rooms, words and commands are compared with the program."""

from __future__ import annotations

import importlib
import importlib.util
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import typer
from pydantic import SecretStr

from sd_model_manager.cli.main import app
from sd_model_manager.config import Settings
from sd_model_manager.domain.query import Field, Part, Trait
from sd_model_manager.domain.tasks import TaskKind, TaskState
from sd_model_manager.domain.taxonomy import Category, FileFormat, ModelType, Presence
from sd_model_manager.lib.errors import SourceError
from sd_model_manager.ui.api.errors import STATUS_OF
from sd_model_manager.ui.api.openapi import make_document
from sd_model_manager.ui.api.routes import sockets

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PACKAGE = ROOT / "src/sd_model_manager"
FRONTEND = PACKAGE / "ui/frontend"
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])

PLUGIN_ROOMS = {
    "add-a-source.md": ("sources.registry", "SOURCES"),
    "add-a-sidecar-format.md": ("sidecars.reader", "FORMATS"),
    "add-a-file-format.md": ("identify.formats", "READERS"),
    "add-an-engine.md": ("integrations.registry", "ENGINES"),
    "add-a-model-family.md": ("identify.families", "_IN_ORDER"),
}
"""The page that says how to add to a room, and the tuple a newcomer's line goes into."""


def read(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def show_name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def list_code(text: str) -> list[str]:
    """What stands between single backticks, outside blocks of code."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"(?ms)^ *```.*?^ *```$", "", text))


def show_default(value: object) -> str:
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, Path):
        return f"`./{value.as_posix()}`"
    return "empty" if value in ("", []) else f"`{value}`"


@pytest.mark.parametrize("key", Settings.model_fields)
def test_every_setting_is_listed_as_it_is(key: str) -> None:
    field = Settings.model_fields[key]
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    on_the_page = "yes" if extra.get("is_editable") else ""
    default = show_default(field.get_default(call_default_factory=True))
    assert f"| `{key}` | {default} | {on_the_page} | {field.description} |" in read("settings.md")


def test_no_setting_is_listed_that_is_not_there() -> None:
    listed = re.findall(r"(?m)^\| `(\w+)` \|", read("settings.md"))
    assert listed == list(Settings.model_fields)


def test_every_setting_named_anywhere_is_one() -> None:
    for page in PAGES:
        for name in re.findall(r"\bSDMM_([A-Z_]+[A-Z])\b", page.read_text("utf-8")):
            is_for_developers = any(f"SDMM_{name}" in text for text in list_developer_files())
            assert name.lower() in Settings.model_fields or is_for_developers, f"{show_name(page)}: SDMM_{name}"


def list_developer_files() -> Iterator[str]:
    for path in ("hatch_build.py", "tests/conftest.py", "tests/e2e/conftest.py"):
        yield (ROOT / path).read_text("utf-8")
    yield (FRONTEND / "vite.config.ts").read_text("utf-8")


def test_every_route_is_listed_and_no_other() -> None:
    paths: dict[str, dict[str, Any]] = make_document()["paths"]
    routes = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    assert set(re.findall(r"(?m)^\| `([A-Z]+ /api\S*)` \|", read("api.md"))) == routes


def test_the_api_describes_each_route() -> None:
    paths: dict[str, dict[str, Any]] = make_document()["paths"]
    for path, methods in paths.items():
        for method, operation in methods.items():
            assert operation.get("summary"), f"{method} {path}"
            assert operation.get("tags"), f"{method} {path}"


def test_every_websocket_is_explained() -> None:
    for route in sockets.router.routes:
        assert f"`{route.path}`" in read("api.md")  # type: ignore[attr-defined]


@pytest.mark.parametrize(("kind", "status"), STATUS_OF)
def test_every_status_of_an_error_is_explained(kind: type[Exception], status: int) -> None:
    assert re.search(rf"(?m)^\| {status} \| \S", read("api.md"))


@pytest.mark.parametrize("kind", SourceError.__subclasses__())
def test_every_way_a_source_can_fail_has_its_code_listed(kind: type[SourceError]) -> None:
    assert f"`{kind.code}`" in read("api.md")


@pytest.mark.parametrize("words", [ModelType, FileFormat, Presence, Category, TaskState, TaskKind])
def test_every_word_of_the_api_is_in_the_glossary(words: Any) -> None:
    known = set(list_code(read("glossary.md")))
    assert {word.value for word in words} <= known


def test_every_field_of_a_query_is_explained_and_no_other() -> None:
    listed = re.findall(r"`(\w+):`", read("search.md"))
    assert set(listed) == {*Field, "favorite", "sort", "hash"}
    assert {*Trait, *Part} <= set(list_code(read("search.md")))


def list_rooms() -> set[str]:
    return {folder.parent.name for folder in PACKAGE.glob("*/__init__.py")}


def test_every_room_is_explained_and_no_other() -> None:
    table = read("architecture.md").partition("## The rooms")[2].partition("\n## ")[0]
    first_cells = " ".join(line.split("|")[1] for line in table.splitlines() if line.startswith("| `"))
    assert set(re.findall(r"`(\w+)/`", first_cells)) == list_rooms()


def test_rooms_stand_in_the_order_that_is_checked() -> None:
    layers = PROJECT["tool"]["importlinter"]["contracts"][0]["layers"]
    table = read("architecture.md").partition("## The rooms")[2].partition("\n## ")[0]
    rows = [set(re.findall(r"`(\w+)/`", line.split("|")[1])) for line in table.splitlines() if line.startswith("| `")]
    assert rows == [set(layer.split(" | ")) for layer in layers]


@pytest.mark.parametrize("page", PLUGIN_ROOMS)
def test_every_room_that_grows_says_how(page: str) -> None:
    module, name = PLUGIN_ROOMS[page]
    assert isinstance(getattr(importlib.import_module(f"sd_model_manager.{module}"), name), tuple)
    assert f"`{name}`" in read(page)
    assert f"[{page}]({page})" in read("architecture.md")
    assert re.search(r"`uv run pytest tests/\w+", read(page))


@pytest.mark.parametrize("page", PAGES, ids=show_name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if "://" in target:
            continue
        path, _, heading = target.partition("#")
        linked = page.parent / unquote(path) if path else page
        assert linked.exists(), target
        assert not heading or heading in list_headings(linked), target


def list_headings(page: Path) -> set[str]:
    titles = re.findall(r"(?m)^#+ (.+)$", page.read_text("utf-8"))
    return {re.sub(r"[^\w\- ]", "", title).lower().replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=show_name)
def test_files_that_are_named_are_there(page: Path) -> None:
    is_path = re.compile(r"(?:[\w.<>-]+/)+(?:[\w.-]+\.(?:py|ts|tsx|md|json))?|(?:src|tests|docs)/[\w./-]+")
    for name in list_code(page.read_text("utf-8")):
        if is_path.fullmatch(name) and "<" not in name:
            roots = (ROOT, DOCS, PACKAGE, PACKAGE / "identify", PACKAGE / "download", PACKAGE / "ui", FRONTEND)
            assert any((root / name).exists() for root in (*roots, FRONTEND / "src")), name


def test_tests_that_are_named_are_there() -> None:
    tests = "".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    for page in PAGES:
        for name in list_code(page.read_text("utf-8")):
            assert not name.startswith("test_") or f"def {name}(" in tests, f"{show_name(page)}: {name}"


@pytest.mark.parametrize("page", PAGES, ids=show_name)
def test_commands_that_are_named_are_there(page: Path) -> None:
    text = page.read_text("utf-8")
    commands = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    named = re.findall(r"(?:^|run |`)sd-model-manager ([a-z]+)", text, re.MULTILINE)
    assert set(named) <= commands
    assert set(re.findall(r"\bpoe ([a-z]+)", text)) <= set(PROJECT["tool"]["poe"]["tasks"])
    scripts = json.loads((FRONTEND / "package.json").read_text("utf-8"))["scripts"]
    assert set(re.findall(r"npm run ([a-z0-9:]+)", text)) <= set(scripts)
    for module in re.findall(r"python -m ((?:tests|sd_model_manager)[\w.]*)", text):
        assert importlib.util.find_spec(module), module


def test_decisions_are_numbered_dated_and_listed() -> None:
    files = sorted((DOCS / "decisions").glob("[0-9]*.md"))
    assert [int(file.name[:4]) for file in files] == list(range(1, len(files) + 1))
    for file in files:
        text = file.read_text("utf-8")
        assert text.startswith(f"# {file.name[:4]}. ")
        assert re.search(r"(?m)^\w+, 20\d\d-\d\d-\d\d\.$", text)
        assert f"({file.name})" in read("decisions/README.md")


def test_the_readme_has_the_two_commands() -> None:
    lines = (ROOT / "README.md").read_text("utf-8").splitlines()
    assert "pip install uv && uv run pytest" in lines
    assert "pip install uv && uv run sd-model-manager" in lines


def test_the_changelog_names_the_version_to_come_first() -> None:
    headings = re.findall(r"(?m)^## (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"))
    assert headings[0] == "Unreleased"
