import { Trans, useLingui } from "@lingui/react/macro";
import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import type { ModelDetail } from "@/api/types";
import { Badge } from "@/components/badge";
import { typeLook } from "@/components/model-type";
import { Section } from "@/components/section";
import { Sentence } from "@/components/sentence";
import { Evidence } from "@/features/model/evidence";
import { useFormat } from "@/lib/format";

const SURE = 0.9;
const LIKELY = 0.6;

/** What the file's header says it is, how sure that is, and why. */
export function Identity({ identity }: { identity: ModelDetail["identity"] }) {
  const { t } = useLingui();
  const format = useFormat();
  const rows: [string, ReactNode][] = [
    [t`Type`, t(typeLook(identity.type).label)],
    [t`Base model`, identity.base_model],
    [t`Family`, identity.family],
    [t`Variant`, identity.variant],
    [t`Network`, identity.network],
    [t`Rank`, identity.rank],
    [t`Parameters`, identity.parameters === null ? null : format.compact(identity.parameters)],
    [t`Prediction`, identity.prediction],
    [t`Could also be`, identity.candidates.length > 0 ? identity.candidates.join(", ") : null],
  ];
  return (
    <Section title={<Trans>What the file is</Trans>} aside={<Confidence value={identity.confidence} />}>
      <dl className="grid grid-cols-[minmax(6rem,auto)_1fr] gap-x-4 gap-y-1.5 text-[13px]">
        {rows
          .filter(([, value]) => value !== null && value !== "")
          .map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-ink-faint">{name}</dt>
              <dd className="min-w-0 break-words">{value}</dd>
            </div>
          ))}
      </dl>
      {identity.problems.map((problem) => (
        <p key={problem.code} className="flex gap-2 rounded-lg bg-danger-soft p-2.5 text-[13px] text-danger">
          <TriangleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
          <span>
            <Sentence said={problem} kind="problem" />
          </span>
        </p>
      ))}
      {identity.evidence.length > 0 && (
        <details className="text-[13px] text-ink-soft">
          <summary className="cursor-pointer rounded py-1 text-ink-faint hover:text-ink">
            <Trans>How it is known</Trans>
          </summary>
          <Evidence reasons={identity.evidence} />
        </details>
      )}
    </Section>
  );
}

function Confidence({ value }: { value: number }) {
  const format = useFormat();
  const percent = format.percent(value);
  if (value >= SURE) {
    return (
      <Badge tone="good">
        <Trans>Certain, {percent}</Trans>
      </Badge>
    );
  }
  if (value >= LIKELY) {
    return (
      <Badge>
        <Trans>Likely, {percent}</Trans>
      </Badge>
    );
  }
  return (
    <Badge tone="warn">
      <Trans>Uncertain, {percent}</Trans>
    </Badge>
  );
}
