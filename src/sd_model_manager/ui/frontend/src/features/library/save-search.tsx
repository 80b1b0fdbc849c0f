import { Trans, useLingui } from "@lingui/react/macro";
import { BookmarkPlus } from "lucide-react";
import { Suspense, useState } from "react";
import { toSearchedFor } from "@/api/filter-forms";
import type { ModelFilters, Sort } from "@/api/models";
import { useSaveSearch } from "@/api/searches";
import { Button } from "@/components/button";
import { lazyPart } from "@/lib/lazy-part";
import { toast } from "@/lib/toast";

const NameDialog = lazyPart(() => import("@/components/name-dialog"));

/** Keeps what is searched for now, filters and order with it, under a name. */
export default function SaveSearch({ filters, sort }: { filters: ModelFilters; sort: Sort }) {
  const { t } = useLingui();
  const [isOpen, setIsOpen] = useState(false);
  const { mutate, error, isPending, reset } = useSaveSearch();
  const close = () => {
    setIsOpen(false);
    reset();
  };
  const onSaved = (name: string) => {
    close();
    toast.success(t`Saved: ${name}`);
  };
  return (
    <>
      <Button look="quiet" size="small" onClick={() => setIsOpen(true)} className="h-6.5 px-2 text-xs text-accent-ink">
        <BookmarkPlus aria-hidden />
        <Trans>Save this search</Trans>
      </Button>
      {isOpen && (
        <Suspense>
          <NameDialog
            title={t`Save this search`}
            label={t`Name of the search`}
            action={t`Save`}
            name={filters.q.slice(0, 60)}
            error={error}
            isBusy={isPending}
            onSubmit={(name) =>
              mutate({ name, wanted: toSearchedFor({ filters, sort }) }, { onSuccess: () => onSaved(name) })
            }
            onClose={close}
          />
        </Suspense>
      )}
    </>
  );
}
