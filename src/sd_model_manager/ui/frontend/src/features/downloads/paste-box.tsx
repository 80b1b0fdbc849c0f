import { Trans, useLingui } from "@lingui/react/macro";
import { Link2 } from "lucide-react";
import { type ClipboardEvent, type FormEvent, useState } from "react";
import { Button } from "@/components/button";
import { TextArea } from "@/components/field";
import { findLinks, isPasteOfLinks } from "@/lib/links";

/** Takes links, one per line; what is pasted into the empty field is looked up at once. */
export function PasteBox({ onLinks }: { onLinks: (links: string[]) => void }) {
  const { t } = useLingui();
  const [text, setText] = useState("");
  const links = findLinks(text);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (links.length === 0) return;
    onLinks(links);
    setText("");
  };
  const onPaste = (event: ClipboardEvent) => {
    const pasted = event.clipboardData.getData("text");
    if (text.trim() !== "" || !isPasteOfLinks(pasted)) return;
    event.preventDefault();
    onLinks(findLinks(pasted));
  };
  return (
    <form onSubmit={submit} className="rounded-2xl border bg-surface p-4 shadow-xs sm:p-5">
      <label htmlFor="links" className="flex items-center gap-2 font-semibold">
        <Link2 className="size-4.5 text-accent-ink" aria-hidden />
        <Trans>Paste links to models</Trans>
      </label>
      <p id="links-hint" className="mt-1 mb-3 text-[13px] leading-relaxed text-ink-soft">
        <Trans>Civitai or Hugging Face pages, download links, AIRs or any https link; one per line.</Trans>{" "}
        <span className="pointer-coarse:hidden">
          <Trans>On every page, Ctrl+V does the same.</Trans>
        </span>
      </p>
      <TextArea
        id="links"
        aria-describedby="links-hint"
        rows={Math.min(8, Math.max(2, text.split("\n").length))}
        placeholder="https://civitai.com/models/…"
        spellCheck={false}
        autoCapitalize="off"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onPaste={onPaste}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit(event);
        }}
      />
      <div className="mt-3 flex justify-end">
        <Button type="submit" look="primary" disabled={links.length === 0} aria-label={t`Look up the links`}>
          <Trans>Look up</Trans>
        </Button>
      </div>
    </form>
  );
}
