import { useLingui } from "@lingui/react";
import { useMemo } from "react";

const BYTE_UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;
const AGES: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** Decimal units, as drives and most sites count: 6.94 GB. */
export function formatBytes(bytes: number, locale: string): string {
  const power = Math.min(BYTE_UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(bytes, 1)) / 3)));
  const unit = BYTE_UNITS[power];
  const unitDisplay = power === 0 ? "long" : "short"; // the short form of bytes is "byte", also for many
  const options = { style: "unit", unit, unitDisplay, maximumSignificantDigits: 3 } as const;
  return new Intl.NumberFormat(locale, options).format(bytes / 1000 ** power);
}

/** The two largest units: `1 hr, 5 min`. */
export function formatDuration(seconds: number, locale: string): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts: [number, string][] = [
    [Math.floor(whole / 86_400), "day"],
    [Math.floor(whole / 3_600) % 24, "hour"],
    [Math.floor(whole / 60) % 60, "minute"],
    [whole % 60, "second"],
  ];
  const found = parts.findIndex(([amount]) => amount > 0);
  const first = found === -1 ? parts.length - 1 : found;
  return parts
    .slice(first, first + 2)
    .filter(([amount], index) => index === 0 || amount > 0)
    .map(([amount, unit]) =>
      new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short" }).format(amount),
    )
    .join(" ");
}

/** `3 hours ago`, in the words of the locale. `at` is an RFC 3339 time. */
export function formatAgo(at: string, locale: string, now: number): string {
  const seconds = (Date.parse(at) - now) / 1000;
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const [unit, length] = AGES.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
  return unit === "second" ? relative.format(0, "second") : relative.format(Math.trunc(seconds / length), unit);
}

/** The formats in the language the page is shown in. */
export function useFormat() {
  const { i18n } = useLingui();
  const locale = i18n.locale;
  return useMemo(() => {
    const number = new Intl.NumberFormat(locale);
    const compact = new Intl.NumberFormat(locale, { notation: "compact", maximumSignificantDigits: 3 });
    const percent = new Intl.NumberFormat(locale, { style: "percent" });
    const date = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
    return {
      number: (value: number) => number.format(value),
      compact: (value: number) => compact.format(value),
      percent: (share: number) => percent.format(share),
      bytes: (bytes: number) => formatBytes(bytes, locale),
      speed: (bytesPerSecond: number) => `${formatBytes(bytesPerSecond, locale)}/s`,
      duration: (seconds: number) => formatDuration(seconds, locale),
      ago: (at: string) => formatAgo(at, locale, Date.now()),
      date: (at: string) => date.format(new Date(at)),
    };
  }, [locale]);
}
