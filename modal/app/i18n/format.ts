/** Writes numbers the way the reader's language does. */

/** An amount in minor units as money. */
export function money(locale: string, amount: number, currency: string): string {
  const format = new Intl.NumberFormat(locale, { style: "currency", currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amount / 10 ** digits);
}

/** A locale that Intl knows: the page's, else the browser's, else English. */
export function usableLocale(wanted: string | null, fallback: string): string {
  for (const candidate of [wanted, fallback]) {
    try {
      const [known] = candidate ? Intl.NumberFormat.supportedLocalesOf(candidate) : [];
      if (known !== undefined) return known;
    } catch {
      // Not a language tag at all: the next candidate is tried.
    }
  }
  return "en";
}
