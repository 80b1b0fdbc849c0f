import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { useSettings } from "@/api/settings";
import { groupSettings } from "@/features/settings/setting-groups";

interface Entry {
  id: string;
  title: MessageDescriptor;
}

const BEFORE: Entry[] = [
  { id: "folders", title: msg`Library folders` },
  { id: "accounts", title: msg`Accounts` },
  { id: "appearance", title: msg`Appearance` },
];
const AFTER: Entry[] = [
  { id: "comfyui", title: msg`ComfyUI` },
  { id: "about", title: msg`About` },
];

/** What the page of settings has, in its order, to go there at once: beside it, or in a narrow window a strip above it. */
export function Contents({ className }: { className: string }) {
  const { t } = useLingui();
  const groups = groupSettings(useSettings().data ?? []);
  return (
    <nav aria-label={t`Contents of this page`} className={className}>
      <ul className="text-sm max-lg:flex max-lg:overflow-x-auto max-lg:[scrollbar-width:none] lg:space-y-0.5">
        {[...BEFORE, ...groups, ...AFTER].map((entry) => (
          <li key={entry.id}>
            <a
              href={`#${entry.id}`}
              className="block rounded-lg px-3 py-1.5 text-ink-soft -outline-offset-2 max-lg:whitespace-nowrap max-lg:py-3 hover:bg-raised hover:text-ink"
            >
              {t(entry.title)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
