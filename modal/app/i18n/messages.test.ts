/** Every language says everything, and nothing that nobody says stays behind. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { said } from "../example.ts";
import type { Message } from "./words.ts";

const ROOM = "../src/linkspan/server/link";
const TAGS = readdirSync(`${ROOM}/messages`).map((file) => file.replace(/\.json$/, ""));
const ENGLISH: Readonly<Record<string, Message>> = said("en");
// What separates two names may be as short as a language likes; a comma is the same in many.
const SAME_EVERYWHERE = new Set(["server.separator"]);

function formsOf(message: Message): readonly string[] {
  return typeof message === "string" ? [message] : Object.values(message);
}

function placesOf(message: Message): ReadonlySet<string> {
  return new Set(formsOf(message).flatMap((form) => form.match(/\{\w+\}/g) ?? []));
}

/** The plural forms that counting as far as a thousand meets. */
function formsNeeded(tag: string): readonly string[] {
  const rules = new Intl.PluralRules(tag);
  return [...new Set(Array.from({ length: 1_001 }, (_, count) => rules.select(count)))].sort();
}

function sources(): string {
  const files = [
    ...readdirSync("app", { recursive: true, encoding: "utf8" })
      .filter((file) => /(?<!\.test)\.tsx?$/.test(file))
      .map((file) => join("app", file)),
    ...["frame.html"].map((file) => join("app", file)),
    ...readdirSync(ROOM)
      .filter((file) => file.endsWith(".py"))
      .map((file) => join(ROOM, file)),
  ];
  return files.map((file) => readFileSync(file, "utf8")).join("\n");
}

for (const tag of TAGS) {
  const messages: Readonly<Record<string, Message>> = said(tag);

  test(`${tag} has exactly the messages of English, in their order`, () => {
    assert.deepEqual(Object.keys(messages), Object.keys(ENGLISH));
  });

  test(`${tag} counts with the forms its plural rules need`, () => {
    for (const [name, message] of Object.entries(messages)) {
      assert.equal(typeof message, typeof ENGLISH[name], name);
      if (typeof message !== "string") assert.deepEqual(Object.keys(message).sort(), formsNeeded(tag), name);
    }
  });

  test(`${tag} fills the places that English does`, () => {
    for (const [name, message] of Object.entries(messages)) {
      const places = placesOf(ENGLISH[name] ?? "");
      // One of something may be said without its number.
      if (typeof message === "string") assert.deepEqual(placesOf(message), places, name);
      else
        assert.ok(
          [...placesOf(message)].every((place) => places.has(place)),
          name,
        );
    }
  });

  test(`${tag} leaves nothing blank, and nothing in English`, () => {
    for (const [name, message] of Object.entries(messages)) {
      assert.ok(
        formsOf(message).every((form) => form.trim() !== "" || SAME_EVERYWHERE.has(name)),
        name,
      );
      const isSentence = formsOf(message).some((form) => form.length > 12);
      if (tag !== "en" && isSentence) assert.notDeepEqual(message, ENGLISH[name], name);
    }
  });
}

test("every message is said somewhere", () => {
  const code = sources();
  const names = new Set([...code.matchAll(/["'`]([a-z_]+(?:\.[a-z_]+)*)["'`]/g)].map(([, name]) => name));
  // `accounts.kinds.${kind}` says all of its kind, `server.trouble.${reason}.title` every title.
  const patterns = [...code.matchAll(/["'`]([a-z_]+\.[a-z_.]*\$?\{[^"'`]+)["'`]/g)].map(
    ([, form = ""]) => new RegExp(`^${form.replace(/\$?\{[^}]+\}/g, "[a-z_]+").replaceAll(".", "\\.")}$`),
  );

  const silent = Object.keys(ENGLISH).filter(
    (name) => !names.has(name) && !patterns.some((pattern) => pattern.test(name)),
  );

  assert.deepEqual(silent, []);
});
