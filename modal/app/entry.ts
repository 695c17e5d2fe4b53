/** What was entered into a form, by the names of its fields. */
import type { Answer } from "./api.ts";
import type { Field } from "./view.ts";

/** The fields that nothing was entered into, in order. */
export function missing(fields: readonly Field[], entered: Answer): readonly string[] {
  return fields
    .filter(({ name, kind }) => !(kind === "password" ? entered[name] : entered[name]?.trim()))
    .map(({ name }) => name);
}

/** What stays when the bank did not take the answer: secrets and codes are entered anew. */
export function emptied(fields: readonly Field[], entered: Answer): Answer {
  const kept = fields.filter(({ kind }) => kind === "text").map(({ name }) => name);
  return Object.fromEntries(Object.entries(entered).filter(([name]) => kept.includes(name)));
}
