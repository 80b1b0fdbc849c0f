import { createBrowserRouter, type RouteObject } from "react-router";
import { Crash } from "@/app/crash";
import { Shell } from "@/app/shell";
import { Shortcuts } from "@/app/shortcuts";
import { needFurtherTexts } from "@/lib/locale";

type LoadPage = () => Promise<{ default: React.ComponentType }>;

const load = (page: LoadPage) => async () => ({ Component: (await page()).default });

/** A page whose texts the first one does not wait for. */
const loadFurther = (page: LoadPage) => async () => {
  const [{ default: Component }] = await Promise.all([page(), needFurtherTexts()]);
  return { Component };
};

export const routes: RouteObject[] = [
  { path: "/login", errorElement: <Crash />, HydrateFallback: Blank, lazy: load(() => import("@/pages/login")) },
  {
    element: (
      <>
        <Shell />
        <Shortcuts />
      </>
    ),
    errorElement: <Crash />,
    HydrateFallback: Blank,
    children: [
      {
        path: "/",
        lazy: load(() => import("@/pages/library")),
        children: [{ path: "models/:modelId", lazy: load(() => import("@/pages/model")) }],
      },
      { path: "/discover", lazy: loadFurther(() => import("@/pages/discover")) },
      { path: "/downloads", lazy: load(() => import("@/pages/downloads")) },
      { path: "/insights", lazy: loadFurther(() => import("@/pages/insights")) },
      { path: "/duplicates", lazy: loadFurther(() => import("@/pages/duplicates")) },
      { path: "/health", lazy: loadFurther(() => import("@/pages/health")) },
      { path: "/tasks", lazy: loadFurther(() => import("@/pages/tasks")) },
      { path: "/settings", lazy: load(() => import("@/pages/settings")) },
      { path: "*", lazy: load(() => import("@/pages/not-found")) },
    ],
  },
];

export function createRouter() {
  return createBrowserRouter(routes);
}

function Blank() {
  return null;
}
