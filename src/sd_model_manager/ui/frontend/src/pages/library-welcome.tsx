import { FirstRun } from "@/features/first-run/first-run";
import { AddFolder } from "@/features/settings/add-folder";
import { CivitaiKey } from "@/features/settings/credentials";

/** What stands in the place of an empty library: fetched by those alone who need it. */
export default function LibraryWelcome() {
  return <FirstRun addFolder={<AddFolder />} civitaiKey={<CivitaiKey />} />;
}
