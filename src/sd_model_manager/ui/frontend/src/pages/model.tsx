import { useLingui } from "@lingui/react/macro";
import { useLocation, useNavigate, useParams } from "react-router";
import { SidePanel } from "@/components/side-panel";
import { ModelPanel } from "@/features/model/model-panel";

/** The open model: beside the grid where there is room, over it otherwise. */
export default function ModelPage() {
  const { t } = useLingui();
  const { modelId } = useParams();
  const { search } = useLocation();
  const navigate = useNavigate();
  const close = () => navigate({ pathname: "/", search });
  return (
    <SidePanel title={t`Model`} onClose={close}>
      <ModelPanel key={modelId} id={Number(modelId)} onClose={close} />
    </SidePanel>
  );
}
