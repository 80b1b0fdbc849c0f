import { Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { type PreviewRef, usePictureText } from "@/api/picture-text";
import type { Generation } from "@/api/types";
import { CopyChip, CopyIconButton } from "@/components/copy-button";
import { type HowMade, toInfotext } from "@/components/picture-viewer/infotext";
import { Skeleton } from "@/components/skeleton";

type Resource = Generation["resources"][number];

/** What the file of a preview says, once it was read. */
export function PreviewFacts({ preview }: { preview: PreviewRef }) {
  const text = usePictureText(preview);
  if (text.isPending) return <Skeleton className="h-24" />;
  return (
    <>
      <PictureFacts made={text.data ?? { prompt: null, generation: null }} />
      {text.data?.has_workflow && (
        <Note>
          <Trans>It carries a ComfyUI workflow: open the original and drop it onto ComfyUI.</Trans>
        </Note>
      )}
    </>
  );
}

/** How a picture was made, each part to copy, and all of it as A1111 reads it. */
export function PictureFacts({ made }: { made: HowMade }) {
  const { t } = useLingui();
  const { prompt, generation } = made;
  if (!prompt && !generation) {
    return (
      <Note>
        <Trans>How this was made is not told.</Trans>
      </Note>
    );
  }
  const infotext = toInfotext(made);
  return (
    <>
      {infotext && (
        <CopyChip text={infotext}>
          <Trans>Copy all (A1111, Forge, SwarmUI)</Trans>
        </CopyChip>
      )}
      {prompt && <Prompt title={t`Prompt`} text={prompt} copyLabel={t`Copy the prompt`} />}
      {generation?.negative_prompt && (
        <Prompt title={t`Negative prompt`} text={generation.negative_prompt} copyLabel={t`Copy the negative prompt`} />
      )}
      {generation && <Parameters made={generation} />}
      {generation && generation.resources.length > 0 && <Resources used={generation.resources} />}
    </>
  );
}

function Note({ children }: { children: ReactNode }) {
  return <p className="text-[13px] leading-relaxed text-ink-soft">{children}</p>;
}

function Prompt({ title, text, copyLabel }: { title: string; text: string; copyLabel: string }) {
  return (
    <section>
      <div className="flex items-center justify-between gap-2">
        <h3 className="text-[13px] font-semibold">{title}</h3>
        <CopyIconButton text={text} label={copyLabel} />
      </div>
      <p dir="auto" className="text-[13px] leading-relaxed whitespace-pre-wrap text-ink-soft [overflow-wrap:anywhere]">
        {text}
      </p>
    </section>
  );
}

function Parameters({ made }: { made: Generation }) {
  const { t } = useLingui();
  const rows = [
    [t`Model`, made.model],
    [t`Sampler`, made.sampler],
    [t`Scheduler`, made.scheduler],
    [t`Sampling steps`, made.steps],
    [t`CFG scale`, made.cfg_scale],
    [t`Seed`, made.seed],
    [t`Size`, made.size],
    [t`Clip skip`, made.clip_skip],
  ] as const;
  const known = rows.filter(([, value]) => value !== null);
  if (known.length === 0) return null;
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-4 gap-y-1.5 text-[13px]">
      {known.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-ink-soft">{name}</dt>
          <dd className="min-w-0">
            <CopyChip text={`${value}`} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Resources({ used }: { used: Resource[] }) {
  return (
    <section className="space-y-1.5">
      <h3 className="text-[13px] font-semibold">
        <Trans>Also used</Trans>
      </h3>
      <ul className="space-y-1.5 text-[13px]">
        {used.map((resource, index) => (
          <li key={index} className="flex flex-wrap items-baseline gap-x-2">
            {resource.type && <span className="text-ink-soft">{resource.type}</span>}
            <ResourceName resource={resource} />
            {resource.weight !== null && <span className="text-ink-soft tabular-nums">{resource.weight}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function ResourceName({ resource: { name, version_id } }: { resource: Resource }) {
  if (!version_id) return <CopyChip text={name ?? ""} />;
  return (
    <a
      href={`https://civitai.com/model-versions/${version_id}`}
      target="_blank"
      rel="noreferrer"
      className="min-w-0 rounded font-medium text-accent-ink [overflow-wrap:anywhere] hover:underline"
    >
      {name ?? <Trans>Version {version_id} on Civitai</Trans>}
    </a>
  );
}
