import { useLingui } from "@lingui/react/macro";
import { SidePanel } from "@/components/side-panel";
import { RemoteModelPanel, type RemoteModelPanelProps } from "@/features/discover/remote-model";

/** The model that is open, beside what was found. */
export default function OpenModel({ onClose, ...panel }: RemoteModelPanelProps & { onClose: () => void }) {
  const { t } = useLingui();
  return (
    <SidePanel title={t`Model`} onClose={onClose}>
      <RemoteModelPanel {...panel} />
    </SidePanel>
  );
}
