"""A download that fails says what happened and what to do, and leaves no wrong file under its name."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.app_bench import AppBench, settings_of
from tests.support.fake_world.library import FakeModel
from tests.support.fake_world.payloads import make_safetensors
from tests.support.fake_world.world import GOOD_KEY, FakeWorld

MakeApp = Callable[..., AppBench]
Change = Callable[[FakeWorld, FakeModel], object]


@pytest.fixture
def app(make_app: MakeApp, fake_world: FakeWorld) -> AppBench:
    return make_app(
        civitai_api_key=GOOD_KEY, huggingface_base_url=fake_world.urls["huggingface"], **settings_of(fake_world)
    )


def models_in(folder: Path) -> list[Path]:
    return list(folder.rglob("*.safetensors"))


def set_facts(**facts: Any) -> Change:
    return lambda _, model: model.versions[0].facts.update(facts)


def forbid(_: FakeWorld, model: FakeModel) -> None:
    model.versions[0].usage_control = "Generation"


def answer(status: int, text: str = "{}", **headers: str) -> Change:
    return lambda world, _: world.fault(
        "reply", server="api", path="/api/download", status=status, text=text, headers=headers, times=None
    )


def lead_to(where: str) -> Change:
    return lambda world, _: world.fault("redirect", server="api", path="/api/download", text=where, times=None)


def strike(kind: str, **how: Any) -> Change:
    return lambda world, _: world.fault(kind, times=None, **how)


PAID = {"permanent": True, "endsAt": None}
EARLY = {"permanent": False, "endsAt": "2999-05-03T12:00:00.000Z"}
FAILURES: dict[str, tuple[Change, str, str]] = {
    "removed since": (answer(404), "SOURCE_NOT_FOUND", "Civitai"),
    "early access": (set_facts(paidAccess=EARLY), "SOURCE_EARLY_ACCESS", "2999-05-03"),
    "to be bought": (set_facts(paidAccess=PAID), "SOURCE_EARLY_ACCESS", "bought"),
    "disabled by its creator": (forbid, "SOURCE_DOWNLOADS_DISABLED", "creator"),
    "removed for good": (answer(410), "SOURCE_GONE", "."),
    "another region": (answer(451), "SOURCE_REGION", "region"),
    "a circle of redirects": (lead_to("/api/download/models/1?a=1"), "SOURCE_NOT_FOUND", "."),
    "a private address": (lead_to("http://10.0.0.1/x"), "ADDRESS_REFUSED", "allowed_private_hosts"),
    "another scheme": (lead_to("file:///etc/passwd"), "BAD_URL", "."),
    "a login page": (lead_to("/login?reason=download-auth"), "SOURCE_NEEDS_LOGIN", "key"),
    "a page": (strike("html"), "SOURCE_SENT_PAGE", "page"),
    "an error in JSON": (strike("json_error"), "SOURCE_SENT_PAGE", "."),
    "packed": (strike("gzip"), "SOURCE_BROKEN", "packed"),
    "nothing": (strike("empty"), "SOURCE_SENT_PAGE", "instead of the file"),
    "no end": (strike("endless"), "SOURCE_SENT_TOO_MUCH", "far more than"),
    "wrong bytes": (strike("corrupt", after_bytes=5000), "WRONG_HASH", "SHA-256"),
}


@pytest.mark.parametrize(("change", "code", "says"), FAILURES.values(), ids=FAILURES)
def test_each_failure_has_its_code_and_its_sentence(
    app: AppBench, fake_world: FakeWorld, change: Change, code: str, says: str
) -> None:
    model = fake_world.add_model("Quiet Harbour", size_bytes=300_000)
    change(fake_world, model)
    task = app.post("/api/download", {"url": fake_world.page_url(model)}, status=202)
    failed = app.wait_for_task(task["task_id"], "failed")
    assert failed["code"] == code
    assert re.search(says, failed["error"])
    assert models_in(app.models) == []


@pytest.mark.parametrize(
    "name",
    [
        "../../evil.safetensors",
        "/etc/evil.safetensors",
        "C:\\Windows\\evil.safetensors",
        "evil\0.safetensors",
        "NUL.safetensors",
        "a\u202egnp.safetensors",
        f"{'x' * 300}.safetensors",
        "-rf.safetensors",
        "dots. . .safetensors",
        "..",
        "",
    ],
)
def test_hostile_names_of_a_source_end_as_safe_names_in_the_library(
    app: AppBench, fake_world: FakeWorld, name: str
) -> None:
    model = fake_world.add_model("Quiet Harbour", size_bytes=3000)
    model.versions[0].files[0].facts["name"] = name
    fake_world.storage.disposition = f'attachment; filename="{name}"'
    task = app.post("/api/download", {"url": fake_world.page_url(model)}, status=202)
    path = Path(app.wait_for_task(task["task_id"])["path"])
    assert path.parent == app.models / "loras"
    assert path.suffix == ".safetensors"
    payload = model.versions[0].files[0].payload
    assert path.read_bytes() == payload.read(0, payload.size_bytes)
    assert models_in(app.models.parent) == [path]


def test_what_was_expected_and_what_came_is_said_of_wrong_bytes(app: AppBench, fake_world: FakeWorld) -> None:
    model = fake_world.add_model("Quiet Harbour", size_bytes=300_000)
    fake_world.fault("corrupt", after_bytes=5000, times=None)
    task = app.post("/api/download", {"url": fake_world.page_url(model)}, status=202)
    failed = app.wait_for_task(task["task_id"], "failed")
    kept = next(app.models.rglob("*.wrong-hash"))
    came = hashlib.sha256(kept.read_bytes()).hexdigest()
    expected = model.versions[0].files[0].payload.sha256
    assert all(text in failed["error"] for text in (expected[:16], came[:16], kept.name))


def test_a_pause_that_a_source_asks_for_says_until_when_and_passes(app: AppBench, fake_world: FakeWorld) -> None:
    model = fake_world.add_model("Quiet Harbour", size_bytes=3000)
    answer(429, **{"Retry-After": "1500"})(fake_world, model)
    task = app.post("/api/download", {"url": fake_world.page_url(model)}, status=202)

    def is_put_off() -> bool:
        return bool(app.get(f"/api/tasks/{task['task_id']}")["waits_because"])

    app.wait_until(is_put_off)
    waiting = app.wait_for_task(task["task_id"], "queued")
    assert "pause" in waiting["waits_because"]
    now, until = datetime.now(UTC), datetime.fromisoformat(waiting["waits_until"])
    assert timedelta(minutes=20) < until - now <= timedelta(seconds=1500)
    fake_world.faults.clear()
    app.post(f"/api/download/{task['task_id']}/pause")
    app.post(f"/api/download/{task['task_id']}/resume")
    done = app.wait_for_task(task["task_id"])
    assert (done["waits_because"], done["waits_until"]) == (None, None)


def test_a_file_whose_terms_are_to_be_accepted_first_says_so(app: AppBench, fake_world: FakeWorld) -> None:
    payload = make_safetensors(size_bytes=3000)
    fake_world.hugging_face.add("harbor-fog/mix", {"mix.safetensors": payload}, gated="manual")
    link = f"{fake_world.urls['huggingface']}/harbor-fog/mix/blob/main/mix.safetensors"
    task = app.post("/api/download", {"url": link}, status=202)
    failed = app.wait_for_task(task["task_id"], "failed")
    assert failed["code"] == "SOURCE_GATED"
    assert "accept its terms" in failed["error"]


def test_an_archived_model_is_gone_and_a_copy_may_be_elsewhere(app: AppBench, fake_world: FakeWorld) -> None:
    model = fake_world.add_model("Quiet Harbour", size_bytes=3000)
    model.facts["mode"] = "Archived"
    refused = app.post("/api/download", {"url": fake_world.page_url(model)}, status=502)
    assert refused["code"] == "SOURCE_GONE"
    assert f"https://civarchive.com/models/{model.model_id}" in refused["error"]
