import { Trans, useLingui } from "@lingui/react/macro";
import type { ModelDetail } from "@/api/types";
import { CopyIconButton } from "@/components/copy-button";
import { Section } from "@/components/section";

/** The file's fingerprints; a SHA-256 that another tool noted down is marked until it is verified. */
export function Hashes({ hashes }: { hashes: ModelDetail["hashes"] }) {
  const { t } = useLingui();
  const claimed = hashes.sha256 === null ? hashes.claimed_sha256 : null;
  const rows: [string, string | null][] = [
    ["SHA-256", hashes.sha256],
    [t`SHA-256, not yet verified`, claimed],
    ["AutoV3", hashes.autov3],
    ["AutoV2", hashes.autov2],
    ["AutoV1", hashes.autov1],
    ["BLAKE3", hashes.blake3],
    ["CRC32", hashes.crc32],
  ];
  const known = rows.filter((row): row is [string, string] => row[1] !== null);
  return (
    <Section title={<Trans>Hashes</Trans>}>
      {known.length === 0 ? (
        <p className="text-[13px] text-ink-faint">
          <Trans>Not computed yet. Hashing goes on in the background after a scan.</Trans>
        </p>
      ) : (
        <ul className="divide-y rounded-xl border">
          {known.map(([name, value]) => (
            <li key={name} className="flex items-center gap-3 py-1 pr-1.5 pl-3">
              <span className="w-20 shrink-0 text-xs text-ink-faint">{name}</span>
              <code className="min-w-0 flex-1 truncate text-xs" title={value}>
                {value}
              </code>
              <CopyIconButton text={value} label={t`Copy ${name}`} />
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
