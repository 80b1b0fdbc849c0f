import { Trans, useLingui } from "@lingui/react/macro";
import { Download, Images, type LucideIcon, Settings } from "lucide-react";
import type { ReactNode } from "react";
import { Link, NavLink, Outlet, useMatch } from "react-router";
import { Toaster } from "sonner";
import { useQueue } from "@/api/downloads";
import { LiveUpdates } from "@/app/live-updates";
import { PasteAnywhere } from "@/app/paste-anywhere";
import { ConnectionNotice } from "@/features/status/connection-notice";
import { WorkIndicator } from "@/features/status/work-indicator";
import { cn } from "@/lib/cn";
import { theme } from "@/lib/theme";

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
        <header className="flex h-14 shrink-0 items-center gap-2 border-b bg-surface px-4 sm:gap-6">
          <Link
            to="/"
            aria-label="SD Model Manager"
            className="flex items-center gap-2.5 rounded-lg font-semibold tracking-tight"
          >
            <img src="/favicon.svg" alt="" className="size-7" />
            <span className="sm:max-lg:hidden">SD Model Manager</span>
          </Link>
          <Navigation className="flex h-full gap-1 max-sm:hidden" />
          <div className="ml-auto flex items-center gap-2">
            <WorkIndicator />
            <ConnectionNotice />
          </div>
        </header>
        <main id="content" tabIndex={-1} className="min-h-0 flex-1 outline-none">
          <Outlet />
        </main>
        <Navigation className="grid h-15 shrink-0 grid-cols-3 border-t bg-surface pb-[env(safe-area-inset-bottom)] sm:hidden" />
      </div>
      <PasteAnywhere />
      <Toasts />
    </LiveUpdates>
  );
}

function Navigation({ className }: { className: string }) {
  const { t } = useLingui();
  const waiting = useQueue().data?.total ?? 0;
  const isModelOpen = useMatch("/models/:modelId") !== null;
  return (
    <nav aria-label={t`Main`} className={className}>
      <Place to="/" icon={Images} isInside={isModelOpen}>
        <Trans>Library</Trans>
      </Place>
      <Place to="/downloads" icon={Download} count={waiting}>
        <Trans>Downloads</Trans>
      </Place>
      <Place to="/settings" icon={Settings}>
        <Trans>Settings</Trans>
      </Place>
    </nav>
  );
}

interface PlaceProps {
  to: string;
  icon: LucideIcon;
  count?: number;
  /** Whether a page that belongs to this place is open, though its address does not begin with it. */
  isInside?: boolean;
  children: ReactNode;
}

function Place({ to, icon: Icon, count = 0, isInside = false, children }: PlaceProps) {
  return (
    <NavLink
      to={to}
      className={({ isActive }) =>
        cn(
          "relative flex items-center justify-center gap-2 rounded-lg px-3 text-sm font-medium text-ink-soft transition-colors hover:text-ink",
          "max-sm:flex-col max-sm:gap-0.5 max-sm:text-[11px]",
          "after:absolute after:inset-x-3 after:bottom-0 after:h-0.5 after:rounded-full sm:after:content-['']",
          (isActive || isInside) && "text-accent-ink hover:text-accent-ink sm:after:bg-accent-ink",
        )
      }
    >
      <Icon className="size-5 sm:size-4" aria-hidden />
      {children}
      {count > 0 && (
        <span className="rounded-full bg-accent px-1.5 text-[11px] leading-4.5 font-semibold text-on-accent tabular-nums max-sm:absolute max-sm:top-1 max-sm:left-1/2 max-sm:ml-2">
          {count}
        </span>
      )}
    </NavLink>
  );
}

function Toasts() {
  const { t } = useLingui();
  return (
    <Toaster
      theme={theme.use()}
      position="bottom-right"
      closeButton
      containerAriaLabel={t`Messages`}
      mobileOffset={{ bottom: 72 }}
      toastOptions={{
        classNames: {
          toast: "!rounded-xl !border-line !bg-surface !text-ink",
          description: "!text-ink-soft",
          success: "[&_[data-icon]]:text-good",
          error: "[&_[data-icon]]:text-danger",
        },
      }}
    />
  );
}
