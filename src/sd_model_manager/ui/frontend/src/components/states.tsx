import { Trans, useLingui } from "@lingui/react/macro";
import { CircleAlert, type LucideIcon, RotateCw, Unplug } from "lucide-react";
import type { ReactNode } from "react";
import { ApiError, UNREACHABLE } from "@/api/client";
import { Button } from "@/components/button";
import { Sentence } from "@/components/sentence";
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
  const { t } = useLingui();
  const isUnreachable = error instanceof ApiError && error.code === UNREACHABLE;
  return (
    <div role="alert">
      <EmptyState
        tone="danger"
        className={className}
        icon={isUnreachable ? Unplug : CircleAlert}
        title={isUnreachable ? t`The server does not answer` : t`That did not work`}
        actions={
          <Button onClick={onRetry}>
            <RotateCw aria-hidden />
            <Trans>Try again</Trans>
          </Button>
        }
      >
        {isUnreachable ? (
          <Trans>Check that SD Model Manager is running; its window or terminal shows why if it has stopped.</Trans>
        ) : (
          <Sentence said={error} />
        )}
      </EmptyState>
    </div>
  );
}
