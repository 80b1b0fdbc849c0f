import type { ExternalToast } from "sonner";

type Say = (text: string, more?: ExternalToast) => void;
type Tone = "message" | "success" | "info" | "warning" | "error";

/** Says something in a corner of the page; the library that shows it is fetched after the page is on the screen. */
export const toast: Record<Tone, Say> = {
  message: saying("message"),
  success: saying("success"),
  info: saying("info"),
  warning: saying("warning"),
  error: saying("error"),
};

function saying(tone: Tone): Say {
  return (text, more) => void import("sonner").then(({ toast: show }) => show[tone](text, more));
}
