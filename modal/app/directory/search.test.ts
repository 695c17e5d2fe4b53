import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { IndexBuilder, isWrongNumber, type Index, type Searched } from "./search.ts";

// The same rows and queries hold the server's search (tests/unit/server/core/test_search.py).
function corpus<T>(name: string): readonly T[] {
  return JSON.parse(readFileSync(`../contract/search/${name}.json`, "utf8")) as readonly T[];
}

const ROWS = corpus<Searched>("institutions");
const MANY = 20;

function indexOf(rows: readonly Searched[]): Index {
  const builder = new IndexBuilder();
  for (const row of rows) builder.add(row);
  return builder.build();
}

const index = indexOf(ROWS);

for (const { query, first } of corpus<{ query: string; first: readonly string[] }>("queries")) {
  test(`${JSON.stringify(query)} finds ${first[0] ?? "nothing"} first`, () => {
    const names = index.find(query, MANY).rows.map((place) => ROWS[place]?.names[0]);
    assert.deepEqual(names.slice(0, first.length), first);
    assert.equal(names.length > 0, first.length > 0);
  });
}

test("a keystroke looks at few of ten thousand rows", () => {
  const words = [
    "First",
    "Farmers",
    "Citizens",
    "Peoples",
    "Valley",
    "Savings",
    "Summit",
    "River",
    "Lake",
    "Oak",
  ];
  const rows = Array.from({ length: 10_000 }, (_, place) => {
    const [a, b, c, d] = [...String(place).padStart(4, "0")].map((digit) => words[Number(digit)] ?? "");
    return { names: [`${a ?? ""} ${b ?? ""} Bank of ${c ?? ""}${d ?? ""}`], hosts: [], numbers: [] };
  });
  const many = indexOf(rows);
  for (const query of ["f", "fir", "first sum", "oak", "savigns"]) {
    const { rows: found, lookedAt } = many.find(query, MANY);
    assert.equal(found.length, MANY, query);
    assert.ok(lookedAt <= 3 * MANY, `${query} looked at ${String(lookedAt)}`);
  }
});

test("any text is an answerable query", () => {
  for (const query of ["[".repeat(500), "//[::1", "\0", "\n\t\v\f", "x".repeat(40) + " y"]) {
    assert.ok(index.find(query, MANY).rows.length <= MANY);
  }
});

test("a routing number with a mistake is told from one nobody knows", () => {
  assert.deepEqual(["110000000", "110 000 001", "11000000", "chase"].map(isWrongNumber), [
    false,
    true,
    false,
    false,
  ]);
});
