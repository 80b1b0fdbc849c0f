import type { ExternalToast } from "sonner";
import { toast } from "@/lib/toast";
import { type Said, tell } from "@/words/tell";

/** Says in a corner of the page what the server said. */
export function toastFailure(said: Said, more?: ExternalToast, tone: "error" | "info" = "error"): void {
  const { text, original } = tell(said);
  toast[tone](text, { description: original && <span lang="en">{original}</span>, ...more });
}
