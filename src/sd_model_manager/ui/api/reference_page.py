"""`/docs`: the API's description as a plain page. It works offline and needs no script, unlike the usual viewers."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from fastapi import FastAPI
from fastapi.responses import HTMLResponse

_STYLE = """
:root { color-scheme: light dark; font: 15px/1.55 system-ui, sans-serif }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h2 { margin: 2.5rem 0 .5rem } h3 { margin: 1.8rem 0 .3rem; font: 600 1rem ui-monospace, monospace }
h3 b { display: inline-block; min-width: 4.2rem } code { font-size: .92em }
table { border-collapse: collapse; margin: .4rem 0 1rem } td { padding: .2rem 1rem .2rem 0; vertical-align: top }
"""


def add_reference_page(app: FastAPI) -> None:
    @app.get("/docs", include_in_schema=False)
    def get_reference() -> HTMLResponse:
        return HTMLResponse(write_reference(app.openapi()))


def write_reference(document: dict[str, Any]) -> str:
    """The page for an OpenAPI document: every operation by its tag, then every schema they mention."""
    title = f"{document['info']['title']} {document['info']['version']}"
    body = "".join((*_write_operations(document["paths"]), *_write_schemas(document["components"]["schemas"])))
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}: API</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style>'
        f'<h1>{escape(title)}: API</h1><p>For programs: <a href="/openapi.json">openapi.json</a>. Every answer is '
        '<code>{"success": true, "data": …}</code> or <code>{"success": false, "error", "code", "details"}</code>.</p>'
        f"{body}</html>"
    )


def _write_operations(paths: dict[str, Any]) -> Iterator[str]:
    by_tag: dict[str, list[tuple[str, str, dict[str, Any]]]] = {}
    for path, methods in paths.items():
        for method, operation in methods.items():
            by_tag.setdefault((operation.get("tags") or ["other"])[0], []).append((method, path, operation))
    for tag, operations in by_tag.items():
        yield f"<h2>{escape(tag)}</h2>"
        for method, path, operation in operations:
            yield f"<h3><b>{method.upper()}</b> {escape(path)}</h3>"
            yield f"<p>{escape(operation.get('description') or operation.get('summary', ''))}</p>"
            yield _write_table(
                (parameter["name"], parameter["schema"], parameter.get("description", ""))
                for parameter in operation.get("parameters", [])
            )
            yield "".join(_write_bodies(operation))


def _write_bodies(operation: dict[str, Any]) -> Iterator[str]:
    named = [("Body", operation.get("requestBody", {}))]
    named += [(code, answer) for code, answer in operation["responses"].items() if code.startswith("2")]
    for name, holder in named:
        for content in holder.get("content", {}).values():
            if content.get("schema"):
                yield f"<p>{name}: {_write_type(content['schema'])}</p>"


def _write_schemas(schemas: dict[str, Any]) -> Iterator[str]:
    yield "<h2>Schemas</h2>"
    for name, schema in sorted(schemas.items()):
        yield f'<h3 id="{escape(name)}">{escape(name)}</h3><p>{escape(schema.get("description", ""))}</p>'
        if "enum" in schema:
            yield f"<p>{_write_type(schema)}</p>"
        yield _write_table(
            (key, value, value.get("description", "")) for key, value in schema.get("properties", {}).items()
        )


def _write_table(rows: Iterator[tuple[str, dict[str, Any], str]]) -> str:
    cells = "".join(
        f"<tr><td><code>{escape(name)}</code><td>{_write_type(schema)}<td>{escape(description)}"
        for name, schema, description in rows
    )
    return f"<table>{cells}</table>" if cells else ""


def _write_type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return f'<a href="#{name}">{name}</a>'
    if "enum" in schema:
        return " | ".join(f"<code>{escape(str(value))}</code>" for value in schema["enum"])
    if options := schema.get("anyOf"):
        return " | ".join(map(_write_type, options))
    if schema.get("type") == "array":
        return f"list of {_write_type(schema.get('items', {}))}"
    return escape(str(schema.get("const", schema.get("type", "any"))))
