import { Trans, useLingui } from "@lingui/react/macro";
import { CloudOff, EyeOff, Hourglass, KeyRound, type LucideIcon, RotateCw, ServerCrash } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { Link } from "react-router";
import { ApiError } from "@/api/client";
import { Button, buttonClass } from "@/components/button";
import { Sentence } from "@/components/sentence";
import { EmptyState, ErrorState } from "@/components/states";
import { useFormat } from "@/lib/format";

interface SourceProblemProps {
  /** The source's name. */
  title: string;
  error: Error;
  /** When it happened, in milliseconds. */
  at: number;
  onRetry: () => void;
}

/** Why a source did not answer, what still works, and what to do. */
export function SourceProblem({ title, error, at, onRetry }: SourceProblemProps) {
  const code = error instanceof ApiError ? error.code : "";
  if (code === "SOURCE_RATE_LIMITED")
    return <Pause title={title} error={error as ApiError} at={at} onRetry={onRetry} />;
  if (code === "SOURCE_OFFLINE") {
    return (
      <Problem
        icon={CloudOff}
        title={<Trans>{title} cannot be reached</Trans>}
        onRetry={onRetry}
        action={<ToLibrary />}
      >
        <Trans>
          Check the internet connection. Your library, its searches and everything that lies on this machine work
          without it.
        </Trans>
      </Problem>
    );
  }
  if (["SOURCE_UNAVAILABLE", "SOURCE_BROKEN", "SOURCE_SENT_PAGE"].includes(code)) {
    return (
      <Problem icon={ServerCrash} title={<Trans>{title} does not answer as it should</Trans>} onRetry={onRetry}>
        <Sentence said={error} />
      </Problem>
    );
  }
  if (code === "SOURCE_NEEDS_LOGIN") {
    return (
      <Problem icon={KeyRound} title={<Trans>{title} asks for a key</Trans>} onRetry={onRetry} action={<ToSettings />}>
        <Sentence said={error} />
      </Problem>
    );
  }
  if (code === "MATURE")
    return <EmptyState icon={EyeOff} title={<Trans>Not shown</Trans>} children={<Sentence said={error} />} />;
  return <ErrorState error={error} onRetry={onRetry} />;
}

interface ProblemProps {
  icon: LucideIcon;
  title: ReactNode;
  onRetry: () => void;
  isWaiting?: boolean;
  action?: ReactNode;
  children: ReactNode;
}

function Problem({ icon, title, onRetry, isWaiting = false, action, children }: ProblemProps) {
  return (
    <div role="alert">
      <EmptyState
        icon={icon}
        tone="danger"
        title={title}
        actions={
          <>
            <Button onClick={onRetry} disabled={isWaiting}>
              <RotateCw aria-hidden />
              <Trans>Try again</Trans>
            </Button>
            {action}
          </>
        }
      >
        {children}
      </EmptyState>
    </div>
  );
}

/** A source that asks to be left alone for a while: it can be asked again when that is over. */
function Pause({ title, error, at, onRetry }: Omit<SourceProblemProps, "error"> & { error: ApiError }) {
  const { t } = useLingui();
  const format = useFormat();
  const seconds = Number(error.details.retry_after_seconds ?? 0);
  const until = at + seconds * 1000;
  const isOver = useIsPast(until);
  const time = format.time(until);
  return (
    <Problem
      icon={Hourglass}
      title={<Trans>{title} asks for a pause</Trans>}
      onRetry={onRetry}
      isWaiting={!isOver}
      action={<ToLibrary />}
    >
      {isOver ? t`It can be asked again now.` : t`Too many requests came from here. It can be asked again at ${time}.`}
    </Problem>
  );
}

function useIsPast(moment: number): boolean {
  const [isPast, setIsPast] = useState(() => Date.now() >= moment);
  useEffect(() => {
    setIsPast(Date.now() >= moment);
    const timer = setTimeout(() => setIsPast(true), Math.max(0, moment - Date.now()));
    return () => clearTimeout(timer);
  }, [moment]);
  return isPast;
}

function ToLibrary() {
  return (
    <Link to="/" className={buttonClass()}>
      <Trans>Go to the library</Trans>
    </Link>
  );
}

function ToSettings() {
  return (
    <Link to="/settings" className={buttonClass("primary")}>
      <Trans>Go to the settings</Trans>
    </Link>
  );
}
