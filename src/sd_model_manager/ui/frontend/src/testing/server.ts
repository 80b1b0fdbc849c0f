import { HttpResponse, http, ws } from "msw";
import { setupServer } from "msw/node";
import type { Install } from "@/api/engines";
import type { Mature } from "@/api/mature";
import type { Statistics } from "@/api/statistics";
import type { Collection, Download, Facets, Folder, Model, SavedSearch, ServerEvent, Setting, Task } from "@/api/types";
import type { Ignored, Update } from "@/api/updates";
import { aFolder, aMature, aSetting, someFacets, someStatistics } from "@/testing/examples";

export function answer(data: unknown, status = 200) {
  return HttpResponse.json({ success: true, data }, { status });
}

export function refusal(status: number, code: string, error: string, details: Record<string, unknown> = {}) {
  return HttpResponse.json({ success: false, error, code, details }, { status });
}

const events = ws.link("ws://localhost:3000/ws/events");

/** Says something to every page that listens. */
export function tell(event: ServerEvent): void {
  events.broadcast(JSON.stringify(event));
}

const listening = new Set<{ close: (code: number) => void }>();

/** Ends every connection as a stopping server does. */
export function cutOff(): void {
  for (const client of listening) client.close(1001);
}

export function howManyListen(): number {
  return listening.size;
}

interface Library {
  models?: Model[];
  facets?: Facets;
  folders?: Folder[];
  settings?: Setting[];
  queue?: Download[];
  history?: Download[];
  tasks?: Task[];
  statistics?: Statistics;
  collections?: Collection[];
  searches?: SavedSearch[];
  updates?: Update[];
  ignored?: Ignored[];
  mature?: Mature;
  installs?: Install[];
}

/** Answers for a library with these models; what is not given is empty or ordinary. */
export function libraryWith({
  models = [],
  facets = someFacets,
  folders = [aFolder()],
  settings = [aSetting()],
  queue = [],
  history = [],
  tasks = [],
  statistics = someStatistics(),
  collections = [],
  searches = [],
  updates = [],
  ignored = [],
  mature = aMature(),
  installs = [],
}: Library) {
  return [
    events.addEventListener("connection", ({ client }) => {
      listening.add(client);
      client.addEventListener("close", () => listening.delete(client));
      client.send(JSON.stringify({ type: "hello", version: "0.1.0" }));
    }),
    http.get("*/api/models", () => answer({ items: models, total: models.length, next_cursor: null })),
    http.get("*/api/models/facets", () => answer(facets)),
    http.get("*/api/models/statistics", () => answer(statistics)),
    http.get("*/api/models/complete", () => answer([])),
    http.get("*/api/models/:modelId/versions", () => answer([])),
    http.get("*/api/mature", () => answer(mature)),
    http.get("*/api/updates", () => answer({ items: updates, total: updates.length, next_cursor: null })),
    http.get("*/api/updates/ignore", () => answer(ignored)),
    http.get("*/api/collections", () => answer(collections)),
    http.get("*/api/searches", () => answer(searches)),
    http.get("*/api/download", ({ request }) => {
      const states = new URL(request.url).searchParams.getAll("state");
      const items = [...queue, ...history].filter((task) => states.includes(task.state));
      return answer({ items, total: items.length, next_cursor: null });
    }),
    http.get("*/api/download/limits", () =>
      answer({ bytes_per_second: null, is_scheduled: false, downloads_at_once: 3, downloads_per_host: 2, rooms: [] }),
    ),
    http.get("*/api/tasks", ({ request }) => {
      const states = new URL(request.url).searchParams.getAll("state");
      const items = tasks.filter((task) => states.includes(task.state));
      return answer({ items, total: items.length, next_cursor: null });
    }),
    http.get("*/api/settings", () => answer({ settings })),
    http.get("*/api/folders", () => answer(folders)),
    http.get("*/api/folders/problems", () => answer([])),
    http.post("*/api/folders/browse", () => answer({ path: null, parent: null, folders: [] })),
    http.get("*/api/engines", () => answer({ installs, is_complete: true })),
    http.post("*/api/engines/recognise", async ({ request }) => {
      const { path } = (await request.json()) as { path: string };
      return answer({ install: null, folder: { path, models: 0, is_exact: true, state: "new" } });
    }),
    http.get("*/api/comfyui/paths", () => answer({ text: "", folders: {} })),
    http.get("*/api/health", () =>
      answer({ status: "ok", version: "0.1.0", database: "sqlite", models: 3, tasks: {} }),
    ),
  ];
}

export const server = setupServer(...libraryWith({}));
