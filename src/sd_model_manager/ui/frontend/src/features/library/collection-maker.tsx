import { useLingui } from "@lingui/react/macro";
import { createContext, type ReactNode, Suspense, useContext, useState } from "react";
import type { BulkTarget } from "@/api/bulk";
import { useMakeCollection } from "@/api/collections";
import { useBulk } from "@/features/library/use-bulk";
import { lazyPart } from "@/lib/lazy-part";

const NameDialog = lazyPart(() => import("@/components/name-dialog"));

const AskForCollection = createContext<(target: BulkTarget) => void>(() => undefined);

/** Asks for the name of a new collection that these models are put into; the menu that asks is closed by then. */
export function useAskForCollection() {
  return useContext(AskForCollection);
}

export function CollectionMaker({ children }: { children: ReactNode }) {
  const { t } = useLingui();
  const [target, setTarget] = useState<BulkTarget | null>(null);
  const { mutate, error, isPending, reset } = useMakeCollection();
  const { run } = useBulk();
  const close = () => {
    setTarget(null);
    reset();
  };
  const make = (name: string, members: BulkTarget) =>
    mutate(
      { name },
      {
        onSuccess: ({ id }) => {
          run(members, { add_to_collection: id });
          close();
        },
      },
    );
  return (
    <AskForCollection value={setTarget}>
      {children}
      {target && (
        <Suspense>
          <NameDialog
            title={t`New collection`}
            label={t`Name of the collection`}
            action={t`Create`}
            error={error}
            isBusy={isPending}
            onSubmit={(name) => make(name, target)}
            onClose={close}
          />
        </Suspense>
      )}
    </AskForCollection>
  );
}
