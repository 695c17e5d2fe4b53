import assert from "node:assert/strict";
import { test } from "node:test";
import { example } from "./example.ts";
import { eventsBetween } from "./events.ts";
import type { Pane } from "./view.ts";

function names(before: Pane | null, after: string): readonly string[] {
  return eventsBetween(before, example(after)).map((event) => event.name);
}

test("a whole flow tells Stripe's events in Stripe's order", () => {
  const steps = ["bank", "consent", "login", "accounts", "done"] as const;
  const told = steps.slice(1).flatMap((step, index) => names(steps[index] ?? null, step));
  assert.deepEqual(told, [
    "institution_selected",
    "consent_acquired",
    "institution_authorized",
    "accounts_selected",
    "success",
  ]);
});

test("an event about a bank names it", () => {
  const [event] = eventsBetween("bank", example("consent"));
  assert.deepEqual(event, { name: "institution_selected", metadata: { institutionName: "Harbor Bank" } });
});

test("an error tells its public code", () => {
  for (const before of ["login", null] as const) {
    const [event] = eventsBetween(before, example("error"));
    assert.deepEqual(event, { name: "error", metadata: { errorCode: "authorization_failed" } });
  }
});

test("a resumed flow does not tell again what it told before the reload", () => {
  for (const name of ["bank", "consent", "login", "accounts", "done"])
    assert.deepEqual(names(null, name), []);
});

test("a pane that was there already tells nothing", () => {
  for (const name of ["bank", "consent", "login", "accounts", "done", "error", "closed"] as const) {
    assert.deepEqual(names(name, name), []);
  }
});

test("leaving tells a cancel", () => {
  assert.deepEqual(names("consent", "closed"), ["cancel"]);
});
