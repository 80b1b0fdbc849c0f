import { Trans, useLingui } from "@lingui/react/macro";
import type { Model } from "@/api/types";
import { CopyChip, CopyIconButton } from "@/components/copy-button";
import { Section } from "@/components/section";
import { loraSyntax } from "@/lib/lora-syntax";

interface TriggerWordsProps {
  words: string[];
  model: Model;
  /** How strongly it is best used, where that is known. */
  weight: number | null;
}

/** The words a prompt needs for this model, and for a LoRA what loads it in prompts of WebUI and its kin. */
export function TriggerWords({ words, model, weight }: TriggerWordsProps) {
  const { t } = useLingui();
  const isLora = model.type === "lora";
  if (words.length === 0 && !isLora) return null;
  return (
    <Section
      title={words.length > 0 ? <Trans>Trigger words</Trans> : <Trans>In a prompt</Trans>}
      aside={words.length > 1 && <CopyIconButton text={words.join(", ")} label={t`Copy all trigger words`} />}
    >
      {words.length > 0 && (
        <div className="flex flex-wrap gap-1.5">
          {words.map((word) => (
            <CopyChip key={word} text={word} />
          ))}
        </div>
      )}
      {isLora && <CopyChip text={loraSyntax(model.filename, weight ?? undefined)} className="font-mono text-xs" />}
    </Section>
  );
}
