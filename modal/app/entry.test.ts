import assert from "node:assert/strict";
import { test } from "node:test";
import { emptied, missing } from "./entry.ts";
import { example } from "./example.ts";
import type { Field, ViewOf } from "./view.ts";

function fieldsOf(name: string): readonly Field[] {
  return (example(name) as ViewOf<"login_form">).login_form.fields;
}

const CREDENTIALS = fieldsOf("login_form");
const CHALLENGE = fieldsOf("login_form_challenge");

test("what nothing was entered into is missing, in order", () => {
  assert.deepEqual(missing(CREDENTIALS, {}), ["user_id", "password"]);
  assert.deepEqual(missing(CREDENTIALS, { user_id: " ", password: "x" }), ["user_id"]);
  assert.deepEqual(missing(CREDENTIALS, { user_id: "robin", password: "x" }), []);
});

test("a password may be nothing but spaces", () => {
  assert.deepEqual(missing(CREDENTIALS, { user_id: "robin", password: "  " }), []);
});

test("after an answer that was not taken the name stays and the secret goes", () => {
  assert.deepEqual(emptied(CREDENTIALS, { user_id: "robin", password: "x" }), { user_id: "robin" });
});

test("codes and choices are entered anew", () => {
  const entered = { MFA107: "123456", MFA2: "Lyme", MFA3: "1" };
  assert.deepEqual(emptied(CHALLENGE, entered), { MFA2: "Lyme" });
});
