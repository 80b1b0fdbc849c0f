import { Trans, useLingui } from "@lingui/react/macro";
import { BellOff, ChevronRight, type LucideIcon, UserX } from "lucide-react";
import { toast } from "sonner";
import { type Ignored, type IgnoreWish, useIgnore, useIgnored } from "@/api/updates";
import { Badge } from "@/components/badge";
import { Button } from "@/components/button";
import { ErrorNotice } from "@/components/states";

/** Of what no updates are shown, folded away; each can be taken back. */
export function IgnoredList() {
  const { t } = useLingui();
  const { data, isLoadingError, error, refetch } = useIgnored();
  if (isLoadingError) {
    return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  }
  if (!data || data.length === 0) return null;
  return (
    <details className="group rounded-2xl border bg-surface shadow-xs">
      <summary className="flex cursor-pointer list-none items-center gap-2 rounded-2xl px-4 py-3 font-semibold">
        <ChevronRight
          className="size-4 shrink-0 text-ink-faint transition-transform group-open:rotate-90"
          aria-hidden
        />
        <Trans>Ignored</Trans>
        <Badge className="tabular-nums">{data.length}</Badge>
      </summary>
      <ul aria-label={t`Ignored`} className="divide-y border-t">
        {data.map((ignored) => (
          <Row key={`${ignored.kind} ${ignored.source} ${ignored.key}`} ignored={ignored} />
        ))}
      </ul>
    </details>
  );
}

const ICONS: Record<Ignored["kind"], LucideIcon> = { version: BellOff, model: BellOff, creator: UserX };

function Row({ ignored }: { ignored: Ignored }) {
  const { t } = useLingui();
  const { mutate, isPending } = useIgnore();
  const { kind, key, source, model_name, version_name } = ignored;
  const kinds: Record<Ignored["kind"], string> = { version: t`Version`, model: t`Model`, creator: t`Creator` };
  const name = [model_name ?? key, version_name].filter(Boolean).join(" ");
  const Icon = ICONS[kind];
  const heed = () =>
    mutate(
      { wish: wishOf(source, kind, key), isHeeded: true },
      { onSuccess: () => toast.success(t`Shown again: ${name}`) },
    );
  return (
    <li className="flex items-center gap-3 px-4 py-2.5">
      <Icon className="size-4 shrink-0 text-ink-faint" aria-hidden />
      <div className="min-w-0 flex-1">
        <p className="text-sm [overflow-wrap:anywhere]">{name}</p>
        <p className="text-xs text-ink-faint">{kinds[kind]}</p>
      </div>
      <Button size="small" aria-label={t`Show updates of ${name} again`} disabled={isPending} onClick={heed}>
        <Trans>Show again</Trans>
      </Button>
    </li>
  );
}

function wishOf(source: string, kind: Ignored["kind"], key: string): IgnoreWish {
  return { source, [kind]: key };
}
