"""How the page feels with very many models, in a real browser: `python -m tests.perf.page_bars [--models 100000]`.

Prints each figure beside its bar. The browser has no graphics processor here, so that painting takes longer than on a
desk; measure on a machine that does nothing else. Lighthouse is fetched by `npx`.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from tests.e2e.conftest import FLAGS, find_chromium
from tests.e2e.server import Server
from tests.perf.finding import Finding, percentile, print_table
from tests.perf.page_weight import measure_page
from tests.perf.registry_speed import fill
from tests.support.axe import find_violations

FAST_3G = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8 * 0.9, "uploadThroughput": 750e3 / 8 * 0.9}
"""As the browsers' own tools mean it; bytes per second, and milliseconds for each request."""

SLOWER = 4
SCROLL_STEPS = 600
LONG_FRAME_MS = 20.0
PLACES = ("/", "/models/1", "/downloads", "/insights", "/duplicates", "/health", "/tasks", "/settings")
GRID = "[data-testid=grid-scroller]"
LIGHTHOUSE = "lighthouse@13.5.0"
LIGHTHOUSE_CATEGORIES = ("accessibility", "best-practices")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.perf.page_bars")
    parser.add_argument("--models", type=int, default=100_000)
    options = parser.parse_args()
    executable = find_chromium() or sys.exit("no Chromium on PATH")
    findings = list(measure_page())
    with tempfile.TemporaryDirectory(prefix="sdmm-page-") as name, sync_playwright() as playwright:
        base = Path(name)
        words = fill(base, options.models)
        browser = playwright.chromium.launch(
            executable_path=executable, args=[*FLAGS, "--enable-precise-memory-info", "--js-flags=--expose-gc"]
        )
        with Server(base, hash_in_background="false", watch="false") as server:
            for measure in (measure_first_load, measure_scrolling, measure_typing, measure_access, ask_lighthouse):
                findings += measure(browser, server.url, words)
        browser.close()
    print(f"load averages after: {os.getloadavg() if hasattr(os, 'getloadavg') else 'not told here'}")
    print_table(findings)


def measure_first_load(browser: Browser, url: str, _words: list[str]) -> Iterator[Finding]:
    """With nothing cached, over a slow line, on a slow processor."""
    page, devtools = _open(browser)
    received: list[tuple[str, str]] = []
    sizes: dict[str, float] = {}
    devtools.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    devtools.on("Network.responseReceived", lambda event: received.append((event["requestId"], event["type"])))
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", FAST_3G)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.add_init_script(_WATCH_PAINTS)
    page.goto(url, wait_until="commit")
    page.wait_for_selector(f"{GRID} a")
    interactive = page.evaluate("() => performance.now()")
    page.wait_for_load_state("networkidle")
    largest = page.evaluate("() => window.largestPaint")
    assets = sum(sizes.get(key, 0) for key, kind in received if kind in {"Script", "Stylesheet", "Document", "Font"})
    page.context.close()
    yield Finding("first load, Fast 3G and a processor a quarter as fast: largest paint", largest / 1000, "s", bar=2.5)
    yield Finding("the same until models can be clicked", interactive / 1000, "s", bar=4.0)
    yield Finding("scripts, styles and fonts of the first load, as sent", assets / 1000, "KB", bar=250.0)


def measure_scrolling(browser: Browser, url: str, _words: list[str]) -> Iterator[Finding]:
    """From end to end, twice: frames, and what the tab keeps."""
    page, devtools = _open(browser)
    _show_library(page, url)
    memory = [_scroll_through(page, devtools) for _ in range(2)]
    frames = memory[0][0]
    late = sum(frame > LONG_FRAME_MS for frame in frames)
    page.context.close()
    yield Finding("scrolling from end to end: frames over 20 ms", 100 * late / len(frames), "%", bar=1.0)
    yield Finding("memory of the tab's scripts after it", memory[0][1], "MB", bar=300.0)
    yield Finding("growth on the second pass", memory[1][1] - memory[0][1], "MB", bar=5.0)


def measure_typing(browser: Browser, url: str, words: list[str]) -> Iterator[Finding]:
    """From a key to the grid that shows what was found."""
    page, _ = _open(browser)
    page.add_init_script(_WATCH_ANSWERS)
    _show_library(page, url)
    box = page.get_by_role("combobox", name="Search models")
    box.click()
    took = []
    by_first_letter = {word[0]: word for word in words if word.isalpha()}  # what was asked before is there at once
    for word in [*by_first_letter.values()][:12]:
        box.fill("")
        _wait_until_settled(page)
        for end in range(1, 6):
            page.evaluate("() => (window.shownAt = {})")
            box.press(word[end - 1])
            took.append(float(page.evaluate(_WAIT_FOR_GRID, word[:end])))
    page.context.close()
    yield Finding("typing: from a key to the grid of what was found, p95", percentile(took, 95), "ms", bar=100.0)
    yield Finding("the same, in the middle", percentile(took, 50), "ms")


def measure_access(browser: Browser, url: str, _words: list[str]) -> Iterator[Finding]:
    page, _ = _open(browser)
    violations = []
    for place in PLACES:
        page.goto(f"{url}{place}")
        page.wait_for_load_state("networkidle")
        violations += [f"{place}: {violation}" for violation in find_violations(page)]
    page.context.close()
    for violation in violations:
        print(violation, file=sys.stderr)
    yield Finding("violations that axe finds on the pages", len(violations), "", bar=0.0)


def ask_lighthouse(_browser: Browser, url: str, _words: list[str]) -> Iterator[Finding]:
    """The worst page in each of its categories."""
    lost = dict.fromkeys(LIGHTHOUSE_CATEGORIES, 0.0)
    for place in PLACES:
        for category, report in _ask_lighthouse(f"{url}{place}")["categories"].items():
            if points := 100 * (1 - report["score"]):
                print(f"{place}: Lighthouse takes {points:.0f} points off for {category}", file=sys.stderr)
                lost[category] = max(lost[category], points)
    for category, points in lost.items():
        yield Finding(f"points of 100 that Lighthouse takes off for {category}", points, "", bar=0.0)


def _ask_lighthouse(address: str) -> dict[str, Any]:
    chosen = f"--only-categories={','.join(LIGHTHOUSE_CATEGORIES)}"
    flags = f"--chrome-flags={' '.join(['--headless=new', *FLAGS])}"
    command = [
        shutil.which("npx") or sys.exit("no npx on PATH"),
        "--yes",
        LIGHTHOUSE,
        address,
        "--quiet",
        chosen,
        flags,
    ]
    environment = {**os.environ, "CHROME_PATH": str(find_chromium())}
    report: dict[str, Any] = json.loads(
        subprocess.run([*command, "--output=json"], env=environment, stdout=subprocess.PIPE, check=True).stdout
    )
    return report


def _open(browser: Browser) -> tuple[Page, CDPSession]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US")
    page = context.new_page()
    return page, context.new_cdp_session(page)


def _show_library(page: Page, url: str) -> None:
    page.goto(url)
    page.wait_for_selector(f"{GRID} a")
    page.wait_for_load_state("networkidle")


def _scroll_through(page: Page, devtools: CDPSession) -> tuple[list[float], float]:
    """The milliseconds of each frame, and the megabytes of live objects after it and a rest."""
    frames: list[float] = page.evaluate(_SCROLL, [GRID, SCROLL_STEPS])
    page.wait_for_timeout(20_000)
    devtools.send("HeapProfiler.collectGarbage")
    usage: dict[str, Any] = devtools.send("Runtime.getHeapUsage")
    return frames, usage["usedSize"] / 1e6


def _wait_until_settled(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(150)


_WATCH_PAINTS = """
window.largestPaint = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.largestPaint = Math.max(window.largestPaint, entry.startTime);
}).observe({ type: "largest-contentful-paint", buffered: true });
"""
_SCROLL = """
async ([grid, steps]) => {
  const scroller = document.querySelector(grid);
  const height = scroller.scrollHeight - scroller.clientHeight;
  const frames = [];
  let last = await new Promise(requestAnimationFrame);
  for (let step = 0; step <= steps; step++) {
    scroller.scrollTop = (height * step) / steps;
    const now = await new Promise(requestAnimationFrame);
    frames.push(now - last);
    last = now;
  }
  return frames;
}
"""
_WATCH_ANSWERS = """
window.shownAt = {};
const ask = window.fetch;
window.fetch = async (...asked) => {
  const response = await ask(...asked);
  const address = new URL(asked[0].url ?? asked[0], location.href);
  if (address.pathname === "/api/models" && address.searchParams.has("q")) {
    response.clone().arrayBuffer().then(() =>
      requestAnimationFrame(() =>
        requestAnimationFrame(() => (window.shownAt[address.searchParams.get("q")] = performance.now())),
      ),
    );
  }
  return response;
};
document.addEventListener("keydown", () => (window.pressedAt = performance.now()), true);
"""
_WAIT_FOR_GRID = """
async (text) => {
  for (const end = performance.now() + 3000; performance.now() < end; ) {
    if (window.shownAt[text] > window.pressedAt) return window.shownAt[text] - window.pressedAt;
    await new Promise(requestAnimationFrame);
  }
  return 3000;
}
"""


if __name__ == "__main__":
    main()
