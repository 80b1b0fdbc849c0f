"""Asks axe what on a page would keep somebody out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

import sd_model_manager

_SCRIPT = Path(sd_model_manager.__file__).parent / "ui/frontend/node_modules/axe-core/axe.min.js"
_IS_AT_REST = """() => document.getAnimations().every(
    animation => animation.playState !== "running" || animation.effect.getComputedTiming().endTime === Infinity)"""
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def find_violations(page: Page) -> list[str]:
    """Of WCAG 2.2 AA and good practice: the rule and the elements that break it, a line each."""
    page.wait_for_function(_IS_AT_REST)  # what is half faded in has half its contrast
    if not page.evaluate("'axe' in window"):
        page.evaluate(_SCRIPT.read_text(encoding="utf-8"))
    ask = "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})"
    found: dict[str, Any] = page.evaluate(ask, _RULES)
    return [f"{violation['id']}: {_say_where(violation)}" for violation in found["violations"]]


def _say_where(violation: dict[str, Any]) -> str:
    return "; ".join(f"{node['target'][0]} ({node['failureSummary']})" for node in violation["nodes"])
