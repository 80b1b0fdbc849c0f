import { lazy } from "react";

const AGAIN_AFTER_MS = 2_000;

/** As `lazy`, but while the server is away the part is not given up: it appears as soon as the server is back. */
export const lazyPart: typeof lazy = (load) =>
  lazy(async () => {
    try {
      return await load();
    } catch {
      await untilServerAnswers();
      return load();
    }
  });

async function untilServerAnswers(): Promise<void> {
  for (;;) {
    const answer = await fetch("/api/health").catch(() => null);
    if (answer && answer.status < 500) return;
    await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
  }
}
