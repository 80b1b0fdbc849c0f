import RevealButton from "@/components/reveal-button";
import { useIsRevealed } from "@/lib/revealed";

interface VeilProps {
  model: { id: number; name: string };
  /** How much of the card below the picture is left free, in CSS pixels. */
  foot: number;
}

/** What lies over a blurred picture on its card: the way to reveal it, until that is done. */
export default function Veil({ model, foot }: VeilProps) {
  if (useIsRevealed(model.id)) return null;
  return (
    <div className="pointer-events-none absolute inset-x-0 top-0 grid place-items-center" style={{ bottom: foot }}>
      <RevealButton model={model} className="pointer-events-auto" />
    </div>
  );
}
