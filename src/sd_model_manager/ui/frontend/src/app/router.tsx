import { Suspense } from "react";
import { type RouteObject, useRoutes } from "react-router";
import { CrashBoundary } from "@/app/crash";
import { Shell } from "@/app/shell";
import { lazyPart } from "@/lib/lazy-part";
import { withMessages } from "@/lib/locale";
import LibraryPage from "@/pages/library";

/** A page that is fetched when it is first gone to; the one before stays on the screen until then. */
function page(load: () => Promise<{ default: React.ComponentType }>) {
  const Page = lazyPart(load);
  return (
    <Suspense>
      <Page />
    </Suspense>
  );
}

const routes: RouteObject[] = [
  { path: "/login", element: page(withMessages(() => import("@/pages/login"))) },
  {
    element: <Shell />,
    children: [
      {
        path: "/",
        element: <LibraryPage />,
        children: [{ path: "models/:modelId", element: page(withMessages(() => import("@/pages/model"))) }],
      },
      { path: "/discover", element: page(withMessages(() => import("@/pages/discover"))) },
      { path: "/downloads", element: page(withMessages(() => import("@/pages/downloads"))) },
      { path: "/updates", element: page(withMessages(() => import("@/pages/updates"))) },
      { path: "/insights", element: page(withMessages(() => import("@/pages/insights"))) },
      { path: "/duplicates", element: page(withMessages(() => import("@/pages/duplicates"))) },
      { path: "/health", element: page(withMessages(() => import("@/pages/health"))) },
      { path: "/tasks", element: page(withMessages(() => import("@/pages/tasks"))) },
      { path: "/setup", element: page(withMessages(() => import("@/pages/setup"))) },
      { path: "/settings", element: page(withMessages(() => import("@/pages/settings"))) },
      { path: "*", element: page(withMessages(() => import("@/pages/not-found"))) },
    ],
  },
];

/** Every page there is, by address; stands inside a router. */
export function Pages() {
  return <CrashBoundary>{useRoutes(routes)}</CrashBoundary>;
}
