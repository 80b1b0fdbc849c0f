import { Trans, useLingui } from "@lingui/react/macro";
import type { ModelDetail } from "@/api/types";
import { CopyIconButton } from "@/components/copy-button";
import { Section } from "@/components/section";

const NAMES = {
  sha256: "SHA-256",
  autov1: "AutoV1",
  autov2: "AutoV2",
  autov3: "AutoV3",
  blake3: "BLAKE3",
  crc32: "CRC32",
};

/** The file's fingerprints; a SHA-256 that another tool noted down is marked until it is verified, and whoever noted a wrong one is named. */
export function Hashes({ model: { hashes, claimed_hashes } }: { model: ModelDetail }) {
  const { t } = useLingui();
  const wrong = claimed_hashes.filter((claim) => claim.state === "contradicted");
  const claimed = hashes.sha256 === null ? hashes.claimed_sha256 : null;
  const rows: [string, string | null][] = [
    [NAMES.sha256, hashes.sha256],
    [t`SHA-256, not yet verified`, claimed],
    [NAMES.autov3, hashes.autov3],
    [NAMES.autov2, hashes.autov2],
    [NAMES.autov1, hashes.autov1],
    [NAMES.blake3, hashes.blake3],
    [NAMES.crc32, hashes.crc32],
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
      {wrong.map(({ origin, kind, digest }) => (
        <p key={`${origin} ${kind}`} className="text-[13px] text-warn [overflow-wrap:anywhere]">
          <Trans>
            Noted elsewhere ({origin}) as its {NAMES[kind]}: {digest.slice(0, 16)}, which it does not have. The file may
            have been changed since.
          </Trans>
        </p>
      ))}
    </Section>
  );
}
