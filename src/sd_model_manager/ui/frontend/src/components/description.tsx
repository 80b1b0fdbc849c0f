import { Trans } from "@lingui/react/macro";
import { useLayoutEffect, useMemo, useRef, useState } from "react";
import { Button } from "@/components/button";
import { Section } from "@/components/section";
import { cn } from "@/lib/cn";
import { prepareDescription } from "@/lib/description";

const FOLDED_HEIGHT = 260;

interface DescriptionProps {
  ofVersion: string | null;
  ofModel: string | null;
}

/** What the author wrote of the version and of the model, folded while it is long. */
export function Description({ ofVersion, ofModel }: DescriptionProps) {
  if (!ofVersion && !ofModel) return null;
  return (
    <Section title={<Trans>Description</Trans>}>
      <Folding>
        {ofVersion && <Prose html={ofVersion} />}
        {ofVersion && ofModel && <hr className="my-4" />}
        {ofModel && <Prose html={ofModel} />}
      </Folding>
    </Section>
  );
}

function Prose({ html }: { html: string }) {
  const prepared = useMemo(() => prepareDescription(html), [html]);
  // Sanitised by the server, and kept from running scripts by its content security policy.
  return <div className="prose-description text-sm" dangerouslySetInnerHTML={{ __html: prepared }} />;
}

function Folding({ children }: { children: React.ReactNode }) {
  const content = useRef<HTMLDivElement>(null);
  const [isLong, setIsLong] = useState(false);
  const [isOpen, setIsOpen] = useState(false);
  useLayoutEffect(() => setIsLong((content.current?.scrollHeight ?? 0) > FOLDED_HEIGHT + 60), []);
  const isFolded = isLong && !isOpen;
  return (
    <div>
      <div
        ref={content}
        className={cn(isFolded && "overflow-hidden [mask-image:linear-gradient(black_70%,transparent)]")}
        style={isFolded ? { maxHeight: FOLDED_HEIGHT } : undefined}
      >
        {children}
      </div>
      {isLong && (
        <Button look="quiet" size="small" className="-ml-3 text-accent-ink" onClick={() => setIsOpen(!isOpen)}>
          {isOpen ? <Trans>Show less</Trans> : <Trans>Show all</Trans>}
        </Button>
      )}
    </div>
  );
}
