import type { DownloadChoice } from "@/api/downloads";
import type { Offer, OfferedFile } from "@/api/types";

/** What the user chose of an offer; `null` is what was proposed. */
export interface Choice {
  fileId: string | null;
  /** Ids of the files to be fetched with it. */
  wanted: ReadonlySet<string>;
  folder: string | null;
  filename: string | null;
}

export const AS_PROPOSED: Choice = { fileId: null, wanted: new Set(), folder: null, filename: null };

/** The file that would be fetched, what could go with it, and what of that is wanted. */
export function filesOf(offer: Offer, { fileId, wanted }: Choice) {
  const chosenId = fileId ?? offer.files.find((file) => file.is_chosen)?.file_id;
  const chosen = offer.files.find((file) => file.file_id === chosenId);
  const companions = offer.files.filter((file) => file.is_companion && file.file_id !== chosenId);
  return { chosen, companions, fetched: companions.filter((file) => wanted.has(file.file_id)) };
}

/** What the server is asked for. A place is that of the file alone: what goes with it lies where its kind does. */
export function wishesOf(url: string, offer: Offer, choice: Choice): DownloadChoice[] {
  const { chosen, fetched } = filesOf(offer, choice);
  const more = fetched.map(idOf);
  const place = placeOf(choice);
  if (more.length === 0 || !chosen) return [{ url, file_id: choice.fileId, ...place }];
  if (Object.keys(place).length === 0) return [{ url, file_ids: [chosen.file_id, ...more] }];
  return [
    { url, file_id: choice.fileId, ...place },
    { url, file_ids: more },
  ];
}

export function placeOf({ folder, filename }: Choice): Pick<DownloadChoice, "folder" | "filename"> {
  return { ...(folder !== null && { folder }), ...(filename !== null && { filename }) };
}

function idOf(file: OfferedFile): string {
  return file.file_id;
}
