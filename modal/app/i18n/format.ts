/** Writes numbers and moments the way the reader's language does. */

/** An amount in minor units as money. */
export function money(locale: string, amount: number, currency: string): string {
  const format = new Intl.NumberFormat(locale, { style: "currency", currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  const parts = format.formatToParts(amount / 10 ** digits);
  // Where lines run from right to left, "US$" would be torn apart (Unicode, UAX 9).
  const isMarked = parts.some(({ value }) => /[\u200f\u061c]/.test(value));
  return parts
    .map(({ type, value }) => (isMarked && type === "currency" ? `\u2066${value}\u2069` : value))
    .join("");
}

const DAY_MS = 86_400_000;

/** A moment of the next hours as a time of day, a later one with its day. */
export function moment(locale: string, at: number, now: number): string {
  const isSoon = at - now < DAY_MS && new Date(at).getDate() === new Date(now).getDate();
  const format = new Intl.DateTimeFormat(locale, {
    timeStyle: "short",
    ...(isSoon ? {} : { dateStyle: "medium" }),
  });
  return format.format(at);
}
