import { Trans, useLingui } from "@lingui/react/macro";
import { Compass, DownloadCloud } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import { Link, useLocation, useNavigate } from "react-router";
import { useHistory, useQueue } from "@/api/downloads";
import { buttonClass } from "@/components/button";
import { EmptyState } from "@/components/states";
import { History } from "@/features/downloads/history";
import { OfferList } from "@/features/downloads/offer-list";
import { PasteBox } from "@/features/downloads/paste-box";
import { Queue } from "@/features/downloads/queue";

/** On a wide screen, what is to be fetched stands beside what is being fetched. */
const pageClass =
  "mx-auto grid max-w-3xl grid-cols-[minmax(0,1fr)] gap-6 px-4 py-6 sm:py-8 " +
  "2xl:max-w-[100rem] 2xl:grid-cols-2 2xl:items-start 2xl:gap-x-8 2xl:px-6";

/** Links in, models out: what was pasted, what is being fetched, and what has been. */
export default function DownloadsPage() {
  const { t } = useLingui();
  const [links, setLinks] = useState<string[]>([]);
  const add = useCallback((more: string[]) => setLinks((known) => [...new Set([...more, ...known])]), []);
  usePastedLinks(add);
  return (
    <div className="h-full overflow-y-auto">
      <title>{t`Downloads · SD Model Manager`}</title>
      <div className={pageClass}>
        <h1 className="text-2xl font-semibold tracking-tight 2xl:col-span-2">
          <Trans>Downloads</Trans>
        </h1>
        <div className="min-w-0 space-y-6">
          <PasteBox onLinks={add} />
          <OfferList links={links} onDone={(done) => setLinks((known) => known.filter((link) => link !== done))} />
        </div>
        <div className="min-w-0 space-y-6">
          <Queue />
          <History />
          {links.length === 0 && <NothingYet />}
        </div>
      </div>
    </div>
  );
}

/** Links pasted on another page arrive with the navigation. */
function usePastedLinks(add: (links: string[]) => void): void {
  const { state, pathname } = useLocation();
  const navigate = useNavigate();
  useEffect(() => {
    const pasted = (state as { links?: string[] } | null)?.links;
    if (!pasted) return;
    add(pasted);
    navigate(pathname, { replace: true, state: null });
  }, [state, pathname, navigate, add]);
}

function NothingYet() {
  const queue = useQueue();
  const history = useHistory();
  if (queue.data?.total !== 0 || history.data?.pages[0]?.items.length !== 0) return null;
  return (
    <EmptyState
      icon={DownloadCloud}
      title={<Trans>Nothing downloaded yet</Trans>}
      actions={
        <Link to="/discover" className={buttonClass()}>
          <Compass aria-hidden />
          <Trans>Look around in Discover</Trans>
        </Link>
      }
    >
      <Trans>
        Open a model on Civitai or Hugging Face, copy its address, and paste it above. You see what it is and where it
        goes before anything is fetched.
      </Trans>
    </EmptyState>
  );
}
