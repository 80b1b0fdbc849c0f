import { type Said, useTell } from "@/words/tell";

interface SentenceProps {
  said: Said;
  kind?: Parameters<ReturnType<typeof useTell>>[1];
}

/** What the server said, in the page's language; below it the server's own words, where they say more. */
export function Sentence({ said, kind }: SentenceProps) {
  const { text, lang, original } = useTell()(said, kind);
  return (
    <>
      {lang ? <span lang={lang}>{text}</span> : text}
      {original && (
        <span lang="en" className="mt-0.5 block text-xs">
          {original}
        </span>
      )}
    </>
  );
}
