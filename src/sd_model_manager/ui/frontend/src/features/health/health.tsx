import { Trans, useLingui } from "@lingui/react/macro";
import { CircleQuestionMark, CloudOff, FileX2, FolderX, Hash, Link2Off } from "lucide-react";
import { Link } from "react-router";
import { NOT_ASKED, useModelCount } from "@/api/model-counts";
import { useStatistics } from "@/api/statistics";
import { LookUpButton } from "@/components/look-up/look-up-button";
import { NoModels } from "@/components/no-models";
import { ErrorNotice } from "@/components/states";
import { Broken } from "@/features/health/broken";
import { Check, healthLink } from "@/features/health/check";
import { ScanTrouble } from "@/features/health/scan-trouble";
import { libraryLink } from "@/lib/library-link";

const NOT_FOUND = "is:not_found";

/** Whether all that the library knows of is there, whole and known. */
export function Health() {
  const isEmpty = useStatistics().data?.total_count === 0;
  return (
    <>
      {isEmpty ? (
        <NoModels>
          <Trans>As soon as your library has models, you see here whether all is well with them.</Trans>
        </NoModels>
      ) : (
        <>
          <Checks />
          <Broken />
        </>
      )}
      <ScanTrouble />
    </>
  );
}

function Checks() {
  const { t } = useLingui();
  const statistics = useStatistics();
  const unhashed = useModelCount("-is:hashed");
  const misplaced = useModelCount("is:misplaced");
  const notFound = useModelCount(NOT_FOUND);
  const notAsked = useModelCount(NOT_ASKED);
  const failed = [statistics, unhashed, misplaced, notFound, notAsked].find((query) => query.isLoadingError);
  if (failed?.error) return <ErrorNotice error={failed.error} onRetry={() => void failed.refetch()} />;
  const states = statistics.data?.shares.state;
  const inState = (state: string) => states && (states.find((share) => share.value === state)?.count ?? 0);
  return (
    <ul aria-label={t`Checks`} className="grid gap-3 sm:grid-cols-2 sm:gap-4 xl:grid-cols-3">
      <Check
        icon={FileX2}
        title={<Trans>Missing</Trans>}
        count={inState("missing")}
        to={libraryLink({ q: "is:missing" })}
        good={<Trans>Every file is where it was last seen.</Trans>}
        bad={
          <Trans>
            Their files are gone from the library folders. What you said of them is kept; a scan finds them again, also
            under another name.
          </Trans>
        }
      />
      <Check
        icon={CloudOff}
        title={<Trans>Offline</Trans>}
        count={inState("offline")}
        to={libraryLink({ q: "is:offline" })}
        good={<Trans>Every library folder can be reached.</Trans>}
        bad={<Trans>They lie on a drive that cannot be reached now. Connect it and scan; nothing is lost.</Trans>}
      />
      <Check
        icon={FolderX}
        title={<Trans>Misplaced</Trans>}
        count={misplaced.data}
        to={libraryLink({ q: "is:misplaced" })}
        good={<Trans>Every model lies in a folder for its type.</Trans>}
        bad={
          <Trans>
            They lie in a folder for another type, where ComfyUI and others do not look for them. Move their files, or
            say on the model’s page what it is if that was told wrongly.
          </Trans>
        }
      />
      <Check
        icon={Link2Off}
        title={<Trans>Unknown online</Trans>}
        count={notFound.data}
        to={libraryLink({ q: NOT_FOUND })}
        good={<Trans>Every model that was looked up was found.</Trans>}
        bad={
          <Trans>
            Civitai was asked and does not know them. That is usual for models of your own, or that were taken down; a
            link on the model’s page says what it is.
          </Trans>
        }
        isHarmless
        action={
          <>
            <LookUpButton wish={{ q: NOT_FOUND, again: true }} aria-label={t`Look up again what is unknown online`}>
              <Trans>Look up again</Trans>
            </LookUpButton>
            <LookUpButton wish={{ q: NOT_FOUND, civarchive: true }}>
              <Trans>Ask CivArchive</Trans>
            </LookUpButton>
          </>
        }
      />
      <Check
        icon={CircleQuestionMark}
        title={<Trans>Not looked up yet</Trans>}
        count={notAsked.data}
        to={libraryLink({ q: NOT_ASKED })}
        good={<Trans>For every model its published page is known, or was asked for.</Trans>}
        bad={
          <Trans>
            No published page is known for them, and no site was asked. A look-up by their hashes finds most; that new
            files are looked up by themselves can be switched on in the settings.
          </Trans>
        }
        action={
          <>
            <Link to="/settings#lookups" className={healthLink}>
              <Trans>Settings</Trans>
            </Link>
            <LookUpButton wish={{ q: NOT_ASKED }} />
          </>
        }
        isHarmless
      />
      <Check
        icon={Hash}
        title={<Trans>Not hashed yet</Trans>}
        count={unhashed.data}
        to={libraryLink({ q: "-is:hashed" })}
        good={<Trans>Every model has its hash, so copies are found for certain.</Trans>}
        bad={
          <Trans>
            Hashes are computed in the background after a scan, unless that is switched off in the settings.
          </Trans>
        }
        action={
          <Link to="/settings#hashes" className={healthLink}>
            <Trans>Settings</Trans>
          </Link>
        }
        isHarmless
      />
    </ul>
  );
}
