import assert from "node:assert/strict";
import { test } from "node:test";
import { allToggled, isFull, mayChooseAll, saidOf, suggested, toggled, type Rules } from "./choice.ts";
import type { Candidate } from "./view.ts";

function account(id: string, changes: Partial<Candidate> = {}): Candidate {
  return {
    id,
    display_name: id,
    last4: "0000",
    category: "cash",
    subcategory: "checking",
    asks_kind: false,
    linked: false,
    balance: null,
    eligible: true,
    reason: null,
    selected: true,
    ...changes,
  };
}

const CARD = account("card", { eligible: false, reason: "No cards", selected: true });
const MANY: Rules = {
  candidates: [account("a"), account("b"), account("c"), CARD],
  isSingle: false,
  limit: null,
};
const ONE: Rules = { ...MANY, isSingle: true };
const TWO: Rules = { ...MANY, limit: 2 };

test("what the server suggests is ticked, but never an ineligible account", () => {
  assert.deepEqual(suggested(MANY), new Set(["a", "b", "c"]));
});

test("a suggestion keeps within the limit", () => {
  assert.deepEqual(suggested(ONE), new Set(["a"]));
  assert.deepEqual(suggested(TWO), new Set(["a", "b"]));
});

test("an ineligible account cannot be ticked", () => {
  for (const rules of [MANY, ONE, TWO])
    assert.deepEqual(toggled(rules, new Set(["a"]), "card"), new Set(["a"]));
});

test("ticking twice unticks", () => {
  const once = toggled(MANY, new Set(["a"]), "b");
  assert.deepEqual(once, new Set(["a", "b"]));
  assert.deepEqual(toggled(MANY, once, "b"), new Set(["a"]));
});

test("choosing one account forgets the other", () => {
  assert.deepEqual(toggled(ONE, new Set(["a"]), "b"), new Set(["b"]));
});

test("no more are ticked than the limit allows", () => {
  const full = new Set(["a", "b"]);
  assert.equal(isFull(TWO, full), true);
  assert.deepEqual(toggled(TWO, full, "c"), full);
  assert.equal(isFull(MANY, full), false);
});

test("select all ticks every eligible account, then none", () => {
  const all = allToggled(MANY, new Set(["b"]));
  assert.deepEqual(all, new Set(["a", "b", "c"]));
  assert.deepEqual(allToggled(MANY, all), new Set());
});

test("select all is offered where there is room for all, and more than one", () => {
  assert.equal(mayChooseAll(MANY), true);
  assert.equal(mayChooseAll(ONE), false);
  assert.equal(mayChooseAll(TWO), false);
  assert.equal(mayChooseAll({ ...MANY, candidates: [account("a"), CARD] }), false);
});

test("only what was said of ticked accounts is sent", () => {
  assert.deepEqual(saidOf({ a: "checking", b: "", c: "savings" }, new Set(["a", "b"])), { a: "checking" });
});
