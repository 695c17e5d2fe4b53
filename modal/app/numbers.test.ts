import assert from "node:assert/strict";
import { test } from "node:test";
import { digitsOf, isRoutingNumber, wrongIn } from "./numbers.ts";

const RIGHT = { routing: "110000000", account: "000123456789", again: "000123456789" };

test("numbers that fit have nothing wrong with them", () => {
  assert.deepEqual(wrongIn(RIGHT), { routing: null, account: null, again: null });
});

test("spaces and hyphens are no mistake", () => {
  const pasted = { routing: "1100-0000 0", account: "0001 2345 6789", again: "000123456789" };
  assert.deepEqual(wrongIn(pasted), { routing: null, account: null, again: null });
  assert.equal(digitsOf(" 11-00 "), "1100");
});

for (const [changes, field, wrong] of [
  [{ routing: "" }, "routing", "routing_missing"],
  [{ routing: "11000000" }, "routing", "routing_length"],
  [{ routing: "11000000x" }, "routing", "routing_length"],
  [{ routing: "110000001" }, "routing", "routing_wrong"],
  [{ account: "", again: "" }, "account", "account_missing"],
  [{ account: "123", again: "123" }, "account", "account_wrong"],
  [{ account: "1".repeat(18), again: "1".repeat(18) }, "account", "account_wrong"],
  [{ again: "000123456788" }, "again", "again_wrong"],
] as const) {
  test(`${JSON.stringify(changes)} is ${wrong}`, () => {
    assert.equal(wrongIn({ ...RIGHT, ...changes })[field], wrong);
  });
}

test("the last digit of a routing number follows from the others", () => {
  // Fed Wire's own, and two of large banks.
  for (const digits of ["021000021", "011401533", "121000358"]) assert.ok(isRoutingNumber(digits));
  const wrong = Array.from({ length: 10 }, (_, last) => `02100002${String(last)}`).filter(isRoutingNumber);
  assert.deepEqual(wrong, ["021000021"]);
});
