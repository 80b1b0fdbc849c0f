import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { typeLook } from "@/components/model-type";
import { type EvidenceTeller, evidenceTeller } from "@/words/evidence";

/** By languages other than the server's; large, and needed nowhere else. */
const WORDS: Record<string, () => Promise<{ default: Record<string, string> }>> = {
  ja: () => import("@/words/evidence-ja.json"),
};

/** Why the server takes a file for what it is. What there are no words for stays in English. */
export function Evidence({ reasons }: { reasons: string[] }) {
  const tell = useEvidenceTeller();
  return (
    <ul className="mt-2 list-disc space-y-1 pl-5 leading-relaxed [overflow-wrap:anywhere]">
      {reasons.map((reason) => {
        const told = tell(reason);
        return (
          <li key={reason} lang={told === undefined ? "en" : undefined}>
            {told ?? reason}
          </li>
        );
      })}
    </ul>
  );
}

function useEvidenceTeller(): EvidenceTeller {
  const { i18n, t } = useLingui();
  const load = WORDS[i18n.locale];
  const { data: words } = useQuery({
    queryKey: ["evidence words", i18n.locale],
    queryFn: async () => (await load?.())?.default ?? {},
    enabled: load !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return useMemo(() => evidenceTeller(words ?? {}, (type) => t(typeLook(type).label)), [words, t]);
}
