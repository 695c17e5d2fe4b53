/** Writes numbers the way the reader's language does. */

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
