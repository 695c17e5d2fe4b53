import assert from "node:assert/strict";
import { test } from "node:test";
import { readFromFrame, readFromPage, readOpen } from "./messages.ts";

const OPEN = {
  linkspan: 1,
  type: "open",
  clientSecret: "fcsess_secret",
  key: "pk_test_1",
  theme: "auto",
  appearance: null,
  nonce: null,
};

test("an opening message is read", () => {
  assert.deepEqual(readOpen(OPEN), OPEN);
});

for (const [field, wrong] of [
  ["linkspan", 2],
  ["type", "ready"],
  ["clientSecret", 1],
  ["key", null],
  ["theme", "pink"],
  ["appearance", "dark"],
  ["nonce", "a b"],
  ["nonce", "x".repeat(256)],
] as const) {
  test(`an opening message with ${String(wrong).slice(0, 8)} for ${field} is nobody's`, () => {
    assert.equal(readOpen({ ...OPEN, [field]: wrong }), null);
    const { [field]: _, ...without } = OPEN;
    assert.equal(readOpen(without), null);
  });
}

for (const task of [
  { kind: "token" },
  { kind: "payment", data: {}, expand: ["payment_method"] },
  { kind: "call", of: "setup", verb: "confirm", data: null },
]) {
  test(`an opening message may ask for ${JSON.stringify(task)}`, () => {
    assert.deepEqual(readOpen({ ...OPEN, task }), { ...OPEN, task });
  });
}

for (const task of [
  null,
  "token",
  {},
  { kind: "lottery" },
  { kind: "call", of: "../accounts", verb: "confirm" },
  { kind: "call", of: "payment", verb: "cancel" },
  { kind: "call", of: "payment" },
]) {
  test(`an opening message asks in vain for ${JSON.stringify(task)}`, () => {
    assert.equal(readOpen({ ...OPEN, task }), null);
  });
}

test("the frame's messages are read", () => {
  for (const message of [
    { type: "ready", title: "Link a bank account" },
    { type: "event", event: { name: "open", metadata: {} } },
    { type: "finish", result: { financialConnectionsSession: { accounts: [] } } },
    { type: "finish", result: { paymentIntent: { id: "pi_1" } } },
    { type: "finish", result: { error: { type: "api_error", message: "…" } } },
  ]) {
    assert.deepEqual(readFromFrame(message), message);
  }
});

test("whatever else is said is not believed", () => {
  for (const noise of [
    null,
    undefined,
    7,
    "ready",
    [],
    {},
    { type: "open" },
    { type: "ready" },
    { type: "event" },
    { type: "event", event: {} },
    { type: "finish" },
    { type: "finish", result: {} },
    { type: "finish", result: { error: "no" } },
  ]) {
    assert.equal(readFromFrame(noise), null);
    assert.equal(readFromPage(noise), null);
    assert.equal(readOpen(noise), null);
  }
});

test("the page's messages are read", () => {
  assert.deepEqual(readFromPage({ type: "escape" }), { type: "escape" });
  assert.deepEqual(readFromPage({ type: "abort" }), { type: "abort" });
});
