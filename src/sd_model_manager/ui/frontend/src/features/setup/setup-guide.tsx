import { Trans, useLingui } from "@lingui/react/macro";
import { ArrowLeft, ArrowRight, Check } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Button } from "@/components/button";
import { useFolderChoice } from "@/components/folders/found-folders";
import { FolderStep } from "@/features/setup/folder-step";
import { LookUpStep } from "@/features/setup/look-up-step";
import { ScanStep } from "@/features/setup/scan-step";
import { cn } from "@/lib/cn";

interface SetupGuideProps {
  /** These live with the settings: the form that adds a folder, the keys, what is asked of sources, and ComfyUI's list. */
  addFolder: ReactNode;
  keys: ReactNode;
  lookUps: ReactNode;
  comfyui: ReactNode;
  /** Called when the user is through, or wants no more of it. */
  onEnd: () => void;
}

const STEPS = 3;

/** From nothing to a filled library: where models lie, what may be asked online, and the scan. */
export default function SetupGuide({ addFolder, keys, lookUps, comfyui, onEnd }: SetupGuideProps) {
  const { t } = useLingui();
  const [step, setStep] = useState(1);
  const choice = useFolderChoice({ preselects: true });
  const content = useRef<HTMLElement>(null);
  const focusedStep = useRef(step);
  useEffect(() => {
    if (focusedStep.current !== step) content.current?.focus();
    focusedStep.current = step;
  }, [step]);
  const goOn = async () => {
    if (step === 1 && !(await choice.addChosen())) return;
    if (step === STEPS) onEnd();
    else setStep(step + 1);
  };
  return (
    <div className="mx-auto flex min-h-full max-w-3xl flex-col px-5 py-8 sm:py-12">
      <img src="/favicon.svg" alt="" className="mb-4 size-12" />
      <h1 className="text-2xl font-semibold tracking-tight text-balance sm:text-3xl">
        <Trans>Welcome. Let us find your models.</Trans>
      </h1>
      <p className="mt-2 leading-relaxed text-balance text-ink-soft">
        <Trans>Your files stay where they are, and nothing leaves this computer unless you allow it.</Trans>
      </p>
      <Steps current={step} />
      <section
        ref={content}
        tabIndex={-1}
        aria-label={t`Step ${step} of ${STEPS}`}
        className="mt-6 rounded-2xl border bg-surface p-5 text-sm leading-relaxed text-ink-soft shadow-xs outline-none sm:p-6"
      >
        {step === 1 && <FolderStep choice={choice}>{addFolder}</FolderStep>}
        {step === 2 && <LookUpStep keys={keys} lookUps={lookUps} />}
        {step === 3 && <ScanStep comfyui={comfyui} />}
      </section>
      <div className="mt-5 flex flex-wrap items-center gap-2">
        {step > 1 && (
          <Button onClick={() => setStep(step - 1)}>
            <ArrowLeft aria-hidden />
            <Trans>Back</Trans>
          </Button>
        )}
        <Button look="primary" disabled={choice.isAdding} onClick={() => void goOn()}>
          <ForwardLabel step={step} chosen={choice.chosen.length} />
          {step < STEPS ? <ArrowRight aria-hidden /> : <Check aria-hidden />}
        </Button>
        {step < STEPS && (
          <Button look="quiet" onClick={onEnd}>
            <Trans>Skip the guide</Trans>
          </Button>
        )}
      </div>
    </div>
  );
}

function ForwardLabel({ step, chosen }: { step: number; chosen: number }) {
  if (step === STEPS) return <Trans>Open the library</Trans>;
  if (step === 1 && chosen > 0) return <Trans>Add what is ticked and go on</Trans>;
  return <Trans>Go on</Trans>;
}

function Steps({ current }: { current: number }) {
  const { t } = useLingui();
  const titles = [t`Folders`, t`Looking up`, t`Scan`];
  return (
    <ol aria-label={t`Steps`} className="mt-7 grid grid-cols-3 gap-2">
      {titles.map((title, index) => {
        const number = index + 1;
        return (
          <li
            key={title}
            aria-current={number === current ? "step" : undefined}
            className={cn(
              "border-t-4 pt-2 text-[13px] font-medium",
              number <= current ? "border-accent text-ink" : "border-line text-ink-faint",
            )}
          >
            <span className="tabular-nums">{number}.</span> {title}
            {number < current && (
              <span className="sr-only">
                {" "}
                <Trans>(done)</Trans>
              </span>
            )}
          </li>
        );
      })}
    </ol>
  );
}
