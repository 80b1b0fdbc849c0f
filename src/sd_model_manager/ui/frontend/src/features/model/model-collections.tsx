import { Trans, useLingui } from "@lingui/react/macro";
import { FolderHeart, Plus, X } from "lucide-react";
import { Suspense, useState } from "react";
import { Link } from "react-router";
import { useBulkChange } from "@/api/bulk";
import { useCollections, useCollectionsOf, useMakeCollection } from "@/api/collections";
import type { Collection, ModelDetail } from "@/api/types";
import { MenuButton } from "@/components/menu-button";
import { Section } from "@/components/section";
import { lazyPart } from "@/lib/lazy-part";
import { toast } from "@/lib/toast";

const NameDialog = lazyPart(() => import("@/components/name-dialog"));

/** The collections a model lies in: each leads to what else is in it, and is left with a click. */
export function ModelCollections({ model }: { model: ModelDetail }) {
  const { t } = useLingui();
  const all = useCollections().data ?? [];
  const own = useCollectionsOf(model.id);
  const change = useBulkChange();
  const [isNaming, setIsNaming] = useState(false);
  const target = { model_ids: [model.id] };
  const add = (id: number) => change.mutate({ target, change: { add_to_collection: id } });
  const leave = ({ id, name }: Collection) =>
    change.mutate(
      { target, change: { remove_from_collection: id } },
      {
        onSuccess: () => toast.message(t`Taken out of ${name}`, { action: { label: t`Undo`, onClick: () => add(id) } }),
      },
    );
  const others = all.filter(({ id }) => !own?.some((collection) => collection.id === id));
  return (
    <Section
      title={<Trans>Collections</Trans>}
      aside={
        <MenuButton
          look="quiet"
          size="small"
          label={t`Add to a collection`}
          groups={[
            others.map(({ id, name }) => ({ label: name, icon: FolderHeart, onChoose: () => add(id) })),
            [{ label: t`New collection…`, icon: Plus, onChoose: () => setIsNaming(true) }],
          ]}
        >
          <Plus aria-hidden />
          <Trans>Add</Trans>
        </MenuButton>
      }
    >
      {own !== null && own.length === 0 && (
        <p className="text-[13px] text-ink-faint">
          <Trans>In none so far.</Trans>
        </p>
      )}
      <ul aria-label={t`Collections`} className="flex flex-wrap gap-1.5 empty:hidden">
        {own?.map((collection) => (
          <Member key={collection.id} collection={collection} onLeave={() => leave(collection)} />
        ))}
      </ul>
      {isNaming && <NameNew onMade={add} onClose={() => setIsNaming(false)} />}
    </Section>
  );
}

function Member({ collection: { name }, onLeave }: { collection: Collection; onLeave: () => void }) {
  const { t } = useLingui();
  const search = new URLSearchParams({ q: `collection:"${name.replaceAll('"', '""')}"` });
  return (
    <li className="inline-flex max-w-full items-center rounded-full bg-raised pl-2.5 text-[13px]">
      <Link to={{ pathname: "/", search: search.toString() }} className="truncate rounded hover:underline">
        {name}
      </Link>
      <button
        type="button"
        aria-label={t`Take it out of ${name}`}
        onClick={onLeave}
        className="grid size-7 shrink-0 place-items-center rounded-full text-ink-faint hover:text-danger"
      >
        <X aria-hidden className="size-3.5" />
      </button>
    </li>
  );
}

function NameNew({ onMade, onClose }: { onMade: (id: number) => void; onClose: () => void }) {
  const { t } = useLingui();
  const { mutate, error, isPending } = useMakeCollection();
  const onSuccess = ({ id }: Collection) => {
    onMade(id);
    onClose();
  };
  return (
    <Suspense>
      <NameDialog
        title={t`New collection`}
        label={t`Name of the collection`}
        action={t`Create`}
        error={error}
        isBusy={isPending}
        onSubmit={(name) => mutate({ name }, { onSuccess })}
        onClose={onClose}
      />
    </Suspense>
  );
}
