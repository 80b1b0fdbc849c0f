import { useLingui } from "@lingui/react/macro";
import { useSearchParams } from "react-router";
import { LoginForm } from "@/features/login/login-form";

/** After the login the page is loaded anew: everything refused before is asked for again, the events too. */
export default function LoginPage() {
  const { t } = useLingui();
  const [params] = useSearchParams();
  return (
    <main className="grid min-h-dvh place-items-center p-4">
      <title>{t`Log in · SD Model Manager`}</title>
      <LoginForm onLoggedIn={() => window.location.replace(safeTarget(params.get("from")))} />
    </main>
  );
}

/** Only an address of this page: a crafted link must not lead elsewhere after a login. */
export function safeTarget(from: string | null): string {
  if (!from) return "/";
  const target = new URL(from, window.location.origin);
  return target.origin === window.location.origin ? target.pathname + target.search : "/";
}
