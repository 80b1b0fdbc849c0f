import { Trans, useLingui } from "@lingui/react/macro";
import { Check, RotateCw } from "lucide-react";
import { useId } from "react";
import type { ModelDetail } from "@/api/types";
import { Button } from "@/components/button";
import { TextArea } from "@/components/field";
import { Section } from "@/components/section";
import { Sentence } from "@/components/sentence";
import { type NotesState, useNotes } from "@/features/model/use-notes";

const LONGEST_NOTES = 100_000;

/** What the user writes of the model. It saves itself, and says whether it has. */
export function Notes({ model }: { model: ModelDetail }) {
  const { t } = useLingui();
  const stateId = useId();
  const { text, write, save, saveIfChanged, state, error } = useNotes(model);
  return (
    <Section
      title={<Trans>Your notes</Trans>}
      aside={
        <p id={stateId} role="status" className="flex items-center gap-1.5 text-xs text-ink-faint">
          <StateText state={state} />
        </p>
      }
    >
      <TextArea
        aria-label={t`Your notes`}
        aria-describedby={stateId}
        placeholder={t`What it is good for, which weights work, what to combine it with`}
        maxLength={LONGEST_NOTES}
        rows={3}
        value={text}
        onChange={(event) => write(event.target.value)}
        onBlur={saveIfChanged}
        className="field-sizing-content max-h-96 min-h-20"
      />
      {state === "unsaved" && (
        <div className="flex items-start justify-between gap-3 text-[13px] text-danger">
          <p className="min-w-0 break-words">
            {error ? (
              <Sentence said={error} />
            ) : (
              <Trans>You wrote this before, but it has not reached the library.</Trans>
            )}
          </p>
          <Button size="small" onClick={save}>
            <RotateCw aria-hidden />
            {error ? <Trans>Try again</Trans> : <Trans>Save</Trans>}
          </Button>
        </div>
      )}
    </Section>
  );
}

function StateText({ state }: { state: NotesState }) {
  switch (state) {
    case "saving":
      return <Trans>Saving…</Trans>;
    case "saved":
      return (
        <>
          <Check aria-hidden className="size-3.5 text-good" />
          <Trans>Saved</Trans>
        </>
      );
    case "unsaved":
      return (
        <span className="font-medium text-danger">
          <Trans>Not saved</Trans>
        </span>
      );
    default:
      return null;
  }
}
