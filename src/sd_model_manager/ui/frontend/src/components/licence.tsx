import { useLingui } from "@lingui/react";
import { useTell } from "@/words/tell";

interface LicenceProps {
  of: { licence: string | null; licence_terms: string[] };
}

/** The terms of a model in one line: of a known kind in the page's language, any other as the source says them. */
export function Licence({ of: { licence, licence_terms } }: LicenceProps) {
  const { i18n } = useLingui();
  const tell = useTell();
  const told = licence_terms.map((code) => tell({ code }, "licenceTerm").text);
  if (told.length === 0 || told.includes("")) return licence;
  return new Intl.ListFormat(i18n.locale).format(told);
}
