import { Trans, useLingui } from "@lingui/react/macro";
import { Link2, Link2Off, Undo2 } from "lucide-react";
import { type ReactNode, Suspense, useState } from "react";
import { Link } from "react-router";
import { useForgetMatch, useMatch, useUnmatch } from "@/api/look-ups";
import type { ModelDetail } from "@/api/types";
import { Button } from "@/components/button";
import { LookUpButton } from "@/components/look-up/look-up-button";
import { Section } from "@/components/section";
import { SOURCE_NAMES } from "@/features/model/published-link";
import { useFormat } from "@/lib/format";
import { lazyPart } from "@/lib/lazy-part";

const NameDialog = lazyPart(() => import("@/components/name-dialog"));

/** How it is known where a model is published, or why not; looking that up, and saying it oneself. */
export function PublishedPage({ model }: { model: ModelDetail }) {
  const { t } = useLingui();
  const forget = useForgetMatch(model.id);
  const unmatch = useUnmatch(model.id);
  const [isNaming, setIsNaming] = useState(false);
  const { lookup, own_match: own, published } = model;
  const isHashed = (model.hashes.sha256 ?? model.hashes.claimed_sha256) !== null;
  const isLost = lookup?.outcome === "not_found" || lookup?.outcome === "gone";
  const wish = { model_ids: [model.id], again: true };
  return (
    <Section title={<Trans>Its page online</Trans>}>
      <p className="text-[13px] leading-relaxed text-ink-soft">
        <Answer model={model} isHashed={isHashed} />
      </p>
      <div className="flex flex-wrap gap-2">
        {own === null && <LookUpButton wish={wish} disabled={!isHashed} />}
        {own === null && isLost && !published && (
          <LookUpButton wish={{ ...wish, civarchive: true }}>
            <Trans>Ask CivArchive, too</Trans>
          </LookUpButton>
        )}
        <Button size="small" onClick={() => setIsNaming(true)}>
          <Link2 aria-hidden />
          {published ? <Trans>Another link…</Trans> : <Trans>Say what it is…</Trans>}
        </Button>
        {published && own === null && (
          <Button size="small" disabled={unmatch.isPending} onClick={() => unmatch.mutate()}>
            <Link2Off aria-hidden />
            <Trans>That is not it</Trans>
          </Button>
        )}
        {own !== null && (
          <Button size="small" disabled={forget.isPending} onClick={() => forget.mutate()}>
            <Undo2 aria-hidden />
            {t`Take yours back`}
          </Button>
        )}
      </div>
      {isNaming && <NameLink id={model.id} onClose={() => setIsNaming(false)} />}
    </Section>
  );
}

function NameLink({ id, onClose }: { id: number; onClose: () => void }) {
  const { t } = useLingui();
  const match = useMatch(id);
  return (
    <Suspense>
      <NameDialog
        title={t`Where this model is published`}
        label={t`Link to its page`}
        placeholder="https://civitai.com/models/…"
        action={match.isPending ? t`Asking the site` : t`It is this one`}
        longest={4000}
        error={match.error}
        isBusy={match.isPending}
        onSubmit={(url) => match.mutate(url, { onSuccess: onClose })}
        onClose={onClose}
      />
    </Suspense>
  );
}

/** What the user said, or else what a source answered: six answers that mean six different things. */
function Answer({ model, isHashed }: { model: ModelDetail; isHashed: boolean }): ReactNode {
  const format = useFormat();
  const { lookup, own_match: own, published } = model;
  if (own === "chosen") return <Trans>You said what it is. No look-up changes that.</Trans>;
  if (own === "none") return <Trans>You said that it is none of what was found. It is not looked up.</Trans>;
  if (lookup === null) {
    if (published) return <Trans>Known since it was downloaded, or from another tool’s file beside it.</Trans>;
    if (!isHashed) return <Trans>It can be looked up as soon as its hash is computed.</Trans>;
    return <Trans>Not looked up yet. Its hash alone is sent, and only when you ask for it.</Trans>;
  }
  const source = SOURCE_NAMES[lookup.source] ?? lookup.source;
  const ago = format.ago(lookup.looked_up_at);
  switch (lookup.outcome) {
    case "matched":
      return lookup.is_provisional ? (
        <Trans>
          {source} knows the hash that another tool noted ({ago}). Certain as soon as the file’s own is computed.
        </Trans>
      ) : (
        <Trans>
          {source} knows this very file ({ago}).
        </Trans>
      );
    case "not_found":
      return (
        <Trans>
          {source} does not know this file ({ago}). It may be yours alone, changed since, or never published there.
        </Trans>
      );
    case "gone":
      return (
        <Trans>
          {source} knew this file, and its page is gone ({ago}). What was known of it is kept here.
        </Trans>
      );
    case "needs_login":
      return (
        <Trans>
          {source} tells that only to whoever is logged in ({ago}).{" "}
          <Link to="/settings#accounts" className="rounded font-medium text-accent-ink hover:underline">
            Enter a key
          </Link>
          , then look it up again.
        </Trans>
      );
    case "forbidden":
      return (
        <Trans>
          {source} refused to answer ({ago}). Check the key in the settings, or whether the site is open to you.
        </Trans>
      );
    case "unreachable":
      return (
        <Trans>
          {source} could not be reached ({ago}). Nothing that was known is lost; look it up again when you are online.
        </Trans>
      );
  }
}
