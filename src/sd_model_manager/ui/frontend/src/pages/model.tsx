import { useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { useLocation, useNavigate, useParams } from "react-router";
import { findListedModel, useModel } from "@/api/models";
import { SidePanel } from "@/components/side-panel";
import { useDownloadStart } from "@/features/downloads/start";
import { ModelPanel } from "@/features/model/model-panel";
import { StepButtons } from "@/features/model/step-buttons";

/** The open model: beside the grid where there is room or on a page of its own, over the grid otherwise. */
export default function ModelPage() {
  const { t } = useLingui();
  const id = Number(useParams().modelId);
  const { search } = useLocation();
  const navigate = useNavigate();
  const start = useDownloadStart();
  const close = () => navigate({ pathname: "/", search });
  const listed = findListedModel(useQueryClient(), id);
  const { data, isError } = useModel(id);
  const name = data?.name ?? (isError ? undefined : listed?.name) ?? t`Model`;
  return (
    <SidePanel title={t`Model`} actions={<StepButtons id={id} name={name} />} onClose={close} canBePage>
      <title>{`${name} · SD Model Manager`}</title>
      <ModelPanel key={id} id={id} onClose={close} onDownload={(url) => start({ url })} />
    </SidePanel>
  );
}
