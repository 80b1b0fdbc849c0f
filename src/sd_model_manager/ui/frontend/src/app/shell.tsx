import { Trans } from "@lingui/react/macro";
import { Suspense } from "react";
import { Link, Outlet } from "react-router";
import { LiveUpdates } from "@/app/live-updates";
import { Navigation } from "@/app/navigation";
import { PasteAnywhere } from "@/app/paste-anywhere";
import { Shortcuts } from "@/app/shortcuts";
import { ConnectionNotice } from "@/features/status/connection-notice";
import { WorkIndicator } from "@/features/status/work-indicator";
import { lazyPart } from "@/lib/lazy-part";

const OverPage = lazyPart(() => import("@/app/over-page"));

/** The frame around every page: where one can go, and what goes on meanwhile. */
export function Shell() {
  return (
    <LiveUpdates>
      <a
        href="#content"
        className="fixed top-2 left-2 z-50 -translate-y-20 rounded-lg bg-accent px-4 py-2 text-on-accent focus:translate-y-0"
      >
        <Trans>Skip to the content</Trans>
      </a>
      <div className="flex h-dvh flex-col">
        <header className="flex h-14 shrink-0 items-center gap-2 border-b bg-surface px-4 lg:gap-4 xl:gap-6">
          <Link
            to="/"
            aria-label="SD Model Manager"
            className="flex min-w-0 items-center gap-2.5 sm:shrink-0 rounded-lg font-semibold tracking-tight"
          >
            <img src="/favicon.svg" alt="" className="size-7 shrink-0" />
            <span className="truncate sm:max-2xl:hidden">SD Model Manager</span>
          </Link>
          <Navigation look="bar" className="flex h-full max-sm:hidden" />
          <div className="ml-auto flex shrink-0 items-center gap-2">
            <WorkIndicator />
            <Shortcuts />
          </div>
        </header>
        <ConnectionNotice />
        <main id="content" tabIndex={-1} className="min-h-0 flex-1 outline-none">
          <Outlet />
        </main>
        <Navigation
          look="foot"
          className="grid h-[calc(3.75rem+env(safe-area-inset-bottom))] shrink-0 grid-cols-4 border-t bg-surface pb-[env(safe-area-inset-bottom)] sm:hidden"
        />
      </div>
      <PasteAnywhere />
      <Suspense>
        <OverPage />
      </Suspense>
    </LiveUpdates>
  );
}
