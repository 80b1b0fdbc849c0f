"""Thousands of models are changed in chunks, and whoever remembers a revision learns of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from sd_model_manager.db.engine import Database
from sd_model_manager.db.tables import content_headers, contents, search_texts
from sd_model_manager.domain.ids import CollectionId, ModelId
from sd_model_manager.domain.user_data import BulkChange
from sd_model_manager.registry.bodies import identity_to_json
from sd_model_manager.registry.bulk_user_data import BulkUserData
from sd_model_manager.registry.changes import read_revision
from sd_model_manager.registry.collections import CollectionRegistry, find_collection, list_members
from sd_model_manager.registry.hashes import HashRegistry
from tests.support.library_bench import LibraryBench

NOW = datetime(2026, 1, 1, tzinfo=UTC)
