import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useModel } from "@/api/models";
import type { Model } from "@/api/types";
import { Badge } from "@/components/badge";
import { CopyIconButton } from "@/components/copy-button";
import { LocationRow } from "@/components/location-row";
import { ModelRow } from "@/components/model-row";
import { Skeleton } from "@/components/skeleton";
import { useFormat } from "@/lib/format";
import { folderOf } from "@/lib/paths";

/** One content and every place it lies in. */
export function Copies({ model }: { model: Model }) {
  const format = useFormat();
  const detail = useModel(model.id);
  const places = model.duplicates + 1;
  return (
    <ModelRow
      model={model}
      aside={
        <span className="flex flex-wrap items-baseline gap-x-2 text-[13px]">
          <Badge tone="warn">
            <Plural value={places} one="# place" other="# places" />
          </Badge>
          <span className="tabular-nums">
            <Trans>{format.bytes(model.size_bytes * model.duplicates)} more than needed</Trans>
          </span>
        </span>
      }
    >
      {detail.isPending && <Skeleton className="mt-2 h-16" />}
      {detail.isError && (
        <p role="alert" className="mt-2 text-[13px] text-danger">
          {detail.error.message}
        </p>
      )}
      {detail.data && (
        <ul className="mt-2 divide-y rounded-xl border">
          {detail.data.locations.map((location) => (
            <LocationRow key={location.id} location={location} action={<CopyFolder path={location.path} />} />
          ))}
        </ul>
      )}
    </ModelRow>
  );
}

function CopyFolder({ path }: { path: string }) {
  const { t } = useLingui();
  const folder = folderOf(path);
  return <CopyIconButton text={folder} label={t`Copy the path of the folder ${folder}`} />;
}
