import { Trans } from "@lingui/react/macro";
import { type FormEvent, useId, useState } from "react";
import { useLogIn } from "@/api/settings";
import { Button } from "@/components/button";
import { Input } from "@/components/field";
import { Sentence } from "@/components/sentence";

/** Exchanges the access token for a cookie; the token itself is kept nowhere. */
export function LoginForm({ onLoggedIn }: { onLoggedIn: () => void }) {
  const [token, setToken] = useState("");
  const logIn = useLogIn();
  const id = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    logIn.mutate(token.trim(), { onSuccess: onLoggedIn });
  };
  return (
    <form onSubmit={submit} className="w-full max-w-sm rounded-2xl border bg-surface p-6 shadow-float">
      <img src="/favicon.svg" alt="" className="mb-4 size-11" />
      <h1 className="text-xl font-semibold">SD Model Manager</h1>
      <p className="mt-1 mb-5 text-sm leading-relaxed text-ink-soft">
        <Trans>This library is protected. Enter the access token it was started with (SDMM_ACCESS_TOKEN).</Trans>
      </p>
      <label htmlFor={id} className="mb-1.5 block text-sm font-medium">
        <Trans>Access token</Trans>
      </label>
      <Input
        id={id}
        type="password"
        autoComplete="current-password"
        autoFocus
        aria-invalid={logIn.isError}
        aria-describedby={`${id}-error`}
        value={token}
        onChange={(event) => setToken(event.target.value)}
      />
      <p id={`${id}-error`} role="alert" className="mt-2 text-[13px] text-danger empty:hidden">
        {logIn.error && <Sentence said={logIn.error} />}
      </p>
      <Button type="submit" look="primary" className="mt-4 w-full" disabled={token.trim() === "" || logIn.isPending}>
        <Trans>Open the library</Trans>
      </Button>
    </form>
  );
}
