import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { document as example } from "./example.ts";
import { Malformed } from "./shape.ts";
import { readInstitutions, readRefusal, readView } from "./view.ts";

const names = readdirSync("../contract/link")
  .filter((file) => file.endsWith(".json"))
  .map((file) => file.slice(0, -".json".length));
const views = names.filter((name) => example(name)["object"] === "linkspan.view");

for (const name of views) {
  test(`the contract's ${name} is a View`, () => {
    const document = example(name);
    assert.deepEqual(readView(document), document);
  });
}

test("the contract shows every pane", () => {
  const shown = new Set(views.map((name) => example(name)["next_pane"]));
  assert.deepEqual([...shown].sort(), [
    "accounts",
    "bank",
    "closed",
    "consent",
    "done",
    "error",
    "login",
    "login_form",
    "manual",
  ]);
});

for (const name of views) {
  test(`${name} without any one of its fields is not a View`, () => {
    const document = example(name);
    for (const field of Object.keys(document)) {
      const { [field]: _, ...rest } = document;
      assert.throws(() => readView(rest), Malformed, field);
    }
  });
}

test("a View may gain fields that this modal does not know", () => {
  const newer = { ...example("bank"), weather: "fair" };
  assert.equal(readView(newer).next_pane, "bank");
});

test("an unknown pane is not a View", () => {
  assert.throws(() => readView({ ...example("bank"), next_pane: "lottery", lottery: {} }), {
    at: "view.next_pane",
  });
});

for (const address of [
  "javascript:alert(1)",
  "https://evil.example/link/bridge/x",
  "//evil.example",
  "/link/bridge/../x",
  "",
]) {
  test(`the bridge address ${JSON.stringify(address)} is not followed`, () => {
    const document = example("login");
    const login = document["login"] as Record<string, unknown>;
    assert.throws(() => readView({ ...document, login: { ...login, bridge_url: address } }), {
      at: "view.login.bridge_url",
    });
  });
}

for (const address of ["javascript:alert(1)", "data:text/html,x", "//evil.example", "/link/close"]) {
  test(`the help address ${JSON.stringify(address)} is not followed`, () => {
    const document = example("login_form");
    const form = document["login_form"] as Record<string, unknown>;
    assert.throws(
      () => readView({ ...document, login_form: { ...form, help: { url: address, label: "Help" } } }),
      { at: "view.login_form.help.url" },
    );
  });
}

test("a brand color that is not six hex digits is refused with its place", () => {
  const document = example("bank");
  const featured = (document["bank"] as { featured: Record<string, unknown>[] }).featured;
  const painted = featured.map((bank, index) => (index === 2 ? { ...bank, color: "red" } : bank));
  assert.throws(() => readView({ ...document, bank: { featured: painted } }), {
    at: "view.bank.featured[2].color",
  });
});

test("search answers are lists of institutions", () => {
  assert.deepEqual(
    readInstitutions(example("institutions")).map((bank) => bank.name),
    ["Northfield Credit Union", "Juniper Savings"],
  );
  assert.deepEqual(readInstitutions(example("institutions_none")), []);
});

test("a refusal keeps the server's words", () => {
  assert.equal(readRefusal(example("refusal")).message, "No such financial connections session.");
});
