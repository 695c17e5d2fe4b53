import assert from "node:assert/strict";
import { test } from "node:test";
import { said } from "../example.ts";
import { wordsOf, type Name } from "./words.ts";

for (const [tag, count, written] of [
  ["en", 1, "1 bank found"],
  ["en", 12, "12 banks found"],
  ["pl", 1, "Znaleziono 1 bank"],
  ["pl", 22, "Znaleziono 22 banki"],
  ["pl", 12, "Znaleziono 12 banków"],
  ["ja", 1, "1 件の銀行が見つかりました"],
  ["fr", 0, "0 banque trouvée"],
  ["he", 2, "נמצאו שני בנקים"],
  ["ar", 2, "عُثر على مصرفين"],
] as const) {
  test(`${String(count)} banks are counted as ${tag} does`, () => {
    assert.equal(wordsOf(said(tag), tag)("bank.found", { count }), written);
  });
}

test("numbers are written as the locale does", () => {
  const words = wordsOf(said("en"), "en-IN");

  assert.equal(words("bank.found", { count: 1234567 }), "12,34,567 banks found");
});

test("a name keeps its order among letters that run the other way", () => {
  const words = wordsOf(said("he"), "he", true);

  assert.equal(words("done.finish", { merchant: "Rocket Rides!" }), "חזרה אל \u2068Rocket Rides!\u2069");
});

test("what a value says is not looked at for places", () => {
  const words = wordsOf(said("en"), "en");

  assert.equal(words("bank.none", { query: "{merchant} $&" }), "No bank matches “{merchant} $&”");
});

test("a form the browser's rules ask for and the language lacks is the last one", () => {
  const messages = { ...said("en"), "bank.found": { one: "one", few: "some" } };

  assert.equal(wordsOf(messages, "en")("bank.found" satisfies Name, { count: 7 }), "some");
});
