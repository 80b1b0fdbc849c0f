import { useLingui } from "@lingui/react/macro";
import { useLocation, useNavigate, useParams } from "react-router";
import { useModel } from "@/api/models";
import { SidePanel } from "@/components/side-panel";
import { useDownloadStart } from "@/features/downloads/start";
import { ModelPanel } from "@/features/model/model-panel";

/** The open model: beside the grid where there is room or on a page of its own, over the grid otherwise. */
export default function ModelPage() {
  const { t } = useLingui();
  const { modelId } = useParams();
  const { search } = useLocation();
  const navigate = useNavigate();
  const start = useDownloadStart();
  const close = () => navigate({ pathname: "/", search });
  const name = useModel(Number(modelId)).data?.name ?? t`Model`;
  return (
    <SidePanel title={t`Model`} onClose={close} canBePage>
      <title>{`${name} · SD Model Manager`}</title>
      <ModelPanel key={modelId} id={Number(modelId)} onClose={close} onDownload={(url) => start({ url })} />
    </SidePanel>
  );
}
