import { Trans } from "@lingui/react/macro";
import type { ModelDetail } from "@/api/types";
import { Section } from "@/components/section";

/** What the user wrote of the model in other tools. */
export function ClaimedNotes({ notes }: { notes: ModelDetail["claimed_notes"] }) {
  if (notes.length === 0) return null;
  return (
    <Section title={<Trans>Notes from other tools</Trans>}>
      {notes.map(({ kind, text }) => (
        <p key={kind} dir="auto" className="text-[13px] leading-relaxed whitespace-pre-wrap [overflow-wrap:anywhere]">
          {text}
        </p>
      ))}
    </Section>
  );
}
