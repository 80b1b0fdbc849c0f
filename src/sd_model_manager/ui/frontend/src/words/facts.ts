import { i18n } from "@lingui/core";
import { formatOf } from "@/lib/format";

/** A sentence names something that was not given with it, as by an older server. */
export class MissingFact extends Error {}

/** The facts of what the server said, as the page's language writes them. Each raises MissingFact. */
export class Facts {
  constructor(private readonly details: Record<string, unknown>) {}

  has(name: string): boolean {
    const fact = this.details[name];
    return fact !== undefined && fact !== null && fact !== "" && fact !== false;
  }

  text(name: string): string {
    if (!this.has(name)) throw new MissingFact(name);
    return String(this.details[name]);
  }

  /** The last part of a path, as Windows or others write it. */
  filename(name: string): string {
    return this.text(name).split(/[\\/]/).at(-1) ?? "";
  }

  /** A list with commas. */
  list(name: string): string {
    const fact = this.details[name];
    if (!Array.isArray(fact)) throw new MissingFact(name);
    return fact.join(", ");
  }

  count(name: string): number {
    const fact = this.details[name];
    if (typeof fact !== "number") throw new MissingFact(name);
    return fact;
  }

  number(name: string): string {
    return formatOf(i18n.locale).number(this.count(name));
  }

  bytes(name: string): string {
    return formatOf(i18n.locale).bytes(this.count(name));
  }

  duration(name: string): string {
    return formatOf(i18n.locale).duration(this.count(name));
  }

  date(name: string): string {
    return formatOf(i18n.locale).date(this.text(name));
  }
}

export type Word = (facts: Facts) => string;
