import { StoredChoice } from "@/lib/stored-choice";

/** Whether an empty library leads to the setup guide by itself: until it was gone through, or skipped. */
export const setupGuide = new StoredChoice("setup-guide", ["open", "closed"], "open");
