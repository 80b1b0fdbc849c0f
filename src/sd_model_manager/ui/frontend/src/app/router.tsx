import { lazy, Suspense } from "react";
import { type RouteObject, useRoutes } from "react-router";
import { CrashBoundary } from "@/app/crash";
import { Shell } from "@/app/shell";
import { Shortcuts } from "@/app/shortcuts";

/** A page that is fetched when it is first gone to; the one before stays on the screen until then. */
function page(load: () => Promise<{ default: React.ComponentType }>) {
  const Page = lazy(load);
  return (
    <Suspense>
      <Page />
    </Suspense>
  );
}

const routes: RouteObject[] = [
  { path: "/login", element: page(() => import("@/pages/login")) },
  {
    element: (
      <>
        <Shell />
        <Shortcuts />
      </>
    ),
    children: [
      {
        path: "/",
        element: page(() => import("@/pages/library")),
        children: [{ path: "models/:modelId", element: page(() => import("@/pages/model")) }],
      },
      { path: "/downloads", element: page(() => import("@/pages/downloads")) },
      { path: "/insights", element: page(() => import("@/pages/insights")) },
      { path: "/duplicates", element: page(() => import("@/pages/duplicates")) },
      { path: "/health", element: page(() => import("@/pages/health")) },
      { path: "/tasks", element: page(() => import("@/pages/tasks")) },
      { path: "/settings", element: page(() => import("@/pages/settings")) },
      { path: "*", element: page(() => import("@/pages/not-found")) },
    ],
  },
];

/** Every page there is, by address; stands inside a router. */
export function Pages() {
  return <CrashBoundary>{useRoutes(routes)}</CrashBoundary>;
}
