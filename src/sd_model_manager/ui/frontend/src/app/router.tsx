import { type ReactNode, Suspense } from "react";
import { type RouteObject, useRoutes } from "react-router";
import { CrashBoundary } from "@/app/crash";
import { Shell } from "@/app/shell";
import { Skeleton } from "@/components/skeleton";
import { lazyPart } from "@/lib/lazy-part";
import { withMessages } from "@/lib/locale";
import LibraryPage from "@/pages/library";

type Load = () => Promise<{ default: React.ComponentType }>;

/** A page that is fetched when it is first gone to. */
function page(path: string, load: Load, meanwhile: ReactNode = <Skeleton className="m-4 h-96 sm:m-9" />): RouteObject {
  const Page = lazyPart(withMessages(load));
  // By its key it is another one than that of the page before, which else would stay without a sign.
  const element = (
    <Suspense key={path} fallback={meanwhile}>
      <Page />
    </Suspense>
  );
  return { path, element };
}

const routes: RouteObject[] = [
  page("/login", () => import("@/pages/login")),
  {
    element: <Shell />,
    children: [
      {
        path: "/",
        element: <LibraryPage />,
        children: [page("models/:modelId", () => import("@/pages/model"), null)],
      },
      page("/discover", () => import("@/pages/discover")),
      page("/downloads", () => import("@/pages/downloads")),
      page("/updates", () => import("@/pages/updates")),
      page("/insights", () => import("@/pages/insights")),
      page("/duplicates", () => import("@/pages/duplicates")),
      page("/health", () => import("@/pages/health")),
      page("/tasks", () => import("@/pages/tasks")),
      page("/setup", () => import("@/pages/setup")),
      page("/settings", () => import("@/pages/settings")),
      page("*", () => import("@/pages/not-found")),
    ],
  },
];

/** Every page there is, by address; stands inside a router. */
export function Pages() {
  return <CrashBoundary>{useRoutes(routes)}</CrashBoundary>;
}
