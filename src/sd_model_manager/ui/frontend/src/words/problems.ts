import { t } from "@lingui/core/macro";
import type { components } from "@/api/schema";
import type { Facts, Word } from "@/words/facts";

/** Names and a count of them, as far as they are known. */
const some = (said: Facts) => said.list("names") + (said.count("count") > 3 ? " …" : "");

/** What is wrong with a model’s file, and what to do. */
export const PROBLEMS: Record<components["schemas"]["ProblemCode"], Word> = {
  truncated: (said) =>
    said.has("expected_bytes")
      ? t`The file ends too early: ${{ expected: said.bytes("expected_bytes") }} are expected and ${{ found: said.bytes("found_bytes") }} are there, as after an unfinished download. Download it again or resume the download.`
      : t`The end of the file is missing, as after an unfinished download. Download it again or resume the download.`,
  incomplete: (said) =>
    said.has("absent")
      ? t`It lacks ${{ absent: said.text("absent") }}. Download the whole repository again.`
      : t`Of its ${{ total: said.number("total") }} files ${{ missing: said.number("missing") }} are missing (number ${{ numbers: said.text("numbers") }}). Download them into the same folder.`,
  missing_weights: () => t`Weights are missing or too short. Download all of the model again.`,
  damaged: (said) =>
    t`${{ paths: said.text("paths") }} no longer gives the bytes it had when it was hashed: put a copy in its place.`,
  file_unreadable: () => t`The file cannot be read. Check the disk and who may read the file.`,
  not_found: () => t`The file is not there any more. Scan its folder again.`,
  not_a_file: () => t`It has a model’s name but is no regular file, so it is not opened.`,
  bad_input: () => t`There is no model in this folder.`,
  unknown_format: () =>
    t`This is none of the model formats known here (safetensors, GGUF, torch, ONNX). Compare its size and hash with the published ones, or download it again.`,
  invalid_header: () => t`The header is damaged, so the file cannot be used. Download it again.`,
  invalid_json: (said) => t`“${{ file: said.text("file") }}” is not a JSON object. Download it again.`,
  header_too_large: () =>
    t`The header is larger than it can be. It is damaged or made to harm; do not use the file, download it again.`,
  bad_metadata: () =>
    t`The metadata is not as it should be, so some programs may refuse the file. Its weights are not affected.`,
  duplicate_tensor: (said) =>
    t`Weights stand in it twice (${{ names: some(said) }}), so programs disagree on them. Do not use it; download it again, from its own publisher.`,
  unknown_dtype: (said) =>
    t`It has weights of a number type that is not known here (${{ names: some(said) }}). Programs may refuse it; look for a newer version of the program or another file of this model.`,
  size_mismatch: (said) =>
    t`Weights are not as long as their shape asks for (${{ names: some(said) }}). Do not use it; download it again, from its own publisher.`,
  overlapping_offsets: (said) =>
    t`Weights lie on the bytes of others (${{ names: some(said) }}). Do not use it; download it again, from its own publisher.`,
  offsets_out_of_range: (said) =>
    t`Weights lie outside the file (${{ names: some(said) }}). Do not use it; download it again, from its own publisher.`,
  holes: (said) =>
    t`There are unused bytes before weights (${{ names: some(said) }}). Do not use it; download it again, from its own publisher.`,
  trailing_bytes: (said) =>
    t`${{ excess: said.bytes("excess_bytes") }} follow the weights. Something was appended to the file, or the download went wrong; compare its hash with the published one, or download it again.`,
  odd_zip: () =>
    t`This zip is not as torch writes one. Programs may read it differently than scanners do; do not load it, download it again from its publisher or look for a safetensors version.`,
  contains_code: (said) =>
    t`This is a TorchScript program, not only weights; it brings code of its own (${{ names: some(said) }}). Load it only if you trust its publisher fully.`,
  unsafe_pickle: (said) =>
    t`Loading this file could run code on your computer (${{ contents: said.text("contents") }}). Look for a safetensors version of this model; load this one only if you trust its publisher fully.`,
  archive: () => t`This is not a model but an archive. Unpack it and look at what is in it before you use any of it.`,
  empty_file: () => t`The file is empty. The download never began or the disk was full; download it again.`,
  blank_file: () =>
    t`The file holds nothing but zeros. The download reserved its space and did not finish; download it again or resume the download.`,
  html_page: () =>
    t`This is not a model but a web page. The site answered with a page instead of the file, often to ask for a login; download it again, with your API key if the model needs one.`,
  lfs_pointer: () =>
    t`This is not a model but a Git LFS pointer. The repository was copied without Git LFS; fetch it with “git lfs pull” or download the file.`,
  json_text: () =>
    t`This is not a model but JSON text. It may be an error message of the site; look into it, and download the model again.`,
  text_file: () => t`This is not a model but a text. Look into it, and download the model again.`,
  image_file: () =>
    t`This is not a model but a picture. It was given a model’s name by mistake; rename it or download the model again.`,
  numpy_file: () => t`This is not a model but a NumPy array. It is not a file that image programs load as a model.`,
};

/** Why a scan could not take something in. */
export const SCAN_PROBLEMS: Record<components["schemas"]["ScanProblemCode"], Word> = {
  UNREADABLE: () => t`The file cannot be read. Check the disk and who may read the file.`,
  INTERNAL: () => t`Something unexpected went wrong with this file; the log says more.`,
  FOLDER_UNREADABLE: () => t`The folder cannot be read. Check its permissions.`,
  FOLDER_EMPTY: () => t`The folder is empty though it held models. Is its drive mounted? Nothing was forgotten.`,
  FOLDER_OFFLINE: () => t`The folder cannot be reached. Its models are kept and shown as offline.`,
  SIDECAR_UNREADABLE: () => t`This file beside a model cannot be read.`,
  NAME_UNREADABLE: () => t`The file’s name is not valid text. Rename it to have it listed.`,
  NOT_A_FILE: () => t`It has a model’s name but is no regular file, so it is not opened.`,
  INCOMPLETE: () => t`Parts of a model lie here without the first one. Download that, too.`,
};
