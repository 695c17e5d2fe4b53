/** Which accounts are ticked. */
import type { Answer } from "./api.ts";
import type { Candidate } from "./view.ts";

export interface Rules {
  readonly candidates: readonly Candidate[];
  readonly isSingle: boolean;
  readonly limit: number | null;
}

export type Choice = ReadonlySet<string>;

function eligible(candidates: readonly Candidate[]): readonly string[] {
  return candidates.filter((account) => account.eligible).map((account) => account.id);
}

function room({ isSingle, limit }: Rules): number {
  return isSingle ? 1 : (limit ?? Infinity);
}

/** What the server suggests, within what may be chosen. */
export function suggested(rules: Rules): Choice {
  const ids = eligible(rules.candidates.filter((account) => account.selected));
  return new Set(ids.slice(0, room(rules)));
}

/** Tick or untick one account; ticking past the limit changes nothing. */
export function toggled(rules: Rules, choice: Choice, id: string): Choice {
  if (!eligible(rules.candidates).includes(id)) return choice;
  if (rules.isSingle) return new Set([id]);
  if (choice.has(id)) return new Set([...choice].filter((other) => other !== id));
  return choice.size < room(rules) ? new Set([...choice, id]) : choice;
}

/** Tick all that are eligible, or none when all are ticked. */
export function allToggled(rules: Rules, choice: Choice): Choice {
  return isAll(rules, choice) ? new Set() : new Set(eligible(rules.candidates));
}

export function isAll(rules: Rules, choice: Choice): boolean {
  return eligible(rules.candidates).every((id) => choice.has(id));
}

/** Whether "select all" makes sense: several to choose from, and room for every one. */
export function mayChooseAll(rules: Rules): boolean {
  const count = eligible(rules.candidates).length;
  return !rules.isSingle && count > 1 && count <= room(rules);
}

export function isFull(rules: Rules, choice: Choice): boolean {
  return !rules.isSingle && choice.size >= room(rules);
}

/** What was said of the accounts that are ticked; what was left unsaid stays so. */
export function saidOf(told: Answer, choice: Choice): Answer {
  return Object.fromEntries(Object.entries(told).filter(([id, kind]) => choice.has(id) && kind !== ""));
}
