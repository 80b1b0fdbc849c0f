import { screen, waitFor, within } from "@testing-library/react";
import { http } from "msw";
import { describe, expect, test } from "vitest";
import { aModel, aModelDetail, aTask, someStatistics } from "@/testing/examples";
import { open } from "@/testing/open";
import { answer, libraryWith, server } from "@/testing/server";

/** Answers each query with as many models as it is said to find. */
function finding(found: Record<string, ReturnType<typeof aModel>[]>) {
  server.use(
    http.get("*/api/models", ({ request }) => {
      const items = found[new URL(request.url).searchParams.get("q") ?? ""] ?? [];
      return answer({ items, total: items.length, next_cursor: null });
    }),
  );
}

describe("health", () => {
  test("a library in which all is well says so of each thing", async () => {
    open("/health");
    expect(await screen.findByText("Every file is where it was last seen.")).toBeInTheDocument();
    expect(screen.getByText("Every library folder can be reached.")).toBeInTheDocument();
    expect(await screen.findByText("Every file that was read is whole.")).toBeInTheDocument();
    expect(await screen.findByText("The last scans could read everything they came upon.")).toBeInTheDocument();
  });

  test("what is missing, offline, misplaced, unknown or not hashed is counted, with a way to them", async () => {
    const state = [
      { value: "present", count: 4, size_bytes: 4 },
      { value: "missing", count: 2, size_bytes: 2 },
      { value: "offline", count: 1, size_bytes: 1 },
    ];
    server.use(...libraryWith({ statistics: someStatistics({ shares: { state } }) }));
    finding({
      "is:misplaced": [aModel({ id: 3 })],
      "is:not_found": [aModel({ id: 1 })],
      "is:unmatched -is:not_found": [aModel({ id: 2 })],
      "-is:hashed": [aModel({ id: 1 }), aModel({ id: 2 })],
    });
    open("/health");
    const checks = await screen.findByRole("list", { name: "Checks" });
    await waitFor(() =>
      expect(
        within(checks)
          .getAllByRole("link")
          .map((link) => `${link.textContent} ${link.getAttribute("href")}`),
      ).toEqual([
        "Show 2 models /?q=is%3Amissing",
        "Show 1 model /?q=is%3Aoffline",
        "Show 1 model /?q=is%3Amisplaced",
        "Show 1 model /?q=is%3Anot_found",
        "Show 1 model /?q=is%3Aunmatched+-is%3Anot_found",
        "Settings /settings#lookups",
        "Show 2 models /?q=-is%3Ahashed",
        "Settings /settings#hashes",
      ]),
    );
  });

  test("a damaged file is named with what is wrong and what to do", async () => {
    const broken = aModel({ id: 3 });
    const detail = aModelDetail(broken);
    const problems = [{ code: "TRUNCATED", message: "The file ends too early. Download it again." }];
    finding({ "is:broken": [broken] });
    server.use(http.get("*/api/models/3", () => answer({ ...detail, identity: { ...detail.identity, problems } })));
    open("/health");
    expect(await screen.findByText("The file ends too early. Download it again.")).toBeInTheDocument();
    expect(screen.getByRole("link", { name: "Velvet Dreams 3" })).toHaveAttribute("href", "/models/3");
  });

  test("what a scan could not read says why, and can be scanned again", async () => {
    const asked: unknown[] = [];
    const problem = {
      path: "/models/locked.safetensors",
      code: "NO_PERMISSION",
      message: "This program may not read it.",
      seen_at: "2026-05-01T12:00:00Z",
    };
    server.use(
      http.get("*/api/folders/problems", () => answer([problem])),
      http.post("*/api/models/scan", async ({ request }) => {
        asked.push(await request.json());
        return answer(aTask(), 202);
      }),
    );
    const { user } = open("/health");
    expect(await screen.findByText("This program may not read it.")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Scan again" }));
    expect(await screen.findByRole("button", { name: "Scanning" })).toBeDisabled();
    expect(asked).toEqual([{ folder: null, full: false }]);
  });
});
