import { useLingui } from "@lingui/react/macro";
import { findSidecarTool } from "@/lib/sidecar-tools";

interface FormatChoiceProps {
  kinds: readonly string[];
  chosen: readonly string[];
  onChoose: (chosen: string[]) => void;
}

/** Which programs' files are to be written, each with the name that its file has. */
export function FormatChoice({ kinds, chosen, onChoose }: FormatChoiceProps) {
  const { t } = useLingui();
  const needs: Record<string, string> = {
    lora_manager: t`Name, base model, notes, favourites and tags.`,
    stability_matrix: t`Name, base model and tags. Only for models that Civitai knows.`,
    civitai_info: t`What Civitai says. Only where its whole answer is known.`,
    user_metadata: t`Notes, trigger words, weight and base model.`,
    swarm_ui: t`Name, trigger words, notes and tags.`,
  };
  const toggle = (kind: string, isOn: boolean) =>
    onChoose(kinds.filter((known) => (known === kind ? isOn : chosen.includes(known))));
  return (
    <fieldset aria-label={t`Programs to write for`} className="mt-4 divide-y rounded-xl border">
      {kinds.map((kind) => {
        const tool = findSidecarTool(kind);
        return (
          <label key={kind} className="flex cursor-pointer gap-3 px-3.5 py-2.5 hover:bg-raised">
            <input
              type="checkbox"
              className="mt-0.5 size-4 shrink-0 accent-accent"
              checked={chosen.includes(kind)}
              onChange={(event) => toggle(kind, event.target.checked)}
            />
            <span className="min-w-0 flex-1">
              <span className="flex flex-wrap items-baseline gap-x-2 text-sm font-medium">
                {tool?.name ?? kind}
                {tool && <span className="font-mono text-xs font-normal text-ink-faint">{t`model${tool.suffix}`}</span>}
              </span>
              {needs[kind] && <span className="mt-0.5 block text-xs text-ink-soft">{needs[kind]}</span>}
            </span>
          </label>
        );
      })}
    </fieldset>
  );
}
