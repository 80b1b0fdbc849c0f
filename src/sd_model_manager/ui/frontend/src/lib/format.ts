import { useLingui } from "@lingui/react";

const BYTE_UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;
const AGES: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** Making a formatter costs far more than using one, and a grid of cards uses many: each is made once, when needed. */
function keep<Options, Format>(create: new (locale: string, options: Options) => Format) {
  const made = new Map<string, Format>();
  return (locale: string, options: Options): Format => {
    const key = `${locale} ${JSON.stringify(options)}`;
    const known = made.get(key) ?? new create(locale, options);
    made.set(key, known);
    return known;
  };
}

const numberFormat = keep<Intl.NumberFormatOptions, Intl.NumberFormat>(Intl.NumberFormat);
const dateFormat = keep<Intl.DateTimeFormatOptions, Intl.DateTimeFormat>(Intl.DateTimeFormat);

/** Decimal units, as drives and most sites count: 6.94 GB. */
export function formatBytes(bytes: number, locale: string): string {
  const power = Math.min(BYTE_UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(bytes, 1)) / 3)));
  const unit = BYTE_UNITS[power];
  const unitDisplay = power === 0 ? "long" : "short"; // the short form of bytes is "byte", also for many
  const options = { style: "unit", unit, unitDisplay, maximumSignificantDigits: 3 } as const;
  return numberFormat(locale, options).format(bytes / 1000 ** power);
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
    .map(([amount, unit]) => numberFormat(locale, { style: "unit", unit, unitDisplay: "short" }).format(amount))
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
  return formatOf(locale);
}

const formats = new Map<string, ReturnType<typeof createFormat>>();

/** The formats of a language. */
export function formatOf(locale: string) {
  const known = formats.get(locale) ?? createFormat(locale);
  formats.set(locale, known);
  return known;
}

export function createFormat(locale: string) {
  const date = (options: Intl.DateTimeFormatOptions, at: string | number) =>
    dateFormat(locale, options).format(new Date(at));
  return {
    number: (value: number) => numberFormat(locale, {}).format(value),
    compact: (value: number) =>
      numberFormat(locale, { notation: "compact", maximumSignificantDigits: 3 }).format(value),
    percent: (share: number) => numberFormat(locale, { style: "percent" }).format(share),
    bytes: (bytes: number) => formatBytes(bytes, locale),
    speed: (bytesPerSecond: number) => `${formatBytes(bytesPerSecond, locale)}/s`,
    duration: (seconds: number) => formatDuration(seconds, locale),
    /** `month` as 2026-01. */
    month: (month: string) => date({ year: "numeric", month: "short", timeZone: "UTC" }, `${month}-01T00:00:00Z`),
    ago: (at: string) => formatAgo(at, locale, Date.now()),
    date: (at: string) => date({ dateStyle: "medium", timeStyle: "short" }, at),
    day: (at: string) => date({ dateStyle: "medium" }, at),
    /** The time of the day. `at` is in milliseconds. */
    time: (at: number) => date({ timeStyle: "medium" }, at),
  };
}
