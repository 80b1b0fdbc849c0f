import { TextBlock } from "@/components/text-block";
import { cn } from "@/lib/cn";

interface DiffProps {
  /** In unified form; the two lines that name the file are left out. */
  lines: string[];
  label: string;
}

/** What a file gains and loses; each line keeps its sign, so that colour is not all that tells. */
export function Diff({ lines, label }: DiffProps) {
  return (
    <TextBlock label={label}>
      {lines.slice(2).map((line, index) => (
        <span key={index} className={cn("block px-4", toneOf(line))}>
          {`${line}\n`}
        </span>
      ))}
    </TextBlock>
  );
}

function toneOf(line: string): string {
  if (line.startsWith("+")) return "bg-good-soft text-good";
  if (line.startsWith("-")) return "bg-danger-soft text-danger";
  return line.startsWith("@@") ? "text-ink-faint" : "";
}
