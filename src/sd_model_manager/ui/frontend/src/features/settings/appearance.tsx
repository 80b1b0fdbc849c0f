import { Trans, useLingui } from "@lingui/react/macro";
import { Segmented } from "@/components/segmented";
import { Panel } from "@/features/settings/panel";
import { LOCALES, type Locale, locale } from "@/lib/locale";
import { theme } from "@/lib/theme";

export function Appearance() {
  const { t } = useLingui();
  const themes = [
    { value: "system", label: t`Like the system` },
    { value: "light", label: t`Light` },
    { value: "dark", label: t`Dark` },
  ] as const;
  const locales = Object.entries(LOCALES).map(([value, label]) => ({ value: value as Locale, label }));
  return (
    <Panel id="appearance" title={<Trans>Appearance</Trans>}>
      <div className="space-y-4">
        <div className="flex flex-wrap items-center justify-between gap-3">
          <span className="text-sm font-medium">
            <Trans>Theme</Trans>
          </span>
          <Segmented label={t`Theme`} value={theme.use()} choices={themes} onChoose={theme.set} />
        </div>
        <div className="flex flex-wrap items-center justify-between gap-3">
          <span className="text-sm font-medium">
            <Trans>Language</Trans>
          </span>
          <Segmented label={t`Language`} value={locale.use()} choices={locales} onChoose={locale.set} />
        </div>
      </div>
    </Panel>
  );
}
