import { t } from "@lingui/core/macro";
import type { components } from "@/api/schema";
import type { Facts, Word } from "@/words/facts";
import { PROBLEMS } from "@/words/problems";
import { tellQueryProblem } from "@/words/search";

type FailureCode = components["schemas"]["FailureCode"];

const SOURCES: Record<string, string> = { civitai: "Civitai", huggingface: "Hugging Face", civarchive: "CivArchive" };

/** Who did not serve us: a source by its name, else the server that a link names. */
const who = (said: Facts) => {
  if (!said.has("source") || said.text("source") === "url") return t`The source`;
  return SOURCES[said.text("source")] ?? said.text("source");
};

const pause = (said: Facts, otherwise = "") =>
  said.has("retry_after_seconds") ? t`Try again in ${{ time: said.duration("retry_after_seconds") }}.` : otherwise;

/** Where a file that is not what it should be was put. */
const aside = (said: Facts) =>
  said.has("kept_at") ? ` ${t`It was put aside as “${{ name: said.filename("kept_at") }}”.`}` : "";

const badProxy = () =>
  t`The proxy setting of this machine cannot be used. Downloads can go through http://, socks5:// and socks5h:// proxies.`;

/** Why something was refused or failed, and what to do. */
export const FAILURES: Record<FailureCode | "UNREACHABLE" | "UNKNOWN", Word> = {
  UNREACHABLE: () => t`The server does not answer.`,
  UNKNOWN: () => t`The server gave an answer that this page does not know.`,
  ERROR: () => t`That did not work.`,
  INTERNAL: () => t`Something unexpected went wrong; the log says more.`,
  BAD_INPUT: () => t`This cannot be done as it was given.`,
  INVALID: () => t`Something of this cannot be taken as it was given.`,
  NOT_ALLOWED: () => t`This is refused.`,
  NOT_FOUND: () => t`This is not there; it may have been removed since.`,
  CONFLICT: () => t`This does not fit to what there is.`,
  METHOD_NOT_ALLOWED: () => t`The server gave an answer that this page does not know.`,
  HTTP_ERROR: () => t`The server refused the request.`,
  BAD_CURSOR: () => t`The list has changed meanwhile. Load the page again.`,
  TOO_LARGE: () => t`This is larger than allowed.`,

  UNAUTHORIZED: () => t`The access token is missing or wrong.`,
  TOKEN_REQUIRED: () =>
    t`This server has no access token, so it answers only to its own machine. Set SDMM_ACCESS_TOKEN to reach it from others.`,
  TOO_MANY_ATTEMPTS: () => t`Too many wrong attempts. Wait a minute and try again.`,
  UNKNOWN_HOST: () =>
    t`The server does not know itself by this name. If it is one of its names, add it to allowed_hosts.`,
  FOREIGN_ORIGIN: () => t`A page of another site may not use this server.`,

  BAD_SETTING: (said) =>
    said.has("minimum") && said.has("maximum")
      ? t`This value cannot be set. Give a number from ${{ minimum: said.number("minimum") }} to ${{ maximum: said.number("maximum") }}.`
      : t`This value cannot be set.`,
  SETTING_LOCKED: () =>
    t`This is set where the server is started (environment, .env file or command line); change it there.`,
  UNKNOWN_SETTING: () => t`This is not a setting that can be changed here.`,
  UNKNOWN_SOURCE: () => t`This source has no accounts.`,
  NO_KEY: () => t`There is no key to check. Enter one first.`,
  KEYS_UNREADABLE: (said) =>
    t`The file with the saved keys (${{ path: said.text("path") }}) cannot be read. Delete it and enter the keys again.`,
  BAD_PATH: () => t`This path cannot be used. Give the whole path, from the root of its drive.`,
  NOT_A_FOLDER: (said) => t`${{ path: said.text("path") }} is not a folder on the machine this server runs on.`,
  NOT_IN_LIBRARY: (said) => t`${{ path: said.text("path") }} is not inside a library folder. Add it as one first.`,
  NO_FOLDER: () => t`There is no library folder yet. Add one in the settings.`,
  FOLDER_REMOVED: () => t`The library folder of this was removed. Paste the link again, or add the folder.`,
  FOLDER_OVERLAPS: (said) =>
    said.text("path") === said.text("other")
      ? t`${{ path: said.text("path") }} is a library folder already.`
      : t`${{ path: said.text("path") }} overlaps the library folder ${{ other: said.text("other") }}.`,
  NAME_TAKEN: () => t`This name is taken already. Choose another one.`,
  TOO_MANY_TAGS: () => t`It would have more tags than a model can have.`,
  BAD_QUERY: tellQueryProblem,

  MATURE: () => t`This model is rated above what you have chosen to see.`,
  MATURE_HIDDEN: () => t`This model is hidden as mature content. The settings of mature content can show it.`,
  MATURE_BLURRED: () => t`This picture is blurred as mature content.`,
  MATURE_LOCKED: () => t`Mature content is locked. Unlock it with its passphrase, in the settings or from the palette.`,
  WRONG_PASSPHRASE: () => t`That is not the passphrase. Try again.`,
  NOT_A_PICTURE: () => t`This is no picture or film that a browser shows.`,
  NO_BLURRED_FILM: () => t`This film cannot be blurred on this machine, so it is not shown.`,

  TASK_STATE: () => t`Its state has changed meanwhile, so this is not possible any more.`,

  BAD_URL: () => t`This names no model. Paste the address of a model’s page, an AIR, or an https link to a model file.`,
  BAD_AIR: () => t`This AIR is incomplete. It looks like “urn:air:sdxl:lora:civitai:123@456” (model 123, version 456).`,
  BAD_ID: () => t`The link holds a number that Civitai does not give. Paste the address of a model’s page.`,
  BAD_HASH: () =>
    t`This hash does not name one file for certain. Give the file’s SHA-256 (64 digits), or AutoV2 or AutoV3.`,
  LINK_WITH_PASSWORD: () => t`The link carries a user name or password. Remove what stands before the “@”.`,
  NOT_A_MODEL_LINK: () => t`This link leads to no model. Paste the address of a model’s page.`,
  ADDRESS_REFUSED: (said) =>
    t`The download was refused: ${{ host: said.text("host") }} is not an address of the public internet, or not an https one. If you mean to fetch from there, add “${{ entry: `${said.text("host")}:${said.text("port")}` }}” to allowed_private_hosts.`,
  NO_SUCH_FILE: (said) =>
    t`“${{ model: said.text("model") }}” does not have this file. It offers: ${{ offered: said.text("offered") }}.`,
  NOTHING_TO_DOWNLOAD: (said) => t`“${{ model: said.text("model") }}” offers no file to download in this version.`,
  ONE_NAME_FOR_MANY: () => t`Several files cannot have one name. Leave it out, or choose one file.`,
  ALREADY_ON_DISK: (said) =>
    t`“${{ name: said.text("name") }}” is in the library already: ${{ path: said.text("path") }}`,
  ALREADY_QUEUED: (said) => t`“${{ name: said.text("name") }}” is being downloaded already.`,

  BAD_PROXY: badProxy,
  FILE_EXISTS: (said) =>
    t`“${{ path: said.text("path") }}” exists already and is not overwritten. Choose another name, or rename or remove it and try again.`,
  NO_SPACE: (said) =>
    said.has("missing_bytes")
      ? t`The disk of ${{ folder: said.text("folder") }} is too full: ${{ missing: said.bytes("missing_bytes") }} have to be freed for this download.`
      : t`The disk is full. Free some space.`,
  DISK_FAILED: (said) =>
    t`“${{ path: said.text("path") }}” could not be read or written. Check the disk and its permissions.`,
  DISK_READ_FAILED: (said) => t`“${{ path: said.text("path") }}” could not be read back. Check the disk.`,
  FILE_TOO_LARGE: (said) =>
    t`“${{ folder: said.text("folder") }}” cannot hold a file this large (FAT32 ends at 4 GiB). Choose a library folder elsewhere.`,
  PLACE_FAILED: (said) =>
    t`“${{ path: said.text("path") }}” could not be given its name. The download is kept; try again.`,
  DAMAGED_FILE: () => t`The file is damaged, or another program has changed it. Try again.`,
  WRONG_HASH: (said) =>
    `${t`The downloaded file is not the one that was announced: its SHA-256 is ${{ got: said.text("got").slice(0, 16) }}…, and should be ${{ expected: said.text("expected").slice(0, 16) }}…. Try again; if it stays so, report it at the source.`}${aside(said)}`,
  WRONG_SIZE: (said) =>
    `${t`The downloaded file has ${{ got: said.number("got") }} bytes instead of ${{ expected: said.number("expected") }}. Try again later.`}${aside(said)}`,
  NOT_A_MODEL: (said) => {
    const problem = PROBLEMS[said.text("problem") as keyof typeof PROBLEMS]?.(said);
    return `${t`What arrived is not a whole model file.`} ${problem ?? ""}${aside(said)}`;
  },
  DOWNLOAD_FORGOTTEN: () => t`What this download was for is no longer known. Paste its link again.`,

  SOURCE_ERROR: (said) => t`${{ source: who(said) }} could not serve this.`,
  SOURCE_OFFLINE: (said) =>
    said.has("host") && !said.has("source")
      ? t`${{ host: said.text("host") }} cannot be reached. Check the link and the internet connection.`
      : t`${{ source: who(said) }} cannot be reached, or the connection broke off. Check the internet connection, and try again.`,
  SOURCE_BAD_PROXY: badProxy,
  SOURCE_RATE_LIMITED: (said) =>
    t`${{ source: who(said) }} asks for a pause: too many requests. ${{ advice: pause(said) }}`,
  SOURCE_DOWNLOAD_QUOTA: (said) =>
    t`${{ source: who(said) }} has counted too many downloads from you in the last 24 hours. Wait some hours, then retry.`,
  SOURCE_UNAVAILABLE: (said) =>
    t`${{ source: who(said) }} has a problem on its side. ${{ advice: pause(said, t`Try again later.`) }}`,
  SOURCE_LINK_EXPIRED: () => t`The temporary link to the storage has expired. A new one is asked for when you retry.`,
  SOURCE_NOT_FOUND: (said) =>
    t`${{ source: who(said) }} does not know this: it may be private, unpublished or removed. Check the link.`,
  SOURCE_NEEDS_LOGIN: (said) =>
    said.has("has_key")
      ? t`${{ source: who(said) }} did not accept your key. It may be expired or mistyped: create a new one there and enter it in the settings.`
      : t`${{ source: who(said) }} gives this only to logged-in users. Create a key there and enter it in the settings.`,
  SOURCE_GATED: () =>
    t`This repository is gated: accept its terms on its Hugging Face page, and enter the token of that account in the settings.`,
  SOURCE_FORBIDDEN: (said) =>
    t`${{ source: who(said) }} does not give this to you. Look at the model’s page for its conditions; if a VPN or proxy is in use, try without it.`,
  SOURCE_REGION: (said) => t`${{ source: who(said) }} does not offer this in your region.`,
  SOURCE_EARLY_ACCESS: (said) =>
    said.has("available_from")
      ? t`This version is in early access until ${{ date: said.date("available_from") }}. Buy it on Civitai, or download it after that.`
      : t`This version has to be bought on Civitai (early access or paid) before it can be downloaded.`,
  SOURCE_DOWNLOADS_DISABLED: () =>
    t`The creator of this model has disabled downloads; it can only be used on Civitai itself.`,
  SOURCE_GONE: () => t`This was taken away for good at its source.`,
  SOURCE_BROKEN: (said) => t`${{ source: who(said) }} gave an answer that makes no sense. Try again later.`,
  SOURCE_SENT_PAGE: (said) =>
    t`${{ source: who(said) }} sent a web page instead of the file. Copy the link of the file itself, or try again later.`,
  SOURCE_SENT_TOO_MUCH: (said) =>
    t`${{ source: who(said) }} sends far more than the ${{ announced: said.bytes("announced_bytes") }} that were announced, so this is another file, or one without end. Try again later.`,
  SOURCE_ANSWER_TOO_LARGE: (said) => t`${{ source: who(said) }} sent an answer that is too large to be taken.`,

  NOT_COMFYUI: (said) =>
    t`${{ path: said.text("path") }} is no ComfyUI. Name the folder with its main.py, or of the desktop app the one with its models.`,
  CHANGED_SINCE: () => t`The file has changed since it was looked at. Look at what would change again.`,
  UNCHANGED: () => t`The file lists all of the library already.`,
  READ_ONLY: () => t`The file is read-only, so it stays as it is.`,
  UNREADABLE: () => t`The file cannot be read.`,
  NOT_WRITTEN: (said) => t`${{ path: said.text("path") }} could not be written.`,
  OTHER_SHAPE: () =>
    t`The file has another form than expected and is left as it is. Put it right, or change it by hand.`,
  OTHER_MODEL: () => t`The file there is about another model.`,
  NOT_ENOUGH_KNOWN: () => t`Not enough is known of the model yet.`,
  NOT_PRESENT: () => t`The model is not there, or has changed since it was scanned. Scan the library first.`,
  SHARED: () => t`The file there belongs to several models.`,
  BUSY: () => t`Another program keeps writing this file. Try again later.`,
  UNKNOWN_FORMAT: () => t`This format is not known.`,
  SIDECAR_REFUSED: () => t`The file there is left as it is.`,

  FILE_UNREADABLE: () => t`The file cannot be read. Check the disk and who may read the file.`,
  NOT_A_FILE: () => t`It is no file but a folder, a pipe or a device.`,
};

/** Codes of many causes, for which the server's own sentence says more. */
export const VAGUE: ReadonlySet<FailureCode> = new Set<FailureCode>([
  "ERROR",
  "INTERNAL",
  "BAD_INPUT",
  "INVALID",
  "NOT_ALLOWED",
  "NOT_FOUND",
  "CONFLICT",
  "HTTP_ERROR",
  "BAD_SETTING",
  "BAD_PATH",
  "BAD_PROXY",
  "SOURCE_BAD_PROXY",
  "DISK_FAILED",
  "DISK_READ_FAILED",
  "PLACE_FAILED",
  "DAMAGED_FILE",
  "SOURCE_ERROR",
  "SOURCE_OFFLINE",
  "SOURCE_UNAVAILABLE",
  "SOURCE_NOT_FOUND",
  "SOURCE_FORBIDDEN",
  "SOURCE_GONE",
  "SOURCE_BROKEN",
  "UNREADABLE",
  "NOT_WRITTEN",
  "OTHER_SHAPE",
  "SHARED",
]);
