"""Writes the OpenAPI document that the page's client is generated from."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, get_args

from fastapi import FastAPI
from pydantic import TypeAdapter

from sd_model_manager.lib import codes
from sd_model_manager.ui.api.main import ROUTERS
from sd_model_manager.ui.api.schemas.envelope import Failure
from sd_model_manager.ui.api.schemas.live import EventMessage, ProgressMessage

_CODES = {
    "FailureCode": codes.FailureCode,
    "CautionCode": codes.CautionCode,
    "ProblemCode": codes.ProblemCode,
    "ScanProblemCode": codes.ScanProblemCode,
    "QueryProblem": codes.QueryProblem,
    "LicenceTerm": codes.LicenceTerm,
}


def make_document() -> dict[str, Any]:
    """The routes of the API and, beside them, the messages of the WebSockets, which OpenAPI has no place for, and the
    codes that are known, which a newer server may add to."""
    app = FastAPI(title="SD Model Manager", version="1", responses={"default": {"model": Failure, "description": ""}})
    for router in ROUTERS:
        app.include_router(router)
    document = app.openapi()
    schemas = document["components"]["schemas"]
    messages: dict[str, TypeAdapter[Any]] = {
        "EventMessage": TypeAdapter(EventMessage),
        "ProgressMessage": TypeAdapter(ProgressMessage),
    }
    for name, adapter in messages.items():
        schema = adapter.json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
        for key, definition in schema.pop("$defs", {}).items():
            schemas.setdefault(key, definition)
        schemas[name] = schema
    for name, words in _CODES.items():
        schemas[name] = {"type": "string", "enum": list(get_args(words))}
    return document


def main() -> None:
    """`--write FILE`, or `--check FILE`: fail where the file does not hold what would be written."""
    action, file = sys.argv[1], Path(sys.argv[2])
    document = json.dumps(make_document(), indent=2, ensure_ascii=False) + "\n"
    if action == "--write":
        file.write_text(document, encoding="utf-8", newline="\n")
    elif file.read_text(encoding="utf-8") != document:
        sys.exit(f"{file} is stale: run 'uv run poe openapi'.")


if __name__ == "__main__":
    main()
