import { Trans, useLingui } from "@lingui/react/macro";
import { CircleAlert, type LucideIcon, RotateCw, Unplug } from "lucide-react";
import type { ReactNode } from "react";
import { ApiError, UNREACHABLE } from "@/api/client";
import { Button } from "@/components/button";
import { cn } from "@/lib/cn";

interface StateProps {
  icon: LucideIcon;
  title: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  tone?: "plain" | "danger";
  /** Of the first level where it is all there is on the page. */
  heading?: "h1" | "h2";
  className?: string;
}

/** What stands where a list would: why it is empty, and what to do about it. */
export function EmptyState(props: StateProps) {
  const { icon: Icon, title, children, actions, tone = "plain", heading: Heading = "h2", className } = props;
  return (
    <div className={cn("mx-auto flex max-w-md flex-col items-center px-6 py-14 text-center", className)}>
      <div
        className={cn(
          "mb-4 grid size-14 place-items-center rounded-2xl",
          tone === "danger" ? "bg-danger-soft text-danger" : "bg-accent-soft text-accent-ink",
        )}
      >
        <Icon className="size-6" aria-hidden />
      </div>
      <Heading className="text-lg font-semibold text-balance">{title}</Heading>
      {children && <div className="mt-1.5 text-sm leading-relaxed text-pretty text-ink-soft">{children}</div>}
      {actions && <div className="mt-5 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}

interface ErrorStateProps {
  error: Error;
  onRetry: () => void;
  className?: string;
}

/** What went wrong and what to do, with a way to try again. */
export function ErrorState({ error, onRetry, className }: ErrorStateProps) {
  const { icon, title, remedy } = useWords(error);
  return (
    <div role="alert">
      <EmptyState
        tone="danger"
        className={className}
        icon={icon}
        title={title}
        actions={
          <Button onClick={onRetry}>
            <RotateCw aria-hidden />
            <Trans>Try again</Trans>
          </Button>
        }
      >
        {remedy}
      </EmptyState>
    </div>
  );
}

/** The same in a line or two, for a part of a page of which the rest stands. */
export function ErrorNotice({ error, onRetry, className }: ErrorStateProps) {
  const { icon: Icon, title, remedy } = useWords(error);
  return (
    <div
      role="alert"
      className={cn(
        "flex flex-wrap items-center gap-x-4 gap-y-2 rounded-xl border border-danger/30 bg-danger-soft px-4 py-3 text-[13px]",
        className,
      )}
    >
      <p className="flex min-w-0 flex-1 basis-60 gap-2.5 leading-relaxed text-ink-soft">
        <Icon className="mt-0.5 size-4 shrink-0 text-danger" aria-hidden />
        <span className="min-w-0 [overflow-wrap:anywhere]">
          <strong className="block font-semibold text-danger">{title}</strong>
          {remedy}
        </span>
      </p>
      <Button size="small" onClick={onRetry}>
        <RotateCw aria-hidden />
        <Trans>Try again</Trans>
      </Button>
    </div>
  );
}

function useWords(error: Error): { icon: LucideIcon; title: string; remedy: string } {
  const { t } = useLingui();
  if (!(error instanceof ApiError && error.code === UNREACHABLE)) {
    return { icon: CircleAlert, title: t`That did not work`, remedy: error.message };
  }
  return {
    icon: Unplug,
    title: t`The server does not answer`,
    remedy: t`Check that SD Model Manager is running; its window or terminal shows why if it has stopped.`,
  };
}
