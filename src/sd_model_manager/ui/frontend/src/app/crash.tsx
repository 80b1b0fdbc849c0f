import { Trans } from "@lingui/react/macro";
import { Bug } from "lucide-react";
import { Component, type ReactNode } from "react";
import { Button } from "@/components/button";
import { EmptyState } from "@/components/states";

/** The page's outermost edge: an error nobody expected, also when a newer server no longer has this page's parts. */
export class CrashBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    return this.state.error === null ? this.props.children : <Crash error={this.state.error} />;
  }
}

function Crash({ error }: { error: unknown }) {
  return (
    <main className="grid min-h-dvh place-items-center">
      <EmptyState
        icon={Bug}
        heading="h1"
        tone="danger"
        title={<Trans>The page has stumbled</Trans>}
        actions={
          <Button look="primary" onClick={() => window.location.reload()}>
            <Trans>Load it again</Trans>
          </Button>
        }
      >
        <Trans>Your models are safe. If it happens again, please report it with this text:</Trans>
        <code className="mt-2 block text-xs break-words">{error instanceof Error ? error.message : String(error)}</code>
      </EmptyState>
    </main>
  );
}
