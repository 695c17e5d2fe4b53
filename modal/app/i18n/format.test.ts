import assert from "node:assert/strict";
import { test } from "node:test";
import { money } from "./format.ts";

for (const [locale, amount, currency, written] of [
  ["en-US", 284310, "usd", "$2,843.10"],
  ["en-US", -2115, "usd", "-$21.15"],
  ["en-US", 1234, "jpy", "¥1,234"],
  ["en-US", 12345, "kwd", "KWD 12.345"],
  ["de-DE", 284310, "eur", "2.843,10 €"],
  ["he-IL", 284310, "usd", "\u200f2,843.10 \u200f\u2066$\u2069"],
] as const) {
  test(`${String(amount)} ${currency} reads ${written} in ${locale}`, () => {
    assert.equal(money(locale, amount, currency).replaceAll("\u00a0", " "), written);
  });
}
